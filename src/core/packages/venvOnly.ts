import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Environment } from '../environment';
import { errors } from '../errors';
import { readSmallText } from '../files/readFiles';
import { isShim } from '../interpreters/executableFile';
import { isSameName, isSamePlace, realPathSync } from '../pathIdentity';
import { isInside } from '../paths';
import { textOf } from '../process/capture';
import { childEnvironment } from '../process/environment';
import { runProcess } from '../process/runProcess';

/**
 * Makes sure, before an installer is started, that it can write into the environment alone: it has a pyvenv.cfg, its
 * interpreter is that of this venv (PEP 405: `sys.prefix` is not `sys.base_prefix`), and no folder that is written to is
 * a link out of it. A few dozen looks at the disk; an interpreter that may be another one is asked, once until it changes.
 *
 * @throws ToolError refused for a base or system Python: it is never modified (PEP 668 marks some, this refuses all);
 * venv_broken for a venv that leads out of itself.
 */
export async function refuseUnlessVenv(environment: Environment): Promise<void> {
  if (!environment.isVenv || !isFile(join(environment.path, 'pyvenv.cfg'))) {
    throw errors.refused(
      `"${environment.path}" is no virtual environment, and a base Python is never modified.`,
      'Create one with python.venv {"action": "create"}, then call again.',
    );
  }
  const why = await whyNotItself(environment);
  if (why !== undefined) throw errors.venvBroken(environment.path, why);
}

/** What an interpreter says of itself. */
interface Report {
  readonly prefix: string;
  readonly basePrefix: string;
  /** purelib, platlib, scripts and data: where an installer puts files. */
  readonly targets: readonly string[];
}

/** @returns why an installer would write outside of the venv, as in "it is broken: …"; undefined where it would not. */
async function whyNotItself(environment: Environment): Promise<string | undefined> {
  const { path, python } = environment;
  const report = ownPythonOf(environment) ?? (await reportOf(environment));
  const name = join(basename(environment.scripts), basename(python));
  if (!report) return `its ${name} does not say what it is`;
  if (isSameName(report.prefix, report.basePrefix) || !isSamePlace(report.prefix, path)) {
    return `its ${name} is the Python of "${report.prefix}", and not its own`;
  }
  return (
    linkOutOf(path, [...installFolders(environment), ...report.targets]) ??
    linkInto(report.basePrefix, environment.libraries.own)
  );
}

/** What installers write to: packages, scripts, headers, and what packages bring as data. */
const installFolders = ({ path, scripts, libraries }: Environment): string[] => [
  scripts,
  ...['lib', 'lib64', 'include', join('include', 'site'), 'share', 'etc', 'man'].map((name) => join(path, name)),
  ...libraries.own,
];

function linkOutOf(path: string, folders: readonly string[]): string | undefined {
  const root = realPathSync(path);
  for (const folder of new Set(folders)) {
    const real = orUndefined(() => realpathSync.native(folder));
    if (real === undefined || isSameName(real, root) || isInside(root, real)) continue;
    return `"${folder}" leads out of it, to "${real}"`;
  }
  return undefined;
}

/** A package that is a link to the base's is written to through the link, when it is upgraded or another shares its folder. */
function linkInto(base: string, libraries: readonly string[]): string | undefined {
  const realBase = orUndefined(() => realPathSync(base));
  if (realBase === undefined) return undefined;
  for (const library of libraries) {
    for (const entry of orUndefined(() => readdirSync(library, { withFileTypes: true })) ?? []) {
      if (!entry.isSymbolicLink()) continue;
      const link = join(library, entry.name);
      const real = orUndefined(() => realpathSync.native(link));
      if (real !== undefined && isInside(realBase, real) && statSync(real).isDirectory()) {
        return `"${link}" leads to "${real}", which belongs to its base Python`;
      }
    }
  }
  return undefined;
}

/**
 * To ask takes as long as a small install. A link to the very program in the folder that pyvenv.cfg names as `home` needs
 * not be asked: Python looks for pyvenv.cfg beside the link and takes its folder for `sys.prefix` (PEP 405). A script, a
 * copy or a program from elsewhere may do anything.
 */
function ownPythonOf({ path, python }: Environment): Report | undefined {
  const home = /^home[ \t]*=[ \t]*(\S.*)$/im.exec(readSmallText(join(path, 'pyvenv.cfg')) ?? '');
  const real = orUndefined(() => realpathSync.native(python));
  const folder = home?.[1]?.trim();
  if (real === undefined || folder === undefined || process.platform === 'win32') return undefined;
  if (isInside(realPathSync(path), real) || dirname(real) !== orUndefined(() => realPathSync(folder))) return undefined;
  if (!/^(python|pypy)/i.test(basename(real)) || isShim(real)) return undefined;
  return { prefix: path, basePrefix: dirname(folder), targets: [] };
}

/** Run as pip is run: with the environment's start-up files, and without the current folder. */
const program = `
import sys
sys.path[:] = [p for p in sys.path if p]
import json, sysconfig
paths = sysconfig.get_paths()
print(json.dumps([sys.prefix, sys.base_prefix] + [paths[name] for name in ("purelib", "platlib", "scripts", "data")]))
`;

/** A Python answers within some 50 ms; what takes longer hangs. */
const answerLimitMs = 10_000;

const reports = new Map<string, { readonly stamp: string; readonly report: Report }>();

async function reportOf({ path, python }: Environment): Promise<Report | undefined> {
  const stamp = stampOf([python, join(path, 'pyvenv.cfg')]);
  const known = reports.get(python);
  if (known?.stamp === stamp) return known.report;
  const outcome = await runProcess({
    command: python,
    args: ['-c', program],
    cwd: path,
    env: childEnvironment({ isTool: true, extra: { PYTHONPATH: '' } }),
    timeoutMs: answerLimitMs,
    spill: false,
  }).catch(() => undefined);
  const report = outcome?.exitCode === 0 ? parseReport(textOf(outcome.stdout)) : undefined;
  if (report) reports.set(python, { stamp, report });
  return report;
}

function parseReport(output: string): Report | undefined {
  const line = output.trimEnd().split(/\r?\n/).at(-1) ?? '';
  const values = orUndefined((): unknown => JSON.parse(line));
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) return undefined;
  const [prefix, basePrefix, ...targets] = values;
  return prefix === undefined || basePrefix === undefined ? undefined : { prefix, basePrefix, targets };
}

const stampOf = (paths: readonly string[]): string =>
  paths
    .map((path) => {
      const facts = orUndefined(() => statSync(path, { bigint: true }));
      return facts ? `${facts.dev}:${facts.ino}:${facts.mtimeNs}:${facts.size}` : '-';
    })
    .join(' ');

const isFile = (path: string): boolean => orUndefined(() => statSync(path).isFile()) === true;

function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
