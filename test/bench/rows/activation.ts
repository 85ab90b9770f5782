import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { workbench } from '../../host/rig/workbench';
import { atMost, type Measure, type Row } from '../comparison';
import type { Rig } from '../rig';
import { startVsCode } from '../vscode';

/** What VS Code itself says of an activation, in whole milliseconds. */
interface Activation {
  /** Until the code was loaded, while other extensions were being loaded as well. */
  readonly load: number;
  /** What `activate()` took. */
  readonly call: number;
}

/** Reads "Developer: Startup Performance": a line of a table, `| name | eager | load | call | …`. */
async function readActivation(page: Page): Promise<Activation> {
  await workbench(page).command('Developer: Startup Performance');
  const lines = page.locator('.editor-instance .monaco-editor .view-lines').first();
  for (let attempt = 0; attempt < 40; attempt++) {
    await lines.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+C');
    const text = String(await page.evaluate('navigator.clipboard.readText()'));
    const [, load, call] = /^\| python-tools-mcp\.python-tools-mcp +\| \w+ +\| (\d+) +\| (\d+) +\|/m.exec(text) ?? [];
    if (load !== undefined) return { load: Number(load), call: Number(call) };
    await pause(250); // The page is filled in bit by bit.
  }
  throw new Error('VS Code tells nothing of the activation');
}

/** @returns the kilobytes of the extension's files that an extension host had loaded when its window was closed. */
async function loadedCode(rig: Rig): Promise<number> {
  const coverage = await rig.folder();
  const { inWindow } = await startVsCode(rig, { NODE_V8_COVERAGE: coverage });
  await inWindow(() => Promise.resolve());
  // Each process writes its own at its end.
  for (let attempt = 0; attempt < 120; attempt++) {
    const files = await scriptsIn(coverage, dirname(rig.dist));
    if (files.length > 0) {
      const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
      return sizes.reduce((sum, size) => sum + size, 0) / 1024;
    }
    await pause(250);
  }
  throw new Error('the extension host did not say what it had loaded');
}

/** @returns the files inside of a folder that V8 reports as loaded; none while the report is being written. */
async function scriptsIn(coverage: string, folder: string): Promise<string[]> {
  const reports = await Promise.all(
    (await readdir(coverage)).map(async (name) => await readFile(join(coverage, name), 'utf8')),
  );
  const within = `${pathToFileURL(folder).href}/`;
  const urls = reports
    .filter((text) => text.trimEnd().endsWith('}'))
    .flatMap((text) => [...text.matchAll(/"url":"(file:[^"]+)"/g)].map(([, url = '']) => url));
  return [...new Set(urls)].filter((url) => url.startsWith(within)).map((url) => fileURLToPath(url));
}

/** A figure of VS Code's, of a new window each time. */
async function inWindows(rig: Rig, figure: (activation: Activation) => number): Promise<{ ours: Measure }> {
  const { inWindow } = await startVsCode(rig);
  return { ours: async () => figure(await inWindow(readActivation)) };
}

export const activationTime: Row = {
  name: 'activation',
  title: "extension: `activate()`, by VS Code's own account",
  target: atMost(20),
  prepare: async (rig) => await inWindows(rig, ({ call }) => call),
};

export const activationLoad: Row = {
  name: 'activation-load',
  title: 'extension: loading its code, while VS Code loads its other extensions',
  prepare: async (rig) => await inWindows(rig, ({ load }) => load),
};

export const activationCode: Row = {
  name: 'activation-code',
  title: 'extension: code that its host has loaded when a window with a Python file is closed again',
  unit: 'KB',
  target: atMost(100),
  prepare: (rig) => Promise.resolve({ ours: async () => await rig.shared(loadedCode) }),
};
