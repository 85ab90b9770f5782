import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences under which code may be part of the bundles, whose own is MIT. */
const permissive = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
const fence = '````';

/** @returns the folders of the packages whose code is in the bundles, relative to the project, by a build of them. */
function bundledPackages(root) {
  const sources = '.cache/notices/sources.json';
  const flags = ['--production', '--outdir=.cache/notices/dist', `--sources=${sources}`];
  execFileSync(process.execPath, ['esbuild.mjs', ...flags], { cwd: root, stdio: 'inherit' });
  const paths = JSON.parse(readFileSync(join(root, sources), 'utf8'));
  return [...new Set(paths.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? []))];
}

/** @returns the texts with which the package asks to be passed on: its licence, and notices of what it holds itself. */
function textsOf(folder) {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice|third-?party)/i.test(name));
  return names.sort().map((name) => {
    const lines = readFileSync(join(folder, name), 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r\n|\r|\n/);
    return lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trim();
  });
}

/**
 * @returns the notices of everything in the bundles that others wrote, as Markdown; the same on every machine.
 * @throws Error for a package without a text, and for one whose licence is not among the permissive ones.
 */
export function thirdPartyNotices(root) {
  const packages = bundledPackages(root).map((path) => {
    const folder = join(root, path);
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = textsOf(folder);
    if (!permissive.includes(license)) throw new Error(`${name} ${version} has the licence "${license}".`);
    if (texts.length === 0) throw new Error(`${name} ${version} has no text of its licence.`);
    if (texts.some((text) => text.includes(fence))) throw new Error(`${name} ${version}: its text ends the block.`);
    return { name, version, license, texts };
  });
  // One that lies in several folders of node_modules is named once.
  const sections = new Map(
    packages.map(({ name, version, license, texts }) => {
      const blocks = texts.map((text) => `${fence}text\n${text}\n${fence}`);
      return [`${name} ${version}`, [`## ${name} ${version}`, `Licence: ${license}`, ...blocks].join('\n\n')];
    }),
  );
  const intro = 'The bundles in `dist` hold code of these packages, under these licences.';
  return ['# Third-party notices', intro, ...[...sections.keys()].sort().map((title) => sections.get(title))].join(
    '\n\n',
  );
}
