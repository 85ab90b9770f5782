/**
 * Every way in which a call can fail to do what was asked: for each the kind, the one sentence that says what happened,
 * and the next step. They are kept in one folder so that they read as prose
 * (test/unit/errors.test.ts prints them whole into a snapshot).
 */

import { environmentErrors } from './failures/environmentErrors';
import { folderAndFileErrors } from './failures/folderAndFileErrors';
import { inputErrors } from './failures/inputErrors';
import { interpreterErrors } from './failures/interpreterErrors';
import { packageErrors } from './failures/packageErrors';
import { processErrors } from './failures/processErrors';

export { nameProcesses } from './failures/nameProcesses';
export { errorKinds, isToolError, ToolError, type ErrorKind } from './toolError';

export const errors = {
  ...inputErrors,
  ...folderAndFileErrors,
  ...processErrors,
  ...interpreterErrors,
  ...environmentErrors,
  ...packageErrors,
};
