import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../environment';
import { errors } from '../errors';

/** @throws ToolError refused for a base or system Python: it is never modified (PEP 668 marks some, this refuses all). */
export async function refuseUnlessVenv(environment: Environment): Promise<void> {
  const hasConfig = await access(join(environment.path, 'pyvenv.cfg')).then(
    () => true,
    () => false,
  );
  if (environment.isVenv && hasConfig) return;
  throw errors.refused(
    `"${environment.path}" is no virtual environment, and a base Python is never modified.`,
    'Create one with python.venv {"action": "create"}, then call again.',
  );
}
