import assert from 'node:assert/strict';
import { parsePs } from '../../src/core/process/darwinProcesses';
import { membersOf, type ListedProcess } from '../../src/core/process/processTable';

const listed = (pid: number, parent: number, facts: Partial<ListedProcess> = {}): ListedProcess => ({
  pid,
  parent,
  group: pid,
  session: pid,
  marked: false,
  ...facts,
});

describe('the processes of a run', () => {
  it('are its session, its group, those with its marker, and the descendants of all of these', () => {
    const members = membersOf(100, [
      listed(1, 0),
      listed(50, 1),
      listed(100, 50),
      listed(101, 100, { session: 100 }),
      listed(102, 1, { group: 100 }),
      listed(103, 1, { marked: true }),
      listed(104, 103),
      listed(105, 104),
      listed(200, 50),
    ]);
    assert.deepEqual([...members].sort(), [100, 101, 102, 103, 104, 105]);
  });

  it('stay known until they are gone, since a killed one loses its environment before', () => {
    assert.deepEqual([...membersOf(100, [listed(103, 1), listed(200, 1)], new Set([103, 104]))], [103]);
  });

  it('are found where processes list each other as parents', () => {
    assert.deepEqual([...membersOf(5, [listed(5, 6), listed(6, 5)])].sort(), [5, 6]);
  });
});

describe('the process list of macOS', () => {
  it('is read with the environment behind the command, without zombies', () => {
    const output = [
      '    1     0     1      0 Ss   /sbin/launchd',
      '  612   611   612      0 S+   python -c x PYTHON_TOOLS_RUN=abc-1 HOME=/Users/me',
      '  613   612   612      0 Z    (python)',
      '',
    ].join('\n');
    assert.deepEqual(parsePs(output, 'abc-1'), [
      { pid: 1, parent: 0, group: 1, session: 1, marked: false },
      { pid: 612, parent: 611, group: 612, session: 612, marked: true },
    ]);
  });
});
