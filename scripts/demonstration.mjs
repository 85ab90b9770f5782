// The main job, end to end: an MCP client starts the stdio server on a copy of the sample project and calls its tools.
import { Buffer } from 'node:buffer';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

/** What an agent would do with the project, in order. A step that may fail says what its result must be all the same. */
const steps = [
  ['Create a virtual environment', 'python.venv', { action: 'create' }],
  ['Install what the project requires', 'python.pip', { action: 'install', requirements: 'requirements.txt' }],
  ['Run it', 'python.run', { file: 'main.py', args: ['--year', '2024'] }],
  ['A run that fails: the traceback, and the exception as fields', 'python.run', { file: 'broken.py' }, fails],
  ['A run that hangs: ended in time, with what it wrote', 'python.run', { file: 'slow.py', timeout: 1.5 }, timesOut],
  [
    'Inline code, no quoting',
    'python.run',
    { code: 'import sys\nprint(f"it\'s {sys.argv[1]!r}")', args: ['a "quoted" word'] },
  ],
  [
    'What a chart would need',
    'python.pip',
    { action: 'install', requirements: 'requirements-chart.txt', dry_run: true },
  ],
  ['Install that', 'python.pip', { action: 'install', requirements: 'requirements-chart.txt' }],
  ['Run it with a chart', 'python.run', { file: 'main.py', args: ['--chart'], timeout: 120 }],
  ['List the packages', 'python.pip', { action: 'list' }],
  ['Freeze them', 'python.pip', { action: 'freeze' }],
  ['Look at the environment', 'python.venv', { action: 'info' }],
  ['Delete it', 'python.venv', { action: 'delete', path: '.venv' }],
];

const succeeds = ({ success }) => success === true;
function fails({ success, exception }) {
  return success === false && exception?.type === 'ZeroDivisionError';
}
function timesOut({ timed_out, stdout }) {
  return timed_out === true && stdout.startsWith('step 1\n');
}

/** @returns the exit code: 1 where a step did not end as it should. */
export async function demonstrate(root) {
  const project = await mkdtemp(join(tmpdir(), 'sample-project-'));
  await cp(join(root, 'test/fixtures/sample-project'), project, { recursive: true });
  const client = new Client({ name: 'demonstration', version: '1.0.0' });
  const server = join(root, 'dist/stdio.js');
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [server, '--workspace', project], env: process.env }),
  );
  let exitCode = 0;
  try {
    const { tools } = await client.listTools();
    console.log(`\nConnected over stdio. Tools: ${tools.map(({ name }) => name).join(', ')}`);
    for (const [index, [title, name, input, expected = succeeds]] of steps.entries()) {
      console.log(
        `\n${styleText('bold', `${index + 1}. ${title}`)}\n${styleText('cyan', `${name} ${JSON.stringify(input)}`)}`,
      );
      const result = await client.callTool({ name, arguments: input }, undefined, { timeout: 600_000 });
      await show(result, project);
      if (expected(result.structuredContent)) continue;
      console.log(styleText('red', 'This is not how this step should end.'));
      exitCode = 1;
      if (result.structuredContent.error?.kind === 'network') break;
    }
  } finally {
    await client.close();
    await rm(project, { recursive: true, force: true, maxRetries: 3 });
  }
  return exitCode;
}

async function show({ structuredContent, content }, project) {
  console.log(linesOf(structuredContent, project).join('\n'));
  for (const picture of content.filter(({ type }) => type === 'image')) {
    const path = join(tmpdir(), 'sample-project-chart.png');
    await writeFile(path, Buffer.from(picture.data, 'base64'));
    console.log(`  ${styleText('dim', 'picture:')} ${path}`);
  }
}

/** @returns a result as a person wants to read it: long texts as they are, the rest as fields. */
export function linesOf(structuredContent, project) {
  // Fields are shown as JSON, in which a path of Windows has each backslash twice.
  const shorter = (text) => text.replaceAll(JSON.stringify(project).slice(1, -1), '…').replaceAll(project, '…');
  const isText = ([name, value]) => ['stdout', 'stderr', 'requirements'].includes(name) && typeof value === 'string';
  const results = Object.entries(structuredContent).filter(([, value]) => value !== '');
  return [
    ...results
      .filter(isText)
      .flatMap(([name, text]) => [styleText('dim', `  ${name}:`), shorter(text).trimEnd().replaceAll(/^/gm, '    ')]),
    ...results
      .filter((result) => !isText(result))
      .map(([name, value]) => `  ${styleText('dim', `${name}:`)} ${shorter(JSON.stringify(value))}`),
  ];
}
