import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { Uri, window, workspace } from 'vscode';
import { offer } from '../offer';
import type { Parts } from '../parts';
import type { CommandArguments } from './commandArguments';
import { commandFolder } from './commandFolder';

/** Writes the packages of the active environment into requirements.txt, after a question where there is one, and opens it. */
export async function freezeRequirements(parts: Parts, args: CommandArguments): Promise<void> {
  const folder = await commandFolder(parts, args);
  if (!folder) return;
  const { requirements, count, venv } = await folder.freezePackages();
  if (count === 0) {
    offer(
      window.showInformationMessage,
      `No packages are installed in ${venv ?? 'the base Python'}, so nothing was written.`,
    );
    return;
  }
  const name = 'requirements.txt';
  const file = Uri.file(join(folder.root, name));
  const text = `${requirements}\n`;
  const before = await readFile(file.fsPath, 'utf8').catch(() => undefined);
  if (before !== undefined && before !== text && !(await isOverwritten(name, file.fsPath, count))) return;
  if (before !== text) await workspace.fs.writeFile(file, new TextEncoder().encode(text));
  await window.showTextDocument(file);
}

async function isOverwritten(name: string, path: string, count: number): Promise<boolean> {
  const detail = `${path}\n\nIts lines are replaced by the ${count} packages that are installed now.`;
  const answer = await window.showWarningMessage(`Overwrite ${name}?`, { modal: true, detail }, 'Overwrite');
  return answer === 'Overwrite';
}
