import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// A FIFO would be waited for, a device and a sparse file read without an end.
const readBounded = 'Files are read through src/core/files, which bounds what is read and waits for nothing.';
const reading = [
  ...['node:fs', 'fs'].map((name) => ({
    name,
    importNames: [
      'readFile',
      'readFileSync',
      'createReadStream',
      'open',
      'openSync',
      'openAsBlob',
      'promises',
      'default',
    ],
    message: readBounded,
  })),
  ...['node:fs/promises', 'fs/promises'].map((name) => ({
    name,
    importNames: ['readFile', 'open', 'default'],
    message: readBounded,
  })),
];

/**
 * Imports point one way: extension → {vscode, mcp} → {tools, connect} → core, and inside core {hints, scripts} →
 * {venv, packages, runner} → interpreters → process → files, languageServers → interpreters. A rule per folder names what that folder must not reach.
 */
const layer = (files, forbidden, { mayRead = false } = {}) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { paths: mayRead ? [] : reading, patterns: forbidden.map(([regex, message]) => ({ regex, message })) },
    ],
  },
});

const vscodeApi = ['^vscode($|-)', 'The VS Code API is only for src/vscode and src/extension.ts.'];
const mcpSdk = ['^@modelcontextprotocol/', 'The MCP SDK is only for src/mcp.'];
const zod = ['^zod', 'Schemas are the concern of src/tools.'];
const childProcess = ['^(node:)?child_process$', 'Processes start in src/core/process only.'];
const languageClient = ['^vscode-language', 'The client loads with src/vscode/languageServers/clientStarter.ts alone.'];
const above = (...folders) => [
  `^\\.\\.?/(.*/)?(${folders.join('|')})(/|$)`,
  `This layer must not import from ${folders.join(', ')}.`,
];

const ofProcess = [
  vscodeApi,
  mcpSdk,
  zod,
  above('tools', 'mcp', 'vscode', 'venv', 'packages', 'runner', 'interpreters', 'hints', 'scripts', 'folder'),
];
const ofRoom = (folder) => [
  vscodeApi,
  mcpSdk,
  zod,
  childProcess,
  above(
    ...['tools', 'mcp', 'vscode', 'hints', 'scripts', 'folder'],
    ...['venv', 'packages', 'runner'].filter((other) => other !== folder),
  ),
];

const ofConnect = [vscodeApi, mcpSdk, zod, childProcess, above('tools', 'mcp', 'vscode')];

export default defineConfig(
  { ignores: ['dist', 'dist-test', 'node_modules', '.cache', '.vscode-test', 'artifacts', 'test/fixtures'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // noPropertyAccessFromIndexSignature asks for the brackets.
      '@typescript-eslint/dot-notation': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
      },
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { console: 'readonly' } },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines': 'off' },
  },
  layer(['src/*.ts'], []),
  {
    files: ['src/**/*.ts'],
    ignores: ['src/core/files/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.name=/^mkdir(Sync)?$/] Property[key.name='recursive'][value.value=true]",
          message: 'It never ends below /proc: use makeFolder.',
        },
        {
          selector: 'ImportSpecifier[imported.name=/^(homedir|userInfo|tmpdir)$/]',
          message: 'A user may have no home, and anybody may write to /tmp: use homeFolder and privateFolder.',
        },
      ],
    },
  },
  layer(['src/core/*.ts'], [vscodeApi, mcpSdk, zod, childProcess, above('tools', 'connect', 'mcp', 'vscode')]),
  layer(
    ['src/core/files/**'],
    [
      vscodeApi,
      mcpSdk,
      zod,
      childProcess,
      above(
        ...['tools', 'connect', 'mcp', 'vscode', 'venv', 'packages', 'runner', 'interpreters', 'process'],
        ...['hints', 'scripts', 'folder'],
      ),
    ],
    { mayRead: true },
  ),
  layer(['src/core/process/**'], ofProcess),
  // What the system says in /proc comes at once, for thousands of processes, and from nobody else.
  layer(['src/core/process/linuxProcesses.ts', 'src/core/process/processesUsing.ts'], ofProcess, { mayRead: true }),
  layer(
    ['src/core/interpreters/**'],
    [
      vscodeApi,
      mcpSdk,
      zod,
      childProcess,
      above('tools', 'mcp', 'vscode', 'venv', 'packages', 'runner', 'hints', 'scripts', 'folder'),
    ],
  ),
  ...['venv', 'packages', 'runner'].map((folder) => layer([`src/core/${folder}/**`], ofRoom(folder))),
  // On Windows, opening a program for writing tells whether it runs; nothing is read.
  layer(['src/core/venv/undeletable.ts'], ofRoom('venv'), { mayRead: true }),
  ...[
    ['hints', 'scripts'],
    ['scripts', 'hints'],
  ].map(([folder, sibling]) =>
    layer(
      [`src/core/${folder}/**`],
      [vscodeApi, mcpSdk, zod, childProcess, above('tools', 'mcp', 'vscode', 'folder', sibling)],
    ),
  ),
  layer(
    ['src/core/languageServers/**'],
    [
      vscodeApi,
      mcpSdk,
      zod,
      childProcess,
      above('tools', 'mcp', 'vscode', 'venv', 'packages', 'runner', 'hints', 'scripts', 'folder'),
    ],
  ),
  layer(['src/tools/**'], [vscodeApi, mcpSdk, childProcess, above('mcp', 'vscode', 'connect')]),
  layer(['src/connect/**'], ofConnect),
  // What it opens, it has read through src/core/files before.
  layer(['src/connect/writeConfig.ts'], ofConnect, { mayRead: true }),
  layer(['src/mcp/**'], [vscodeApi, childProcess, above('vscode')]),
  layer(['src/vscode/**'], [mcpSdk, zod, childProcess, languageClient]),
  layer(['src/vscode/languageServers/client*.ts'], [mcpSdk, zod, childProcess]),
);
