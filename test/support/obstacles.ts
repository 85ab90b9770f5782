import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Something in the place of a file that a careless reader would wait for, never finish, or stumble over. */
export interface Obstacle {
  readonly name: string;
  /** Puts it at a path, at which nothing is. */
  readonly put: (path: string) => void;
}

const fiveGigabytes = 5 * 1024 ** 3;

/** What only Unix has among them: see `itOnUnix`. */
export const obstacles: readonly Obstacle[] = [
  {
    name: 'a FIFO',
    put: (path) => {
      execFileSync('mkfifo', [path]);
    },
  },
  {
    name: 'a link to /dev/zero',
    put: (path) => {
      symlinkSync('/dev/zero', path);
    },
  },
  {
    name: 'a sparse file of 5 GB',
    put: (path) => {
      writeFileSync(path, '');
      truncateSync(path, fiveGigabytes);
    },
  },
  {
    name: 'a folder',
    put: (path) => {
      mkdirSync(path);
    },
  },
  { name: 'a socket', put: putSocket },
  {
    name: 'a link to nothing',
    put: (path) => {
      symlinkSync(`${path}.nothing`, path);
    },
  },
  {
    name: 'a link to itself',
    put: (path) => {
      symlinkSync(path, path);
    },
  },
];

/** @returns the obstacle of that name. */
export function obstacle(name: string): Obstacle {
  const found = obstacles.find((each) => each.name === name);
  if (!found) throw new Error(`no obstacle "${name}"`);
  return found;
}

/** The name of a socket has at most some 100 characters: it is made elsewhere, and given another name. */
function putSocket(path: string): void {
  const folder = mkdtempSync(join(tmpdir(), 's-'));
  const program = "require('node:net').createServer().listen('s', () => process.kill(process.pid, 'SIGKILL'))";
  try {
    execFileSync(process.execPath, ['-e', program], { cwd: folder, stdio: 'ignore' });
  } catch {
    // Killed, so that it does not take the socket with it.
  }
  linkSync(join(folder, 's'), path);
  rmSync(folder, { recursive: true, force: true });
}
