/** What is installed beside this extension, as VS Code tells it. */
export interface OtherExtensions {
  /** Whether an extension is there and enabled. */
  readonly has: (id: string) => boolean;
  /** The value of `python.languageServer`, which Microsoft's Python extension and Pylance obey. */
  readonly pythonLanguageServer: unknown;
}

const python = 'ms-python.python';
const pylance = 'ms-python.vscode-pylance';

/** Extensions that bring a Python language server, and always start it. */
const others = [
  'ms-pyright.pyright',
  'detachhead.basedpyright',
  'astral-sh.ty',
  'anysphere.cursorpyright',
  'codeium.windsurfpyright',
  'meta.pyrefly',
  'zuban.zubanls',
];

/** @returns the extension that serves Python in this window; undefined for none. */
export function servingExtension({ has, pythonLanguageServer: chosen }: OtherExtensions): string | undefined {
  if (has(pylance) && chosen !== 'None' && chosen !== 'Jedi') return pylance;
  // It brings Jedi, and by default starts it where Pylance is not there.
  if (has(python) && chosen !== 'None' && chosen !== 'Pylance') return python;
  return others.find(has);
}

/** @returns the extension that lints with Ruff; undefined for none. */
export const lintingExtension = ({ has }: Pick<OtherExtensions, 'has'>): string | undefined =>
  ['charliermarsh.ruff'].find(has);
