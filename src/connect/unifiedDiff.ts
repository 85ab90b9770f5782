import { mask } from '../core/files/credentials';
import { stripSecrets } from '../core/files/secrets';

/** Lines shown before and after what changes. */
const contextLines = 3;

/**
 * @returns the change of a text that was changed in one place, as a unified diff with one hunk; empty where nothing
 * changes.
 * @param shown what is to be seen of a text, line for line.
 */
export function unifiedDiff(
  file: string,
  before: string | undefined,
  after: string,
  shown = (text: string): string => text,
): string {
  const old = linesOf(before ?? '');
  const now = linesOf(after);
  const shortest = Math.min(old.length, now.length);
  let start = 0;
  while (start < shortest && old[start] === now[start]) start++;
  let end = 0;
  while (end < shortest - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  if (start === old.length && start === now.length) return '';
  const from = Math.max(0, start - contextLines);
  const after_ = Math.min(end, contextLines);
  const [shownOld, shownNow] = [linesOf(shown(before ?? '')), linesOf(shown(after))];
  const lines = [
    ...shownOld.slice(from, start).map((line) => ` ${line}`),
    ...shownOld.slice(start, old.length - end).map((line) => `-${line}`),
    ...shownNow.slice(start, now.length - end).map((line) => `+${line}`),
    ...shownOld.slice(old.length - end, old.length - end + after_).map((line) => ` ${line}`),
  ];
  const range = (count: number): string => `${count === 0 ? 0 : from + 1},${count}`;
  return [
    `--- ${before === undefined ? '/dev/null' : file}`,
    `+++ ${file}`,
    `@@ -${range(old.length - end + after_ - from)} +${range(now.length - end + after_ - from)} @@`,
    ...lines.map(maskSecrets),
    '',
  ].join('\n');
}

const linesOf = (text: string): string[] =>
  text === ''
    ? []
    : text
        .replace(/^\uFEFF/, '')
        .replace(/\r?\n$/, '')
        .split(/\r?\n/);

/** The neighbours of what changes may hold other servers' keys, in more ways than a message is likely to. */
const otherSecrets = /((?:key|cookie)["']?[ \t]{0,8}[:=][ \t]{0,8}["'])[^"']+/gi;
const otherToken = /\b(?:pk|AIza)[-_]?[\w.+/=-]{12,}/g;

/** @returns the line without what looks like a secret. */
export const maskSecrets = (line: string): string =>
  stripSecrets(line).replace(otherSecrets, '$1•••').replace(otherToken, '•••').replaceAll(mask, '•••');
