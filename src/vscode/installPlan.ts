import type { PythonFolder } from '../core/folder';
import { riskIn } from '../core/risk';
import type { Call } from '../tools/calls';
import { fileSize } from '../tools/words';
import { inlineCode } from './markdown';

/** Longer than this nobody is kept from a question. */
const limitMs = 10_000;

type Plan = Pick<
  Awaited<ReturnType<PythonFolder['installPackages']>>,
  'installed' | 'replaced' | 'removed' | 'download_bytes'
>;

/**
 * @returns what an install would change, as Markdown list items; nothing where that cannot be told in time, or not
 * without running code of a package. Never throws: the question is asked all the same.
 */
export async function installPlan(
  { tool, input }: Call,
  folder: PythonFolder,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (tool !== 'pip' || input.action !== 'install' || input.dry_run) return [];
  const either = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const { packages, requirements, editable, upgrade } = input;
  const request = { packages, requirements, editable, upgrade, dryRun: true, onlyBinary: true, signal: either };
  try {
    const plan = { tool, input: { ...input, dry_run: true } };
    return (await riskIn(folder, plan)) === 'read' ? planLines(await folder.installPackages(request)) : [];
  } catch {
    return [];
  }
}

/** @returns a plan as Markdown list items. */
export function planLines({ installed, replaced, removed, download_bytes: total }: Plan): readonly string[] {
  if (installed.length === 0 && removed.length === 0) return ['- Plan: nothing would change'];
  const before = new Map(replaced.map(({ name, from }) => [name, from]));
  const added = installed.filter(({ name }) => !before.has(name));
  const changed = installed.filter(({ name }) => before.has(name));
  const size = (bytes: number | undefined): string => (bytes === undefined ? '' : ` (${fileSize(bytes)})`);
  const listed = (verb: string, items: readonly string[]): string[] => {
    const more = items.length > 20 ? ` and ${items.length - 20} more` : '';
    return items.length === 0 ? [] : [`${verb} ${items.slice(0, 20).join(', ')}${more}`];
  };
  const parts = [
    ...listed(
      `install ${added.length} ${added.length === 1 ? 'package' : 'packages'}:`,
      added.map(({ name, version, download_bytes: bytes }) => inlineCode(`${name} ${version}`) + size(bytes)),
    ),
    ...listed(
      'replace',
      changed.map(
        ({ name, version, download_bytes: bytes }) =>
          inlineCode(`${name} ${before.get(name) ?? '?'}`) + ` by ${inlineCode(version)}${size(bytes)}`,
      ),
    ),
    ...listed(
      'remove',
      removed.map(({ name, version }) => inlineCode(`${name} ${version}`)),
    ),
  ];
  return [`- Plan${total === undefined ? '' : `, ${fileSize(total)}`}: ${parts.join('; ')}`];
}
