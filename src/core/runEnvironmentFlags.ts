import { defaultSettings, type RunEnvironment } from './settings';

/** The flags that say what a run sees, as `parseArgs` of Node.js takes them. */
export const runEnvironmentOptions = {
  'run-environment': { type: 'string' },
  'pass-variable': { type: 'string', multiple: true },
  'withhold-variable': { type: 'string', multiple: true },
  // Not `--env-file`: Node.js 20 takes that for its own, behind the name of the program too, and ends where there is no such file.
  'run-env-file': { type: 'string' },
} as const;

/** Their values, where they were given. */
export interface RunEnvironmentValues {
  readonly 'run-environment'?: string;
  readonly 'pass-variable'?: readonly string[];
  readonly 'withhold-variable'?: readonly string[];
  readonly 'run-env-file'?: string;
}

/** @returns what the flags say. @throws Error with a sentence for the user where they are wrong. */
export function runEnvironmentOf(values: RunEnvironmentValues): RunEnvironment {
  const { 'run-environment': inherit = 'all', 'run-env-file': file = defaultSettings.runEnvironment.file } = values;
  if (inherit !== 'all' && inherit !== 'minimal') {
    throw new Error(`--run-environment takes all, minimal, not "${inherit}".`);
  }
  return { inherit, pass: names('pass-variable', values), withhold: names('withhold-variable', values), file };
}

/** @returns the same as arguments of a command line. */
export function runEnvironmentArguments({
  'run-environment': inherit,
  'pass-variable': pass = [],
  'withhold-variable': withhold = [],
  'run-env-file': file,
}: RunEnvironmentValues): string[] {
  return [
    ...(inherit === undefined ? [] : ['--run-environment', inherit]),
    ...pass.flatMap((name) => ['--pass-variable', name]),
    ...withhold.flatMap((name) => ['--withhold-variable', name]),
    ...(file === undefined ? [] : ['--run-env-file', file]),
  ];
}

function names(flag: 'pass-variable' | 'withhold-variable', values: RunEnvironmentValues): readonly string[] {
  const wrong = values[flag]?.find((name) => name.trim() === '' || /[=\s\0]/.test(name));
  if (wrong !== undefined)
    throw new Error(`--${flag} takes the name of a variable, not its value; "*" stands for any text.`);
  return values[flag] ?? [];
}
