import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { testServers } from '../../../support/testServers';
import { root } from '../status/support';

/** Skips a suite where the servers could not be installed, or processes cannot be listed. */
export function needsServers(context: Mocha.Context): void {
  if (process.platform === 'win32' || !testServers()) context.skip();
  context.timeout(120_000);
}

export const at = (...parts: string[]): string => join(root(), ...parts);

export async function openFile(path: string): Promise<vscode.Uri> {
  const document = await vscode.workspace.openTextDocument(path);
  await vscode.window.showTextDocument(document);
  return document.uri;
}

/** What is said of imports in a file, by any server. */
const importProblems = (uri: vscode.Uri): string[] =>
  vscode.languages
    .getDiagnostics(uri)
    .map(({ message }) => message)
    .filter((message) => message.includes('could not be resolved'));

/** Waits for VS Code's own event. @returns the problems with imports in a file, once they are so many. */
export async function importProblemsOnce(uri: vscode.Uri, count: number): Promise<string[]> {
  return await new Promise((resolve) => {
    const look = (): void => {
      const found = importProblems(uri);
      if (found.length !== count) return;
      listening.dispose();
      resolve(found);
    };
    const listening = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

export async function call(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('\n');
}

interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

function processes(): ListedProcess[] {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

/** @returns the pids of the servers that know the language and were started by this extension host. */
export const languageServers = (): number[] =>
  processes().flatMap(({ pid, parent, args }) => (parent === process.pid && args.includes('langserver') ? [pid] : []));

/** @returns the same, with all that these have started. */
export function serverProcesses(): number[] {
  const pids = new Set(languageServers());
  for (const { pid, parent } of processes()) if (pids.has(parent)) pids.add(pid);
  return [...pids];
}
