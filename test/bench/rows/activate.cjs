// Loads and activates the extension argv[2] on the folder argv[3], with a stand-in for the VS Code API that takes
// everything and does nothing; prints the milliseconds and the kilobytes of code that this took.
const { statSync } = require('node:fs');
const Module = require('node:module');
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
// As a prototype: of a module, bundles take the own properties and what it inherits.
const vscode = Object.setPrototypeOf({ workspace, Disposable, EventEmitter }, withDefaults({}));

const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

const started = performance.now();
require(file).activate(withDefaults({ subscriptions: [] }));
const milliseconds = performance.now() - started;
const loaded = Object.keys(require.cache).filter((name) => dirname(name) === dirname(file));
const kilobytes = loaded.reduce((sum, name) => sum + statSync(name).size, 0) / 1024;
console.log(JSON.stringify({ milliseconds, kilobytes }));
process.exit();
