import * as vscode from 'vscode';
import { contributes } from '../../package.json';
import { lazily } from '../core/lazily';
import { onDidChangeOffer } from './chatDoors';
import { outputLog } from './outputLog';
import type { Parts } from './parts';

/** Offers the tools to VS Code's chats for as long as the settings and the workspace's trust allow. */
export function registerLanguageModelTools(parts: Parts): vscode.Disposable {
  const onOutput = outputLog(parts.log);
  let registered: vscode.Disposable | undefined;
  const listening = onDidChangeOffer('languageModelTools', parts, (offered) => {
    registered?.dispose();
    const names = offered ? contributes.languageModelTools.map(({ name }) => name) : [];
    registered = vscode.Disposable.from(
      ...names.map((name) => vscode.lm.registerTool(name, loadedOnUse(name, parts, onOutput))),
    );
  });
  const withdraw = new vscode.Disposable(() => {
    registered?.dispose();
  });
  return vscode.Disposable.from(listening, withdraw);
}

/** A tool whose code is loaded when it is called first. */
function loadedOnUse(
  name: string,
  parts: Parts,
  onOutput: ReturnType<typeof outputLog>,
): vscode.LanguageModelTool<object> {
  const load = lazily(async () => {
    const { LanguageModelTool } = await import('./languageModelTool');
    return new LanguageModelTool(name, parts, onOutput);
  });
  return {
    prepareInvocation: async (options, token) => await (await load()).prepareInvocation(options, token),
    invoke: async (options, token) => await (await load()).invoke(options, token),
  };
}
