import * as vscode from 'vscode';

const scheme = 'python-tools-call';

/** Opens a text by its number; only links in questions call it. */
export const openWholeCommand = 'pythonTools.openWholeCall';

/** Kept at most, the newest ones: as many as there may be questions open, and no more memory than a few large ones. */
const mostTexts = 50;
const mostCharacters = 50_000_000;

/** Texts too long for a question, to be opened in an editor as long as the question may stand there. Never on disk. */
class WholeTexts implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  #last = 0;

  provideTextDocumentContent({ query }: vscode.Uri): string {
    return this.#texts.get(query) ?? 'This is no longer kept: the question is too long ago.';
  }

  /** Keeps a text. @returns the address of a link that opens it. */
  add(text: string): string {
    const id = String(++this.#last);
    this.#texts.set(id, text);
    let characters = [...this.#texts.values()].reduce((sum, each) => sum + each.length, 0);
    for (const [oldest, each] of this.#texts) {
      if (oldest === id || (this.#texts.size <= mostTexts && characters <= mostCharacters)) break;
      this.#texts.delete(oldest);
      characters -= each.length;
    }
    return `command:${openWholeCommand}?${encodeURIComponent(JSON.stringify([id]))}`;
  }

  async open(id: unknown): Promise<void> {
    if (typeof id !== 'string' || !this.#texts.has(id)) return;
    const uri = vscode.Uri.from({ scheme, path: `/What is asked about ${id}.txt`, query: id });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}

let shared: WholeTexts | undefined;

/** Keeps a text for as long as a question about it may be open. @returns the address of a link that opens it. */
export function linkToWhole(text: string): string {
  if (!shared) {
    // For as long as the window lives, as the tools themselves.
    const texts = new WholeTexts();
    vscode.workspace.registerTextDocumentContentProvider(scheme, texts);
    vscode.commands.registerCommand(openWholeCommand, (id: unknown) => texts.open(id));
    shared = texts;
  }
  return shared.add(text);
}

/** @returns a question's text, in which links may open whole texts and do nothing else. */
export function questionText(markdown: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(markdown);
  text.isTrusted = { enabledCommands: [openWholeCommand] };
  return text;
}
