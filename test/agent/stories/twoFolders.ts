import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AgentWindow } from '../rig/agentWindow';
import type { Call } from '../rig/door';

/** Folders that a call must choose between, and how they are opened. */
export const twoFolders = {
  'two.code-workspace': { folders: [{ path: 'api' }, { path: 'web' }], settings: {} },
  'api/main.py': 'print("This is api")\n',
  'api/routes.py': '',
  'web/main.py': 'print("This is web")\n',
};

/** Two folders and no editor: the model learns their names, and names one. */
export async function namesAFolderOnceTold(window: AgentWindow, workspace: string): Promise<void> {
  const run: Call = { tool: 'run', input: { file: 'main.py' } };
  const named: Call = { tool: 'run', input: { file: 'main.py', folder: 'web' } };
  const [ambiguous, ran] = await window.tell([run, named], async () => {
    const says = [join(workspace, 'web/main.py'), `Folder: web (${join(workspace, 'web')})`];
    await window.answer('allowOnce', named, { title: 'Run a Python file?', says }, 'folder');
  });
  assert.equal(ambiguous?.error, 'ambiguous_folder');
  assert.match(ambiguous.text, /"api", "web"/);
  assert.match(ambiguous.next ?? '', /"folder"/);
  assert.equal(ran?.exitCode, 0);
  assert.match(ran.text, /This is web/);
  assert.match((await window.status.textContent()) ?? '', /No venv/);
}

/** Whoever has a file of one folder open means that one. */
export async function takesTheFolderOfTheEditor(window: AgentWindow, workspace: string): Promise<void> {
  await window.chat.startAnew();
  await window.bench.openFile('routes.py');
  await window.bench.editor.root.waitFor();
  const run: Call = { tool: 'run', input: { file: 'main.py' } };
  const [ran] = await window.tell([run], async () => {
    const says = [`Folder: api (${join(workspace, 'api')})`];
    await window.answer('allowOnce', run, { title: 'Run a Python file?', says }, 'editor-folder');
  });
  assert.match(ran?.text ?? '', /This is api/);
}
