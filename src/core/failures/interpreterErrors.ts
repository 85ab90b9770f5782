import { ToolError } from '../toolError';

/** Failures that concern interpreters. */
export const interpreterErrors = {
  interpreterNotFound: (wanted: string, available: readonly string[]) =>
    new ToolError(
      'interpreter_not_found',
      `No Python was found for "${wanted}".`,
      available.length > 0
        ? `Use one of these as "python": ${available.join(', ')}.`
        : 'Install Python 3.8 or newer (python.org, or "uv python install"), then call again.',
    ),
  interpreterTooOld: (wanted: string, version: string, available: readonly string[]) =>
    new ToolError(
      'interpreter_not_found',
      `"${wanted}" is Python ${version}, and Python 3.8 or newer is needed.`,
      available.length > 0 ? `Use one of these as "python": ${available.join(', ')}.` : 'Install a newer Python.',
    ),
  noInterpreter: () =>
    new ToolError(
      'interpreter_not_found',
      'No Python 3 was found on this machine.',
      'Install Python 3.8 or newer (python.org, or "uv python install"), then call again.',
    ),

  noPipForVenv: (python: string, platform: NodeJS.Platform) =>
    new ToolError(
      'interpreter_not_found',
      `"${python}" has no ensurepip, and no other Python here has a compatible pip wheel.`,
      platform === 'win32'
        ? 'Install Python from python.org, or name another Python as "python".'
        : 'Install its venv package ("apt install python3-venv" on Debian and Ubuntu), or name another Python as "python".',
    ),
  noVenvModule: (python: string) =>
    new ToolError(
      'interpreter_not_found',
      `"${python}" has no venv module, so it cannot create a virtual environment.`,
      'Install uv, which needs none, or name another Python as "python".',
    ),
};
