// `npm start`: sets everything up, builds, shows the tools at work on the sample project in the terminal, and then opens
// VS Code on that project with the extension loaded. `npm start -- --no-open` leaves VS Code out.
import { spawn, spawnSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// A build machine has nobody to look at a window.
const open = !process.argv.includes('--no-open') && !process.env.CI;

function build(...flags) {
  const { status } = spawnSync(process.execPath, ['esbuild.mjs', ...flags], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

installDependencies(root);
console.log('Building …');
build();
const { demonstrate } = await import('./demonstration.mjs');
process.exitCode = await demonstrate(root);
if (open && process.exitCode === 0) {
  build('--tests'); // What opens VS Code's server is what the tests open it with.
  const project = join(root, '.cache', 'sample-project');
  await cp(join(root, 'test/fixtures/sample-project'), project, { recursive: true });
  const editor = spawn(process.execPath, [join(root, 'dist-test/test/host/openEditor.js'), project, root], {
    cwd: root,
    stdio: 'inherit',
  });
  // Ctrl+C reaches both; the editor ends what it started, and then this ends.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => editor.kill(signal));
  editor.on('exit', (code) => process.exit(code ?? 0));
}
