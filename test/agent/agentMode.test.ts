import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anyPython } from '../support/anyPython';
import { screenshot } from '../host/rig/screenshot';
import { session } from '../host/rig/session';
import { makeWorkspace, type Workspace } from '../host/rig/workspace';
import { offered, openAgentWindow, startAgent, type Agent, type AgentWindow } from './rig/agentWindow';
import { languageModelTools, mcp, type Call, type Door } from './rig/door';
import { deletesNothingThatAPersonKeeps } from './stories/declinedDelete';
import { runsWhatLacksARequirement } from './stories/missingRequirement';
import { leavesNothingOfWhatAPersonStops } from './stories/stop';
import { namesAFolderOnceTold, takesTheFolderOfTheEditor, twoFolders } from './stories/twoFolders';

/** The packaged extension as a person has it: installed, in windows whose agent mode talks to a scripted model. */
describe('The packaged extension in agent mode', function () {
  this.timeout(120_000);
  let agent: Agent;
  let workspace: Workspace;
  let window: AgentWindow;

  before(async function () {
    agent = await startAgent(await session(this));
  });
  after(async () => {
    await agent[Symbol.asyncDispose]();
  });

  /** Opens one window for the tests of a group. */
  function inOneWindow(door: Door, files: Record<string, unknown>, open = ''): void {
    before(async () => {
      workspace = await makeWorkspace(files);
      window = await openAgentWindow(agent, door, join(workspace.path, open));
    });
    after(async () => {
      await window[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    });
  }

  const settingsOf = (integration: string) => ({
    'pythonTools.interpreter': anyPython(),
    'pythonTools.chat.integration': integration,
    // Without effect: a workspace's settings can be written by an agent.
    'pythonTools.chat.trustRuns': true,
    'pythonTools.chat.trustInstalls': true,
  });

  const oneFolder = ({ integration }: Door) => ({
    'main.py': 'print("Hello from a file")\n',
    '.vscode/settings.json': settingsOf(integration),
  });

  it('is small', async () => {
    assert.ok((await stat(agent.vsix)).size <= 1.5 * 1024 ** 2);
  });

  describe('through language-model tools', () => {
    inOneWindow(languageModelTools, oneFolder(languageModelTools));

    it('shows the code before it runs, and gives the model the result in words', async () => {
      const run: Call = { tool: 'run', input: { code: 'print(6 * 7)' } };
      const [ran] = await window.tell([run], async () => {
        const says = ['print(6 * 7)', 'Working directory: ', 'Interpreter: no venv'];
        await window.answer('allowOnce', run, { title: 'Run Python code?', says }, 'code');
      });
      assert.match(ran?.text ?? '', /^42\n\[exit code 0 · .* · no venv\]$/);
    });

    it('only reads without asking', async () => {
      await window.chat.startAnew();
      const [listed] = await window.tell([{ tool: 'venv', input: { action: 'list' } }]);
      assert.equal(listed?.text, 'This folder has no virtual environment.');
    });

    it('teaches the model to install what a program lacks', async () => {
      await runsWhatLacksARequirement(window, workspace.path);
    });

    it('deletes nothing that a person keeps, and tells the model', async () => {
      await deletesNothingThatAPersonKeeps(window, workspace.path);
    });

    it('leaves no process of what a person stops', async () => {
      await leavesNothingOfWhatAPersonStops(window, workspace.path);
    });

    it('shows four first steps in its walkthrough', async () => {
      const { bench, page } = window;
      await bench.command('Welcome: Open Walkthrough...');
      await bench.quickInput.row('Get started with Python Tools').click();
      const steps = page.locator('.getting-started-step .step-title');
      await steps.first().waitFor();
      await screenshot(page, 'walkthrough');
      assert.deepEqual(await steps.allTextContents(), [
        'Create an environment',
        'Install packages',
        'Run a file',
        'Let your agent do it',
      ]);
    });
  });

  describe('over MCP', () => {
    inOneWindow(mcp, oneFolder(mcp));

    it('teaches the model to install what a program lacks', async () => {
      await runsWhatLacksARequirement(window, workspace.path);
    });

    it('deletes nothing that a person keeps, and tells the model', async () => {
      await deletesNothingThatAPersonKeeps(window, workspace.path);
    });

    it('leaves no process of what a person stops', async () => {
      await leavesNothingOfWhatAPersonStops(window, workspace.path);
    });

    it('is offered once beside the language-model tools where the setting asks for both', async () => {
      await writeFile(join(workspace.path, '.vscode/settings.json'), JSON.stringify(settingsOf('both')));
      await window.untilOffered(6);
      assert.deepEqual(offered(agent.model), [...mcp.offer, ...languageModelTools.offer]);
    });
  });

  describe('in a window with two folders', () => {
    const file = 'two.code-workspace';
    const settings = settingsOf('languageModelTools');
    inOneWindow(languageModelTools, { ...twoFolders, [file]: { ...twoFolders[file], settings } }, file);

    it('tells the model which folders there are, and works in the one that it names', async () => {
      await namesAFolderOnceTold(window, workspace.path);
    });

    it('works in the folder of the active editor', async () => {
      await takesTheFolderOfTheEditor(window, workspace.path);
    });
  });
});
