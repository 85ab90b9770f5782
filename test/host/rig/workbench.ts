import type { Locator, Page } from 'playwright-core';

/**
 * The parts of a VS Code window that a person sees and clicks, as locators: playwright waits until they are there, so no
 * test needs to sleep. The class names are VS Code's own and the only ones that its markup offers.
 */
export function workbench(page: Page) {
  const quickInput = page.locator('.quick-input-widget:visible');
  const rows = quickInput.locator('.quick-input-list .monaco-list-row');
  const toasts = page.locator('.notifications-toasts .notification-list-item');
  const dialog = page.locator('.monaco-dialog-box');
  const menu = page.locator('.monaco-menu:visible');

  return {
    page,

    /** An item that an extension made with an id: `publisher.extension`, then the id. */
    statusBarItem: (extension: string, id: string) => page.locator(`.statusbar-item[id="${extension}.${id}"]`),

    /** Hovers over it, as a person reads a tooltip. */
    async tooltip(target: Locator): Promise<Locator> {
      await target.hover();
      return page.locator('.monaco-hover:visible, .workbench-hover:visible').last();
    },

    /** Runs a command as the palette lists it, "Category: Title"; it must be enabled. */
    async command(title: string): Promise<void> {
      await page.keyboard.press('F1');
      await quickInput.locator('input').first().fill(`>${title}`);
      await rows.filter({ hasText: title }).first().click();
    },

    /** Opens a file in an editor, as Go to File finds it. */
    async openFile(name: string): Promise<void> {
      await page.keyboard.press('Control+P');
      await quickInput.locator('input').first().fill(name);
      await rows.filter({ hasText: name }).first().click();
    },

    quickInput: {
      root: quickInput,
      title: quickInput.locator('.quick-input-title'),
      box: quickInput.locator('input[type="text"]').first(),
      /** The validation or prompt line under the box. */
      message: quickInput.locator('.quick-input-message'),
      rows,
      row: (label: string) => rows.filter({ has: page.getByText(label, { exact: true }) }).first(),
      /** A button at the right end of a row, shown while the pointer is on it. */
      async clickRowButton(label: string, button: string): Promise<void> {
        const row = rows.filter({ has: page.getByText(label, { exact: true }) }).first();
        await row.hover();
        await row.getByLabel(button).click();
      },
    },

    /** Toasts; hidden in a server started with `development`. */
    notification: {
      all: toasts,
      saying: (text: string | RegExp) => toasts.filter({ hasText: text }).first(),
      button: (text: string | RegExp, button: string) =>
        toasts.filter({ hasText: text }).first().locator('.monaco-button', { hasText: button }),
    },

    /** A modal dialog; refused in a window that runs `extensionTestsPath`. */
    dialog: {
      root: dialog,
      message: dialog.locator('.dialog-message-text'),
      detail: dialog.locator('.dialog-message-detail'),
      button: (label: string) => dialog.locator('.monaco-button', { hasText: label }),
    },

    explorer: {
      file: (name: string) => page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first(),
    },

    /** Chooses from the context menu of something. */
    async contextMenu(target: Locator, entry: string): Promise<void> {
      await target.click({ button: 'right' });
      // A menu ignores a button released in its first 100 ms: it might be the one that opened it.
      await menu.getByText(entry, { exact: true }).click({ delay: 150 });
    },

    editor: {
      root: page.locator('.editor-instance .monaco-editor').first(),
      titleButton: (label: string) => page.locator('.editor-group-container .editor-actions').getByLabel(label).first(),
    },

    /** The panel's output view; `command('Output: Show Output Channels...')` chooses what it shows. */
    output: page.locator('.output-view .view-lines'),
  };
}

export type Workbench = ReturnType<typeof workbench>;
