// Loads and activates the extension argv[2] on the folder argv[3], with a stand-in for the VS Code API that takes
// everything and does nothing; prints the milliseconds and the kilobytes of code that this took.
const console = require('node:console');
const Module = require('node:module');
const { statSync } = require('node:fs');
const { dirname } = require('node:path');
const { performance } = require('node:perf_hooks');
const process = require('node:process');

const [file, folder] = process.argv.slice(2);
const disposable = { dispose() {} };

/** A value that can be called, constructed and asked for anything. */
const anything = new Proxy(function () {}, {
  get: (_target, name) => {
    if (name === Symbol.toPrimitive) return () => '';
    if (name === Symbol.iterator) return () => [].values();
    return name === 'then' ? undefined : name === 'prototype' ? {} : anything;
  },
  set: () => true,
  apply: () => anything,
  construct: () => disposable,
});
const withDefaults = (known) => new Proxy(known, { get: (target, name) => target[name] ?? anything });

class Disposable {
  static from() {
    return disposable;
  }
}
class EventEmitter {
  event = () => disposable;
  fire() {}
  dispose() {}
}
const workspace = withDefaults({
  isTrusted: true,
  workspaceFolders: [{ uri: { fsPath: folder, scheme: 'file' }, name: 'folder', index: 0 }],
  getConfiguration: () => ({ get: (_name, value) => value, has: () => true, inspect: () => undefined }),
});
// Inherited: a bundle copies what a module has itself, and takes its prototype along.
const vscode = Object.create(withDefaults({ workspace, Disposable, EventEmitter }));
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? vscode : load(name, ...rest));

const started = performance.now();
require(file).activate(withDefaults({ subscriptions: [] }));
const milliseconds = performance.now() - started;
const loaded = Object.keys(require.cache).filter((path) => path.startsWith(dirname(file)));
const kilobytes = loaded.reduce((sum, path) => sum + statSync(path).size, 0) / 1024;
console.log(JSON.stringify({ milliseconds, kilobytes }));
process.exit();
