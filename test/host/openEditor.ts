import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { Unavailable } from '../support/npmInstall';
import { installVsCode } from './rig/installVsCode';
import { windowUrl } from './rig/openPage';
import { startServer } from './rig/startServer';

/**
 * Opens VS Code on a folder with the extension loaded from this checkout, for `npm start`: the desktop's where `code` is
 * on PATH, else VS Code's server, whose address is printed and opened where there is a browser. Runs until Ctrl+C, which
 * ends everything that was started.
 */
async function openEditor(folder: string, extension: string): Promise<void> {
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const code = onPath(process.platform === 'win32' ? 'code.cmd' : 'code');
  if (code !== undefined) {
    console.log('Opening VS Code on the sample project. Close its window, or press Ctrl+C, to end.');
    const args = ['--new-window', '--wait', `--extensionDevelopmentPath=${extension}`, folder];
    const editor =
      process.platform === 'win32'
        ? spawn([code, ...args].map((each) => `"${each}"`).join(' '), { stdio: 'ignore', shell: true })
        : spawn(code, args, { stdio: 'ignore' });
    await Promise.race([once(editor, 'exit'), interrupted]);
    editor.kill();
    return;
  }
  const vscode = await installVsCode();
  await using server = await startServer(vscode, { development: true });
  const url = windowUrl(server, { open: folder, extension });
  console.log(`\nVS Code with the extension, on the sample project:\n\n  ${url}\n\nPress Ctrl+C to end it.`);
  openBrowser(url);
  await interrupted;
}

function onPath(command: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

/** A machine without a browser, such as one that is reached over SSH, has the printed address. */
function openBrowser(url: string): void {
  const screen = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  const hasScreen = process.platform !== 'linux' || screen !== undefined;
  const opener = { darwin: 'open', linux: 'xdg-open' }[process.platform as string];
  if (opener === undefined || !hasScreen) return;
  const opening = spawn(opener, [url], { stdio: 'ignore', detached: true });
  opening.on('error', () => undefined);
  opening.unref();
}

const [folder, extension] = process.argv.slice(2);
if (folder === undefined || extension === undefined) throw new Error('usage: openEditor FOLDER EXTENSION');
openEditor(resolve(folder), resolve(extension)).then(
  () => process.exit(0),
  (cause: unknown) => {
    console.error(cause instanceof Unavailable ? `VS Code is not opened: ${cause.message}.` : cause);
    process.exit(cause instanceof Unavailable ? 0 : 1);
  },
);
