import type { Page } from 'playwright-core';

/** Copilot Chat's agent mode as a person uses it; the page must have been opened with `chat`. */
export function chat(page: Page) {
  const box = page.locator('.interactive-input-part .monaco-editor').first();
  // Above the input box for a language-model tool, whose copy among the responses is hidden; there for an MCP tool. One
  // that was answered stays among the responses without its buttons.
  const confirmation = page
    .locator(
      '.chat-tool-confirmation-carousel:visible, .interactive-response .chat-confirmation-widget-container:visible',
    )
    .filter({ has: page.locator('.monaco-dropdown-button:visible') });
  const responses = page.locator('.interactive-response');
  const button = (label: string) => confirmation.locator('.monaco-button', { hasText: label });
  return {
    root: page.locator('.interactive-session').first(),
    responses,

    async ask(text: string): Promise<void> {
      await box.click();
      await page.keyboard.insertText(text);
      await page.keyboard.press('Enter');
    },

    /** Starts a conversation that knows nothing of those before it. */
    async startAnew(): Promise<void> {
      await page
        .getByRole('button', { name: /^New Chat \(/ })
        .first()
        .click();
      await responses.first().waitFor({ state: 'detached' });
    },

    /** The Stop button in the place of Send while the model works. */
    async stop(): Promise<void> {
      await page.locator('.interactive-input-part .codicon-stop-circle').click();
    },

    /** The question whether a tool may run. Below the tool's message VS Code shows the call's input as JSON. */
    confirmation: {
      root: confirmation,
      title: confirmation
        .locator('.chat-tool-carousel-collapsed-title, .chat-confirmation-widget-title p:visible')
        .first(),
      message: confirmation.locator('.chat-confirmation-widget-message .chat-markdown-part').first(),
      /**
       * The default button allows the tool for the whole session; this one is in the menu beside it. For an MCP tool
       * that may reach the network it is spelled at length: its result need not be looked at before the model reads it.
       */
      async allowOnce(): Promise<void> {
        await confirmation.locator('.monaco-dropdown-button').click();
        const once = page.locator('.monaco-menu:visible').getByText(/^Allow (Once|and Skip Reviewing Result)$/);
        await once.click({ delay: 150 });
      },
      async allowInSession(): Promise<void> {
        await button('Allow in this Session').click();
      },
      /** The model then reads "The user chose to skip the tool call". */
      async skip(): Promise<void> {
        await button('Skip').click();
      },
    },
  };
}

export type Chat = ReturnType<typeof chat>;
