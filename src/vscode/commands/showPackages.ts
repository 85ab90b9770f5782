import { commands, env, QuickInputButtons, QuickPickItemKind, ThemeIcon, Uri, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { PythonFolder } from '../../core/folder';
import type { ShownPackage } from '../../core/packages/show';
import { notifyError } from '../notifyError';
import type { Parts } from '../parts';
import type { CommandArguments } from './commandArguments';
import { commandFolder } from './commandFolder';

const upgrade = { iconPath: new ThemeIcon('arrow-circle-up'), tooltip: 'Upgrade' };
const uninstall = { iconPath: new ThemeIcon('trash'), tooltip: 'Uninstall' };

interface Item extends QuickPickItem {
  readonly choose?: () => Thenable<unknown>;
}

/** Lists the packages of an environment, the active one unless told; choosing one shows what is known of it. */
export async function showPackages(parts: Parts, args: CommandArguments): Promise<void> {
  const folder = await commandFolder(parts, args);
  if (folder) await showList(parts, folder, args.path);
}

async function showList(parts: Parts, folder: PythonFolder, environment: string | undefined): Promise<void> {
  const picker = quickPick(parts);
  picker.title = 'Packages';
  picker.matchOnDescription = true;
  picker.busy = true;
  picker.show();
  const { packages, venv } = await folder.listPackages(undefined, environment).catch((error: unknown) => {
    picker.dispose();
    throw error;
  });
  picker.busy = false;
  picker.title = `Packages of ${venv ?? 'the base Python'} (${packages.length})`;
  picker.placeholder = packages.length > 0 ? 'Choose one for its details' : 'No packages are installed';
  // Those of another environment can be looked at; what changes packages changes those of the active one.
  const buttons = venv !== null && environment === undefined ? [upgrade, uninstall] : [];
  picker.items = packages.map(({ name, version, editable_project_location: project }) => ({
    label: name,
    description: project === undefined ? version : `${version} · editable: ${project}`,
    buttons,
    choose: () => showDetails(parts, folder, environment, name),
  }));
  picker.onDidTriggerItemButton(({ item, button }) => {
    picker.hide();
    const command = button === upgrade ? 'upgradePackages' : 'uninstallPackages';
    void commands.executeCommand(`pythonTools.${command}`, { folder: folder.root, packages: [item.label] });
  });
}

async function showDetails(
  parts: Parts,
  folder: PythonFolder,
  environment: string | undefined,
  name: string,
): Promise<void> {
  const [found] = (await folder.showPackages([name], undefined, environment)).packages;
  if (!found || 'error' in found) return;
  const picker = quickPick(parts);
  picker.title = `${found.name} ${found.version}`;
  picker.placeholder = found.summary;
  picker.buttons = [QuickInputButtons.Back];
  picker.items = detailsOf(found, (other) => showDetails(parts, folder, environment, other));
  picker.onDidTriggerButton(() => {
    showList(parts, folder, environment).catch((error: unknown) => {
      notifyError(parts.log, error);
    });
  });
  picker.show();
}

function detailsOf(found: ShownPackage, show: (name: string) => Promise<void>): Item[] {
  const { home_page: home, license, author, author_email: email, location } = found;
  const project = found.editable_project_location ?? location;
  const fact = (label: string, description: string, icon: string, choose: () => Thenable<unknown>): Item[] =>
    description === '' ? [] : [{ label, description, iconPath: new ThemeIcon(icon), choose }];
  const copy = (text: string) => () => env.clipboard.writeText(text);
  const packages = (label: string, names: readonly string[]): Item[] => [
    ...(names.length > 0 ? [{ label, kind: QuickPickItemKind.Separator }] : []),
    ...names.map((name) => ({ label: name, iconPath: new ThemeIcon('package'), choose: () => show(name) })),
  ];
  return [
    ...fact('Home Page', home, 'link-external', () => env.openExternal(Uri.parse(home))),
    ...fact('License', license.split('\n')[0] ?? '', 'law', copy(license)),
    ...fact('Author', [author, email].filter((part) => part !== '').join(' '), 'person', copy(author)),
    ...fact('Location', project, 'folder', copy(project)),
    ...packages('Requires', found.requires),
    ...packages('Required By', found.required_by),
  ];
}

/** @returns a Quick Pick that does what the chosen item says, and goes when it is left. */
function quickPick({ log }: Parts) {
  const picker = window.createQuickPick<Item>();
  picker.onDidAccept(() => {
    const [item] = picker.selectedItems;
    // Hidden last: a picker that the item shows has taken its place by then, with the focus.
    item?.choose?.().then(
      () => {
        picker.hide();
      },
      (error: unknown) => {
        picker.hide();
        notifyError(log, error);
      },
    );
  });
  picker.onDidHide(() => {
    picker.dispose();
  });
  return picker;
}
