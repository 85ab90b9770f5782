import { relativeInside } from '../core/paths';
import { misleadingIn, nameOfLookAlike, visible } from './misleading';

/** What a person is asked before something is deleted or removed, as plain text. */
export interface Removal {
  readonly message: string;
  readonly detail: string;
  /** What the button says that removes. */
  readonly go: string;
  /** What the button says that does nothing. */
  readonly keep: string;
}

export interface Distribution {
  readonly name: string;
  readonly version: string;
}

/** Names that a dialog shows, at most: more would push its buttons off the screen. */
const mostNames = 60;

/** @returns one line of others' text, whatever it holds. */
function shown(text: string, limit = 400): string {
  const left = text.length - limit;
  return left > 0
    ? `${visible(text.slice(0, limit))}… (${left.toLocaleString('en-US')} more characters)`
    : visible(text);
}

function listed(distributions: readonly Distribution[]): string {
  const names = distributions.slice(0, mostNames).map(({ name, version }) => shown(`${name} ${version}`, 80));
  const left = distributions.length - names.length;
  return `${names.join(', ')}${left > 0 ? ` and ${left.toLocaleString('en-US')} more` : ''}`;
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;

/** @returns the question, which says first where something in these texts looks like something else. */
function warned(removal: Removal, texts: readonly string[]): Removal {
  const warnings = [...misleadingIn(texts).words].slice(0, 5).map(([word, letters]) => {
    const which = letters.slice(0, 10).map((letter) => `${letter} (${nameOfLookAlike(letter)})`);
    return `Look-alike letters: "${shown(word, 60)}" holds ${which.join(', ')}.\n`;
  });
  return { ...removal, detail: `${warnings.join('')}${removal.detail}` };
}

export interface EnvironmentFacts {
  readonly path: string;
  readonly python_version: string | null;
  readonly size_mb: number;
}

/** @returns the question before an environment is deleted. */
export function deletion(root: string, environment: EnvironmentFacts, packages: readonly Distribution[]): Removal {
  const { path, python_version: version, size_mb: size } = environment;
  const content = packages.length === 0 ? 'No packages' : `${counted(packages.length, 'package')}: ${listed(packages)}`;
  const removal = {
    message: `A chat wants to delete the environment "${shown(relativeInside(root, path))}".`,
    detail: `${shown(path)}\n${size} MB · Python ${version ?? 'unknown'}\n${content}\n\nThe folder goes with all that is in it. This cannot be undone.`,
    go: 'Delete',
    keep: 'Keep Environment',
  };
  return warned(removal, [path]);
}

/** @returns the question before packages are uninstalled. */
export function uninstallation(
  environment: { readonly path: string; readonly version: string },
  packages: readonly Distribution[],
): Removal {
  const removal = {
    message: `A chat wants to uninstall ${counted(packages.length, 'package')}.`,
    detail: `${listed(packages)}\n\nFrom ${shown(environment.path)} (Python ${environment.version})`,
    go: 'Uninstall',
    keep: packages.length === 1 ? 'Keep Package' : 'Keep Packages',
  };
  return warned(removal, [environment.path]);
}

/** @returns the question before an environment outside of the folder is selected, or one there no longer is. */
export function replacement(root: string, selected: string | undefined, environment: EnvironmentFacts): Removal {
  const { path, python_version: version } = environment;
  const removal = {
    message: `A chat wants to use the environment "${shown(relativeInside(root, path))}" from now on.`,
    detail: `${shown(path)} (Python ${version ?? 'unknown'})${selected === undefined ? '' : `\n\nUntil now: ${shown(selected)}`}\n\nRuns, installs and new terminals of this folder will use it.`,
    go: 'Use It',
    keep: 'Leave as It Is',
  };
  return warned(removal, [path]);
}

/** @returns the question before a call that nothing more is known of. */
export const unknownRemoval = (tool: string, input: object): Removal => ({
  message: `A chat wants to call python.${shown(tool, 60)}.`,
  detail: shown(JSON.stringify(input), 2000),
  go: 'Allow',
  keep: 'Do Nothing',
});
