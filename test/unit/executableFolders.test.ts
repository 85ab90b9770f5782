import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interpreterCandidates } from '../../src/core/interpreters/candidates';
import { usualFolders } from '../../src/core/languageServers/findServers';
import { uvCandidates } from '../../src/core/interpreters/uv';
import { executableOnPath } from '../../src/core/interpreters/executableOnPath';
import { pathFolders } from '../../src/core/interpreters/pathFolders';
import { gitSource } from '../../src/core/packages/gitSource';
import { childEnvironment } from '../../src/core/process/environment';
import { isTrustedFolder, trustedPath } from '../../src/core/process/executableFolders';
import { thisMachine } from '../../src/core/files/storage';
import { itOnUnix } from '../support/platform';

describe('looking up executables', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const machineWith = (PATH: string) => ({ ...thisMachine(), env: { PATH } });

  /** Makes a folder with a program in it that leaves a file behind. */
  function programs(name: string, mode = 0o755, program = 'git'): string {
    mkdirSync(at(name), { recursive: true });
    writeFileSync(join(at(name), program), `#!/bin/sh\n: > "${at('ran')}"\n`, { mode: 0o755 });
    chmodSync(at(name), mode);
    return at(name);
  }

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'python-tools-test-')));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  itOnUnix('modes of folders')('passes over what is relative, empty or writable by everybody', () => {
    const own = programs('own');
    const open = programs('open', 0o777);
    const sticky = programs('sticky', 0o1777);
    const below = programs('sticky/below');
    const replaceable = programs('open/below');
    const PATH = ['.', '', 'bin', './own', open, sticky, replaceable, own, below].join(':');
    assert.deepEqual(pathFolders(machineWith(PATH)), [own, below]);
    assert.equal(trustedPath(`${PATH}:`), `${own}:${below}`);
    assert.equal(executableOnPath('git', '/nowhere', machineWith(PATH)), join(own, 'git'));
  });

  itOnUnix('modes of folders')('follows links, and thinks of what others could put where nothing is', () => {
    const open = programs('open', 0o777);
    symlinkSync(open, at('link'));
    programs('own');
    mkdirSync(at('sticky'));
    chmodSync(at('sticky'), 0o1777);
    symlinkSync(at('own'), at('sticky/link'));
    assert.deepEqual(
      [at('link'), at('sticky/nothing'), at('sticky/nothing/bin')].filter((each) => isTrustedFolder(each)),
      [],
    );
    assert.equal(isTrustedFolder(at('nothing/bin')), true);
    assert.equal(isTrustedFolder(at('sticky/link')), true);
  });

  itOnUnix('modes of folders')('never means the current folder by an empty PATH', () => {
    for (const PATH of ['', '.', ':', programs('open', 0o777)]) {
      assert.equal(trustedPath(PATH), '/usr/bin:/bin', PATH);
      assert.equal(childEnvironment({ host: { PATH }, isTool: true })['PATH'], '/usr/bin:/bin');
    }
    assert.equal(childEnvironment({ host: { PATH: '.:/x' } })['PATH'], '.:/x', "a user's program has PATH as it is");
  });

  it('knows what is relative on Windows, and keeps its programs from looking into the current folder', () => {
    const path = String.raw`.;tools;\tools;C:tools;"D:\a;b";C:\Windows;\\server\share\bin;%X%\bin;`;
    const kept = String.raw`"D:\a;b";C:\Windows;\\server\share\bin`;
    const env = childEnvironment({ host: { Path: path }, isTool: true, platform: 'win32' });
    assert.equal(env['Path'], kept);
    assert.equal(env['NoDefaultCurrentDirectoryInExePath'], '1');
    assert.equal(childEnvironment({ host: {}, platform: 'win32' })['NoDefaultCurrentDirectoryInExePath'], undefined);
  });

  itOnUnix('modes of folders')('looks into no other folder that everybody may write to either', () => {
    const open = programs('open', 0o777, 'uv');
    writeFileSync(join(open, 'ruff'), '', { mode: 0o755 });
    const env = { PATH: '', UV_INSTALL_DIR: open, XDG_BIN_HOME: open, UV_TOOL_BIN_DIR: open };
    const machine = { ...thisMachine(), env, home: folder };
    assert.equal(uvCandidates(machine).includes(join(open, 'uv')), false);
    assert.equal(usualFolders(machine).includes(open), false);
    const disk = { names: (path: string) => (path === open ? ['python3'] : []), text: () => undefined };
    assert.deepEqual([...interpreterCandidates({ ...machine, env: { PATH: open } }, disk)], []);
  });

  it('takes no uv by a relative path', () => {
    assert.deepEqual(uvCandidates({ ...thisMachine(), env: { PYTHON_TOOLS_UV: './uv' } }), []);
  });

  itOnUnix('modes of folders')('runs no git of the project, of the current folder or of everybody', async () => {
    const repository = programs('repository');
    programs('repository/bin');
    programs('open', 0o777);
    mkdirSync(at('repository/.git'));
    // A configuration that includes another file is for git to read.
    writeFileSync(at('repository/.git/config'), '[include]\n\tpath = other\n');
    const { PATH } = process.env;
    const before = process.cwd();
    try {
      process.env['PATH'] = ['.', '', 'bin', repository, at('repository/bin'), at('open')].join(':');
      process.chdir(repository);
      assert.deepEqual(await gitSource(repository), { kind: 'no-remote' });
      assert.equal(existsSync(at('ran')), false);
      process.env['PATH'] = programs('own');
      await gitSource(repository);
      assert.equal(existsSync(at('ran')), true, 'a git of the user is run');
    } finally {
      process.env['PATH'] = PATH;
      process.chdir(before);
    }
  });
});
