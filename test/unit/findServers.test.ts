import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { findServers, serverAt, usualFolders } from '../../src/core/languageServers/findServers';
import { serverLaunch } from '../../src/core/languageServers/serverLaunch';
import { languageServers } from '../../src/core/languageServers/servers';
import type { Machine } from '../../src/core/files/storage';
import { onWindows } from '../support/platform';

describe('Language servers', () => {
  let folder: string;
  const at = (...parts: string[]): string => join(folder, ...parts);
  const { platform } = process;
  const ending = onWindows ? '.exe' : '';
  /** @returns the path of an executable, which it makes. */
  const install = (name: string): string => {
    const path = at(`${name}${ending}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    chmodSync(path, 0o755);
    return path;
  };
  const machine = (env: Machine['env'] = {}): Machine => ({
    platform,
    arch: 'x64',
    env: { PATH: at('path'), ...env },
    home: at('home'),
  });
  const found = (scripts?: string, env?: Machine['env']): string[] =>
    findServers(languageServers, { machine: machine(env), scripts })
      .map(({ path }) => path)
      .filter((path) => path.startsWith(folder));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'servers-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('of the active environment come first, whatever is on PATH', () => {
    const onPath = install('path/basedpyright-langserver');
    const inVenv = install('venv/bin/pylsp');
    assert.deepEqual(found(at('venv/bin')), [inVenv, onPath]);
  });

  it('come in the order of preference within one place', () => {
    const names = ['jedi-language-server', 'ty', 'pylsp', 'pyright-langserver', 'basedpyright-langserver'];
    for (const name of names) install(`path/${name}`);
    assert.deepEqual(
      found().map((path) => basename(path, ending)),
      ['basedpyright-langserver', 'pyright-langserver', 'ty', 'pylsp', 'jedi-language-server'],
    );
  });

  it('are found where uv and others install tools, also with a bare PATH', () => {
    const npm = onWindows ? 'roaming/npm' : 'home/.npm-global/bin';
    const paths = [install('uv-tools/ty'), install('home/.local/bin/pylsp'), install(`${npm}/ty`)];
    const env = { PATH: '', UV_TOOL_BIN_DIR: at('uv-tools'), APPDATA: at('roaming') };
    assert.deepEqual(found(undefined, env).sort(), paths.sort());
  });

  it('are no folders, and no files that cannot be run', () => {
    mkdirSync(at(`path/ty${ending}`), { recursive: true });
    writeFileSync(at('path/pylsp'), '');
    assert.deepEqual(found(), []);
  });

  it('can be named by a path; the file name says which one it is', () => {
    const path = install('elsewhere/ty');
    assert.equal(serverAt(path, languageServers, platform)?.server.name, 'ty');
    const renamed = install('elsewhere/my-server');
    assert.equal(serverAt(renamed, languageServers, platform), undefined);
    const pylsp = languageServers.filter(({ name }) => name === 'pylsp');
    assert.equal(serverAt(renamed, pylsp, platform)?.server.name, 'pylsp');
    assert.equal(serverAt(at('missing/ty'), languageServers, platform), undefined);
  });

  it('are looked for on Windows where its installers put them', () => {
    const windows: Machine = {
      platform: 'win32',
      arch: 'x64',
      env: { APPDATA: 'C:\\Users\\u\\AppData\\Roaming' },
      home: 'C:\\Users\\u',
    };
    const folders = usualFolders(windows);
    assert.ok(folders.includes('C:\\Users\\u\\.local\\bin'), folders.join());
    assert.ok(folders.includes('C:\\Users\\u\\AppData\\Roaming\\npm'), folders.join());
  });

  it('are started in the folder, with the environment activated and their own folder last on PATH', () => {
    const path = install('path/ty');
    const server = serverAt(path, languageServers, platform);
    assert.ok(server);
    const python = { python: at('v/bin/python'), path: at('v'), scripts: at('v/bin'), isVenv: true };
    const host = { ...machine(), env: { PATH: at('usual'), VIRTUAL_ENV: '/other', ELECTRON_RUN_AS_NODE: '1' } };
    const { command, args, cwd, env } = serverLaunch(server, folder, python, host);
    assert.deepEqual({ command, args, cwd }, { command: path, args: ['server'], cwd: folder });
    assert.equal(env['PATH'], [at('v/bin'), at('usual'), at('path')].join(delimiter));
    assert.equal(env['VIRTUAL_ENV'], at('v'));
    assert.equal(env['ELECTRON_RUN_AS_NODE'], undefined);
  });

  it('that npm installed on Windows are started by their batch file', () => {
    const [server] = languageServers;
    assert.ok(server);
    const found = { server, path: 'C:\\npm\\basedpyright-langserver.cmd', stamp: '' };
    const windows: Machine = { platform: 'win32', arch: 'x64', env: {}, home: 'C:\\' };
    const { command, args } = serverLaunch(found, 'C:\\project', undefined, windows);
    assert.deepEqual([command, ...args], [found.path, '--stdio']);
  });
});
