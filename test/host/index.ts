import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { format } from 'node:util';
import Mocha from 'mocha';
import { portVariable, suiteVariable } from './rig/hostReport';
import { answerDialogs } from './answerDialogs';
import type { HostEvent, HostPlan } from './rig/hostReport';

/**
 * What VS Code calls in its extension host. Under the rig it asks the runner which files to run and reports each test as
 * it ends; under @vscode/test-electron it runs one folder of suite/, and mocha's own reporter prints to the terminal.
 * @throws when a test fails: desktop VS Code then exits with 1.
 */
export async function run(): Promise<void> {
  const port = process.env[portVariable];
  const failures =
    port === undefined ? await runSuite(process.env[suiteVariable] ?? '') : await runPlanned(Number(port));
  if (failures > 0) throw new Error(`${failures} of the tests in the extension host failed.`);
}

async function runSuite(name: string): Promise<number> {
  const folder = join(__dirname, 'suite', name);
  const files = readdirSync(folder).filter((file) => file.endsWith('.test.js'));
  return await runMocha({ files: files.map((file) => join(folder, file)) });
}

async function runPlanned(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  const send = (event: HostEvent) => void socket.write(`${JSON.stringify(event)}\n`);
  const plan = await firstLine(socket);
  forwardConsole(send);
  const failures = await runMocha(plan, (runner) => {
    runner
      .on('pass', (test) => {
        send({ event: 'pass', title: test.fullTitle(), ms: test.duration ?? 0 });
      })
      .on('pending', (test) => {
        send({ event: 'pending', title: test.fullTitle() });
      })
      .on('fail', (test, error) => {
        const { message, stack } = error as Error;
        send({ event: 'fail', title: test.fullTitle(), message: stack ?? message });
      });
  });
  send({ event: 'end' });
  socket.end();
  await once(socket, 'close');
  return failures;
}

async function firstLine(socket: Socket): Promise<HostPlan> {
  const lines = createInterface(socket);
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as HostPlan;
}

/** VS Code lets nobody assign console.log and its like in the extension host, so a console that inherits stands in. */
function forwardConsole(send: (event: HostEvent) => void): void {
  const original = console;
  const forwarding = (level: 'debug' | 'log' | 'info' | 'warn' | 'error') => ({
    value: (...values: unknown[]) => {
      send({ event: 'console', text: format(...values) });
      original[level](...values);
    },
  });
  globalThis.console = Object.create(original, {
    debug: forwarding('debug'),
    log: forwarding('log'),
    info: forwarding('info'),
    warn: forwarding('warn'),
    error: forwarding('error'),
  }) as Console;
}

async function runMocha({ files, grep }: HostPlan, observe?: (runner: Mocha.Runner) => void): Promise<number> {
  answerDialogs();
  const mocha = new Mocha({
    timeout: 30_000,
    forbidOnly: true,
    reporter: observe === undefined ? 'spec' : SilentReporter,
    ...(grep === undefined ? {} : { grep }),
  });
  for (const file of files) mocha.addFile(file);
  return await new Promise((resolve) => {
    const runner = mocha.run(resolve);
    observe?.(runner);
  });
}

class SilentReporter extends Mocha.reporters.Base {}
