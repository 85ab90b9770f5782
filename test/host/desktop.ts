import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { suiteVariable } from './rig/hostReport';
import { copyExtensions } from './rig/startServer';
import { wantedVsCode } from './rig/wantedVsCode';
import { scenarios } from './scenarios';

/**
 * The same suites in desktop VS Code, which @vscode/test-electron downloads: `npm run test:desktop`, for machines with
 * internet and a display (on Linux: `xvfb-run -a npm run test:desktop`).
 */
async function testInDesktop(): Promise<void> {
  const version = wantedVsCode();
  for (const scenario of scenarios) {
    console.log(`\nDesktop VS Code (${version}) ${scenario.title}`);
    await using workspace = await scenario.makeWorkspace();
    // Short, for the socket in it: macOS allows 103 characters.
    const userData = await mkdtemp(join(tmpdir(), 'vsc-'));
    try {
      await mkdir(join(userData, 'User'), { recursive: true });
      await writeFile(join(userData, 'User/settings.json'), JSON.stringify(scenario.settings ?? {}));
      await copyExtensions(scenario.extensions ?? [], join(userData, 'extensions'));
      await runTests({
        version,
        extensionDevelopmentPath: resolve('.'),
        extensionTestsPath: join(__dirname, 'index.js'),
        extensionTestsEnv: { ...scenario.env?.(), [suiteVariable]: scenario.suite },
        launchArgs: [
          join(workspace.path, scenario.open ?? ''),
          `--extensions-dir=${join(userData, 'extensions')}`,
          `--user-data-dir=${userData}`,
          ...(scenario.trusted === false ? [] : ['--disable-workspace-trust']),
          ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ],
      });
    } finally {
      await rm(userData, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

testInDesktop().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
