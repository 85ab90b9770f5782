import type { PlainText } from './defineTool';
import type { PipOutput } from './pipTool';
import { counted, fileSize, shortTime } from './words';

type Package = NonNullable<PipOutput['packages']>[number];
type Distribution = NonNullable<PipOutput['installed']>[number];

/** @returns which packages changed, or which there are. */
export function pipText(result: PipOutput): PlainText {
  const { installed, uninstalled, requirements, packages = [], count = 0 } = result;
  const place = result.venv ?? 'the base interpreter (no venv)';
  if (installed) return { lines: installLines(result, installed, place) };
  if (uninstalled) return { lines: uninstallLines(result, uninstalled, place) };
  if (requirements !== undefined) {
    const output = requirements === '' ? '' : `${requirements}\n`;
    return { output, lines: [`[${counted(count, 'requirement')} · ${place}]`] };
  }
  if (result.count === undefined) return { lines: packages.flatMap(detailLines) };
  return { lines: [`${counted(count, 'package')} in ${place}`, ...packages.map(nameAndVersion)] };
}

function installLines(result: PipOutput, installed: readonly Distribution[], place: string): string[] {
  const { dry_run: dry = false, replaced = [], removed = [], already_satisfied: satisfied = [] } = result;
  const before = new Map(replaced.map(({ name, from }) => [name, from]));
  const changes = installed.map(({ name, version, download_bytes: bytes }) => {
    const from = before.get(name);
    const more = [...(from === undefined ? [] : [`was ${from}`]), ...(bytes === undefined ? [] : [fileSize(bytes)])];
    return `${name} ${version}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
  });
  const total = result.download_bytes === undefined ? '' : `, ${fileSize(result.download_bytes)}`;
  const what = counted(installed.length, 'package') + total;
  const done = dry ? `Plan for ${place}, nothing changed: would install ${what}` : `Installed ${what} into ${place}`;
  const nothing = `Nothing ${dry ? 'would change' : 'changed'} in ${place}`;
  return [
    `${installed.length === 0 && removed.length === 0 ? nothing : done} (${workOf(result)})${listed(changes)}`,
    ...(removed.length === 0 ? [] : [`${dry ? 'Would remove' : 'Removed'}${listed(removed.map(nameAndVersion))}`]),
    ...(result.builds === undefined ? [] : [`Built from source for the plan${listed(result.builds)}`]),
    ...(satisfied.length === 0 ? [] : [`There already${listed(satisfied)}`]),
  ];
}

function uninstallLines(result: PipOutput, uninstalled: readonly Distribution[], place: string): string[] {
  const { not_installed: missing = [] } = result;
  const what = uninstalled.length === 0 ? 'Nothing' : counted(uninstalled.length, 'package');
  return [
    `Uninstalled ${what.toLowerCase()} from ${place} (${workOf(result)})${listed(uninstalled.map(nameAndVersion))}`,
    ...(missing.length === 0 ? [] : [`Not installed${listed(missing)}`]),
  ];
}

function detailLines(shown: Package): string[] {
  if (shown.error !== undefined) return [`${shown.name}: ${shown.error}`];
  const { summary = '', home_page, author, license, location, requires = [], required_by = [] } = shown;
  const facts = { 'home page': home_page, author, license, location };
  return [
    `${nameAndVersion(shown)}${summary === '' ? '' : `: ${summary}`}`,
    ...Object.entries(facts).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : `  ${name}: ${value}`,
    ),
    `  requires: ${requires.join(', ') || 'nothing'}`,
    `  required by: ${required_by.join(', ') || 'nothing'}`,
  ];
}

function nameAndVersion({ name, version = '?', editable_project_location: project }: Package): string {
  return `${name} ${version}${project === undefined ? '' : ` (editable: ${project})`}`;
}

const workOf = ({ installer, duration_ms: ms = 0 }: PipOutput): string =>
  [...(installer === undefined ? [] : [installer]), shortTime(ms)].join(', ');

const listed = (items: readonly string[]): string => (items.length === 0 ? '' : `: ${items.join(', ')}`);
