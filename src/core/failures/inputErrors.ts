import { ToolError } from '../toolError';

/** Failures of a call that is wrong in itself. */
export const inputErrors = {
  invalidInput: (message: string, hint?: string) => new ToolError('invalid_input', message, hint),
};
