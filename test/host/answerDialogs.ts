import * as vscode from 'vscode';

/** A dialog that was answered. */
export interface Answered {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** The dialogs so far. */
export const dialogs: Answered[] = [];

let answer = (buttons: readonly string[]): string | undefined => buttons.at(-1);

/** Answers dialogs from now on with what this chooses; without it with yes, which is the last button. */
export function answerWith(choose: (buttons: readonly string[]) => string | undefined = (all) => all.at(-1)): void {
  answer = choose;
}

/** A window of tests refuses to show dialogs: the person who answers them is played here. */
export function answerDialogs(): void {
  const shown = vscode.window.showWarningMessage.bind(vscode.window) as (...all: unknown[]) => Thenable<unknown>;
  const asked = async (message: string, ...rest: unknown[]): Promise<unknown> => {
    const [options, ...buttons] = rest;
    if (typeof options !== 'object' || options === null || !('modal' in options) || options.modal !== true) {
      return await shown(message, ...rest);
    }
    const detail = 'detail' in options && typeof options.detail === 'string' ? options.detail : '';
    const names = buttons.filter((button) => typeof button === 'string');
    dialogs.push({ message, detail, buttons: names });
    return answer(names);
  };
  Object.defineProperty(vscode.window, 'showWarningMessage', { value: asked, configurable: true });
}
