// Builds what ships (dist/) and, with --tests, a file-by-file transpile of src and test (dist-test/).
import { cp, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const watch = flags.has('--watch');

/** The Python support files: imported by the interpreter, so they ship as they are, beside the code that names them. */
const pythonSupport = join(root, 'src/core/runner/python');

/** @type {esbuild.BuildOptions} */
const shared = {
  absWorkingDir: root,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  sourcemap: production ? false : 'linked',
};

/** Lines that the problem matcher in .vscode/tasks.json understands. */
const problemMatcher = {
  name: 'problem-matcher',
  /** @param {esbuild.PluginBuild} build */
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd((result) => {
      for (const { text, location } of result.errors) {
        console.error(`✘ [ERROR] ${text}`);
        if (location) console.error(`    ${location.file}:${location.line}:${location.column}:`);
      }
      console.log('[watch] build finished');
    });
  },
};

/** What loads on first use is a bundle of its own beside the one that imports it: `import('./tools')` stays one. */
const loadedOnFirstUse = {
  name: 'loaded-on-first-use',
  /** @param {esbuild.PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${path.split('/').at(-1)}.js`, external: true } : undefined,
    );
  },
};

/** @returns {esbuild.BuildOptions} */
function shippedOptions() {
  return {
    ...shared,
    entryPoints: {
      stdio: 'src/mcp/stdio.ts',
      extension: 'src/extension.ts',
      tools: 'src/tools/index.ts',
      endpoint: 'src/mcp/endpoint.ts',
      connect: 'src/connect/index.ts',
    },
    bundle: true,
    minify: production,
    keepNames: true,
    outdir: 'dist',
    external: ['vscode'],
    // Its main file is a UMD module, which no bundler sees through.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [loadedOnFirstUse, ...(watch ? [problemMatcher] : [])],
  };
}

async function buildShipped() {
  await rm(join(root, 'dist'), { recursive: true, force: true });
  if (watch) {
    const context = await esbuild.context(shippedOptions());
    await context.watch();
  } else {
    await esbuild.build(shippedOptions());
  }
  const filter = (path) => !path.includes('__pycache__');
  await cp(pythonSupport, join(root, 'dist/python'), { recursive: true, filter });
}

async function buildTests() {
  const entryPoints = [];
  for (const folder of ['src', 'test']) {
    const files = await readdir(join(root, folder), { recursive: true });
    entryPoints.push(...files.filter((file) => file.endsWith('.ts')).map((file) => join(folder, file)));
  }
  await rm(join(root, 'dist-test'), { recursive: true, force: true });
  await esbuild.build({ ...shared, sourcemap: 'inline', entryPoints, outdir: 'dist-test', outbase: '.' });
  await cp(join(root, 'package.json'), join(root, 'dist-test/package.json'));
  const target = join(root, 'dist-test', relative(root, pythonSupport));
  if (existsSync(pythonSupport)) await cp(pythonSupport, target, { recursive: true });
}

await (flags.has('--tests') ? buildTests() : buildShipped());
