import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { anyPython } from '../../support/anyPython';
import type { Workspace } from './workspace';

/** Makes venvs without pip at these paths of a workspace. */
export async function makeVenvs(workspace: Workspace, ...names: readonly string[]): Promise<void> {
  const make = async (name: string) =>
    await promisify(execFile)(anyPython(), ['-m', 'venv', '--without-pip', name], { cwd: workspace.path });
  await Promise.all(names.map(make));
}
