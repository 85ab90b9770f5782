import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { chat, type Chat } from '../../host/rig/chat';
import { installVsix } from '../../host/rig/installVsix';
import { openPage } from '../../host/rig/openPage';
import { packageVsix } from '../../host/rig/packageVsix';
import { screenshot } from '../../host/rig/screenshot';
import { startScriptedModel, type ModelRequest, type NextMove, type ScriptedModel } from '../../host/rig/scriptedModel';
import type { Session } from '../../host/rig/session';
import { startServer } from '../../host/rig/startServer';
import { workbench, type Workbench } from '../../host/rig/workbench';
import { writeFiles } from '../../host/rig/workspace';
import { callIn, type Call, type Door, type Question, type Told } from './door';

/** What the windows share. */
export interface Agent extends AsyncDisposable {
  readonly shared: Session;
  readonly model: ScriptedModel;
  /** The packaged extension. */
  readonly vsix: string;
}

export async function startAgent(shared: Session): Promise<Agent> {
  const vsix = await packageVsix(resolve('.'));
  const model = await startScriptedModel();
  return { shared, model, vsix, [Symbol.asyncDispose]: () => model[Symbol.asyncDispose]() };
}

/** A move of the model: a call, or the call that the last result shows as the next step. */
export type Step = Call | 'follow the hint';

/** A person and a model at work in one window. */
export interface AgentWindow extends AsyncDisposable {
  readonly door: Door;
  readonly page: Page;
  readonly bench: Workbench;
  readonly chat: Chat;
  /** The extension's item in the status bar. */
  readonly status: Locator;
  /** Asks until the model is offered so many of the extension's tools, with the guidance on when to use them. */
  untilOffered(count: number): Promise<void>;
  /** Starts anew: a folder with these files and the settings that were there, and an empty chat. */
  begin(folder: string, files: Record<string, unknown>): Promise<void>;
  /** Lets the model take these steps, without waiting for it. */
  ask(steps: readonly Step[]): Promise<void>;
  /**
   * Lets the model take these steps and checks at each turn that it is offered every tool once, as generated.
   * @param person what the person does meanwhile.
   * @returns what the model reads of its calls in this chat.
   */
  tell(steps: readonly Step[], person?: () => Promise<void>): Promise<readonly Told[]>;
  /** Waits until a person is asked about a call, checks what stands there, takes a picture, and answers. */
  answer(answer: 'allowOnce' | 'allowInSession' | 'skip', call: Call, own: Question, picture: string): Promise<void>;
  /** Waits for a dialog, checks what stands there, that Enter would do nothing, takes a picture, and presses a button. */
  answerDialog(button: string, says: readonly string[], picture: string): Promise<void>;
}

/**
 * Opens a window on the installed extension, whose settings must name this door, and waits until its chat offers the
 * tools with their guidance. It has a server of its own: after a window with an MCP server, VS Code
 * 1.139 was seen to open a workspace file without its folders.
 */
export async function openAgentWindow(agent: Agent, door: Door, open: string): Promise<AgentWindow> {
  const { shared, model } = agent;
  const server = await startServer(shared.vscode, {
    chatModels: model.chatModels,
    settings: { 'workbench.secondarySideBar.defaultVisibility': 'visible' },
  });
  await installVsix(server, agent.vsix);
  const page = await openPage(shared.browser, server, { open, chat: true });
  const bench = workbench(page);
  const ui = chat(page);
  let asked = 0;

  const play = async (moves: readonly NextMove[]): Promise<string> => {
    const last = `That was all, for the ${++asked}. time.`;
    model.play([...moves, { say: last }]);
    await ui.ask('Please go on');
    return last;
  };
  const hear = async (last: string) => {
    await ui.responses.getByText(last).waitFor({ timeout: 60_000 });
  };
  const moveOf = (step: Step): NextMove => {
    if (step !== 'follow the hint') return { call: door.prefix + step.tool, input: step.input };
    return (request) => {
      const { tool, input } = callIn(resultsIn(request, door).at(-1)?.next);
      return { call: door.prefix + tool, input };
    };
  };

  // VS Code starts MCP servers, reads instructions and settings while it lets people ask, and tells nobody.
  const untilOffered = async (count: number) => {
    for (const end = Date.now() + 60_000; Date.now() < end;) {
      await hear(await play([]));
      const guided = JSON.stringify(model.turns[0]).includes('prefer these tools over a shell');
      if (guided && offered(model).length === count) return;
    }
    throw new Error(
      `The model was offered ${
        offered(model)
          .map(({ name }) => name)
          .join(', ') || 'nothing'
      }`,
    );
  };
  await untilOffered(door.offer.length);

  return {
    door,
    page,
    bench,
    chat: ui,
    status: bench.statusBarItem('python-tools-mcp.python-tools-mcp', 'environment'),
    untilOffered,
    async begin(folder, files) {
      for (const name of await readdir(folder)) {
        if (name !== '.vscode') await rm(join(folder, name), { recursive: true, maxRetries: 3 });
      }
      await writeFiles(folder, files);
      await ui.startAnew();
    },
    async ask(steps) {
      await play(steps.map(moveOf));
    },
    async tell(steps, person) {
      const last = await play(steps.map(moveOf));
      await person?.();
      await hear(last);
      for (const turn of model.turns) assert.deepEqual(offeredIn(turn), door.offer);
      return resultsIn(model.turns.at(-1), door);
    },
    async answer(answer, call, own, picture) {
      const { title, says } = door.question(call, own);
      const { confirmation } = ui;
      await confirmation.title.filter({ hasText: title }).waitFor({ timeout: 60_000 });
      assert.equal(await shown(confirmation.title), title);
      const text = await shown(confirmation.root);
      for (const part of says) assert.ok(text.includes(part), `${part} is not in: ${text}`);
      await screenshot(page, `agent-${door.integration}-${picture}`);
      await confirmation[answer]();
      await confirmation.root.waitFor({ state: 'hidden' });
    },
    async answerDialog(button, says, picture) {
      const { dialog } = bench;
      await dialog.root.waitFor({ timeout: 60_000 });
      const text = await shown(dialog.root);
      for (const part of says) assert.ok(text.includes(part), `${part} is not in: ${text}`);
      await screenshot(page, `agent-${door.integration}-${picture}`);
      assert.match((await page.locator(':focus').textContent()) ?? '', /^(Keep|Leave)/);
      await dialog.button(button).click();
      await dialog.root.waitFor({ state: 'hidden' });
    },
    async [Symbol.asyncDispose]() {
      await page.context().close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** @returns the extension's tools among those that the model was offered in its last conversation, by name. */
export const offered = (model: ScriptedModel) => offeredIn(model.turns[0]);

const offeredIn = (request: ModelRequest | undefined) =>
  (request?.tools ?? [])
    .map((tool) => tool.function)
    .filter(({ name }) => /python_(run|venv|pip)$/.test(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));

const resultsIn = (request: ModelRequest | undefined, door: Door): Told[] =>
  (request?.messages ?? []).filter(({ role }) => role === 'tool').map(({ content }) => door.read(textOf(content)));

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { readonly text?: string }) => part.text ?? '').join('');
}

/** VS Code shows blanks as no-break spaces; where a line may break is not seen. */
const shown = async (text: Locator): Promise<string> =>
  ((await text.textContent()) ?? '').replaceAll('\u00a0', ' ').replaceAll('\u200b', '').trim();
