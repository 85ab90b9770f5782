/**
 * Every way in which a call can fail to do what was asked: for each the kind, the one sentence that says what happened,
 * and the next step. They are kept in one folder so that they read as prose
 * (test/unit/errors.test.ts prints them whole into a snapshot).
 */

import { environmentErrors } from './failures/environmentErrors';
import { folderAndFileErrors } from './failures/folderAndFileErrors';
import { interpreterErrors } from './failures/interpreterErrors';
import { packageErrors } from './failures/packageErrors';
import { processErrors } from './failures/processErrors';
import { ToolError } from './toolError';

export { nameProcesses } from './failures/nameProcesses';
export { errorKinds, isToolError, ToolError, type ErrorKind } from './toolError';

export const errors = {
  invalidInput: (message: string, hint?: string) => new ToolError('invalid_input', message, hint),
  ...folderAndFileErrors,
  ...processErrors,
  ...interpreterErrors,
  ...environmentErrors,
  ...packageErrors,
};
