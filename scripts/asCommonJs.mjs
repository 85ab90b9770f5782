import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as esbuild from 'esbuild';

/** The functions for imports and exports that esbuild defines at the start of each file of CommonJS. */
const interop = /^var __[\s\S]*?\nvar __toCommonJS = .*\n/;
const interopFile = 'interop.js';
const functions = '__export, __toCommonJS, __toESM';

const toCommonJs = { format: 'cjs', platform: 'node', supported: { 'dynamic-import': false } };

/**
 * @returns an esbuild plugin that writes split ES modules (`write: false`, source maps inline) as CommonJS. esbuild splits
 * only ES modules, and not every editor that is built on VS Code loads extensions that are.
 * @param {{ target: string, minify: boolean }} options
 */
export function asCommonJs({ target, minify }) {
  const translate = async (text, options) =>
    (await esbuild.transform(text, { ...toCommonJs, target, ...options })).code;

  /** @returns a file that takes its interop functions, otherwise a tenth of the code, from one that all share. */
  const translateFile = async (path, text) => {
    const code = await translate(text, { sourcefile: basename(path), sourcemap: minify ? false : 'inline' });
    const shared = `var { ${functions} } = require("./${interopFile}");`;
    // Lines stay where they are, for the source map.
    const sharing = code.replace(interop, (own) => shared + '\n'.repeat(own.split('\n').length - 1));
    return minify ? await translate(sharing, { minify }) : sharing;
  };

  const translateInterop = async () => {
    const [own] = interop.exec(await translate('import * as a from "a"; export { a };')) ?? [];
    if (own === undefined) throw new Error('esbuild no longer begins its CommonJS with the functions it needs there.');
    return await translate(`${own}module.exports = { ${functions} };`, { minify });
  };

  return {
    name: 'as-commonjs',
    /** @param {esbuild.PluginBuild} build */
    setup(build) {
      build.onEnd(async ({ outputFiles = [] }) => {
        const [first] = outputFiles;
        if (!first) return;
        await mkdir(dirname(first.path), { recursive: true });
        await Promise.all([
          writeFile(join(dirname(first.path), interopFile), await translateInterop()),
          ...outputFiles.map(async ({ path, text }) => writeFile(path, await translateFile(path, text))),
        ]);
      });
    },
  };
}
