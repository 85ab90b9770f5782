import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { version } from '../../package.json';
import { PythonFolder } from '../core/folder';
import { currentFolder } from '../core/files/currentFolder';
import { createMachinery } from '../core/machinery';
import { endAllProcesses } from '../core/process/living';
import { keepTidy } from '../core/process/keepTidy';
import { Workspace } from '../core/workspace';
import { tools } from '../tools';
import { clientFolders, fixedFolders } from './clientFolders';
import { createServer } from './createServer';
import { help, parseFlags, type Flags } from './flags';
import { StdioTransport } from './stdioTransport';
import { answersPing, parentWatch, watchClient } from './watchClient';

/** Standard output carries protocol messages only. */
const log = (line: string): void => {
  process.stderr.write(`python-tools-mcp: ${line}\n`);
};

/** How long calls that were cancelled may take to leave nothing behind before the server exits all the same. */
const shutdownMs = 2500;

/** Serves, or does what the command line says in place of it. */
export async function main(): Promise<void> {
  if (process.argv[2] === 'connect') {
    await connectAgents(process.argv.slice(3));
    return;
  }
  const flags = flagsOrExit();
  if (flags.action === 'help') return void process.stdout.write(help);
  if (flags.action === 'version') return void process.stdout.write(`${version}\n`);
  await serve(flags);
}

/** Loaded only here: what edits configuration files is of no use to a server. */
async function connectAgents(args: readonly string[]): Promise<void> {
  const { connect } = await import('../connect');
  process.exitCode = await connect(args);
}

function flagsOrExit(): Flags {
  try {
    const flags = parseFlags(process.argv.slice(2), process.env);
    for (const folder of flags.workspaces) {
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
        throw new Error(`--workspace ${folder}: there is no such folder.`);
      }
    }
    return flags;
  } catch (cause) {
    log(`${cause instanceof Error ? cause.message : String(cause)} See --help.`);
    process.exit(2);
  }
}

async function serve({ workspaces, toolNames, settings }: Flags): Promise<void> {
  const isParentGone = parentWatch();
  const machinery = createMachinery();
  const workspace = new Workspace(
    (root, otherRoots) => new PythonFolder({ ...machinery, root, otherRoots, settings: () => settings }),
  );
  const session = createServer({
    tools,
    folders: {
      pick: async (wanted) => {
        await folders();
        return workspace.pick(wanted);
      },
    },
    version,
    toolNames,
    onOutput: (_stream, chunk) => process.stderr.write(chunk),
    log,
  });
  const folders =
    workspaces.length > 0
      ? fixedFolders(
          workspace,
          workspaces.map((folder) => resolve(folder)),
        )
      : clientFolders(workspace, session.server, currentFolder());

  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), shutdownMs).unref();
    void session
      .close()
      .catch(() => undefined)
      .then(endAllProcesses)
      .finally(() => process.exit(0));
  };
  process.stdin.once('end', end).once('close', end);
  // For every one of them: a second signal without a listener would end this process before what it started.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  // A client that is gone without a word: there is nobody left to answer.
  process.stdout.on('error', end);
  watchClient({ isParentGone, answers: async () => await answersPing(session.server), onGone: end });

  await session.server.connect(new StdioTransport(process.stdin, process.stdout));
  keepTidy(0);
}
