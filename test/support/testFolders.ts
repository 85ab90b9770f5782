import { createMachinery } from '../../src/core/machinery';
import { PythonFolder } from '../../src/core/folder';
import { defaultSettings, type Settings } from '../../src/core/settings';
import { Workspace } from '../../src/core/workspace';
import { createServer, type ToolServer } from '../../src/mcp/createServer';
import { tools } from '../../src/tools';

/** @returns a workspace of these folders with the default settings, but for those given. */
export function openWorkspace(roots: readonly string[], settings: Partial<Settings> = {}): Workspace {
  const machinery = createMachinery();
  const workspace = new Workspace(
    (root, otherRoots) =>
      new PythonFolder({ ...machinery, root, otherRoots, settings: () => ({ ...defaultSettings, ...settings }) }),
  );
  workspace.setFolders(roots);
  return workspace;
}

/** @returns an MCP server over a workspace. */
export function createToolServer(workspace: Workspace): ToolServer {
  return createServer({
    tools,
    folders: { pick: (wanted) => Promise.resolve(workspace.pick(wanted)) },
    version: '0.0.0',
    toolNames: 'dotted',
    onOutput: () => undefined,
    log: () => undefined,
  });
}
