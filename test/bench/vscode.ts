import { dirname } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { installVsCode } from '../host/rig/installVsCode';
import { launchBrowser } from '../host/rig/launchBrowser';
import { openPage } from '../host/rig/openPage';
import { startServer, type Server } from '../host/rig/startServer';
import { workbench } from '../host/rig/workbench';
import { writeFiles } from '../host/rig/workspace';
import { Unavailable } from '../support/npmInstall';
import { Skipped } from './comparison';
import type { Rig } from './rig';

/** A real VS Code, the one of the host tests, with a browser for its windows. */
export interface VsCodeRig {
  /** Opens a window with the extension on a folder with a Python file, shows it to `look`, and closes it. */
  readonly inWindow: <T>(look: (page: Page) => Promise<T>) => Promise<T>;
}

/** Starts it, with `env` in its extension hosts; it ends with the row. @throws Skipped where it cannot be had. */
export async function startVsCode(rig: Rig, env: Readonly<Record<string, string>> = {}): Promise<VsCodeRig> {
  const { browser, server } = await start(rig, env);
  const folder = await rig.folder();
  await writeFiles(folder, { 'main.py': 'print("Hello")\n' });
  return {
    inWindow: async (look) => {
      const page = await openPage(browser, server, { open: folder, extension: dirname(rig.dist) });
      page.context().setDefaultTimeout(60_000);
      try {
        await workbench(page).statusBarItem('python-tools-mcp.python-tools-mcp', 'environment').waitFor();
        return await look(page);
      } finally {
        await page.context().close();
      }
    },
  };
}

async function start(rig: Rig, env: Readonly<Record<string, string>>): Promise<{ browser: Browser; server: Server }> {
  try {
    const vscode = await installVsCode();
    const browser = await launchBrowser(vscode);
    rig.closeLater(async () => {
      await browser.close();
    });
    const server = await startServer(vscode, { development: true, env });
    rig.closeLater(async () => {
      await server[Symbol.asyncDispose]();
    });
    return { browser, server };
  } catch (cause) {
    if (cause instanceof Unavailable) throw new Skipped(cause.message);
    throw cause;
  }
}
