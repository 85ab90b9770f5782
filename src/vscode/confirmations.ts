import type { Call } from '../tools/calls';
import type { PipInput } from '../tools/pipTool';
import type { RunInput } from '../tools/runTool';
import type { VenvInput } from '../tools/venvTool';
import { codeBlock, inlineCode } from './markdown';

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

/** What a call can do: the settings let users trust runs and installs. */
export type Risk = 'none' | 'run' | 'install' | 'delete';

/** @returns what a call can do. */
export function riskOf({ tool, input }: Call): Risk {
  if (tool === 'run') return 'run';
  if (tool === 'venv') {
    if (input.action === 'delete') return 'delete';
    return input.action === 'create' || input.action === 'select' ? 'install' : 'none';
  }
  if (input.action === 'uninstall') return 'install';
  if (input.action !== 'install') return 'none';
  return input.dry_run && !buildsCode(input) ? 'none' : 'install';
}

/** Whether even a plan runs the build of a project that the call names: its metadata comes from there. */
function buildsCode({ packages, editable }: PipInput): boolean {
  return (
    editable !== undefined || packages.some((requirement) => /[@/\\]|^\.|\.(whl|zip|gz)$/.test(named(requirement)))
  );
}

/**
 * @param requirements content of the requirements file that the call names.
 * @returns whether an install names packages of an index and nothing else: no project, path or URL that a plan would
 * have to build.
 */
