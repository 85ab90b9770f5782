import { folderAndFileErrors } from '../failures/folderAndFileErrors';
import { inputErrors } from '../failures/inputErrors';
import { ToolError } from '../toolError';
import { codeOf } from './errorCode';

export { codeOf };

/** @returns whether the path of the failed operation does not exist. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');

/**
 * @returns what the user can do something about as a ToolError; any other error as it is.
 * @param doing what was being done, as in "No space left on the device while creating …".
 */
export function asToolError(error: unknown, path: string, doing: string): unknown {
  if (error instanceof ToolError) return error;
  switch (codeOf(error) ?? '') {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EBUSY':
      return folderAndFileErrors.permissionDenied(path);
    case 'ENOSPC':
    case 'EDQUOT':
      return folderAndFileErrors.noSpace(doing);
    case 'ENAMETOOLONG':
      return inputErrors.invalidInput(`"${path.slice(0, 80)}…" is longer than the file system allows.`);
    case 'EINVAL':
    case 'EILSEQ':
      return inputErrors.invalidInput(`"${path}" is not a name that the file system allows.`);
    case 'ELOOP':
      return inputErrors.invalidInput(`"${path}" runs through links that lead back to themselves.`);
    case 'UNKNOWN': // What Windows says of a share whose host is gone.
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return folderAndFileErrors.unreachable(path, codeOf(error) ?? '');
    default:
      return error;
  }
}
