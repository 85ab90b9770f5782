import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { HostEvent } from './rig/hostReport';
import { runInHost } from './rig/runInHost';
import { session } from './rig/session';
import type { Session } from './rig/session';
import { scenarios } from './scenarios';

describe('The extension host passes its tests', () => {
  let shared: Session;
  before(async function () {
    shared = await session(this);
  });

  for (const scenario of scenarios) {
    it(scenario.title, async function () {
      this.timeout(300_000);
      const suite = join(__dirname, 'suite', scenario.suite);
      const files = (await readdir(suite)).filter((name) => name.endsWith('.test.js'));
      await using workspace = await scenario.makeWorkspace();
      const { passes, pending, failures } = await runInHost(shared.vscode, shared.browser, {
        files: files.map((name) => join(suite, name)),
        extension: resolve('.'),
        entry: join(__dirname, 'index.js'),
        open: join(workspace.path, scenario.open ?? ''),
        server: {
          trusted: scenario.trusted ?? true,
          env: scenario.env?.() ?? {},
          settings: scenario.settings ?? {},
          extensions: scenario.extensions ?? [],
        },
        onEvent: print,
      });
      assert.equal(failures.length, 0, failures.map(({ title, message }) => `${title}\n${message}`).join('\n\n'));
      if (passes === 0 && pending > 0) this.skip();
      assert.ok(passes > 0, `no test ran in ${suite}`);
    });
  }
});

function print(event: HostEvent): void {
  if (event.event !== 'end') console.log(`    ${lineOf(event)}`);
}

function lineOf(event: Exclude<HostEvent, { event: 'end' }>): string {
  switch (event.event) {
    case 'pass':
      return `✔ ${event.title} (${event.ms} ms)`;
    case 'pending':
      return `- ${event.title}`;
    case 'fail':
      return `✖ ${event.title}`;
    case 'console':
      return `  │ ${event.text}`;
  }
}
