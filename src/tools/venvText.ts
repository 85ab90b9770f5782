import type { PlainText } from './defineTool';
import type { VenvOutput } from './venvTool';
import { counted, shortTime } from './words';

/** @returns what was done to a venv, or what there is to know of it. */
export function venvText(result: VenvOutput): PlainText {
  const { venvs = [], path = '', exists, deleted, created_with: maker, duration_ms: ms = 0 } = result;
  if (result.count !== undefined) return { lines: listLines(venvs, result.active) };
  if (deleted) return { lines: [`Deleted ${path}.`] };
  if (exists === false) return { lines: [`There is no virtual environment at ${path}.`, ...overviewLines(result)] };
  const active = result.active === true ? ' (active)' : '';
  const title = maker === undefined ? `${path}${active}` : `Created ${path}${active} with ${maker} in ${shortTime(ms)}`;
  return { lines: [title, factsOf(result), ...overviewLines(result)] };
}

function listLines(venvs: NonNullable<VenvOutput['venvs']>, active: VenvOutput['active']): string[] {
  if (venvs.length === 0) return ['This folder has no virtual environment.'];
  return [
    `${counted(venvs.length, 'virtual environment')}, active: ${typeof active === 'string' ? active : 'none'}`,
    ...venvs.map((venv) => `${venv.path} · ${factsOf(venv)}`),
  ];
}

function overviewLines({ venvs = [], interpreters = [], requirements }: VenvOutput): string[] {
  return [
    ...venvs.map((venv) => `Other venv: ${venv.path} · ${factsOf(venv)}`),
    ...(requirements ? requirementLines(requirements) : []),
    ...(interpreters.length > 0
      ? [`Interpreters: ${interpreters.map(({ version, path }) => `${version} (${path})`).join(', ')}`]
      : []),
  ];
}

function requirementLines({ files, satisfied, unknown, missing, conflicting, ...more }: Requirements): string[] {
  const state = satisfied === undefined ? '' : satisfied ? ' (satisfied)' : ' (not satisfied)';
  return [
    `Requirements: ${files.length > 0 ? files.join(', ') : 'no file'}${state}`,
    ...(more.unsatisfied_files ? [`Not satisfied: ${more.unsatisfied_files.join(', ')}`] : []),
    ...(unknown ? [`Not judged: ${unknown.join('; ')}`] : []),
    ...(missing ? [`Missing: ${missing.join(', ')}`] : []),
    ...(conflicting ? [`Conflicting: ${conflicting.map(conflictText).join(', ')}`] : []),
  ];
}

function conflictText({ requirement, installed, required_by: by }: Conflict): string {
  return `${requirement}${by === undefined ? '' : ` of ${by}`} (installed: ${installed ?? 'none'})`;
}

type Requirements = NonNullable<VenvOutput['requirements']>;
type Conflict = NonNullable<Requirements['conflicting']>[number];

function factsOf(venv: Partial<VenvOutput>): string {
  const { python_version: version, packages_count: packages, size_mb: size, created, prompt, base_python: base } = venv;
  return [
    ...(venv.broken === undefined ? [] : [`broken: ${venv.broken}`]),
    `Python ${version ?? 'unknown'}`,
    ...(packages === undefined ? [] : [counted(packages, 'package')]),
    ...(size === undefined ? [] : [`${size} MB`]),
    ...(created === undefined ? [] : [`created ${created}`]),
    ...(prompt === undefined ? [] : [`prompt ${prompt}`]),
    ...(base === undefined ? [] : [`base ${base ?? 'gone'}`]),
    ...(venv.system_site_packages === true ? ["sees the base interpreter's packages"] : []),
  ].join(' · ');
}
