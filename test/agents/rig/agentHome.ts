import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { anyPython } from '../../support/anyPython';
import { stdioServer } from '../../support/mcpClient';
import type { Agent, HomeFiles, Place } from './agent';

/** An agent's home and project, for one test; disposing deletes both. */
export interface AgentHome extends Place, AsyncDisposable {
  /** What the agent and our server have of the environment: no more than a new terminal of a person has. */
  readonly env: Record<string, string>;
}

/** Makes both folders, and the agent's own configuration in its home. */
export async function makeAgentHome(agent: Agent, model: string): Promise<AgentHome> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `${agent.name}-`)));
  const place: Place = { home: join(folder, 'home'), workspace: join(folder, 'project'), model };
  for (const path of [place.home, place.workspace]) await mkdir(path);
  await addFiles(place.home, agent.files(place));
  return {
    ...place,
    env: { ...terminal(place.home), ...agent.env(place) },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** Lets `connect` write the agent's configuration, as a person who says yes does. @returns what it printed. */
export async function connect(agent: Agent, { workspace, env }: AgentHome): Promise<string> {
  const args = [stdioServer, 'connect', agent.name, '--yes', '--workspace', workspace, '--trust'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: workspace, env });
  return stdout + stderr;
}

/** Adds to files: keys to those that hold an object, lines to the others. */
export async function addFiles(home: string, files: HomeFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(home, path);
    const before = existsSync(target) ? await readFile(target, 'utf8') : '';
    await mkdir(dirname(target), { recursive: true });
    const after =
      typeof content === 'string'
        ? before + content
        : JSON.stringify({ ...(before === '' ? {} : (JSON.parse(before) as object)), ...content }, null, 2);
    await writeFile(target, after);
  }
}

/** Nothing but loopback can be reached: every other address is behind a proxy that is not there. */
function terminal(home: string): Record<string, string> {
  const nowhere = 'http://127.0.0.1:9';
  const uv = process.env['PYTHON_TOOLS_TEST_UV'];
  return {
    HOME: home,
    PATH: [dirname(anyPython()), ...(uv === undefined ? [] : [dirname(uv)]), process.env['PATH']].join(delimiter),
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    ...Object.fromEntries(['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, nowhere])),
    ...Object.fromEntries(['NO_PROXY', 'no_proxy'].map((name) => [name, '127.0.0.1,localhost'])),
  };
}
