/** What a user can set; the extension reads it from VS Code's settings, the stdio server from its flags. */
export interface Settings {
  /** The interpreter for new venvs: a command, a version or a path. */
  readonly interpreter: string;
  /** Whether `install` makes a `.venv` first where there is none. */
  readonly autoCreateVenv: boolean;
  /** Time limit of a run that names none, in seconds. */
  readonly defaultTimeout: number;
  /** The highest time limit of a run, in seconds. */
  readonly maxTimeout: number;
  readonly installer: 'auto' | 'uv' | 'pip';
  /** Whether an interpreter may wait for the next run of a folder in use. */
  readonly keepInterpreterReady: boolean;
  readonly runEnvironment: RunEnvironment;
}

/** What a run sees of the variables of the process that starts it, and of the folder. */
export interface RunEnvironment {
  /** `minimal`: what a program needs to find its way about, and what `pass` names. */
  readonly inherit: 'all' | 'minimal';
  /** Names of variables; `*` stands for any text. */
  readonly pass: readonly string[];
  /** The same, of what a run never sees of them. */
  readonly withhold: readonly string[];
  /** A file of the folder with more variables, such as ".env"; empty for none. */
  readonly file: string;
}

/** Names the folder to serve where the command line of the stdio server does not. */
export const workspaceVariable = 'PYTHON_TOOLS_WORKSPACE';

export const defaultSettings: Settings = {
  interpreter: 'python3.12',
  autoCreateVenv: true,
  defaultTimeout: 30,
  maxTimeout: 300,
  installer: 'auto',
  keepInterpreterReady: true,
  runEnvironment: { inherit: 'all', pass: [], withhold: [], file: '' },
};
