import type { Call } from '../tools/calls';
import type { PipInput } from '../tools/pipTool';
import type { RunInput } from '../tools/runTool';
import type { VenvInput } from '../tools/venvTool';
import { counted, inlineCode } from './markdown';
import { ShownParts } from './shownParts';

/** What a call would meet, as far as it could be found out; undefined: it could not. */
export interface Surroundings {
  /** Absolute path of the folder that the call means. */
  readonly root: string;
  /** Its name, where several folders are open. */
  readonly folderName?: string;
  /** What the call would work with; null: the folder has no venv. */
  readonly environment?: Environment | null;
  /** What the file to run asks for in its inline script metadata, where it has some: then it runs in that alone. */
  readonly script?: { readonly dependencies: readonly string[]; readonly python: string | undefined };
  /** Absolute path of what the call names: the file, the venv, the requirements file, the working directory. */
  readonly paths: Readonly<Partial<Record<'file' | 'cwd' | 'venv' | 'requirements' | 'editable', string>>>;
  /** Of the venv that the call names, where there is one. */
  readonly venv?: { readonly version: string | null; readonly packages: number; readonly megabytes: number };
  /** What an install names that is not just a package of an index: paths, URLs, lines and options of requirements files. */
  readonly foreign?: readonly string[];
  /** Content of the requirements file that the call names. */
  readonly requirements?: string;
  /** What the install would change, as Markdown list items, where the user wants to see it. */
  readonly plan?: readonly string[];
  /** The interpreter for new venvs that the user has set. */
  readonly interpreterSetting: string;
  /** Why the rest could not be found out; the call will most likely fail with the same sentence. */
  readonly problem?: string;
}

interface Environment {
  /** As results name it; null: the base interpreter. */
  readonly venv: string | null;
  readonly python: string;
  readonly version: string;
}

/** What a person is asked before a call. */
export interface Confirmation {
  /** VS Code takes it for Markdown, so nothing of the call is in it. */
  readonly title: string;
  /** Markdown. */
  readonly message: string;
}

/** @returns what is being done, as Markdown in the present tense. */
export function progressOf({ tool, input }: Call): string {
  if (tool === 'run') return `Running ${programOf(input)}`;
  return tool === 'venv' ? venvProgress(input) : pipProgress(input);
}

/** @returns the address of a link that opens a text, whole, for a person to read. */
export type OpenWhole = (whole: string) => string;

/** @returns what to ask before a call that runs or changes something. */
export function confirmationOf({ tool, input }: Call, surroundings: Surroundings, open: OpenWhole): Confirmation {
  const shown = new ShownParts();
  const { title, parts } =
    tool === 'run'
      ? runQuestion(input, surroundings, shown)
      : tool === 'venv'
        ? venvQuestion(input, surroundings, shown)
        : pipQuestion(input, surroundings, shown);
  const { folderName, problem, root } = surroundings;
  const folder =
    folderName === undefined ? [] : [`- Folder: ${shown.value('Folder', folderName)} (${shown.value('Folder', root)})`];
  const trouble = problem === undefined ? [] : [`- As things are, this fails: ${shown.value('Problem', problem)}`];
  const first = [
    ...shown.marks,
    ...(shown.isCut ? [`- Too long to be shown here: [open all of it](${open(shown.whole)})`] : []),
  ];
  const message = [...(first.length > 0 ? [...first, ''] : []), ...parts, ...folder, ...trouble].join('\n');
  return { title, message };
}

interface Question {
  readonly title: string;
  /** Markdown: a paragraph or block, then list items. */
  readonly parts: readonly string[];
}

function runQuestion(input: RunInput, { environment, script, paths, root }: Surroundings, shown: ShownParts): Question {
  const { file, code, module, args, stdin, env } = input;
  const what = file === undefined ? (module === undefined ? 'code' : 'module') : 'file';
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return {
    title: { code: 'Run Python code?', module: 'Run a Python module?', file: 'Run a Python file?' }[what],
    parts: [
      ...(code === undefined ? [] : [`${shown.block('Code', code, 'python')}\n`]),
      ...(module === undefined ? [] : [`- Module: ${shown.value('Module', module)}`]),
      ...(file === undefined ? [] : [`- File: ${shown.value('File', paths.file ?? file)}`]),
      ...(args.length === 0 ? [] : [`- Arguments: ${shown.values('Argument', args, ' ')}`]),
      ...(variables.length === 0 ? [] : [`- Variables: ${shown.values('Variable', variables, ' ')}`]),
      ...(stdin === '' ? [] : [`- Standard input: ${shown.value('Standard input', stdin)}`]),
      `- Working directory: ${shown.value('Working directory', paths.cwd ?? input.cwd ?? root)}`,
      ...(environment === undefined || environment === null ? [] : [`- Interpreter: ${pythonOf(environment, shown)}`]),
      ...(script === undefined ? [] : [`- Environment: ${environmentOf(script, shown)}`]),
    ],
  };
}

