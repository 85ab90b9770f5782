import { sectionOf, type SettingsTree } from './settingsTree';

/** The Python that a server is to see: what imports are looked up in. */
export interface ServedPython {
  /** Absolute path of the executable. */
  readonly python: string;
  /** Absolute path of the venv's root, or `sys.prefix` of a base interpreter. */
  readonly path: string;
  readonly isVenv: boolean;
}

/** How a change reaches a running server; `restart`: in no other way than by starting it anew. */
export type Delivery = 'configuration' | 'restart' | 'nothing';

/** A language server: what it is called, how it is started, and how one talks to it of interpreters and settings. */
export interface LanguageServer {
  /** As the setting `languageServer` names it, and as people call it. */
  readonly name: ServerName;
  readonly role: 'language' | 'lint';
  /** Names of its executable, without the ".exe" of Windows. */
  readonly executable: string;
  readonly args: readonly string[];
  /** The sections of settings that it knows; the editor's own are passed on. */
  readonly sections: readonly string[];
  /** @returns the settings that tell it which Python to use. */
  readonly interpreterSettings: (python: ServedPython) => SettingsTree;
  /** @returns what it gets with the request `initialize`, made from all its settings. */
  readonly initializationOptions?: (settings: SettingsTree) => unknown;
  /** Whether changed settings are pushed with their values; else it is told of the change and asks for them. */
  readonly pushes?: boolean;
  readonly onInterpreterChange: Delivery;
  readonly onSettingsChange: Delivery;
  readonly onPackagesChange: Delivery;
}

export const serverNames = ['basedpyright', 'pyright', 'ty', 'pylsp', 'jedi-language-server'] as const;
export type ServerName = (typeof serverNames)[number] | 'ruff';

const interpreterOfPyright = ({ python }: ServedPython): SettingsTree => ({
  python: { pythonPath: python, defaultInterpreterPath: python },
});

/** The servers in the order in which they are preferred. */
export const languageServers: readonly LanguageServer[] = [
  {
    name: 'basedpyright',
    role: 'language',
    executable: 'basedpyright-langserver',
    args: ['--stdio'],
    sections: ['python', 'basedpyright'],
    interpreterSettings: interpreterOfPyright,
    onInterpreterChange: 'configuration',
    onSettingsChange: 'configuration',
    onPackagesChange: 'configuration',
  },
  {
    name: 'pyright',
    role: 'language',
    executable: 'pyright-langserver',
    args: ['--stdio'],
    sections: ['python', 'pyright'],
    interpreterSettings: interpreterOfPyright,
    onInterpreterChange: 'configuration',
    onSettingsChange: 'configuration',
    onPackagesChange: 'configuration',
  },
  {
    name: 'ty',
    role: 'language',
    executable: 'ty',
    args: ['server'],
    sections: ['ty'],
    interpreterSettings: ({ path }) => ({ ty: { configuration: { environment: { python: path } } } }),
    initializationOptions: (settings) => sectionOf(settings, 'ty'),
    onInterpreterChange: 'restart',
    onSettingsChange: 'restart',
    onPackagesChange: 'restart',
  },
  {
    name: 'pylsp',
    role: 'language',
    executable: 'pylsp',
    args: [],
    sections: ['pylsp'],
    interpreterSettings: ({ python }) => ({ pylsp: { plugins: { jedi: { environment: python } } } }),
    initializationOptions: (settings) => ({ pylsp: sectionOf(settings, 'pylsp') }),
    pushes: true,
    onInterpreterChange: 'configuration',
    onSettingsChange: 'configuration',
    // Jedi looks into .pth files once.
    onPackagesChange: 'restart',
  },
  {
    name: 'jedi-language-server',
    role: 'language',
    executable: 'jedi-language-server',
    args: [],
    sections: ['jedi'],
    interpreterSettings: ({ python }) => ({ jedi: { workspace: { environmentPath: python } } }),
    initializationOptions: (settings) => sectionOf(settings, 'jedi'),
    onInterpreterChange: 'restart',
    onSettingsChange: 'restart',
    onPackagesChange: 'restart',
  },
];

/** Lints and formats, beside any of the others. */
export const ruffServer: LanguageServer = {
  name: 'ruff',
  role: 'lint',
  executable: 'ruff',
  args: ['server'],
  sections: ['ruff'],
  interpreterSettings: () => ({}),
  initializationOptions: (settings) => ({ settings: sectionOf(settings, 'ruff') ?? {} }),
  onInterpreterChange: 'nothing',
  onSettingsChange: 'restart',
  onPackagesChange: 'nothing',
};
