import { resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { openPage } from './openPage';
import type { Session } from './session';
import { startServer } from './startServer';
import type { Server, ServerOptions } from './startServer';
import { workbench } from './workbench';
import type { Workbench } from './workbench';

/** A window with the extension loaded from its sources, in a server of its own; disposing ends both. */
export interface Window extends AsyncDisposable {
  readonly page: Page;
  readonly window: Workbench;
  /** The extension's item in the status bar. */
  readonly item: Locator;
  readonly server: Server;
}

/** @param open a folder or a `.code-workspace` file, absolute. */
export async function openWindow(shared: Session, open: string, options: ServerOptions = {}): Promise<Window> {
  const server = await startServer(shared.vscode, { ...options, development: true });
  const page = await openPage(shared.browser, server, { open, extension: resolve('.') });
  const window = workbench(page);
  return {
    page,
    window,
    server,
    item: window.statusBarItem('python-tools-mcp.python-tools-mcp', 'environment'),
    async [Symbol.asyncDispose]() {
      await page.context().close();
      await server[Symbol.asyncDispose]();
    },
  };
}
