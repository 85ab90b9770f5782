import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json';
import { parseConnectFlags } from '../../src/connect/flags';
import { ToolError } from '../../src/core/errors';
import { inheritedVariables, isLike } from '../../src/core/process/inheritedVariables';
import { readEnvFile } from '../../src/core/runner/envFile';
import { defaultSettings } from '../../src/core/settings';
import { parseFlags } from '../../src/mcp/flags';
import { itOnUnix, itWithFileLinks } from '../support/platform';

const everything = { inherit: 'all', pass: [], withhold: [] } as const;

describe('what a run sees of the host', () => {
  const host = {
    PATH: '/usr/bin',
    HOME: '/home/u',
    LC_ALL: 'C.UTF-8',
    PYTHONPATH: '/lib',
    PYTHON_KEYRING_PASSWORD: 's1',
    HTTPS_PROXY: 'http://u:s2@proxy',
    NO_PROXY: 'localhost',
    GITHUB_TOKEN: 's3',
    AWS_SECRET_ACCESS_KEY: 's4',
    SSH_AUTH_SOCK: '/run/agent',
    PIP_INDEX_URL: 'https://u:s5@index',
    UV_INDEX: 'https://u:s6@index',
    DATABASE_URL: 'postgres://u:s7@db',
    PYTHON_TOOLS_RUN: 'marker',
    PYTHON_TOOLS_UV: '/uv',
  };
  const seen = (choice: Partial<Parameters<typeof inheritedVariables>[1]>, from: Record<string, string> = host) =>
    Object.keys(inheritedVariables(from, { ...everything, ...choice }, 'linux'));

  it('is all of it by default', () => {
    assert.deepEqual(seen(defaultSettings.runEnvironment), Object.keys(host));
  });

  it('is in a minimal environment no secret, and what a program needs', () => {
    assert.deepEqual(seen({ inherit: 'minimal' }), [
      ...['PATH', 'HOME', 'LC_ALL', 'PYTHONPATH', 'NO_PROXY', 'PYTHON_TOOLS_RUN'],
    ]);
  });

  it('is in a minimal environment what is passed, but never what is withheld', () => {
    const names = seen({ inherit: 'minimal', pass: ['DATABASE_URL', '*_TOKEN', 'AWS_*'], withhold: ['AWS_SECRET_*'] });
    assert.deepEqual(
      names.filter((name) => !seen({ inherit: 'minimal' }).includes(name)),
      ['GITHUB_TOKEN', 'DATABASE_URL'],
    );
  });

  it('is without what is withheld, PATH too', () => {
    const names = seen({ withhold: ['*TOKEN*', '*KEY', 'PIP_*', 'PATH'] });
    assert.deepEqual(
      Object.keys(host).filter((name) => !names.includes(name)),
      ['PATH', 'GITHUB_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'PIP_INDEX_URL'],
    );
    assert.deepEqual(seen({ withhold: ['*'] }), ['PYTHON_TOOLS_RUN']);
  });

  it('does not depend on case on Windows, and does elsewhere', () => {
    const windows = {
      Path: 'C:\\',
      SystemRoot: 'C:\\Windows',
      'ProgramFiles(x86)': 'C:\\P',
      Api_Token: 's',
      Mine: '1',
    };
    const names = (platform: NodeJS.Platform) =>
      Object.keys(inheritedVariables(windows, { inherit: 'minimal', pass: ['mine'], withhold: [] }, platform));
    assert.deepEqual(names('win32'), ['Path', 'SystemRoot', 'ProgramFiles(x86)', 'Mine']);
    assert.deepEqual(names('linux'), []);
    const withheld = (platform: NodeJS.Platform) =>
      Object.keys(inheritedVariables(windows, { ...everything, withhold: ['*_token'] }, platform));
    assert.ok(!withheld('win32').includes('Api_Token'));
    assert.ok(withheld('linux').includes('Api_Token'));
  });

  it('is named by patterns in which a star stands for any text, none too', () => {
    const cases: readonly [string, string, boolean][] = [
      ['A', 'A', true],
      ['AB', 'A', false],
      ['A_TOKEN', '*_TOKEN', true],
      ['_TOKEN', '*_TOKEN', true],
      ['A_TOKEN_B', '*_TOKEN', false],
      ['AWS_A', 'AWS_*', true],
      ['AWS', 'AWS_*', false],
      ['ABCABC', 'A*C', true],
      ['MY_SECRET_NAME', '*SECRET*', true],
      ['ABA', 'AB*BA', false],
      ['A.B', 'A?B', false],
      ['', '*', true],
      ['AXBXC', 'A*X*C', true],
      ['AXC', 'A*X*X*C', false],
    ];
    for (const [name, pattern, expected] of cases) assert.equal(isLike(name, pattern), expected, `${name} ${pattern}`);
  });
});

describe('the environment file of a folder', () => {
  let folder: string;
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'env-file-')))));
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };
  const failure = async (named: string): Promise<ToolError> => {
    const error: unknown = await readEnvFile(folder, named).catch((cause: unknown) => cause);
    assert.ok(error instanceof ToolError, String(error));
    return error;
  };

  it('is read where a setting names it, by any of its names', async () => {
    write('.env', '# comment\nA=1\nexport B="two words"\nC=\'#\'\nEMPTY=\n');
    const expected = { A: '1', B: 'two words', C: '#', EMPTY: '' };
    for (const named of ['.env', './.env', '${workspaceFolder}/.env', join(folder, '.env'), ' .env ']) {
      assert.deepEqual(await readEnvFile(folder, named), expected, named);
    }
  });

  it('is none where no file is named, or the folder has none', async () => {
    write('.env', 'A=1');
    for (const named of ['', ' ', 'other.env', 'no/folder/.env', '.env/below']) {
      assert.deepEqual(await readEnvFile(folder, named), {}, named);
    }
  });

  it('says nothing of what a run is', async () => {
    write('.env', 'PYTHON_TOOLS_WAIT=1\nPYTHON_TOOLS_RUN=x\npython_tools_root=/\nA=1');
    assert.deepEqual(await readEnvFile(folder, '.env'), { A: '1' });
  });

  it('lies in the folder', async () => {
    const outside = join(folder, 'outside.env');
    writeFileSync(outside, 'SECRET=s3cret');
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    for (const named of ['../outside.env', outside, '../missing.env', '/etc/hosts', '~/.netrc', '.']) {
      const error: unknown = await readEnvFile(inner, named).catch((cause: unknown) => cause);
      assert.ok(error instanceof ToolError && error.kind === 'outside_workspace', named);
    }
  });

  itWithFileLinks('does not lead out of the folder by a link', async () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    writeFileSync(join(folder, 'outside.env'), 'SECRET=s3cret');
    symlinkSync(join(folder, 'outside.env'), join(inner, '.env'));
    const error: unknown = await readEnvFile(inner, '.env').catch((cause: unknown) => cause);
    assert.ok(error instanceof ToolError && error.kind === 'outside_workspace');
  });

  it('is refused where it is too large, a folder, or no text, and nothing of it is quoted', async () => {
    write('large', 'SECRET=s3cret\n');
    truncateSync(join(folder, 'large'), 5 * 1024 ** 3);
    write('nul', 'SECRET=s3cret\0');
    mkdirSync(join(folder, 'folder'));
    for (const named of ['large', 'nul', 'folder']) {
      const { kind, message, hint = '' } = await failure(named);
      assert.equal(kind, 'invalid_input', named);
      assert.ok(message.includes(`"${named}"`) && !`${message}${hint}`.includes('s3cret'));
    }
  });

  itOnUnix('FIFOs')('is refused at once where it is a FIFO', async () => {
    execFileSync('mkfifo', [join(folder, '.env')]);
    assert.equal((await failure('.env')).kind, 'invalid_input');
  });
});

