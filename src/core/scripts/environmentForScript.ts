import { basename } from 'node:path';
import type { Environment } from '../environment';
import type { EnvironmentWrites } from '../environmentWrites';
import type { Finder } from '../interpreters/finder';
import type { CallControl } from '../packages/installerSupervisor';

import type { ScriptEnvironments } from './scriptEnvironments';
import { scriptInterpreter } from './scriptInterpreter';
import { parseScriptMetadata, textWithMetadata, type ScriptMetadata } from './scriptMetadata';

/** What the environments of scripts are found and made with. */
export interface ScriptSources {
  /** The folder, absolute. */
  readonly root: string;
  readonly finder: Finder;
  readonly environments: ScriptEnvironments;
  /** Lets one call at a time make an environment. */
  readonly writes: EnvironmentWrites;
  readonly interpreterSetting: string;
}

/** What became of the metadata in a file; without an environment it runs like any other. */
export interface ScriptEnvironment {
  readonly environment: Environment | undefined;
  readonly notes: readonly string[];
}

/** @returns what a file says of the environment it wants; undefined for nothing. @throws ToolError as the parser does. */
export async function readScriptMetadata(file: string): Promise<ScriptMetadata | undefined> {
  const text = await textWithMetadata(file);
  return text === undefined ? undefined : await parseScriptMetadata(basename(file), text);
}

/**
 * Gives a file with inline script metadata (PEP 723) the environment it asks for, made on first use.
 *
 * @returns undefined where the file has none.
 * @throws ToolError invalid_input, requirement_invalid, interpreter_not_found, or as a create and an install do.
 */
export async function environmentForScript(
  { root, finder, environments, writes, interpreterSetting }: ScriptSources,
  file: string,
  control: CallControl,
): Promise<ScriptEnvironment | undefined> {
  const text = await textWithMetadata(file);
  if (text === undefined) return undefined;
  const name = basename(file);
  const metadata = await parseScriptMetadata(name, text);
  if (!metadata)
    return { environment: undefined, notes: ['the block "# /// script" has no end "# ///" and is ignored'] };
  const options = { folder: root, signal: control.signal };
  const { interpreter, note } = await scriptInterpreter(finder, interpreterSetting, metadata, name, options);
  const wanted = { name, interpreter, dependencies: metadata.dependencies };
  const environment =
    (await environments.find(wanted)) ??
    (await writes.run(
      environments.keyOf(wanted),
      `the environment of ${name}`,
      control,
      // Another call may have made it while this one waited.
      async () => (await environments.find(wanted)) ?? (await environments.make(wanted, control)),
    ));
  return { environment, notes: [...(note === undefined ? [] : [note]), ...notesOn(metadata)] };
}

function notesOn({ dependencies: { length: count }, ignoredOfUv }: ScriptMetadata): string[] {
  const what = count === 0 ? 'no dependencies' : `${count} ${count === 1 ? 'dependency' : 'dependencies'}`;
  return [
    `ran in an environment of its own for its inline script metadata (${what}), not in the project's venv`,
    ...(ignoredOfUv.length === 0 ? [] : [`[tool.uv] in that metadata is not obeyed: ${ignoredOfUv.join(', ')}`]),
  ];
}
