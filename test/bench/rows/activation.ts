import { join } from 'node:path';
import { atMost, type Row } from '../comparison';
import type { Rig } from '../rig';

/** Loads and activates the extension, with an API that takes everything and does nothing; prints what that cost. */
const activate = `
const Module = require('node:module');
const { dirname } = require('node:path');
const { statSync } = require('node:fs');
const stub = new Proxy(class {}, {
  get: (target, name) =>
    name === Symbol.iterator ? function* () {} : name === Symbol.toPrimitive ? () => '' : name === 'prototype' ? target.prototype : stub,
  apply: () => stub,
  construct: () => ({ dispose() {}, push() {} }),
});
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? vscode : load(name, ...rest));
const workspace = new Proxy({ workspaceFolders: [{ uri: { fsPath: process.argv[2], scheme: 'file' }, name: 'folder', index: 0 }] }, {
  get: (target, name) => target[name] ?? stub,
});
const vscode = new Proxy({ workspace, Disposable: class { static from() { return new this(); } dispose() {} } }, { get: (target, name) => target[name] ?? stub });
const context = new Proxy({ subscriptions: [] }, { get: (target, name) => target[name] ?? stub });
const file = process.argv[1];
const started = performance.now();
require(file).activate(context);
const milliseconds = performance.now() - started;
const loaded = Object.keys(require.cache).filter((path) => path.startsWith(dirname(file)));
const kilobytes = loaded.reduce((sum, path) => sum + statSync(path).size, 0) / 1024;
console.log(JSON.stringify({ milliseconds, kilobytes }));
process.exit();
`;

/** @returns what an activation cost. */
async function activation(rig: Rig, folder: string): Promise<{ milliseconds: number; kilobytes: number }> {
  const args = ['-e', activate, join(rig.dist, 'extension.js'), folder];
  return JSON.parse(await rig.run({ command: process.execPath, args })) as {
    milliseconds: number;
    kilobytes: number;
  };
}

export const activationTime: Row = {
  name: 'activation',
  title: 'extension: loading and `activate()`, with a stand-in for the VS Code API',
  target: atMost(20),
  prepare: async (rig) => {
    const folder = await rig.folder();
    return { ours: async () => (await activation(rig, folder)).milliseconds };
  },
};

export const activationCode: Row = {
  name: 'activation-code',
  title: 'extension: code loaded at activation',
  unit: 'KB',
  target: atMost(100),
  prepare: async (rig) => {
    const folder = await rig.folder();
    return { ours: async () => (await activation(rig, folder)).kilobytes };
  },
};
