// `npm run bench`: measures the tools against what one would run by hand instead. `-- --quick` takes a minute,
// `-- --only NAME` measures the rows whose name contains NAME, `-- --peers` other MCP servers too, and `-- --save` makes
// the figures those of docs/performance.md. Builds into .cache/bench: a dist/ in use stays as it is.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { installDependencies } from './dependencies.mjs';
import { installUv } from './uv.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(root, '.cache', 'bench');
const args = process.argv.slice(2).filter((arg) => arg !== '--save');
const save = args.length < process.argv.length - 2;
const report = join(root, 'artifacts', 'bench.json');

/** Runs a script of this project; ends where it fails. */
function run(script, options, env = process.env) {
  const { status } = spawnSync(process.execPath, [script, ...options], { cwd: root, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

installDependencies(root);
// The extension as it is installed: what VS Code reads beside the code, too.
const extension = join(cache, 'extension');
const dist = join(extension, 'dist');
run('esbuild.mjs', ['--production', `--outdir=${dist}`]);
for (const name of ['package.json', 'media']) cpSync(join(root, name), join(extension, name), { recursive: true });
const main = join(cache, 'main.cjs');
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['test/bench/main.ts'],
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
  logLevel: 'warning',
  outfile: main,
});
const env = { ...process.env };
env.PYTHON_TOOLS_TEST_UV ??= installUv(root);
if (env.PYTHON_TOOLS_TEST_UV === undefined) delete env.PYTHON_TOOLS_TEST_UV;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
run('--enable-source-maps', [main, `--dist=${dist}`, `--version=${version}`, `--out=${report}`, ...args], env);
if (save) {
  mkdirSync(join(root, 'docs'), { recursive: true });
  copyFileSync(report, join(root, 'docs', 'performance.json'));
  run('scripts/generate.mjs', []);
}
