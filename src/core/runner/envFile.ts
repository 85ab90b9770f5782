import { realpath } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { errors } from '../errors';
import { homeFolder } from '../files/homeFolder';
import { readText } from '../files/readFiles';
import { asToolError, isMissing } from '../files/systemErrors';
import { absolutePath, isInside } from '../paths';

/** More than anybody writes by hand, and less than a process may be started with. */
const largestFile = 128 * 1024;

/**
 * @returns the variables in a folder's environment file, in the format that Node.js reads (`NAME=value`, quotes, `#`,
 * `export`); none where the setting names no file, or the folder has none of that name.
 * @param named relative to the folder, or absolute in it; `${workspaceFolder}` stands for the folder.
 * @throws outside_workspace where it leads out of the folder; invalid_input where it cannot be read. No error quotes
 * anything of the file.
 */
export async function readEnvFile(root: string, named: string): Promise<Record<string, string>> {
  if (named.trim() === '') return {};
  const path = absolutePath(root, named.trim().replace(/^\$\{workspaceFolder\}/, root), homeFolder());
  const file = await realpath(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw asToolError(error, named, 'reading it');
  });
  const isOfFolder = file === undefined ? isInside(root, path) : isInside(await realpath(root), file);
  if (!isOfFolder) throw errors.outsideWorkspace(named, root);
  if (file === undefined) return {};
  const text = await readText(file, largestFile);
  if (text === undefined || text.includes('\0')) throw errors.envFileUnreadable(named, largestFile);
  const variables = Object.entries(parseEnv(text)).filter(([name]) => isName(name));
  return Object.fromEntries(variables.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Variables of that prefix are how a run is told what to run. */
const isName = (name: string): boolean => name !== '' && !/[=\s]/.test(name) && !/^PYTHON_TOOLS_/i.test(name);
