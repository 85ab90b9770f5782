import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { takingTurns } from '../eventLoop';
import { compareVersions, versionParts } from '../interpreters/version';
import { consoleScript } from './consoleScript';
import type { Venv } from './readVenv';
import { readWheel } from './wheelFile';

/**
 * Puts pip into a venv by unpacking a wheel of it, as an installer would (PEP 427, PEP 376, PEP 627): files, scripts,
 * INSTALLER, REQUESTED and a RECORD of them all, so that pip can later replace or remove itself. Takes some 35 ms,
 * where ensurepip takes 2–6 s; what it leaves out is to compile, which Python does when it first imports a file.
 * For Unix only: Windows wants .exe launchers, which pip brings along itself.
 * @throws what the file system throws, or Error where the wheel is not one of pip.
 */
export async function unpackPip(
  wheel: string,
  venv: Pick<Venv, 'python' | 'scripts' | 'version'>,
  library: string,
): Promise<void> {
  const turn = takingTurns();
  const folders = new Set<string>();
  const write = (path: string, content: Buffer | string, mode = 0o644): void => {
    const folder = dirname(path);
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
    folders.add(folder);
    writeFileSync(path, content, { mode });
  };
  let entryPoints = '';
  let record: { readonly folder: string; readonly text: string } | undefined;
  for (const { name, read } of await readWheel(wheel)) {
    const content = read();
    if (/^pip-[^/]+\.dist-info\/RECORD$/.test(name)) record = { folder: dirname(name), text: content.toString() };
    else write(join(library, name), content);
    if (name.endsWith('.dist-info/entry_points.txt')) entryPoints = content.toString();
    const due = turn();
    if (due) await due;
  }
  const target = /^pip\s*=\s*([\w.]+:\w+)/m.exec(entryPoints)?.[1];
  if (!record || target === undefined) throw new Error(`${wheel} is not a wheel of pip`);
  const added: string[] = [];
  const add = (path: string, content: string, mode?: number): void => {
    write(path, content, mode);
    const hash = createHash('sha256').update(content).digest('base64url');
    added.push(`${relative(library, path).replaceAll(sep, '/')},sha256=${hash},${Buffer.byteLength(content)}`);
  };
  const script = consoleScript(venv.python, target);
  const [major = 3, minor = 0] = versionParts(venv.version ?? '');
  for (const name of ['pip', `pip${major}`, `pip${major}.${minor}`]) add(join(venv.scripts, name), script, 0o755);
  add(join(library, record.folder, 'INSTALLER'), 'pip\n');
  add(join(library, record.folder, 'REQUESTED'), '');
  write(join(library, record.folder, 'RECORD'), [...added, record.text.trim(), ''].join('\n'));
}

/**
 * @returns those of the wheels of pip that support a Python, newest first, by `Requires-Python`. What matters of it
 * is the lower bound: pip has dropped old Pythons, and never named an upper bound.
 */
export async function pipWheelsFor(version: string, wheels: readonly string[]): Promise<string[]> {
  const suitable: string[] = [];
  for (const wheel of new Set(wheels)) {
    const bound = await lowestPython(wheel).catch(() => undefined);
    if (bound && compareVersions(versionParts(version), bound) >= 0) suitable.push(wheel);
  }
  const pipVersion = (wheel: string) => versionParts(basename(wheel).split('-')[1] ?? '');
  return suitable.sort((a, b) => compareVersions(pipVersion(b), pipVersion(a)));
}

async function lowestPython(wheel: string): Promise<readonly number[]> {
  const metadata = (await readWheel(wheel)).find(({ name }) => name.endsWith('.dist-info/METADATA'));
  const text = metadata?.read().toString() ?? '';
  return versionParts(/^Requires-Python:.*?>=\s*([\d.]+)/im.exec(text)?.[1] ?? '');
}
