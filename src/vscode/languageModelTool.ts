import * as vscode from 'vscode';
import type { PythonFolder } from '../core/folder';
import { riskIn, type Risk } from '../core/risk';
import type { Call } from '../tools/calls';
import type { Folders } from '../tools/callTool';
import type { ToolDefinition } from '../tools/defineTool';
import { askToRemove } from './askToRemove';
import { busyTools } from './busyTools';
import { callFolders, preparedFolder, type Place } from './callFolders';
import { confirmationOf, progressOf } from './confirmations';
import { installPlan } from './installPlan';
import type { outputLog } from './outputLog';
import type { ExtensionSettings, Parts } from './parts';
import { pictureParts } from './pictureParts';
import { ShownParts } from './shownParts';
import { surroundingsOf } from './surroundings';
import { linkToWhole, questionText } from './wholeTexts';

type OnOutput = ReturnType<typeof outputLog>;

/** What was found out about a call when it was prepared. */
interface Prepared {
  readonly place: Place;
  /** Whether the user was asked, or need not be, about a plan that builds. */
  readonly mayBuild: boolean;
}

/** A tool as VS Code's chats call it: asks before what runs or changes something, and answers in words. */
export class LanguageModelTool implements vscode.LanguageModelTool<object> {
  readonly #name: string;
  readonly #parts: Parts;
  readonly #onOutput: OnOutput;
  /** By the input of a call: it must work in the folder that its confirmation showed, wherever the user is by then. */
  readonly #prepared = new Map<string, Prepared>();

  constructor(name: string, parts: Parts, onOutput: OnOutput) {
    this.#name = name;
    this.#parts = parts;
    this.#onOutput = onOutput;
  }

  async prepareInvocation({ input }: { readonly input: object }, token: vscode.CancellationToken) {
    const { parseCall } = await this.#parts.loadTools();
    const tool = await this.#tool();
    let call: Call | undefined;
    try {
      call = parseCall(tool, input);
    } catch {
      return {}; // Nothing will run: the call says what is wrong with its input.
    }
    if (!call) return unknownCall(tool, input);
    const place = await this.#place(call, tool);
    const risk = 'folder' in place ? await riskIn(place.folder, call) : 'read'; // Without a folder nothing will be done.
    this.#remember(input, { place, mayBuild: risk === 'build' });
    const invocationMessage = new vscode.MarkdownString(progressOf(call));
    const confirmationMessages =
      'folder' in place ? await this.#confirmation(call, risk, place.folder, token) : undefined;
    return { invocationMessage, ...(confirmationMessages ? { confirmationMessages } : {}) };
  }

  async invoke({ input }: { readonly input: object }, token: vscode.CancellationToken) {
    const { callTool, renderText, textOutputBudget } = await this.#parts.loadTools();
    const tool = await this.#tool();
    const cancelled = signalOf(token);
    const prepared = this.#take(input);
    const context = {
      signal: cancelled.signal,
      confirm: askToRemove,
      wheelsOnly: prepared?.mayBuild !== true,
      onProgress: () => undefined,
      outputBudget: textOutputBudget,
      onOutput: this.#onOutput,
    };
    try {
      const result = await callTool(tool, input, this.#folders(prepared), context, (name, cause) => {
        this.#parts.log.error(`${name}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
      });
      const pictures = pictureParts(result.pictures);
      const text = await renderText(tool, result, pictures.length > 0);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text), ...pictures]);
    } finally {
      cancelled.dispose();
    }
  }

  async #tool(): Promise<ToolDefinition> {
    const { tools, languageModelName } = await this.#parts.loadTools();
    const tool = busyTools(tools, this.#parts.busy).find((candidate) => languageModelName(candidate) === this.#name);
    if (!tool) throw new Error(`package.json names a tool that is not there: ${this.#name}`);
    return tool;
  }

  /** @returns what to ask before a call; undefined where it only reads or the user trusts its kind. */
  async #confirmation(call: Call, risk: Risk, folder: PythonFolder, token: vscode.CancellationToken) {
    const { workspace, settings } = this.#parts;
    const folderSettings = settings(folder.root);
    if (isTrusted(risk, folderSettings)) return undefined;
    const cancelled = signalOf(token);
    const surroundings = await surroundingsOf(call, folder, workspace.folders.length > 1, cancelled.signal);
    const plan = folderSettings.showInstallPlan ? await installPlan(call, folder, cancelled.signal) : [];
    cancelled.dispose();
    const { title, message } = confirmationOf(call, { ...surroundings, plan }, linkToWhole);
    return { title, message: questionText(message) };
  }

  async #place(call: Call, tool: ToolDefinition): Promise<Place> {
    const paths = tool.paths(call.input).filter((path) => path !== undefined);
    try {
      return { folder: await callFolders(this.#parts.workspace).pick({ folder: call.input.folder, paths }) };
    } catch (error) {
      return { error };
    }
  }

  #remember(input: object, prepared: Prepared): void {
    const [oldest] = this.#prepared.keys();
    if (oldest !== undefined && this.#prepared.size >= 100) this.#prepared.delete(oldest);
    this.#prepared.set(JSON.stringify(input), prepared);
  }

  #take(input: object): Prepared | undefined {
    const key = JSON.stringify(input);
    const prepared = this.#prepared.get(key);
    this.#prepared.delete(key);
    return prepared;
  }

  #folders(prepared: Prepared | undefined): Folders {
    const { workspace } = this.#parts;
    return prepared ? preparedFolder(workspace, prepared.place) : callFolders(workspace);
  }
}

/** @returns whether a call goes on without a question here; one that deletes asks by itself when it is made. */
function isTrusted(risk: Risk, { trustRuns, trustInstalls }: ExtensionSettings): boolean {
  switch (risk) {
    case 'read':
    case 'delete':
      return true;
    case 'run':
      return trustRuns;
    case 'build':
    case 'change':
      return trustInstalls;
  }
}

/** A tool that confirmations.ts does not know yet: the input itself is the best that can be shown. */
function unknownCall(tool: ToolDefinition, input: object) {
  const shown = new ShownParts();
  const call = shown.block('Input', JSON.stringify(input, null, 2), 'json');
  const link = shown.isCut ? [`- Too long to be shown here: [open all of it](${linkToWhole(shown.whole)})`] : [];
  const message = questionText([...shown.marks, ...link, '', call].join('\n'));
  return { invocationMessage: tool.title, confirmationMessages: { title: `${tool.title}?`, message } };
}

function signalOf(token: vscode.CancellationToken): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  if (token.isCancellationRequested) abort();
  const listening = token.onCancellationRequested(abort);
  return {
    signal: controller.signal,
    dispose: () => {
      listening.dispose();
    },
  };
}
