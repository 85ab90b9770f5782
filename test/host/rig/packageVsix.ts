import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const vsce = createRequire(__filename).resolve('@vscode/vsce/vsce');

/**
 * Packages a project as `vsce package` does and returns the path of the vsix, in the folder that git ignores. A process
 * of its own, since vsce's API ends the process that calls it when it finds fault with the manifest.
 */
export async function packageVsix(project: string): Promise<string> {
  const vsix = join(project, 'artifacts', 'python-tools-mcp.vsix');
  await mkdir(join(project, 'artifacts'), { recursive: true });
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix];
  await promisify(execFile)(process.execPath, [vsce, 'package', ...flags], { cwd: project });
  return vsix;
}
