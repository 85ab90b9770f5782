import type { FailedRun } from './runHint';

/** What pip, uv and the interpreter say where a program installs by itself and is not let. */
const refused = [
  /: No module named pip$/m,
  /^error: externally-managed-environment$/m,
  /Could not find an activated virtualenv \(required\)/,
  /which is never modified here: packages go into a virtual environment\.$/m,
  /^error: The interpreter at .* is externally managed/m,
];

/** @returns the call that installs, where a program or `python -m pip` could not. */
export function installerHint({ request: { program, args } }: FailedRun, lastWords: string): string | undefined {
  if (!refused.some((said) => said.test(lastWords))) return undefined;
  const [action, ...names] = args;
  const plain = program.kind === 'module' && program.name === 'pip' && action === 'install' && names.length > 0;
  const packages = plain && names.every((name) => !name.startsWith('-')) ? names : ['NAME'];
  return `Packages are installed with python.pip {"action": "install", "packages": ${JSON.stringify(packages)}}, which takes care of the venv.`;
}
