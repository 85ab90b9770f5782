import { QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import { homeFolder } from '../../core/files/homeFolder';
import type { PythonFolder } from '../../core/folder';
import type { Finder } from '../../core/interpreters/finder';
import { newestFirst, type Interpreter } from '../../core/interpreters/interpreter';
import { isInside } from '../../core/paths';

/** An interpreter as `create` takes it; undefined: the one that the user's setting names. */
export interface ChosenInterpreter {
  readonly python: string | undefined;
}

interface InterpreterItem extends QuickPickItem {
  readonly choose?: () => Promise<ChosenInterpreter | undefined>;
}

/** Asks for a base interpreter; those of the machine appear as they are found. @returns undefined where none is chosen. */
export async function chooseInterpreter(
  finder: Finder,
  folder: PythonFolder,
  title: string,
): Promise<ChosenInterpreter | undefined> {
  const picker = window.createQuickPick<InterpreterItem>();
  const search = new AbortController();
  const found: Interpreter[] = [];
  const fill = (): void => {
    picker.keepScrollPosition = true;
    picker.items = [
      defaultItem(folder),
      { label: 'Browse…', iconPath: new ThemeIcon('folder-opened'), alwaysShow: true, choose: browse },
      { label: 'Found on This Machine', kind: QuickPickItemKind.Separator },
      ...found.sort(newestFirst).map(interpreterItem),
    ];
  };
  picker.title = title;
  picker.placeholder = 'Which Python is the environment made with?';
  picker.matchOnDescription = true;
  picker.busy = true;
  fill();
  const onFound = (interpreter: Interpreter): void => {
    found.push(interpreter);
    fill();
  };
  void finder.discover({ signal: search.signal, onFound }).then(
    () => (picker.busy = false),
    () => undefined, // Ended by the choice below.
  );
  const item = await new Promise<InterpreterItem | undefined>((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]); // And stays until what is asked next takes its place.
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
  search.abort();
  return await item?.choose?.();
}

const defaultItem = (folder: PythonFolder): InterpreterItem => ({
  label: 'Default Interpreter',
  description: `${folder.settings.interpreter} (setting pythonTools.interpreter)`,
  iconPath: new ThemeIcon('star'),
  choose: () => Promise.resolve({ python: undefined }),
});

function interpreterItem(interpreter: Interpreter): InterpreterItem {
  const { executable, version, freeThreaded, implementation, source } = interpreter;
  const kind = implementation === 'cpython' ? 'Python' : `Python (${implementation})`;
  return {
    label: `${kind} ${version}${freeThreaded ? ', free-threaded' : ''}`,
    description: `${underHome(executable)}${source === 'path' || source === 'named' ? '' : ` · ${source}`}`,
    iconPath: new ThemeIcon('python'),
    choose: () => Promise.resolve({ python: executable }),
  };
}

/** @returns a path as people write it. */
const underHome = (path: string): string =>
  isInside(homeFolder(), path) ? `~${path.slice(homeFolder().length)}` : path;

async function browse(): Promise<ChosenInterpreter | undefined> {
  const chosen = await window.showOpenDialog({ title: 'A Python Executable', openLabel: 'Choose' });
  return chosen?.[0] && { python: chosen[0].fsPath };
}