export function namesOnly(input: PipInput, requirements: string | undefined): boolean {
  if (buildsCode(input) || (input.requirements !== undefined && requirements === undefined)) return false;
  const lines = (requirements ?? '').split(/\r?\n/).map((line) => withoutComment(line).trim());
  return [...input.packages, ...lines.filter((line) => line !== '')].every(
    (line) =>
      /^[A-Za-z0-9][\w.-]*\s*(?:\[[\w\s,.-]*\]\s*)?(?:[<>=!~(;].*)?$/.test(line) &&
      !/\.(whl|zip|tgz|gz|bz2|xz)$/i.test(named(line)),
  );
}

const withoutComment = (line: string): string => {
  const start = line.search(/(?<=^|\s)#/);
  return start === -1 ? line : line.slice(0, start);
};

const named = (requirement: string): string => (requirement.split(';', 1)[0] ?? '').trim();

/** @returns what is being done, as Markdown in the present tense. */
export function progressOf({ tool, input }: Call): string {
  if (tool === 'run') return `Running ${programOf(input)}`;
  return tool === 'venv' ? venvProgress(input) : pipProgress(input);
}

/** @returns what to ask before a call that runs or changes something. */
export function confirmationOf({ tool, input }: Call, surroundings: Surroundings): Confirmation {
  const { title, parts } =
    tool === 'run'
      ? runQuestion(input, surroundings)
      : tool === 'venv'
        ? venvQuestion(input, surroundings)
        : pipQuestion(input, surroundings);
  const { folderName, problem, root } = surroundings;
  const folder = folderName === undefined ? [] : [`- Folder: ${inlineCode(folderName)} (${inlineCode(root)})`];
  const trouble = problem === undefined ? [] : [`- As things are, this fails: ${inlineCode(problem)}`];
  return { title, message: [...parts, ...folder, ...trouble].join('\n') };
}

interface Question {
  readonly title: string;
  /** Markdown: a paragraph or block, then list items. */
  readonly parts: readonly string[];
}

function runQuestion(input: RunInput, { environment, script, paths, root }: Surroundings): Question {
  const { file, code, module, args, stdin, env } = input;
  const what = file === undefined ? (module === undefined ? 'code' : 'module') : 'file';
  const variables = Object.entries(env).map(([name, value]) => inlineCode(`${name}=${value}`, 300));
  return {
    title: { code: 'Run Python code?', module: 'Run a Python module?', file: 'Run a Python file?' }[what],
    parts: [
      ...(code === undefined ? [] : [`${codeBlock(code, 'python')}\n`]),
      ...(module === undefined ? [] : [`- Module: ${inlineCode(module)}`]),
      ...(file === undefined ? [] : [`- File: ${inlineCode(paths.file ?? file)}`]),
      ...(args.length === 0 ? [] : [`- Arguments: ${args.map((arg) => inlineCode(arg, 300)).join(' ')}`]),
      ...(variables.length === 0 ? [] : [`- Variables: ${variables.join(' ')}`]),
      ...(stdin === '' ? [] : [`- Standard input: ${inlineCode(stdin, 300)}`]),
      `- Working directory: ${inlineCode(paths.cwd ?? root)}`,
      ...(environment === undefined || environment === null ? [] : [`- Interpreter: ${pythonOf(environment)}`]),
      ...(script === undefined ? [] : [`- Environment: ${environmentOf(script)}`]),
    ],
  };
}

function environmentOf({ dependencies, python }: NonNullable<Surroundings['script']>): string {
  const shown = dependencies.slice(0, 20).map((requirement) => inlineCode(requirement, 300));
  const more = dependencies.length > shown.length ? ` and ${dependencies.length - shown.length} more` : '';
  const what = shown.length === 0 ? 'no packages' : `${shown.join(', ')}${more}, installed first where it is new`;
  const version = python === undefined ? '' : `, Python ${inlineCode(python, 100)}`;
  return `one of its own in a cache outside of the project${version}, with ${what}`;
}

const pythonOf = ({ venv, python, version }: Environment): string =>
  `${venv === null ? 'no venv' : inlineCode(venv)}, Python ${version} (${inlineCode(python)})`;

function venvQuestion(input: VenvInput, { paths, venv, interpreterSetting }: Surroundings): Question {
  const path = inlineCode(paths.venv ?? input.path ?? '.venv');
  const packages = venv && `${venv.packages} package${venv.packages === 1 ? '' : 's'}`;
  const facts = venv && `Python ${venv.version ?? 'unknown'}, ${packages}, ${venv.megabytes} MB`;
  if (input.action === 'delete') {
    return {
      title: 'Delete a virtual environment?',
      parts: [`Deletes this folder and everything in it, for good:\n`, `- ${path}`, ...(facts ? [`- ${facts}`] : [])],
    };
  }
  if (input.action === 'select') {
    const what = 'Makes this the environment of runs, installs and new terminals:\n';
    return { title: 'Select a virtual environment?', parts: [what, `- ${path}`, ...(facts ? [`- ${facts}`] : [])] };
  }
  return {
    title: 'Create a virtual environment?',
    parts: [
      `- Path: ${path}`,
      `- Interpreter: ${inlineCode(input.python ?? interpreterSetting)}${input.python === undefined ? ' (setting)' : ''}`,
      ...(input.system_site_packages ? ["- It sees the base interpreter's packages"] : []),
    ],
  };
}

function pipQuestion(input: PipInput, surroundings: Surroundings): Question {
  const { packages, editable, requirements: file, upgrade, dry_run: dry } = input;
  const { paths, requirements } = surroundings;
  const removing = input.action === 'uninstall';
  return {
    title: removing ? 'Uninstall packages?' : dry ? 'Plan an install?' : 'Install packages?',
    parts: [
      ...(packages.length === 0 ? [] : [`- Packages: ${packages.map((name) => inlineCode(name, 300)).join(', ')}`]),
      ...(editable === undefined ? [] : [`- Project, editable: ${inlineCode(paths.editable ?? editable)}`]),
      ...(file === undefined ? [] : [`- Requirements file: ${inlineCode(paths.requirements ?? file)}`]),
      ...(requirements === undefined ? [] : [`\n${codeBlock(requirements, '', 20)}\n`]),
      ...(upgrade ? ['- What is there already is upgraded'] : []),
      ...(dry ? ['- Nothing is installed, but a project named here may run its build'] : []),
      ...(dry ? [] : targetLines(surroundings, removing)),
      ...(surroundings.plan ?? []),
    ],
  };
}

function targetLines({ environment, interpreterSetting }: Surroundings, removing: boolean): string[] {
  if (environment === undefined) return [];
  if (environment !== null) return [`- ${removing ? 'From' : 'Into'}: ${pythonOf(environment)}`];
  if (removing) return [];
  return [`- Into: ${inlineCode('.venv')}, which is created first with ${inlineCode(interpreterSetting)}`];
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
