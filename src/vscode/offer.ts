import { commands } from 'vscode';

/** A button of a notification. */
export interface NextStep {
  readonly title: string;
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

export const openOutput: NextStep = { title: 'Open Output', command: 'pythonTools.showOutput' };

/** Shows a notification with buttons, and returns at once: whoever has something to say need not wait for a click. */
export function offer(
  show: (message: string, ...titles: string[]) => Thenable<string | undefined>,
  message: string,
  steps: readonly NextStep[] = [],
): void {
  void show(message, ...steps.map(({ title }) => title)).then(async (chosen) => {
    const step = steps.find(({ title }) => title === chosen);
    if (step) await commands.executeCommand(step.command, ...(step.arguments ?? []));
  });
}
