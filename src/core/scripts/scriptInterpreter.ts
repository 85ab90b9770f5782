import { errors } from '../errors';
import type { FindOptions, Finder } from '../interpreters/finder';
import type { Interpreter } from '../interpreters/interpreter';
import { specifierContains, tryParseVersion, type SpecifierSet } from '../packages/version';
import type { ScriptMetadata } from './scriptMetadata';

/**
 * @param setting the interpreter for new venvs that the user has set.
 * @returns that interpreter where it meets `requires-python`, else the newest that does.
 * @throws interpreter_not_found, which lists those there are; cancelled.
 */
export async function scriptInterpreter(
  finder: Finder,
  setting: string,
  { requiresPython }: ScriptMetadata,
  name: string,
  options: FindOptions,
): Promise<{ readonly interpreter: Interpreter; readonly note?: string }> {
  const preferred = await finder.findDefault(setting, options);
  if (!requiresPython || meets(preferred.interpreter, requiresPython.specifiers)) return preferred;
  const all = await finder.discover(options);
  const interpreter = all.find((each) => meets(each, requiresPython.specifiers));
  if (interpreter) return { interpreter };
  const versions = [...new Set(all.map(({ version }) => version))];
  throw errors.noPythonForScript(name, requiresPython.text, versions);
}

function meets({ version }: Interpreter, specifiers: SpecifierSet): boolean {
  const parsed = tryParseVersion(version.replace(/\+$/, ''));
  return parsed !== undefined && specifierContains(specifiers, parsed, { prereleases: true });
}
