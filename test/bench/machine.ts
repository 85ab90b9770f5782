import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { testPythons } from '../support/pythons';
import type { Rig } from './rig';

/** What the figures were measured on: nothing that tells whose machine it is. */
export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
  readonly node: string;
  /** The one that runs and venvs use. */
  readonly python: string;
  readonly pip: string;
  readonly uv: string | null;
  /** All that discovery finds of one minor version each. */
  readonly pythons: readonly string[];
}

export async function describeMachine(rig: Rig): Promise<MachineFacts> {
  const { python } = rig;
  const pip = await rig.run({ command: python.path, args: ['-m', 'pip', '--version'] }).catch(() => '');
  const uv = process.env['PYTHON_TOOLS_TEST_UV'];
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    system: `${distribution() ?? `${type()} ${release()}`}, ${arch()}`,
    node: process.versions.node,
    python: python.version,
    pip: /^pip (\S+)/.exec(pip)?.[1] ?? 'none',
    uv: uv === undefined ? null : (/^uv (\S+)/.exec(await rig.run({ command: uv, args: ['--version'] }))?.[1] ?? null),
    pythons: testPythons().map(({ version }) => version),
  };
}

function distribution(): string | undefined {
  try {
    return /^PRETTY_NAME="(.+)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
