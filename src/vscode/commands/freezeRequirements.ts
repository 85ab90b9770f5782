import { join } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { attemptReading } from '../../core/files/readFiles';
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
  const before = await textOf(file.fsPath);
  if (before !== undefined && before !== text && !(await isOverwritten(name, file.fsPath, count))) return;
  if (before !== text) await workspace.fs.writeFile(file, new TextEncoder().encode(text));
  await window.showTextDocument(file);
}

/** @returns its text; undefined where there is none. @throws ToolError where something else has the name, or it is too large. */
async function textOf(path: string): Promise<string | undefined> {
  const reading = await attemptReading(path);
  if ('bytes' in reading) return reading.bytes.toString('utf8');
  if (reading.unread.kind === 'missing') return undefined;
  const { notRead } = await import('../../core/files/namedFiles');
  throw notRead(reading.unread, path);
}

async function isOverwritten(name: string, path: string, count: number): Promise<boolean> {
  const detail = `${path}\n\nIts lines are replaced by the ${count} packages that are installed now.`;
  const answer = await window.showWarningMessage(`Overwrite ${name}?`, { modal: true, detail }, 'Overwrite');
  return answer === 'Overwrite';
}
