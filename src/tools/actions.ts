import { errors } from '../core/errors';

/**
 * Refuses a field that the action does not take, where it says something: a value that is empty, false or the default
 * is what careful clients send for everything.
 *
 * @throws ToolError invalid_input
 */
export function refuseForeignFields<Call extends { readonly action: string }>(
  call: Call,
  takenBy: Partial<Record<keyof Call, readonly Call['action'][]>>,
  defaults: Partial<Record<keyof Call, unknown>> = {},
): void {
  for (const name of Object.keys(takenBy)) {
    const field = Object.keys(call).find((key): key is Extract<keyof Call, string> => key === name);
    const actions = field && takenBy[field];
    if (!actions || actions.includes(call.action)) continue;
    const value = call[field];
    if (isSilent(value) || value === defaults[field]) continue;
    throw errors.invalidInput(
      `"${field}" is not for the action "${call.action}".`,
      `Leave it out, or use one of the actions that take it: ${actions.join(', ')}.`,
    );
  }
}

const isSilent = (value: unknown): boolean =>
  value === undefined || value === false || value === '' || (Array.isArray(value) && value.length === 0);
