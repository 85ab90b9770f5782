import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Server } from './startServer';

export interface PageOptions {
  /** A folder, or a `.code-workspace` file for several; nothing: an empty window. Absolute. */
  readonly open?: string;
  /** Path of an extension to load from its sources; needs a server started with `development`. */
  readonly extension?: string;
  /** Path of a module whose `run()` the extension host calls; needs a server started with `development`. */
  readonly tests?: string;
  /** Enables the built-in Copilot Chat, which starts disabled. */
  readonly chat?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Opens a window in a browser context of its own, so that windows share nothing but the server. Close its context. */
export async function openPage(browser: Browser, server: Server, options: PageOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(15_000); // Below mocha's 30 s, so that playwright says what it waited for.
  const page = await context.newPage();
  if (options.chat === true) {
    await page.goto(`${server.url}/version`);
    await page.evaluate(enableBuiltInChat);
  }
  await page.goto(windowUrl(server, options));
  return page;
}

/** The address of a window, for any browser. */
export function windowUrl(server: Pick<Server, 'url'>, { open, extension, tests }: PageOptions): string {
  const url = new URL(server.url);
  const remote = (path: string) => `vscode-remote://${url.host}${pathToFileURL(path).pathname}`;
  if (open !== undefined) url.searchParams.set(open.endsWith('.code-workspace') ? 'workspace' : 'folder', open);
  const payload = [['skipWelcome', 'true']];
  if (extension !== undefined) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (tests !== undefined) payload.push(['extensionTestsPath', remote(tests)]);
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** Runs in the page, on VS Code's origin, before VS Code does: the storage in which it keeps what it has migrated. */
const enableBuiltInChat = `new Promise((resolve, reject) => {
  const opening = indexedDB.open('vscode-web-state-db-global');
  opening.onupgradeneeded = () => opening.result.createObjectStore('ItemTable');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const writing = opening.result.transaction('ItemTable', 'readwrite');
    writing.objectStore('ItemTable').put('true', 'builtinChatExtensionEnablementMigration');
    writing.onerror = () => reject(writing.error);
    writing.oncomplete = () => resolve(opening.result.close());
  };
})`;
