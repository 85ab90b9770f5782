import { commands, env, QuickPickItemKind, ThemeIcon, UIKind, Uri, window, workspace } from 'vscode';
import type { QuickInputButton, QuickPickItem } from 'vscode';
import type { PythonFolder } from '../core/folder';
import { isInside, relativeInside } from '../core/paths';
import type { ListedVenv } from '../core/venv/venvResults';
import { environmentItem } from './commands/chooseEnvironment';
import type { CommandArguments } from './commands/commandArguments';
import { chooseFolder, commandFolder } from './commands/commandFolder';
import { selectElsewhere } from './commands/selectElsewhere';
import { notifyError } from './notifyError';
import type { Parts } from './parts';

interface Item extends QuickPickItem {
  readonly venv?: ListedVenv;
  readonly choose?: () => Promise<unknown>;
}

const buttons = {
  packages: { iconPath: new ThemeIcon('package'), tooltip: 'Show Packages' },
  reveal: { iconPath: new ThemeIcon('go-to-file'), tooltip: 'Reveal Folder' },
  delete: { iconPath: new ThemeIcon('trash'), tooltip: 'Delete…' },
  otherFolder: { iconPath: new ThemeIcon('root-folder'), tooltip: 'Switch Folder…' },
} satisfies Record<string, QuickInputButton>;

/** Lets the user choose the active environment of a folder, or create, find elsewhere or delete one. */
export async function pickEnvironment(parts: Parts, args: CommandArguments): Promise<void> {
  if (!workspace.isTrusted) {
    await explainTrust();
    return;
  }
  const folder = await commandFolder(parts, args);
  if (!folder) return;
  if (args.path === undefined) showPicker(parts, folder);
  else await folder.venvs.select(args.path);
}

/** Shows the picker at once, and fills it as soon as the environments are read and whenever they change. */
function showPicker(parts: Parts, folder: PythonFolder): void {
  const picker = window.createQuickPick<Item>();
  const several = parts.workspace.folders.length > 1;
  picker.title = several ? `Python Environment of ${folder.name}` : 'Python Environment';
  picker.placeholder = 'Select the environment in which Python runs and packages are installed';
  picker.matchOnDescription = true;
  picker.buttons = several ? [buttons.otherFolder] : [];
  picker.busy = true;
  picker.items = itemsOf(parts, folder, []);

  const fill = async (): Promise<void> => {
    const { venvs } = await folder.venvs.list();
    const isFirst = picker.busy;
    picker.keepScrollPosition = true;
    picker.items = itemsOf(parts, folder, venvs);
    picker.busy = false;
    if (isFirst) picker.activeItems = picker.items.filter(({ venv }) => venv?.active).slice(0, 1);
  };
  const follow = (work: () => Promise<unknown>): void => {
    work().catch((error: unknown) => {
      picker.busy = false;
      notifyError(parts.log, error);
    });
  };
  const changes = parts.onDidChangeEnvironment((event) => {
    if (event.folder === folder) follow(fill);
  });
  // What a choice shows next takes the picker's place; to hide it first would flicker.
  const leave = (work: () => Promise<unknown>): void => {
    follow(async () => {
      picker.busy = true;
      await work().finally(() => {
        picker.hide();
      });
    });
  };
  picker.onDidAccept(() => {
    const [item] = picker.selectedItems;
    if (item?.choose) leave(item.choose);
  });
  picker.onDidTriggerButton(() => {
    leave(async () => {
      const other = await chooseFolder(parts.workspace.folders);
      if (other) showPicker(parts, other);
    });
  });
  picker.onDidTriggerItemButton(({ item: { venv }, button }) => {
    picker.hide();
    if (venv)
      follow(async () => {
        await press(button, folder, venv);
      });
  });
  picker.onDidHide(() => {
    changes.dispose();
    picker.dispose();
  });
  picker.show();
  follow(fill);
}

/** What is known at once comes first, so that nothing moves under the pointer when the rest is read. */
function itemsOf(parts: Parts, folder: PythonFolder, venvs: readonly ListedVenv[]): Item[] {
  const run = (command: string) => async () => {
    await commands.executeCommand(`pythonTools.${command}`, { folder: folder.root });
  };
  const action = (label: string, icon: string, choose: () => Promise<unknown>): Item => ({
    label,
    iconPath: new ThemeIcon(icon),
    alwaysShow: true,
    choose,
  });
  const separator = (label = ''): Item => ({ label, kind: QuickPickItemKind.Separator });
  const elsewhere = async (): Promise<void> => {
    await selectElsewhere(parts, folder);
  };
  return [
    action('Create Environment…', 'add', run('createEnvironment')),
    action('Select Interpreter or Environment Elsewhere…', 'folder-opened', elsewhere),
    separator('Environments'),
    ...venvs.map((venv): Item => ({
      ...environmentItem(folder, venv),
      buttons: buttonsOf(folder, venv),
      choose: async () => await folder.venvs.select(relativeInside(folder.root, venv.path)),
    })),
    ...(venvs.some(({ path }) => isInside(folder.root, path))
      ? [separator(), action('Delete Environment…', 'trash', run('deleteEnvironment'))]
      : []),
  ];
}

function buttonsOf(folder: PythonFolder, { path, broken }: ListedVenv): QuickInputButton[] {
  const inside = isInside(folder.root, path);
  // What is outside of the workspace is shown by the system's file manager, and that is where the window is.
  const isHere = env.uiKind === UIKind.Desktop && env.remoteName === undefined;
  return [
    ...(broken === undefined ? [buttons.packages] : []),
    ...(inside || isHere ? [buttons.reveal] : []),
    ...(inside ? [buttons.delete] : []),
  ];
}

async function press(button: QuickInputButton, folder: PythonFolder, { path }: ListedVenv): Promise<void> {
  const told = { folder: folder.root, path };
  if (button === buttons.reveal) {
    const command = isInside(folder.root, path) ? 'revealInExplorer' : 'revealFileInOS';
    await commands.executeCommand(command, Uri.file(path));
  } else if (button === buttons.delete) {
    await commands.executeCommand('pythonTools.deleteEnvironment', told);
  } else {
    await commands.executeCommand('pythonTools.showPackages', told);
  }
}

async function explainTrust(): Promise<void> {
  const manage = {
    label: 'Manage Workspace Trust…',
    detail: 'Nothing is run, read or installed in this workspace until you trust it.',
    iconPath: new ThemeIcon('workspace-untrusted'),
  };
  const chosen = await window.showQuickPick([manage], {
    title: 'Python Environment',
    placeHolder: 'Environments are available in trusted workspaces',
  });
  if (chosen) await commands.executeCommand('workbench.trust.manage');
}
