import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';

/** Packages the project as `vsce package` does and returns the path of the vsix, in the folder that git ignores. */
export async function packageVsix(project: string): Promise<string> {
  const packagePath = resolve(project, 'artifacts', 'python-tools-mcp.vsix');
  await mkdir(join(project, 'artifacts'), { recursive: true });
  await createVSIX({ cwd: project, packagePath, dependencies: false });
  return packagePath;
}
