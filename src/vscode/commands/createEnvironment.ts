import { window } from 'vscode';
import { homeFolder } from '../../core/files/homeFolder';
import { isToolError } from '../../core/errors';
import type { PythonFolder } from '../../core/folder';
import { findRequirementsFiles } from '../../core/packages/requirementsFiles';
import { relativeInside } from '../../core/paths';
import { freePath } from '../../core/venv/freePath';
import type { CreatedVenv } from '../../core/venv/venvResults';
import { errorForPeople } from '../errorForPeople';
import { offer, openOutput, type NextStep } from '../offer';
import type { Parts } from '../parts';
import { chooseInterpreter } from './chooseInterpreter';
import type { CommandArguments } from './commandArguments';
import { commandFolder } from './commandFolder';
import { longWork } from './longWork';

/** Creates an environment; asks for the interpreter and the name unless it is told. */
export async function createEnvironment(parts: Parts, args: CommandArguments): Promise<CreatedVenv | undefined> {
  const folder = await commandFolder(parts, args);
  if (!folder) return undefined;
  const isTold = args.python !== undefined || args.path !== undefined;
  const chosen = isTold
    ? { python: args.python }
    : await chooseInterpreter(parts.finder, folder, `Create Environment in ${folder.name} (1/2)`);
  if (!chosen) return undefined;
  const path = args.path ?? (await askName(folder, chosen.python));
  if (path === undefined) return undefined;
  const created = await longWork(
    parts,
    folder,
    `Creating ${path}`,
    async (control) => await folder.createVenv({ path, python: chosen.python, ...control }),
  );
  const name = relativeInside(folder.root, created.path);
  const notes = (created.notes ?? []).map((note) => ` ${note}`).join('');
  const message = `${name} was created with Python ${created.python_version ?? '?'}, and is active now.${notes}`;
  offer(window.showInformationMessage, message, [...(await installSteps(folder)), openOutput]);
  return created;
}

/** Asks for the name of a new environment; what cannot be made is said while it is typed. */
async function askName(folder: PythonFolder, python: string | undefined): Promise<string | undefined> {
  const fault = async (name: string): Promise<string | undefined> => {
    try {
      await freePath(folder.root, name, homeFolder());
      return undefined;
    } catch (error) {
      return isToolError(error) ? errorForPeople(error).text : String(error);
    }
  };
  let free = '.venv';
  for (let count = 2; (await fault(free)) !== undefined && count < 20; count++) free = `.venv-${count}`;
  return await window.showInputBox({
    title: `Create Environment in ${folder.name} (2/2)`,
    prompt: `The environment's folder, relative to ${folder.root}${python === undefined ? '' : `; made with ${python}`}`,
    value: free,
    validateInput: fault,
    ignoreFocusOut: true,
  });
}

async function installSteps({ root }: PythonFolder): Promise<NextStep[]> {
  const [file] = await findRequirementsFiles(root);
  return file === undefined
    ? [{ title: 'Install Packages…', command: 'pythonTools.installPackages', arguments: [{ folder: root }] }]
    : [
        {
          title: `Install ${file}`,
          command: 'pythonTools.installRequirements',
          arguments: [{ folder: root, path: file }],
        },
      ];
}
