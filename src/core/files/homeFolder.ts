import { homedir, userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';

/** What stands for the home of a user who has none: no folder of this name exists. */
const none = process.platform === 'win32' ? 'C:\\nonexistent' : '/nonexistent';

/**
 * @returns the user's home folder, absolute; it need not exist. HOME (on Windows USERPROFILE) says where it is, and the
 * list of users where that variable is missing, empty or relative. A container's user often has neither: then
 * "/nonexistent", as Debian calls the home of users without one.
 */
export function homeFolder(): string {
  return absoluteFrom(homedir) ?? absoluteFrom(() => userInfo().homedir) ?? none;
}

function absoluteFrom(ask: () => string): string | undefined {
  try {
    const path = ask();
    return isAbsolute(path) ? resolve(path) : undefined;
  } catch {
    return undefined; // The system knows no such user.
  }
}
