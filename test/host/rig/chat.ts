import type { Page } from 'playwright-core';

/** Copilot Chat's agent mode as a person uses it; the page must have been opened with `chat`. */
export function chat(page: Page) {
  const box = page.locator('.interactive-input-part .monaco-editor').first();
  // Above the input box for a language-model tool, whose copy among the responses is hidden; there for an MCP tool.
  const confirmation = page
    .locator('.chat-tool-confirmation-carousel:visible')
    .or(page.locator('.interactive-response .chat-confirmation-widget-container:visible'));
  const button = (label: string) => confirmation.locator('.monaco-button', { hasText: label });
  return {
    root: page.locator('.interactive-session').first(),
    responses: page.locator('.interactive-response'),

    async ask(text: string): Promise<void> {
      await box.click();
      await page.keyboard.insertText(text);
      await page.keyboard.press('Enter');
    },

    /** The question whether a tool may run. Below the tool's message VS Code shows the call's input as JSON. */
    confirmation: {
      root: confirmation,
      title: confirmation
        .locator('.chat-tool-carousel-collapsed-title, .chat-confirmation-widget-title:visible')
        .first(),
      message: confirmation.locator('.chat-confirmation-widget-message .chat-markdown-part').first(),
      /** The default button allows the tool for the whole session; this one is in the menu beside it. */
      async allowOnce(): Promise<void> {
        await confirmation.locator('.monaco-dropdown-button').click();
        await page.locator('.monaco-menu:visible').getByText('Allow Once', { exact: true }).click({ delay: 150 });
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
