import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Something that tests download cannot be had on this machine: a reason to skip, not to fail. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/**
 * Fills a cache folder once. The folder gets its name only when all of it is there, so an interrupted install leaves
 * nothing that looks whole; drafts of processes that are gone are removed.
 * @param fill writes into a draft that has an empty package.json. What it throws is thrown.
 */
export async function installOnce(home: string, fill: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(home)) return;
  const draft = `${home}.draft-${process.pid}`;
  try {
    await mkdir(draft, { recursive: true });
    await writeFile(join(draft, 'package.json'), '{}');
    await fill(draft);
    await rename(draft, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error; // Else another process was quicker.
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
    await removeAbandoned(dirname(home));
  }
}

/** Drafts of processes that are gone; those of living ones are still being written. */
async function removeAbandoned(folder: string): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  for (const entry of entries) {
    const pid = /\.draft-(\d+)$/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      // An npm that outlived its parent may still be writing there.
      await rm(join(folder, entry), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Runs npm there, quietly. `--prefix` wins over the `npm_config_local_prefix` that `npm test` hands down.
 * @throws {Unavailable} when the registry is out of reach.
 */
export async function npm(folder: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  const quick = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000'];
  const [command, ...before] = npmCommand();
  const child = spawn(command, [...before, '--prefix', folder, '--no-audit', '--no-fund', ...quick, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail));
  if (code === 0) return;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH/.test(output)) {
    throw new Unavailable("npm's registry is out of reach");
  }
  throw new Error(`npm ${args.join(' ')} failed in ${folder} with ${code ?? 'a signal'}:\n${output.slice(-4000)}`);
}

/**
 * @returns how npm is started. On Windows it is a batch file, for which Node.js needs a shell, and a shell takes paths
 * with blanks apart.
 */
export function npmCommand(): [command: string, ...args: string[]] {
  if (process.platform !== 'win32') return ['npm'];
  const beside = join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js');
  const script = [process.env['npm_execpath'] ?? '', beside].find(
    (path) => path.endsWith('npm-cli.js') && existsSync(path),
  );
  if (script === undefined) throw new Unavailable('no npm was found');
  return [process.execPath, script];
}
