import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { runKeeperProgram } from '../../src/core/process/runKeeperProgram';
import { anyPython } from '../support/anyPython';
import { itOnLinux } from '../support/platform';
import { testPythons } from '../support/pythons';
import { eventually } from '../support/waiting';

const itHere = itOnLinux('other systems cannot mark a process so');

describe('what keeps runs', () => {
  const left: ChildProcess[] = [];
  afterEach(() => {
    for (const each of left.splice(0)) each.kill('SIGKILL');
  });
  const start = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true, env });
    left.push(child);
    return Object.assign(child, { pid: child.pid ?? assert.fail('it did not start') });
  };
  const sleeping = (env: NodeJS.ProcessEnv = {}) => start('/bin/sleep', ['600'], env);
  const limitOf = (pid: number): string[] =>
    /^Max file locks +(\S+) +(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.slice(1) ?? [];
  const asLimit = (marker: string): string => BigInt(`0x${marker}`).toString();
  const signalOf = async (child: ChildProcess): Promise<unknown> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.signalCode;
  };

  for (const { path, version } of testPythons()) {
    itHere(`is Python ${version}: it ends what bears a marker of its server, and nothing else`, async () => {
      const keeper = start(path, ['-I', '-S', '-c', runKeeperProgram]);
      const [marked, named, ofAnother, namedByAnother] = [
        sleeping(),
        sleeping({ PYTHON_TOOLS_RUN: '4aaaaaaaaaa00001:4bbbbbbbbbb00001:3cccccccccc00001' }),
        sleeping(),
        sleeping({ PYTHON_TOOLS_RUN: '4aaaaaaaaaa00002', OTHER: '4bbbbbbbbbb00002' }),
      ];
      keeper.stdin.write(`1 hello 4bbbbbbbbbb\n2 mark ${marked.pid} 4bbbbbbbbbb00003\n`);
      keeper.stdin.write(`3 mark ${ofAnother.pid} 4aaaaaaaaaa00003\n4 mark 4194305 4bbbbbbbbbb00004\n`);
      await eventually(() => (limitOf(ofAnother.pid)[0] === asLimit('4aaaaaaaaaa00003') ? true : undefined));
      assert.deepEqual(limitOf(marked.pid), [asLimit('4bbbbbbbbbb00003'), 'unlimited']);
      keeper.kill('SIGTERM');
      keeper.stdin.end();
      assert.deepEqual([await signalOf(marked), await signalOf(named)], ['SIGKILL', 'SIGKILL']);
      await signalOf(keeper);
      assert.equal(keeper.exitCode, 0);
      assert.deepEqual([ofAnother.signalCode, namedByAnother.signalCode], [null, null]);
    });
  }

  itHere('leaves the marker of an outer run, so that this ends what it started too', async () => {
    const path = anyPython();
    const [outer, inner] = [0, 1].map(() => start(path, ['-I', '-S', '-c', runKeeperProgram]));
    assert.ok(outer && inner);
    const child = sleeping();
    outer.stdin.write(`1 hello 4bbbbbbbbbb\n2 mark ${child.pid} 4bbbbbbbbbb00001\n`);
    await eventually(() => (limitOf(child.pid)[0] === asLimit('4bbbbbbbbbb00001') ? true : undefined));
    inner.stdin.write(`1 hello 3cccccccccc\n2 mark ${child.pid} 3cccccccccc00001\n`);
    const both = [asLimit('3cccccccccc00001'), asLimit('4bbbbbbbbbb00001')];
    await eventually(() => (limitOf(child.pid).join() === both.join() ? true : undefined));
    outer.stdin.end();
    assert.equal(await signalOf(child), 'SIGKILL');
  });
});
