import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, Uri, ViewColumn, window, workspace, type TextDocument, type TextEditor } from 'vscode';
import { errors } from '../../core/errors';
import type { PythonFolder } from '../../core/folder';
import { relativeInside } from '../../core/paths';
import { readScriptMetadata } from '../../core/scripts/environmentForScript';
import { newPrivateFolder } from '../../core/files/privateFolder';
import type { Program } from '../../core/runner/program';
import type { RunOutcome } from '../../core/runner/PythonRunner';
import type { Parts } from '../parts';
import type { CommandArguments } from './commandArguments';
import { commandFolder } from './commandFolder';
import { dedent } from './dedent';
import { longWork } from './longWork';
import { RunTerminal } from './runTerminal';

/** The paths of files that run, for the when clauses of package.json. */
const runningContext = 'pythonTools.running';

/** @returns the commands that run Python in a terminal: one terminal for each file and one for selections. */
export function runCommands() {
  const runs = new Map<string, RunTerminal>();
  const running = new Set<string>();

  const show = async (parts: Parts, folder: PythonFolder, key: string, title: string, program: Program) => {
    const { environment, venv, notes } = await prepare(parts, folder, title, program);
    const before = runs.get(key);
    before?.stop();
    const terminal = new RunTerminal(
      {
        title,
        opening: [
          `${title} · ${venv ?? environment.python} · Python ${environment.version}`,
          'Output only: no terminal, empty input. Ctrl+C stops it.',
          ...notes,
        ],
        run: async (io) => await folder.run(environment, { program, args: [], cwd: folder.root, spill: false, ...io }),
        closing: async (outcome) => await closingLines(outcome),
      },
      before?.finished ?? Promise.resolve(),
    );
    before?.dispose();
    runs.set(key, terminal);
    parts.log.info(`Running ${title} with ${environment.python} (${folder.root})`);
    running.add(key);
    await announce(running);
    void terminal.finished.then(async () => {
      if (runs.get(key) !== terminal) return; // It runs again.
      running.delete(key);
      await announce(running);
    });
  };

  return {
    runFile: async (parts: Parts, args: CommandArguments): Promise<void> => {
      const document = await documentOf(args.uri);
      const folder = await commandFolder(parts, { uri: document.uri, ...args });
      if (!folder) return;
      if (document.isDirty && !document.isUntitled && !(await document.save())) return;
      const path = document.uri.fsPath;
      const program: Program = document.isUntitled
        ? { kind: 'code', code: document.getText() }
        : { kind: 'file', path };
      await show(parts, folder, path, relativeInside(folder.root, path), program);
    },

    runSelection: async (parts: Parts, args: CommandArguments): Promise<void> => {
      const editor = window.activeTextEditor;
      const folder = editor && (await commandFolder(parts, { uri: editor.document.uri, ...args }));
      if (!editor) throw nothingToRun();
      const code = selectedCode(editor);
      if (folder && code.trim() !== '') await show(parts, folder, 'selection', 'Selection', { kind: 'code', code });
    },

    /** Stops a file, by default that of the active editor, else whatever runs. */
    stopRun: (_parts: Parts, { uri }: CommandArguments): Promise<void> => {
      const run = runs.get((uri ?? window.activeTextEditor?.document.uri)?.fsPath ?? '');
      for (const each of run ? [run] : runs.values()) each.stop();
      return Promise.resolve();
    },

    dispose: (): void => {
      for (const run of runs.values()) run.dispose();
    },
  };
}

const announce = async (running: ReadonlySet<string>): Promise<void> => {
  await commands.executeCommand('setContext', runningContext, running.size > 0 ? [...running] : undefined);
};

const nothingToRun = () =>
  errors.invalidInput('There is no Python file to run.', 'Open one in the editor, then try again.');

async function documentOf(uri: Uri | undefined): Promise<TextDocument> {
  const document = uri ? await workspace.openTextDocument(uri) : window.activeTextEditor?.document;
  const isRunnable = document?.languageId === 'python' && ['file', 'untitled'].includes(document.uri.scheme);
  if (!document || !isRunnable) throw nothingToRun();
  return document;
}

/** @returns what a program runs in; a script may have one of its own, which takes its time where it has to be made. */
async function prepare(parts: Parts, folder: PythonFolder, title: string, program: Program) {
  const isScript = program.kind === 'file' && (await readScriptMetadata(program.path)) !== undefined;
  return isScript
    ? await longWork(parts, folder, `Preparing ${title}`, (control) => folder.environmentFor(program, control))
    : await folder.environmentFor(program);
}

/** @returns the selections, one below the other, or the line of the cursor where nothing is selected. */
function selectedCode({ document, selections }: TextEditor): string {
  const texts = selections.map((selection) => {
    if (selection.isEmpty) return document.lineAt(selection.start.line).text;
    const before = document.lineAt(selection.start.line).text.slice(0, selection.start.character);
    // A selection that begins in or behind the indentation means the line with it.
    return (before.trim() === '' ? before : '') + document.getText(selection);
  });
  return dedent(texts.join('\n'));
}

/** Says what the terminal cannot show; pictures open beside the editor. */
async function closingLines({ backgroundProcessesEnded: ended, pictures }: RunOutcome): Promise<string[]> {
  const lines = ended > 0 ? [`${ended} background process${ended === 1 ? '' : 'es'} left running: ended`] : [];
  if (pictures.length === 0) return lines;
  const folder = newPrivateFolder('output', 'pictures-');
  for (const [index, picture] of pictures.entries()) {
    const path = join(folder, `picture-${index + 1}.png`);
    await writeFile(path, picture, { mode: 0o600 });
    lines.push(path);
    const options = { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: index === 0 };
    await commands.executeCommand('vscode.open', Uri.file(path), options);
  }
  return lines;
}
