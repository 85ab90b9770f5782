import assert from 'node:assert/strict';
import { describeProcess, withoutSecrets } from '../../src/core/process/describe';
import { observeProcesses, type EndedProcess } from '../../src/core/process/observe';
import { runProcess } from '../../src/core/process/runProcess';

const hidden: readonly (readonly [string, readonly string[]])[] = [
  ['users and passwords in URLs', ['--index-url', 'https://user:hunter2@host/simple']],
  ['a token as the user of a Git URL', ['git+https://hunter2@host/owner/name']],
  ['a URL in the midst of a requirement', ['name @ https://x:hunter2@host/name.whl']],
  ['the query of a URL', ['https://host/name.whl?token=hunter2&x=1#egg=name']],
  ['the value after an option that is called a token', ['--api-token', 'hunter2']],
  ['the value in an option that is called a password', ['--db-password=hunter2']],
  ['the value of an assignment', ['OPENAI_API_KEY=hunter2']],
  ['a header', ['--header', 'Authorization: Bearer hunter2']],
  ['a token of a well-known form', [`ghp_hunter2${'0'.repeat(30)}`]],
];

describe('A process in the log', () => {
  for (const [what, args] of hidden) {
    it(`is shown without ${what}`, () => {
      const shown = withoutSecrets(args).join(' ');
      assert.doesNotMatch(shown, /hunter2/);
      assert.match(shown, /\*\*\*\*/);
    });
  }

  it('keeps what is no secret', () => {
    const args = ['-m', 'pytest', '-k', 'token', '--author=me', '--index-url', 'https://host/simple', '--keyword', 'x'];
    assert.deepEqual(withoutSecrets(args), args);
  });

  it('is one line that says what ran, where, how it ended and how long it took', () => {
    const outcome = { ending: 'exited', exitCode: 3, signal: null, durationMs: 41.7 } as const;
    assert.equal(
      describeProcess({ command: '/p/python', args: ['a b.py', 'x\ny'], cwd: '/w', outcome }),
      '/p/python "a b.py" "x\\ny" (in /w) exited with 3 after 42 ms',
    );
    assert.match(describeProcess({ command: 'x', args: [], cwd: '/w', outcome: undefined }), /could not be started$/);
  });

  it('is told to observers when it ends, without its environment and its input, until they go', async () => {
    const seen: EndedProcess[] = [];
    const observing = observeProcesses((ended) => seen.push(ended));
    const request = { command: process.execPath, args: ['-e', '0'], cwd: process.cwd(), env: { TOKEN: 'hunter2' } };
    await runProcess({ ...request, stdin: 'hunter2' });
    await assert.rejects(runProcess({ ...request, command: '/nowhere' }));
    observing.dispose();
    await runProcess(request);
    assert.deepEqual(
      seen.map(({ command, outcome }) => [command, outcome?.exitCode]),
      [
        [process.execPath, 0],
        ['/nowhere', undefined],
      ],
    );
    assert.doesNotMatch(JSON.stringify(seen), /hunter2/);
  });
});
