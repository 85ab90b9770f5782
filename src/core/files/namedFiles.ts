import { errors } from '../errors';
import { attemptReading, holds, largestText, sizeText, type WhyUnread } from './readFiles';
import { asToolError } from './systemErrors';

/**
 * Reads a file that a call names, or that such a file names.
 *
 * @param named the file as messages name it.
 * @returns its text, bytes that are not UTF-8 as U+FFFD.
 * @throws ToolError file_not_found; invalid_input where it is a folder, no regular file or larger than `limit` bytes;
 * permission_denied.
 */
export async function readNamedText(path: string, named: string, limit = largestText): Promise<string> {
  const reading = await attemptReading(path, limit);
  if ('bytes' in reading) return reading.bytes.toString('utf8');
  if (reading.unread.kind === 'irregular' && reading.unread.isNull) return '';
  throw notRead(reading.unread, named);
}

/** A configuration file that a person writes has a few KB. */
const largestConfiguration = 1024 * 1024;

/**
 * Reads a configuration file that an installer reads, too.
 *
 * @returns its text; undefined where it is missing, a folder or not permitted, as the installers pass over it then.
 * @throws ToolError invalid_input where it is no regular file or larger than 1 MB: an installer would wait for it, and
 * without it might take packages from another index.
 */
export async function readIfThere(path: string): Promise<string | undefined> {
  const reading = await attemptReading(path, largestConfiguration);
  if ('bytes' in reading) return reading.bytes.toString('utf8');
  const { unread } = reading;
  if (holds(unread)) throw notRead(unread, path);
  return unread.kind === 'irregular' ? '' : undefined;
}

/** @returns the failure of a call that names a file which was not read; any other error as it is. */
export function notRead(unread: WhyUnread, named: string): unknown {
  switch (unread.kind) {
    case 'missing':
      return errors.fileNotFound(named, []);
    case 'folder':
      return errors.notAFile(named);
    case 'irregular':
      return errors.notARegularFile(named);
    case 'too-large':
      return errors.fileTooLarge(named, sizeText(unread.limit));
    case 'failed':
      return asToolError(unread.error, named, `reading "${named}"`);
  }
}
