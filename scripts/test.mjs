// `npm test`: installs what is missing, checks the sources, builds, runs every suite, and closes with the sums.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';
import { installLanguageServers } from './languageServers.mjs';
import { installUv } from './uv.mjs';
import { installWindows } from './windows.mjs';
import { leaveWindows, runOnWindows, useWindows, windowsVariables } from './windows/use.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv.slice(2);
const counts = { passed: 0, failed: 0, skipped: 0 };

/** A suite that hangs is a failure, not a wait for ever. */
const suiteLimitMs = 30 * 60 * 1000;

/** @returns whether a command of this project succeeded; its output is shown. */
function run(command, args, env = process.env) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env, timeout: suiteLimitMs }).status === 0;
}

/** A check counts as one test. */
function check(title, args) {
  console.log(`\n── ${title}`);
  const passed = run(process.execPath, args);
  counts[passed ? 'passed' : 'failed']++;
  return passed;
}

const bin = (name, file) => join('node_modules', name, file);

function checkSources() {
  check('lint', [bin('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0']);
  check('format', [bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']);
  check('types', [bin('typescript', 'bin/tsc'), '--noEmit']);
  check('generated files', ['scripts/generate.mjs', '--check']);
  check('workflows', ['scripts/lintWorkflows.mjs']);
}

/** The suites, with what each needs beside the clean machine. */
const suites = {
  unit: { files: ['dist-test/test/unit/**/*.test.js'] },
  integration: { files: ['dist-test/test/integration/**/*.test.js'] },
  windows: { files: ['dist-test/test/windows/*.test.js'] },
  agents: { files: ['dist-test/test/agents/*.test.js'] },
  host: {
    files: ['dist-test/test/host/*.test.js'],
    require: ['dist-test/test/host/rig/session.js'],
  },
  agent: {
    files: ['dist-test/test/agent/*.test.js'],
    require: ['dist-test/test/host/rig/session.js'],
  },
};

/** @returns the arguments with which Node.js runs the tests of a suite. */
function mochaOf({ files, require = [] }) {
  return [
    '--enable-source-maps',
    bin('mocha', 'bin/mocha.js'),
    '--reporter',
    'test/support/reporter.cjs',
    ...['dist-test/test/support/cleanMachine.js', ...require].flatMap((module) => ['--require', module]),
    ...files,
  ];
}

/** Runs the tests of a suite in a process of their own. */
function runSuite(name, env) {
  runTests(name, (results) =>
    run(process.execPath, mochaOf(suites[name]), { ...env, PYTHON_TOOLS_TEST_RESULTS: results }),
  );
}

/** @param start runs the tests, which leave their sums in the file that it is given. */
function runTests(name, start) {
  const results = join(root, '.cache', `results-${name}.json`);
  rmSync(results, { force: true });
  start(results);
  if (!existsSync(results)) {
    counts.failed++; // It did not get to its end.
    return;
  }
  const { passed, failed, skipped } = JSON.parse(readFileSync(results, 'utf8'));
  counts.passed += passed;
  counts.failed += failed;
  counts.skipped += skipped;
}

/** Windows itself runs every suite; elsewhere, Wine runs the unit tests and the server. */
function runWindowsSuite(env) {
  if (process.platform === 'win32') return runSuite('windows', { ...env, ...windowsVariables() });
  const windows = installWindows();
  if (!windows) {
    counts.skipped++;
    return;
  }
  useWindows(windows);
  try {
    const under = { 'unit tests': suites.unit.files };
    if (windows.pythons.length > 0) under['tests of processes'] = ['dist-test/test/integration/process.test.js'];
    for (const [title, files] of Object.entries(under)) {
      console.log(`\n── ${title} on Windows (Wine)`);
      const how = { root, timeout: suiteLimitMs };
      runTests('wine', (results) => runOnWindows(windows, mochaOf({ files }), { ...how, results }));
    }
    console.log('\n── the server on Windows (Wine)');
    runSuite('windows', { ...env, ...windowsVariables(windows) });
  } finally {
    leaveWindows(windows);
  }
}

installDependencies(root);
mkdirSync(join(root, '.cache'), { recursive: true });
const all = wanted.length === 0;
if (all) checkSources();
const built = check('build', ['esbuild.mjs']) && check('build of the tests', ['esbuild.mjs', '--tests']);
if (built) {
  const uv = installUv(root);
  const servers =
    all || wanted.includes('integration') || wanted.includes('host') ? installLanguageServers() : undefined;
  const env = {
    ...process.env,
    ...(uv === undefined ? {} : { PYTHON_TOOLS_TEST_UV: uv }),
    ...(servers === undefined ? {} : { PYTHON_TOOLS_TEST_SERVERS: servers }),
  };
  for (const suite of Object.keys(suites).filter((suite) => all || wanted.includes(suite))) {
    console.log(`\n── ${suite} tests`);
    if (suite === 'windows') runWindowsSuite(env);
    else runSuite(suite, env);
  }
}

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`\n${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed > 0 ? 1 : 0;
