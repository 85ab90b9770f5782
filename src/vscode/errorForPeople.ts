import type { ErrorKind, ToolError } from '../core/toolError';
import type { NextStep } from './offer';

const createEnvironment: NextStep = { title: 'Create Environment…', command: 'pythonTools.createEnvironment' };
const selectEnvironment: NextStep = { title: 'Select Environment…', command: 'pythonTools.selectEnvironment' };

/** What a person does next, where the hint of an error is a call that only an agent can make. */
const steps: Partial<Record<ErrorKind, { readonly hint: string; readonly next?: NextStep }>> = {
  no_folder: {
    hint: 'Open a folder first.',
    next: { title: 'Open Folder…', command: 'workbench.action.files.openFolder' },
  },
  ambiguous_folder: { hint: 'Open a file of the folder that is meant, then try again.' },
  workspace_untrusted: {
    hint: 'Trust it first, if you know who wrote it.',
    next: { title: 'Manage Workspace Trust', command: 'workbench.trust.manage' },
  },
  venv_not_found: { hint: 'Create one, or select another.', next: createEnvironment },
  venv_exists: { hint: 'Choose another name, or delete it first.', next: selectEnvironment },
  venv_broken: { hint: 'Delete it and create it again, or select another.', next: selectEnvironment },
  not_a_venv: { hint: 'Select another one.', next: selectEnvironment },
  timeout: { hint: 'Try again, with less to do at once.' },
};

/** The agent's words in hints that are else good for people, too. */
const rewordings: readonly (readonly [RegExp, string])[] = [
  [/,? (?:and|then) call again\b/, ' and try again'],
  [/Use one of these as "python": /, 'There are: '],
  [/, or name another Python as "python"/, ', or choose another Python'],
  [/Choose another "path"/, 'Choose another name'],
  [/Choose a "path" beside it/, 'Choose a folder beside it'],
];

const isCall = (hint: string): boolean => /\{"|python\.(run|venv|pip)\b/.test(hint);

/** @returns an error as a person reads it: what happened and what to do, and a step to offer where there is one. */
export function errorForPeople({ kind, message, hint = '' }: ToolError): {
  readonly text: string;
  readonly next: readonly NextStep[];
} {
  const step = steps[kind];
  const reworded = rewordings.reduce((text, [from, to]) => text.replace(from, to), hint);
  const advice = step?.hint ?? (isCall(reworded) ? '' : reworded);
  return { text: `${message} ${advice}`.trim(), next: step?.next ? [step.next] : [] };
}
