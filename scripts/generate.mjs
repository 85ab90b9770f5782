// Writes what follows from the tools (the languageModelTools of package.json, the reference in the README and the
// instructions for chats), from package.json (the table of settings in the README), from docs/performance.json (the page
// and the chart of the benchmarks) and from the packages that are bundled (their notices).
// With --check it writes nothing and fails where one of them is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { thirdPartyNotices } from './notices.mjs';
import { performanceChart, performancePage } from './performance.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');

/** @returns the exports of the tools, built from their sources. */
async function loadTools() {
  const outfile = join(root, '.cache', 'generate.cjs');
  const contents = `export { tools } from './src/tools'; export * from './src/tools/manifest'; export * from './src/tools/instructions';`;
  await esbuild.build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'warning',
  });
  return createRequire(import.meta.url)(outfile);
}

const between = (text, name, content) => {
  const [start, end] = [`<!-- ${name}: generated -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`README.md has no place for "${name}".`);
  return `${text.slice(0, from + start.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
};

async function update(file, change) {
  const path = join(root, file);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const text = change(before);
  // Prettier knows no SVG.
  const after = file.endsWith('.svg') ? text : await format(text, { ...(await resolveConfig(path)), filepath: path });
  if (after === before) return;
  if (check) {
    console.error(`${file} is stale: run "npm run generate".`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, after);
  }
}

/** @returns the settings of package.json as a table. */
function settingsTable({ properties }) {
  const rows = Object.entries(properties).map(
    ([name, { default: value, markdownDescription, enum: values = [], enumDescriptions = [] }]) => {
      const choices = values.map((choice, index) => `\`${choice}\`: ${enumDescriptions[index]}.`);
      const meaning = [markdownDescription.replaceAll(/`#([\w.]+)#`/g, '`$1`'), ...choices].join(' ');
      const shown = value === '' ? '' : `\`${typeof value === 'object' ? JSON.stringify(value) : value}\``;
      return `| \`${name}\` | ${shown} | ${meaning.replaceAll('|', '\\|')} |`;
    },
  );
  return ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

const { tools, manifestEntry, referencePage, chatInstructionsFile } = await loadTools();
await update('package.json', (text) => {
  const manifest = JSON.parse(text);
  manifest.contributes.languageModelTools = tools.map(manifestEntry);
  return JSON.stringify(manifest);
});
const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
await update('README.md', (text) => {
  const withTools = between(text, 'tools', referencePage(tools));
  return between(withTools, 'settings', settingsTable(contributes.configuration));
});
await update('media/chat/python.instructions.md', () => chatInstructionsFile());
await update('THIRD-PARTY-NOTICES.md', () => thirdPartyNotices(root));
if (existsSync(join(root, 'docs/performance.json'))) {
  const report = JSON.parse(readFileSync(join(root, 'docs/performance.json'), 'utf8'));
  await update('docs/performance.md', () => performancePage(report));
  await update('docs/performance.svg', () => performanceChart(report));
}