describe('the settings for what a run sees', () => {
  const { configuration } = manifest.contributes;

  it('are the user’s: a workspace, in which agents write, can only add variables of its own files', () => {
    for (const name of ['environment', 'passVariables', 'withholdVariables'] as const) {
      assert.equal(configuration.properties[`pythonTools.run.${name}`].scope, 'machine', name);
    }
    assert.equal(configuration.properties['pythonTools.run.envFile'].scope, 'resource');
    assert.ok(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes('pythonTools.run.envFile'));
  });

  it('have the defaults of the server', () => {
    const { properties } = configuration;
    assert.deepEqual(
      {
        inherit: properties['pythonTools.run.environment'].default,
        pass: properties['pythonTools.run.passVariables'].default,
        withhold: properties['pythonTools.run.withholdVariables'].default,
        file: properties['pythonTools.run.envFile'].default,
      },
      defaultSettings.runEnvironment,
    );
  });
});

describe('the flags for what a run sees', () => {
  const args = [
    ...['--run-environment', 'minimal', '--pass-variable', 'A', '--pass-variable', 'B_*'],
    ...['--withhold-variable', '*_TOKEN', '--run-env-file', '.env'],
  ];

  it('are read by the server', () => {
    assert.deepEqual(parseFlags([]).settings.runEnvironment, defaultSettings.runEnvironment);
    assert.deepEqual(parseFlags(args).settings.runEnvironment, {
      inherit: 'minimal',
      pass: ['A', 'B_*'],
      withhold: ['*_TOKEN'],
      file: '.env',
    });
  });

  it('are handed on by connect as they were given', () => {
    assert.deepEqual(parseConnectFlags(['codex', ...args], () => []).serverFlags, args);
    assert.deepEqual(parseConnectFlags(['codex'], () => []).serverFlags, []);
  });

  it('are refused where they are wrong, without a value that was meant for a variable', () => {
    for (const parse of [parseFlags, (wrong: readonly string[]) => parseConnectFlags(wrong, () => [])]) {
      assert.throws(() => parse(['--run-environment', 'none']), /takes all, minimal, not "none"/);
      assert.throws(
        () => parse(['--pass-variable', 'TOKEN=s3cret']),
        (error: Error) => !error.message.includes('s3cret'),
      );
      assert.throws(() => parse(['--withhold-variable', '']), /takes the name of a variable/);
    }
  });
});
