import '../support/cleanMachine';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connectOverStdio, project, type ConnectedClient, type Fields } from '../support/mcpClient';
import { testPythons } from '../support/pythons';
import { writeSdist, writeWheel } from '../support/wheels';
import { failures, type Failure, type Step } from './failures';

/** A Python that has exception groups, as most have by now. */
const python = testPythons().find(({ minor }) => minor >= 12) ?? testPythons().at(-1);

async function writeDistributions(folder: string): Promise<void> {
  for (const version of ['1.0', '2.0']) await writeWheel(folder, { name: 'alpha', version });
  await writeWheel(folder, { name: 'beta', version: '1.0' });
  await writeWheel(folder, { name: 'needs-alpha-2', version: '1.0', requires: ['alpha>=2'] });
  const buildFails = "error: command 'gcc' failed: No such file or directory";
  await writeSdist(folder, { name: 'needs-compiler', version: '1.0', buildFails });
}

/** Runs what a failure class consists of, in a folder of its own. @returns its part of the page. */
async function tell({ title, files = {}, before = [], steps }: Failure, root: string): Promise<string> {
  const folder = join(await mkdtemp(join(root, 'told-')), 'project');
  await mkdir(folder);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const client = await connectOverStdio(['--workspace', folder, '--interpreter', python?.path ?? 'python3'], {
    env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(root, 'wheels'), XDG_STATE_HOME: join(root, 'state') },
  });
  try {
    for (const { tool, input } of before) {
      const { success } = await client.ask(tool, { ...input });
      if (!success) throw new Error(`${title}: ${tool} ${JSON.stringify(input)} failed`);
    }
    const shown: string[] = [];
    for (const step of steps) shown.push(await exchange(client, step, (text) => neutral(text, folder, root)));
    return [`### ${title}`, ...Object.entries(files).map(fileShown), ...shown].join('\n\n');
  } finally {
    await client.close();
  }
}

const fileShown = ([path, content]: [string, string]): string =>
  content === '' ? `\`${path}\` is empty.` : `\`${path}\`:\n\n${fenced(path.endsWith('.py') ? 'python' : '', content)}`;

async function exchange(client: ConnectedClient, { tool, input }: Step, neutral: (text: string) => string) {
  const result = await client.ask(tool, { ...input });
  return `\`${tool}\`\n\n${fenced('json', pretty(input))}\n\nanswers\n\n${fenced('json', neutral(pretty(result)))}`;
}

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** JSON with a line for each field, and what is in a field in one line as long as that is short. */
function pretty(fields: Fields | Step['input'], indent = ''): string {
  const lines = Object.entries(fields).map(
    ([name, value]) => `${indent}  ${JSON.stringify(name)}: ${shown(value, indent)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function shown(value: unknown, indent: string): string {
  const short = JSON.stringify(value);
  if (short.length < 100 || typeof value !== 'object' || value === null) return short;
  if (!Array.isArray(value)) return pretty(value as Record<string, unknown>, `${indent}  `);
  const inner = `${indent}    `;
  return `[\n${value.map((each) => `${inner}${shown(each, inner)}`).join(',\n')}\n${indent}  ]`;
}

/** Where pyenv and others keep what a system has in /usr. */
const prefix = /\/[\w./-]+?\/versions\/[^/"]+(?=\/(bin|lib)\/)/g;

/** Without what is of this machine and of this moment alone. */
function neutral(text: string, folder: string, root: string): string {
  return text
    .replaceAll(folder, '/workspace/project')
    .replaceAll(root, '/tmp')
    .replace(prefix, '/usr')
    .replaceAll(homedir(), '~')
    .replace(/("duration_ms": )\d+/g, '$145')
    .replace(/("size_mb": )[\d.]+/g, '$110.4')
    .replace(/("created": ")[^"]+/g, '$12025-01-06T10:00:00Z')
    .replace(/(127\.0\.0\.1[^\d]{1,6}|Port )\d{4,5}/g, '$18000');
}

async function main(): Promise<void> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'transcripts-')));
  try {
    await writeDistributions(join(root, 'wheels'));
    const parts: string[] = [];
    for (const { chapter, failures: classes } of failures) {
      parts.push(`## ${chapter}`);
      for (const failure of classes) parts.push(await tell(failure, root));
    }
    const opening =
      'What a model reads when something goes wrong: real answers of the server over MCP, written by ' +
      '`npm run transcripts` from real runs. Paths, durations, sizes and dates are made neutral. Where an answer has a ' +
      '`hint`, it names the next step.';
    const page = ['# What agents are told', opening, ...parts].join('\n\n');
    await mkdir(join(project, 'docs'), { recursive: true });
    await writeFile(join(project, 'docs/agents.md'), `${page}\n`);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

void main();