function environmentOf({ dependencies, python }: NonNullable<Surroundings['script']>, shown: ShownParts): string {
  const listed = shown.values('Dependency', dependencies);
  const what = dependencies.length === 0 ? 'no packages' : `${listed}, installed first where it is new`;
  const version = python === undefined ? '' : `, Python ${shown.value('Python', python)}`;
  return `one of its own in a cache outside of the project${version}, with ${what}`;
}

const pythonOf = ({ venv, python, version }: Environment, shown: ShownParts): string =>
  `${venv === null ? 'no venv' : shown.value('Environment', venv)}, Python ${version} (${shown.value('Interpreter', python)})`;

function venvQuestion(
  input: VenvInput,
  { paths, venv, interpreterSetting }: Surroundings,
  shown: ShownParts,
): Question {
  const path = shown.value('Path', paths.venv ?? input.path ?? '.venv');
  if (input.action === 'select') {
    const packages = venv && counted(venv.packages, 'package');
    const facts = venv && `Python ${venv.version ?? 'unknown'}, ${packages}, ${venv.megabytes} MB`;
    const what = 'Makes this the environment of runs, installs and new terminals:\n';
    return { title: 'Select a virtual environment?', parts: [what, `- ${path}`, ...(facts ? [`- ${facts}`] : [])] };
  }
  if (input.action !== 'create') throw new Error(`"${input.action}" asks by itself, in askToRemove.ts.`);
  const interpreter = shown.value('Interpreter', input.python ?? interpreterSetting);
  return {
    title: 'Create a virtual environment?',
    parts: [
      `- Path: ${path}`,
      `- Interpreter: ${interpreter}${input.python === undefined ? ' (setting)' : ''}`,
      ...(input.system_site_packages ? ["- It sees the base interpreter's packages"] : []),
    ],
  };
}

function pipQuestion(input: PipInput, surroundings: Surroundings, shown: ShownParts): Question {
  const { packages, editable, requirements: file, upgrade, dry_run: dry } = input;
  const { paths, requirements, foreign = [] } = surroundings;
  if (input.action !== 'install') throw new Error(`"${input.action}" asks by itself, in askToRemove.ts.`);
  return {
    title: dry ? 'Plan an install?' : 'Install packages?',
    parts: [
      ...(packages.length === 0 ? [] : [`- Packages: ${shown.values('Package', packages)}`]),
      ...(editable === undefined ? [] : [`- Project, editable: ${shown.value('Project', paths.editable ?? editable)}`]),
      ...(file === undefined
        ? []
        : [`- Requirements file: ${shown.value('Requirements file', paths.requirements ?? file)}`]),
      ...(requirements === undefined ? [] : [`\n${shown.block('Requirements', requirements, '', 20)}\n`]),
      ...(file !== undefined && requirements === undefined ? ['- Its content cannot be shown here'] : []),
      ...(foreign.length > 0
        ? [`- More than packages of an index: ${shown.values('More than a package', foreign)}`]
        : []),
      ...(upgrade ? ['- What is there already is upgraded'] : []),
      ...(dry ? ['- Nothing is installed, but what is named here may be built, which runs its code'] : []),
      ...(dry ? [] : targetLines(surroundings, shown)),
      ...(surroundings.plan ?? []),
    ],
  };
}

function targetLines({ environment, interpreterSetting }: Surroundings, shown: ShownParts): string[] {
  if (environment === undefined) return [];
  if (environment !== null) return [`- Into: ${pythonOf(environment, shown)}`];
  const base = shown.value('Interpreter', interpreterSetting);
  return [`- Into: ${inlineCode('.venv')}, which is created first with ${base}`];
}

function programOf({ file, module, args }: RunInput): string {
  if (file !== undefined) return inlineCode([file, ...args].join(' '), 80);
  return module === undefined ? 'Python code' : inlineCode(['python -m', module, ...args].join(' '), 80);
}

function venvProgress({ action, path }: VenvInput): string {
  const environment = `the environment${path === undefined ? '' : ` ${inlineCode(path, 80)}`}`;
  switch (action) {
    case 'create':
      return `Creating ${environment}`;
    case 'delete':
      return `Deleting ${environment}`;
    case 'select':
      return `Selecting ${environment}`;
    case 'info':
      return `Looking at ${environment}`;
    case 'list':
      return 'Listing the environments';
  }
}

function pipProgress({ action, packages, requirements, editable, dry_run: dry }: PipInput): string {
  switch (action) {
    case 'list':
      return 'Listing the packages';
    case 'freeze':
      return 'Freezing the packages';
    case 'show':
      return `Looking at ${someOf(packages)}`;
    case 'uninstall':
      return `Uninstalling ${someOf(packages)}`;
    case 'install':
      return `${dry ? 'Planning to install' : 'Installing'} ${someOf([...packages, ...[requirements, editable].filter((path) => path !== undefined)])}`;
  }
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => inlineCode(name, 60));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
