import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Loaded before every suite: the tests see neither the machine's pip and uv configuration nor this user's state and
 * caches, and leave nothing behind in them.
 */
const folder = mkdtempSync(join(tmpdir(), 'python-tools-test-'));

for (const name of Object.keys(process.env)) {
  if (
    /^(PIP|UV|XDG|VIRTUAL_ENV|CONDA)(_|$)/.test(name) ||
    /^PYTHON(?!_TOOLS_(TEST|VSCODE_CACHE|AGENTS_CACHE))/.test(name)
  ) {
    Reflect.deleteProperty(process.env, name);
  }
}
Object.assign(process.env, {
  PIP_CONFIG_FILE: process.platform === 'win32' ? 'nul' : '/dev/null',
  UV_NO_CONFIG: '1',
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_CACHE_HOME: join(folder, 'cache'),
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_CONFIG_DIRS: join(folder, 'config'),
  LOCALAPPDATA: join(folder, 'local'),
});

process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
