import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Environment } from '../environment';
import { errors } from '../errors';
import { readSmallText } from '../files/readFiles';
import { isSameName, placeKey } from '../pathIdentity';
import { isInside } from '../paths';
import { refuseUnlessVenv } from './venvOnly';

/** A run of a module as `python.run` has it. */
export interface ModuleRun {
  readonly module: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
}

const installers = new Set(['pip', 'ensurepip', 'easy_install', 'uv']);

/** @returns whether a module may install, so that its run is worth a look before it starts. */
export const isInstaller = (module: string): boolean =>
  installers.has(module.split('.')[0] ?? '') || module === 'setuptools.command.easy_install';

/**
 * Lets `python -m pip` and the like change virtual environments only, so that nothing is started that would change a base
 * Python, whatever the order and the spelling of its options.
 *
 * @throws ToolError refused, venv_broken.
 */
export async function refuseChangeOfBase(environment: Environment, run: ModuleRun): Promise<void> {
  const [name = ''] = run.module.split('.');
  const { args } = run;
  if (name === 'pip' ? !pipChanges(args) : name === 'uv' ? !uvChanges(args) : isQuestion(args)) return;
  if (name === 'pip') {
    const other = valueOf(args, '--python') ?? run.env['PIP_PYTHON'] ?? process.env['PIP_PYTHON'];
    if (other === undefined && !environment.isVenv) throw refusedForBase(environment, run);
    await refuseUnlessVenv(other === undefined ? environment : environmentBehind(resolve(run.cwd, other)));
    refuseElsewhere(environment, run);
  } else if (name === 'uv') {
    const other = valueOf(args, '--python') ?? valueOf(args, '-p');
    if (args.includes('--system') || args.includes('--break-system-packages')) throw refusal('"--system"');
    // uv looks for a venv by itself, and refuses where there is none.
    if (other !== undefined) await refuseUnlessVenv(environmentBehind(resolve(run.cwd, other)));
    else if (environment.isVenv) await refuseUnlessVenv(environment);
  } else {
    if (!environment.isVenv) throw refusedForBase(environment, run);
    await refuseUnlessVenv(environment);
  }
}

function refusedForBase({ path }: Environment, { module, args }: ModuleRun) {
  const at = args.findIndex((arg) => arg === 'install' || arg === 'uninstall');
  const names = at === -1 ? [] : args.slice(at + 1);
  const isPlain = names.length > 0 && names.every((name) => !name.startsWith('-'));
  const packages = (isPlain ? names : ['NAME']).map((name) => JSON.stringify(name)).join(', ');
  return errors.refused(
    `"python -m ${module}" would change the base Python "${path}", which is never modified.`,
    `Use python.pip {"action": "${args[at] ?? 'install'}", "packages": [${packages}]}, which takes care of the venv.`,
  );
}

const refusal = (option: string) =>
  errors.refused(
    `${option} would install outside of the virtual environment, and a base Python is never modified.`,
    'Install with python.pip {"action": "install", "packages": ["NAME"]}, which takes care of the venv.',
  );

const isQuestion = (args: readonly string[]): boolean =>
  args.length > 0 && args.every((arg) => /^(-h|--help|--version|-V)$/.test(arg));

const flags = new Set([
  ...['-h', '--help', '--debug', '--isolated', '--require-virtualenv', '-v', '--verbose', '-V', '--version', '-q'],
  ...['--quiet', '--no-input', '--no-cache-dir', '--disable-pip-version-check', '--no-color'],
  ...['--no-python-version-warning', '-vv', '-vvv', '-qq', '-qqq'],
]);
const withValue = new Set([
  ...['--python', '--log', '--log-file', '--local-log', '--proxy', '--retries', '--timeout', '--default-timeout'],
  ...['--exists-action', '--trusted-host', '--cert', '--client-cert', '--cache-dir', '--use-feature'],
  ...['--use-deprecated', '--keyring-provider', '--resume-retries'],
]);
const reading = new Set([
  ...['list', 'freeze', 'show', 'check', 'help', 'search', 'cache', 'index', 'inspect', 'debug', 'hash', 'completion'],
  ...['download', 'wheel', 'lock'],
]);

/**
 * An allow-list: what is neither understood nor known to change nothing counts as a change where "install" or
 * "uninstall" is anywhere in it.
 */
function pipChanges(args: readonly string[]): boolean {
  const words = args.some((arg) => arg === 'install' || arg === 'uninstall');
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (withValue.has(arg)) at++;
    else if (arg.startsWith('-')) {
      const name = arg.split('=')[0] ?? '';
      if (!flags.has(name) && !withValue.has(name)) return words;
    } else if (arg === 'config') {
      return (
        args.some((each) => /^(set|unset|edit)$/.test(each)) && args.some((each) => /^--(site|global)$/.test(each))
      );
    } else return !reading.has(arg) && words;
  }
  return false;
}

const uvChanges = (args: readonly string[]): boolean =>
  args.includes('pip') && args.some((arg) => /^(install|uninstall|sync)$/.test(arg));

/** @returns the value of an option, which may be shortened as far as pip's parser takes it; the last one counts. */
function valueOf(args: readonly string[], option: string): string | undefined {
  let value: string | undefined;
  args.forEach((arg, at) => {
    const [name = '', ...rest] = arg.split('=');
    if (!isShortFor(name, option)) return;
    value = rest.length > 0 ? rest.join('=') : args[at + 1];
  });
  return value;
}

const isShortFor = (name: string, option: string): boolean =>
  name === option || (/^--../.test(name) && name !== '--pre' && option.startsWith(name));

/** @throws ToolError refused where an option of `pip install` names a place that belongs to the base. */
function refuseElsewhere(environment: Environment, { args, cwd }: ModuleRun): void {
  if (args.some((arg) => isShortFor(arg, '--user'))) throw refusal('"--user"');
  const base = basePrefix(environment);
  if (base === undefined) return;
  const short = args.find((arg) => /^-t./.test(arg))?.slice(2) ?? valueOf(args, '-t');
  for (const [option, value] of [
    ...['--target', '--prefix', '--root'].map((each) => [each, valueOf(args, each)] as const),
    ['-t', short] as const,
  ]) {
    if (value === undefined) continue;
    const place = placeKey(isAbsolute(value) ? value : join(cwd, value));
    const own = placeKey(environment.path);
    if (isSameName(place, own) || isInside(own, place)) continue;
    if (isSameName(place, base) || isInside(base, place) || isInside(place, base))
      throw refusal(`"${option} ${value}"`);
  }
}

/** @returns the folder of the base installation, by the `home` of pyvenv.cfg (PEP 405). */
function basePrefix({ path }: Environment): string | undefined {
  const home = /^home[ \t]*=[ \t]*(\S.*)$/im.exec(readSmallText(join(path, 'pyvenv.cfg')) ?? '')?.[1];
  return home === undefined ? undefined : placeKey(process.platform === 'win32' ? home.trim() : dirname(home.trim()));
}

/** @returns the environment that `pip --python` names: its folder, or its interpreter. */
function environmentBehind(named: string): Environment {
  const windows = process.platform === 'win32';
  const isFolder = statSync(named, { throwIfNoEntry: false })?.isDirectory() === true;
  const path = isFolder ? named : dirname(dirname(named));
  const scripts = join(path, windows ? 'Scripts' : 'bin');
  const python = isFolder ? join(scripts, windows ? 'python.exe' : 'python') : named;
  return { path, python, version: '', isVenv: true, scripts, libraries: { own: [], inherited: [] } };
}
