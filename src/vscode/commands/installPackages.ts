import { window } from 'vscode';
import { isToolError } from '../../core/errors';
import type { PythonFolder } from '../../core/folder';
import type { InstallRequest } from '../../core/packages/installRequest';
import { resolveRequirement } from '../../core/packages/resolveRequirement';
import { offer, openOutput } from '../offer';
import type { Parts } from '../parts';
import type { CommandArguments } from './commandArguments';
import { commandFolder } from './commandFolder';
import { longWork } from './longWork';
import { splitRequirements } from './requirementList';

/** Installs packages into the active environment; asks which unless it is told. */
export async function installPackages(parts: Parts, args: CommandArguments) {
  const folder = await commandFolder(parts, args);
  if (!folder) return undefined;
  const packages = args.packages ?? (await askRequirements(folder));
  if (packages === undefined || packages.length === 0) return undefined;
  return await install(parts, folder, packages.join(', '), { packages });
}

/** Installs with progress and Cancel, and says what came of it. */
export async function install(parts: Parts, folder: PythonFolder, what: string, request: InstallRequest) {
  const verb = request.upgrade === true ? 'Upgrading' : 'Installing';
  const shown = what.length > 60 ? `${what.slice(0, 59)}…` : what;
  const result = await longWork(
    parts,
    folder,
    `${verb} ${shown}`,
    async (control) => await folder.installPackages({ ...request, ...control }),
  );
  const notes = (result.notes ?? []).map((note) => ` ${/[.!]$/.test(note) ? note : `${note}.`}`).join('');
  offer(window.showInformationMessage, summaryOf(result) + notes, [
    { title: 'Show Packages', command: 'pythonTools.showPackages', arguments: [{ folder: folder.root }] },
    openOutput,
  ]);
  return result;
}

type Installed = Awaited<ReturnType<PythonFolder['installPackages']>>;

function summaryOf({ installed, replaced, already_satisfied: satisfied, venv }: Installed): string {
  const changed = new Map(replaced.map(({ name, from, to }) => [name, `${name} ${from} → ${to}`]));
  const parts = installed.map(({ name, version }) => changed.get(name) ?? `${name} ${version}`);
  const shown = parts.slice(0, 5).join(', ') + (parts.length > 5 ? ` and ${parts.length - 5} more` : '');
  if (parts.length > 0) return `Installed into ${venv ?? '?'}: ${shown}.`;
  const there = satisfied.map((each) => each.replace('==', ' ')).slice(0, 5);
  return `Nothing to do in ${venv ?? '?'}: ${there.length > 0 ? `${there.join(', ')} is there already` : 'all is there already'}.`;
}

/** Asks for requirements; each is checked while it is typed, by the rules of PEP 508. */
async function askRequirements({ root, name }: PythonFolder): Promise<readonly string[] | undefined> {
  const split = async (line: string) =>
    await splitRequirements(line, async (text) => {
      try {
        await resolveRequirement(root, text);
        return undefined;
      } catch (error) {
        return isToolError(error) ? error.message : String(error);
      }
    });
  const line = await window.showInputBox({
    title: `Install Packages in ${name}`,
    prompt: 'Names with optional versions, URLs or paths of local projects, separated by blanks or commas',
    placeHolder: 'requests>=2.31, rich[jupyter] pytest==8.*',
    ignoreFocusOut: true,
    validateInput: async (typed) => {
      if (typed.trim() === '') return undefined;
      const list = await split(typed);
      return 'because' in list ? list.because : undefined;
    },
  });
  if (line === undefined) return undefined;
  const list = await split(line);
  return 'requirements' in list ? list.requirements : undefined;
}
