import { MarkdownString } from 'vscode';
import type { Status } from './status';

const links = {
  select: '[$(list-selection) Select](command:pythonTools.selectEnvironment "Select an environment")',
  create: '[$(add) Create](command:pythonTools.createEnvironment "Create an environment")',
  packages: '[$(package) Packages](command:pythonTools.showPackages "Show the installed packages")',
  output: '[$(output) Log](command:pythonTools.showOutput "Show what was run")',
  trust: '[$(shield) Manage trust](command:workbench.trust.manage "Manage workspace trust")',
};

interface Around {
  /** The folder's name, where several are open. */
  readonly where: string | undefined;
  /** What is being done, such as "Creating .venv". */
  readonly busy: string | undefined;
  /** Whether it is active because Microsoft's Python extension has it selected. */
  readonly follows: boolean;
}

/** @returns what the status bar's item tells. */
export function statusTooltip(status: Status, { where, busy, follows }: Around): MarkdownString {
  const title = where === undefined ? '' : ` — ${where}`;
  const tooltip = new MarkdownString(undefined, true);
  tooltip.isTrusted = {
    enabledCommands: [
      ...Object.values(links)
        .join()
        .matchAll(/\(command:([\w.]+)/g),
    ].map(([, name]) => name ?? ''),
  };
  tooltip
    .appendMarkdown('**')
    .appendText(`${headline(status)}${title}`)
    .appendMarkdown('**\n\n');
  if (busy !== undefined) tooltip.appendMarkdown('$(loading~spin) ').appendText(busy).appendMarkdown('\n\n');
  if (status.kind === 'untrusted') {
    tooltip.appendMarkdown('This workspace is not trusted, so nothing is run or changed in it.\n\n');
  } else if (status.kind === 'none') {
    tooltip.appendMarkdown('Code runs in the base Python, which is never modified.\n\n');
  } else {
    if (status.kind === 'broken') tooltip.appendText(`It cannot run: ${status.reason}.`).appendMarkdown('\n\n');
    tooltip.appendMarkdown(details(status));
    if (follows) tooltip.appendMarkdown('$(arrow-swap) Follows the Python extension\n\n');
  }
  return tooltip.appendMarkdown(linksFor(status).join(' &nbsp;·&nbsp; '));
}

function headline(status: Status): string {
  switch (status.kind) {
    case 'venv':
      return `${status.name} · Python ${status.version}`;
    case 'broken':
      return `${status.name} is broken`;
    case 'none':
      return 'No virtual environment';
    case 'untrusted':
      return 'Python is not run here';
  }
}

function details({ path, info }: Extract<Status, { readonly path: string }>): string {
  const rows = [['Path', code(path)]];
  if (info) {
    rows.push(['Base', info.base_python === null ? 'gone' : code(info.base_python)]);
    rows.push(['Packages', String(info.packages_count)], ['Size', `${info.size_mb} MB`]);
  }
  return `| | |\n|:--|:--|\n${rows.map((cells) => `| ${cells.join('&nbsp; | ')} |`).join('\n')}\n\n`;
}

function linksFor({ kind }: Status): string[] {
  const { select, create, packages, output, trust } = links;
  if (kind === 'untrusted') return [trust];
  return kind === 'venv' ? [select, packages, output] : [create, select, output];
}

/** A path as code in a cell, with whatever characters its folders have. */
const code = (text: string): string => {
  const fence = '`'.repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  const pad = text.includes('`') ? ' ' : '';
  return `${fence}${pad}${text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')}${pad}${fence}`;
};
