import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the language servers for the tests are; see scripts/languageServers.mjs. */
export interface TestServers {
  /** The folder of the executables that came from the Python package index. */
  readonly scripts: string;
  /** The folder of those that came from npm. */
  readonly npm: string;
  /** Holds what installs basedpyright without an index. */
  readonly wheels: string;
}

/** @returns the language servers; undefined, with a message, where they could not be installed. */
export function testServers(): TestServers | undefined {
  const folder = process.env['PYTHON_TOOLS_TEST_SERVERS'];
  if (folder === undefined || !existsSync(folder)) {
    console.log('    PYTHON_TOOLS_TEST_SERVERS names no folder: the tests with language servers are skipped.');
    return undefined;
  }
  return {
    scripts: join(folder, 'venv', process.platform === 'win32' ? 'Scripts' : 'bin'),
    npm: join(folder, 'node_modules', '.bin'),
    wheels: join(folder, 'wheels'),
  };
}
