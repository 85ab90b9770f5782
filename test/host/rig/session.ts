import type { Browser } from 'playwright-core';
import { Unavailable } from '../../support/npmInstall';
import { installVsCode } from './installVsCode';
import type { VsCode } from './installVsCode';
import { launchBrowser } from './launchBrowser';
import { screenshot } from './screenshot';

/** What all host tests of one mocha process share. Servers and windows are each test's own. */
export interface Session {
  readonly vscode: VsCode;
  readonly browser: Browser;
}

let starting: Promise<Session> | undefined;

/** For a `before` hook: installs VS Code the first time, and skips the suite where it cannot be had. */
export async function session(context: Mocha.Context): Promise<Session> {
  context.timeout(600_000);
  try {
    return await (starting ??= start());
  } catch (error) {
    if (error instanceof Unavailable) context.skip();
    throw error;
  }
}

async function start(): Promise<Session> {
  // Playwright closes its browser on SIGTERM but keeps the process; leaving it ends the servers too.
  process.once('SIGTERM', () => process.exit(143));
  try {
    const vscode = await installVsCode();
    return { vscode, browser: await launchBrowser(vscode) };
  } catch (error) {
    if (error instanceof Unavailable) console.error(`Tests in VS Code are skipped: ${error.message}.`);
    throw error;
  }
}

async function running(): Promise<Session | undefined> {
  return await starting?.catch(() => undefined);
}

/** For `mocha --require`: pictures of every window when a test fails, and the end of the browser. */
export const mochaHooks: Mocha.RootHookObject = {
  async afterEach(this: Mocha.Context) {
    if (this.currentTest?.state !== 'failed') return;
    const pages = (await running())?.browser.contexts().flatMap((context) => context.pages()) ?? [];
    const name = this.currentTest.fullTitle().replaceAll(/\W+/g, '-').slice(0, 100);
    for (const [index, page] of pages.entries()) await screenshot(page, `failed-${name}-${index}`);
  },
  async afterAll() {
    await (await running())?.browser.close();
  },
};
