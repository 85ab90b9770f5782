// Builds what ships (dist/, or what --outdir=FOLDER names) and, with --tests, a file-by-file transpile of src and test (dist-test/).
// With --sources=FILE it also writes, as JSON, the paths of the files whose code is in the bundles.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { asCommonJs } from './scripts/asCommonJs.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const valueOf = (name) => [...flags].find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
const outdir = resolve(root, valueOf('outdir') ?? 'dist');
const sourcesFile = valueOf('sources');
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

/** Bundles that the stdio server loads on first use: `import('../connect')` stays one. */
const loadedOnFirstUse = {
  name: 'loaded-on-first-use',
  /** @param {esbuild.PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/(.*\/)?(connect|stdioServer|toml)$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${path.split('/').at(-1)}.js`, external: true } : undefined,
    );
  },
};

/** @type {esbuild.BuildOptions} */
const shipped = {
  ...shared,
  bundle: true,
  minify: production,
  keepNames: true,
  metafile: sourcesFile !== undefined,
  outdir,
  // Its main file is a UMD module, which no bundler sees through.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
};

/** Of package.json the bundles need a few lines; its texts for VS Code are many times the size. */
const shortManifest = {
  name: 'short-manifest',
  /** @param {esbuild.PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
      if (path !== join(root, 'package.json')) return undefined;
      const { name, displayName, version, contributes } = JSON.parse(await readFile(path, 'utf8'));
      const languageModelTools = contributes.languageModelTools.map((tool) => ({ name: tool.name }));
      const contents = JSON.stringify({ name, displayName, version, contributes: { languageModelTools } });
      return { contents, loader: 'json', watchFiles: [path] };
    });
  },
};

/** The SDK brings a validator for answers that users give to a server's questions; here none is asked. */
const withoutValidator = {
  name: 'without-validator',
  /** @param {esbuild.PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /[\\/]sdk[\\/]dist[\\/]esm[\\/]validation[\\/]ajv-provider\.js$/ }, () => ({
      contents: 'export class AjvJsonSchemaValidator {}',
      loader: 'js',
    }));
  },
};

/** The server that other agents start: single files, which run wherever they are copied to. */
const serverOptions = {
  ...shipped,
  entryPoints: {
    stdio: 'src/mcp/stdio.ts',
    stdioServer: 'src/mcp/stdioServer.ts',
    connect: 'src/connect/index.ts',
    toml: 'src/core/files/toml.ts',
  },
  // As `require`: what that loads, Node.js keeps compiled, and it starts without the loader of ES modules.
  supported: { 'dynamic-import': false },
  plugins: [shortManifest, withoutValidator, loadedOnFirstUse],
};

/** The extension: what it loads on first use is in files of its own, and what these share, too. */
const extensionOptions = {
  ...shipped,
  entryPoints: { extension: 'src/extension.ts' },
  plugins: [
    shortManifest,
    withoutValidator,
    asCommonJs({ target: shared.target, minify: production }),
    ...(watch ? [problemMatcher] : []),
  ],
  // Names of functions, of which nothing depends here, are a tenth of the code.
  keepNames: false,
  format: 'esm',
  splitting: true,
  write: false,
  sourcemap: production ? false : 'inline',
  chunkNames: '[name]-[hash]',
  external: ['vscode'],
};

async function buildShipped() {
  await rm(outdir, { recursive: true, force: true });
  const results = [];
  for (const options of [serverOptions, extensionOptions]) {
    if (watch) await (await esbuild.context(options)).watch();
    else results.push(await esbuild.build(options));
  }
  if (sourcesFile !== undefined) await writeSources(results);
  const filter = (path) => !path.includes('__pycache__');
  await cp(pythonSupport, join(outdir, 'python'), { recursive: true, filter });
}

/** Files of which nothing is left after what is unused was taken out are none of the bundles. */
async function writeSources(results) {
  const outputs = results.flatMap(({ metafile }) => Object.values(metafile?.outputs ?? {}));
  const used = outputs.flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const paths = [...new Set(used.map(([path]) => path))].sort();
  const file = resolve(root, sourcesFile);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(paths));
}

async function buildTests() {
  const entryPoints = [];
  for (const folder of ['src', 'test']) {
    const files = await readdir(join(root, folder), { recursive: true });
    entryPoints.push(...files.filter((file) => file.endsWith('.ts')).map((file) => join(folder, file)));
  }
  await rm(join(root, 'dist-test'), { recursive: true, force: true });
  // Not bundled, `import()` would want the file's extension; `require` does not.
  const supported = { 'dynamic-import': false };
  await esbuild.build({ ...shared, supported, sourcemap: 'inline', entryPoints, outdir: 'dist-test', outbase: '.' });
  await cp(join(root, 'package.json'), join(root, 'dist-test/package.json'));
  const target = join(root, 'dist-test', relative(root, pythonSupport));
  if (existsSync(pythonSupport)) await cp(pythonSupport, target, { recursive: true });
}

await (flags.has('--tests') ? buildTests() : buildShipped());
