import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import type { VsCode } from './installVsCode';

/** A headless Chromium that reaches this machine only. One serves a whole test run: pages have contexts of their own. */
export async function launchBrowser(vscode: VsCode): Promise<Browser> {
  return await chromium.launch({
    executablePath: vscode.chromium,
    env: { ...process.env, ...vscode.chromiumEnv },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}
