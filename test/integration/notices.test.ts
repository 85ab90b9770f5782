import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { project } from '../support/mcpClient';
import { npmCommand } from '../support/npmInstall';

const file = 'THIRD-PARTY-NOTICES.md';
const permissive = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

const outputOf = async (command: string, args: readonly string[], cwd = project): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd, maxBuffer: 16 * 1024 ** 2 })).stdout;

/** @returns the notices of a project, as `npm run generate` makes them. */
const noticesOf = async (root: string): Promise<string> => {
  const module = JSON.stringify(pathToFileURL(join(project, 'scripts', 'notices.mjs')).href);
  const code = `import { thirdPartyNotices } from ${module}; process.stdout.write(thirdPartyNotices(${JSON.stringify(root)}));`;
  return await outputOf(process.execPath, ['--input-type=module', '-e', code]);
};

describe('the notices of what is bundled', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(async () => (folder = await realpath(await mkdtemp(join(tmpdir(), 'notices-')))));
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };

  it('name every package of which the bundles hold code, its version and a permissive licence', async () => {
    const sources = join(folder, 'sources.json');
    await outputOf(process.execPath, [
      'esbuild.mjs',
      '--production',
      `--outdir=${folder}/dist`,
      `--sources=${sources}`,
    ]);
    const paths = JSON.parse(await readFile(sources, 'utf8')) as string[];
    const notices = await readFile(join(project, file), 'utf8');
    const sections = new Map(notices.split(/^## (?=\S+ \d)/m).map((section) => [section.split('\n')[0], section]));
    const folders = new Set(paths.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
    assert.ok(folders.size > 10 && paths.includes('src/mcp/stdioServer.ts'));
    for (const each of folders) {
      const text = await readFile(join(project, each, 'package.json'), 'utf8');
      const { name, version } = JSON.parse(text) as { name: string; version: string };
      const section = sections.get(`${name} ${version}`) ?? '';
      const licence = /^Licence: (\S+)$/m.exec(section)?.[1] ?? 'none';
      assert.ok(permissive.includes(licence), `${name}: ${licence}`);
      assert.match(section, /````text\n[^]{200,}\n````|```text\n[^]{200,}\n```/, name);
    }
    assert.ok(!notices.includes(project));
  });

  it('are in the extension and in the npm package', async () => {
    const vsce = createRequire(__filename).resolve('@vscode/vsce/vsce');
    const extension = await outputOf(process.execPath, [vsce, 'ls', '--no-dependencies']);
    assert.ok(extension.split(/\r?\n/).includes(file), extension);
    const [npm, ...before] = npmCommand();
    const packed = await outputOf(npm, [...before, 'pack', '--dry-run', '--json', '--ignore-scripts']);
    const [{ files } = { files: [] }] = JSON.parse(packed) as { files: { path: string }[] }[];
    assert.ok(files.some(({ path }) => path === file));
  });

  it('are the same in whatever order and with whatever line ends the packages come', async () => {
    const make = async (order: readonly string[], end: string): Promise<string> => {
      const paths = JSON.stringify(order.map((name) => `node_modules/${name}/index.js`));
      await write('.cache/notices/sources.json', paths);
      await write('esbuild.mjs', '');
      for (const name of order) {
        const plain = name.replace('x/node_modules/', '');
        await write(
          `node_modules/${name}/package.json`,
          JSON.stringify({ name: plain, version: '1.0.0', license: 'MIT' }),
        );
        await write(`node_modules/${name}/LICENSE`, ['MIT', '', `Copyright ${plain}  `, ''].join(end));
      }
      return await noticesOf(folder);
    };
    const notices = await make(['b', '@a/c', 'x/node_modules/b'], '\n');
    assert.equal(await make(['x/node_modules/b', '@a/c', 'b'], '\r\n'), notices);
    assert.deepEqual(notices.match(/^## .*$/gm), ['## @a/c 1.0.0', '## b 1.0.0']);
  });

  it('are refused for a package under another licence, and for one without its text', async () => {
    await write('.cache/notices/sources.json', '["node_modules/a/index.js"]');
    await write('esbuild.mjs', '');
    await write('node_modules/a/package.json', '{"name":"a","version":"1.0.0","license":"GPL-3.0-only"}');
    await write('node_modules/a/LICENSE', 'GPL');
    await assert.rejects(noticesOf(folder), /a 1\.0\.0 has the licence "GPL-3\.0-only"/);
    await write('node_modules/a/package.json', '{"name":"a","version":"1.0.0","license":"MIT"}');
    await rm(join(folder, 'node_modules/a/LICENSE'));
    await assert.rejects(noticesOf(folder), /a 1\.0\.0 has no text of its licence/);
  });
});
