import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { LogOutputChannel } from 'vscode';
import { outputLog } from '../../src/vscode/outputLog';

function recorder() {
  const lines: string[] = [];
  const events = new EventEmitter<{ line: [] }>();
  const log = {
    show: () => undefined,
    info: (line: string) => {
      lines.push(line);
      events.emit('line');
    },
  };
  return { lines, events, write: outputLog(log as unknown as LogOutputChannel) };
}

describe('the output that a run shows to the user only', () => {
  it('comes line by line, however it was cut, without terminal control sequences', () => {
    const { lines, write } = recorder();
    const [head, tail] = [Buffer.from('\u001b[31mré').subarray(0, 7), Buffer.from('é').subarray(1)];
    write('stdout', head);
    write('stderr', Buffer.from('warning\r\n'));
    write('stdout', Buffer.concat([tail, Buffer.from('d\u001b[0m\nnext\n')]));
    assert.deepEqual(lines, ['warning', 'réd', 'next']);
  });

  it('does not keep a line back that has no end', async () => {
    const { lines, events, write } = recorder();
    const written = once(events, 'line');
    write('stdout', Buffer.from('name? '));
    await written;
    assert.deepEqual(lines, ['name? ']);
  });
});
