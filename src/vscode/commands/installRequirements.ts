import { basename, dirname, relative } from 'node:path';
import { ThemeIcon, window } from 'vscode';
import type { PythonFolder } from '../../core/folder';
import { errors } from '../../core/errors';
import { findRequirementsFiles } from '../../core/packages/requirementsFiles';
import { relativeInside } from '../../core/paths';
import type { Parts } from '../parts';
import type { CommandArguments } from './commandArguments';
import { commandFolder } from './commandFolder';
import { install } from './installPackages';

/** Installs what a requirements file lists, or the project of a pyproject.toml in editable mode. */
export async function installRequirements(parts: Parts, args: CommandArguments) {
  const folder = await commandFolder(parts, args);
  if (!folder) return undefined;
  const path = args.uri ? relativeInside(folder.root, args.uri.fsPath) : (args.path ?? (await chooseFile(folder)));
  if (path === undefined) return undefined;
  if (basename(path) !== 'pyproject.toml') return await install(parts, folder, path, { requirements: path });
  const project = relative(folder.root, dirname(await folder.existingFile(path))) || '.';
  return await install(parts, folder, `the project in ${project === '.' ? folder.name : project}`, {
    editable: project,
  });
}

async function chooseFile(folder: PythonFolder): Promise<string | undefined> {
  const files = await findRequirementsFiles(folder.root);
  if (files.length === 0) {
    throw errors.invalidInput(
      `There is no requirements file and no pyproject.toml in "${folder.name}" or one folder below.`,
      'Write one, or install packages by name.',
    );
  }
  const items = files.map((file) => {
    const isProject = basename(file) === 'pyproject.toml';
    return {
      label: file,
      description: isProject ? 'this project, in editable mode' : '',
      iconPath: new ThemeIcon(isProject ? 'project' : 'checklist'),
    };
  });
  const options = { title: `Install Requirements in ${folder.name}`, placeHolder: 'From which file?' };
  return (await window.showQuickPick(items, options))?.label;
}
