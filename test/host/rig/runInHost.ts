import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { portVariable } from './hostReport';
import type { HostEvent, HostPlan } from './hostReport';
import type { VsCode } from './installVsCode';
import { openPage } from './openPage';
import { startServer } from './startServer';
import type { ServerOptions } from './startServer';

export interface HostRun extends HostPlan {
  readonly extension: string;
  /** The module with `run()`: the compiled test/host/index.ts. */
  readonly entry: string;
  readonly open?: string;
  readonly server?: ServerOptions;
  readonly onEvent?: (event: HostEvent) => void;
}

export interface HostSummary {
  readonly passes: number;
  readonly pending: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
}

const startLimit = 60_000;

/**
 * Runs mocha files inside a real extension host, with the extension loaded from its sources.
 * @throws when the extension host does not start, or ends before mocha does.
 */
export async function runInHost(vscode: VsCode, browser: Browser, run: HostRun): Promise<HostSummary> {
  const summary = { passes: 0, pending: 0, failures: [] as { title: string; message: string }[] };
  const reports = createServer();
  await new Promise<void>((listening) => reports.listen(0, '127.0.0.1', listening));
  await using server = await startServer(vscode, {
    ...run.server,
    development: true,
    env: { ...run.server?.env, [portVariable]: String((reports.address() as AddressInfo).port) },
  });
  const connecting = connection(reports);
  const page = await openPage(browser, server, {
    extension: run.extension,
    tests: run.entry,
    ...(run.open === undefined ? {} : { open: run.open }),
  });
  try {
    const socket = await connecting;
    const plan: HostPlan = { files: run.files, ...(run.grep === undefined ? {} : { grep: run.grep }) };
    socket.write(`${JSON.stringify(plan)}\n`);
    let ended = false;
    for await (const line of createInterface(socket)) {
      const event = JSON.parse(line) as HostEvent;
      run.onEvent?.(event);
      if (event.event === 'pass') summary.passes++;
      else if (event.event === 'pending') summary.pending++;
      else if (event.event === 'fail') summary.failures.push(event);
      else if (event.event === 'end') ended = true;
    }
    if (!ended) throw new Error('The extension host ended before its tests did.');
    return summary;
  } finally {
    reports.close();
    await page.context().close();
  }
}

async function connection(reports: ReturnType<typeof createServer>): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`The extension host did not start its tests within ${startLimit / 1000} s.`));
    }, startLimit);
    reports.once('connection', (socket) => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}
