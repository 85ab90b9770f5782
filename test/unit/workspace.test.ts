import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { ToolError, type ErrorKind } from '../../src/core/errors';
import { PythonFolder } from '../../src/core/folder';
import { createMachinery } from '../../src/core/machinery';
import { defaultSettings } from '../../src/core/settings';
import { Workspace } from '../../src/core/workspace';
import { clientFolders, pathOf } from '../../src/mcp/clientFolders';
import { itWithFolderLinks, linkFolder } from '../support/platform';

const machinery = createMachinery();
const kind = (wanted: ErrorKind) => (error: unknown) => error instanceof ToolError && error.kind === wanted;

const workspaceOf = (roots: readonly string[], platform?: NodeJS.Platform): Workspace => {
  const workspace = new Workspace((root, otherRoots) => {
    const name = root.replace(/^.*[\\/]/, '');
    return new PythonFolder({ ...machinery, root, name, otherRoots, settings: () => defaultSettings });
  }, platform);
  workspace.setFolders(roots);
  return workspace;
};
const rootsOf = ({ folders }: Workspace): string[] => folders.map(({ root }) => root);

describe('the folders that are open', () => {
  it('are one for all spellings of one folder on Windows', () => {
    const spellings = ['c:\\Proj\\', 'C:/proj', '\\\\?\\C:\\PROJ'];
    const workspace = workspaceOf(spellings, 'win32');
    assert.deepEqual(rootsOf(workspace), ['c:\\Proj']);
    const [folder] = workspace.folders;
    workspace.setFolders(['C:\\proj', 'D:\\other']);
    assert.equal(workspace.folders[0], folder);
    assert.equal(workspace.pick({ folder: 'PROJ', paths: [] }), folder);
    for (const spelling of spellings) assert.equal(workspace.pick({ folder: spelling, paths: [] }), folder);
    assert.throws(() => workspace.pick({ folder: 'C:\\else', paths: [] }), kind('invalid_input'));
  });

  it('are told apart by an absolute path that a call names, in any spelling, and by no relative one', () => {
    const workspace = workspaceOf(['C:\\work', 'C:\\work\\inner', '\\\\host\\share\\p'], 'win32');
    const holding = (path: string) => workspace.pick({ paths: [path] }).root;
    assert.equal(holding('c:/WORK/main.py'), 'C:\\work');
    assert.equal(holding('\\\\?\\C:\\Work\\Inner\\main.py'), 'C:\\work\\inner');
    assert.equal(holding('//HOST/share/p/a.py'), '\\\\host\\share\\p');
    for (const path of ['main.py', '.', 'D:\\main.py']) assert.throws(() => holding(path), kind('ambiguous_folder'));
    const here = workspaceOf([process.cwd(), join(process.cwd(), '..', 'other')]);
    assert.throws(() => here.pick({ paths: ['main.py'] }), kind('ambiguous_folder'));
  });

  itWithFolderLinks('are one for a folder and a link to it', () => {
    const base = realpathSync.native(mkdtempSync(join(tmpdir(), 'folders-')));
    for (const name of ['project', 'other']) mkdirSync(join(base, name));
    linkFolder(join(base, 'project'), join(base, 'alias'));
    const workspace = workspaceOf([join(base, 'alias'), join(base, 'other'), join(base, 'project')]);
    assert.deepEqual(rootsOf(workspace), [join(base, 'alias'), join(base, 'other')]);
    const [alias] = workspace.folders;
    assert.equal(workspace.pick({ folder: join(base, 'project'), paths: [] }), alias);
    assert.equal(workspace.pick({ paths: [join(base, 'project', 'main.py')] }), alias);
    rmSync(base, { recursive: true });
  });

  it("are the client's roots, also where others of these are no files", async () => {
    const { server } = new McpServer({ name: 'test', version: '1' });
    const client = new Client({ name: 'test', version: '1' }, { capabilities: { roots: {} } });
    const roots = [{ uri: 'vscode-remote://wsl/proj' }, { uri: pathToFileURL(tmpdir()).href }];
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots }));
    const [one, other] = InMemoryTransport.createLinkedPair();
    await Promise.all([server.connect(one), client.connect(other)]);
    const workspace = workspaceOf([]);
    await clientFolders(workspace, server, process.cwd())();
    assert.deepEqual(rootsOf(workspace), [tmpdir()]);
    await client.close();
  });

  it('are read from the URIs that clients write', () => {
    const onWindows = (uri: string) => pathOf(uri, 'win32');
    assert.equal(onWindows('file:///c%3A/Users/me/my%20proj'), 'c:\\Users\\me\\my proj');
    assert.equal(onWindows('file:///C:/proj/100%25'), 'C:\\proj\\100%');
    assert.equal(onWindows('file://C:/proj'), 'C:\\proj');
    assert.equal(onWindows('file://host/share/p'), '\\\\host\\share\\p');
    assert.equal(onWindows('file:///proj'), undefined);
    assert.equal(pathOf('FILE:///proj/%C3%BC', 'linux'), '/proj/ü');
    assert.equal(pathOf('file://host/share', 'linux'), undefined);
    assert.equal(pathOf('vscode-remote://wsl/proj', 'linux'), undefined);
  });
});
