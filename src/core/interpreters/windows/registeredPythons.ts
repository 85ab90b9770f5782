import { rm } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { childEnvironment } from '../../process/environment';
import { runProcess } from '../../process/runProcess';
import { systemProgram } from '../../process/windows/systemProgram';
import { readBytes } from '../../files/readFiles';
import { newPrivateFolder } from '../../files/privateFolder';
import type { Machine } from '../../files/storage';
import type { Candidate } from '../places';
import { parseRegistryExport } from './registryExport';
import { expandVariables } from './variables';

/** Where PEP 514 has Pythons registered: by the user, and by all users for programs of 64 and of 32 bits. */
const views: readonly (readonly string[])[] = [
  ['HKCU\\Software\\Python'],
  ['HKLM\\Software\\Python', '/reg:64'],
  ['HKLM\\Software\\Python', '/reg:32'],
];

const exportLimitMs = 2000;
/** An installation has some ten values. */
const longestExport = 4 * 2 ** 20;

/** @returns the executables that are registered; undefined where no part of the registry could be read. */
export async function registeredPythons(machine: Machine): Promise<Candidate[] | undefined> {
  const folder = newPrivateFolder('plans', 'registry-');
  try {
    const exports = await Promise.all(
      views.map(async (view, index) => await exported(view, join(folder, `${index}.reg`), folder, machine)),
    );
    const read = exports.filter((each) => each !== undefined);
    return read.length === 0 ? undefined : read.flatMap((each) => registeredIn(each, machine));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
  }
}

async function exported(
  [key = '', ...view]: readonly string[],
  file: string,
  cwd: string,
  { env }: Machine,
): Promise<Buffer | undefined> {
  const outcome = await runProcess({
    command: systemProgram('reg.exe', env),
    args: ['export', key, file, '/y', ...view],
    cwd,
    env: childEnvironment({ host: env, isTool: true }),
    timeoutMs: exportLimitMs,
    spill: false,
  }).catch(() => undefined);
  return outcome?.ending === 'exited' && outcome.exitCode === 0 ? await readBytes(file, longestExport) : undefined;
}

/**
 * @returns the executables in an export of `Software\Python`, by PEP 514: Company\Tag\InstallPath. Those that need
 * arguments of their own are left out: what is run later has no place for them.
 */
export function registeredIn(file: Buffer, { env }: Pick<Machine, 'env'>): Candidate[] {
  const found: Candidate[] = [];
  for (const [key, values] of parseRegistryExport(file)) {
    const [, company = ''] = /\\Python\\([^\\]+)\\[^\\]+\\InstallPath$/i.exec(key) ?? [];
    // PEP 514 reserves the name for the launcher's own settings.
    if (company === '' || /^PyLauncher$/i.test(company)) continue;
    const textOf = (name: string): string => {
      const value = values.get(name);
      const text = value?.expands === true ? expandVariables(value.text, env) : (value?.text ?? '');
      return text.replace(/^"(.*)"$/, '$1').trim();
    };
    if (textOf('executablearguments') !== '') continue;
    const path = textOf('executablepath') || win32.join(textOf(''), 'python.exe');
    if (/^([a-z]:|\\)[\\/]/i.test(path)) found.push({ path: win32.normalize(path), source: 'registry' });
  }
  return found;
}
