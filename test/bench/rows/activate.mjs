// Loads and activates the extension argv[2] on the folder argv[3], with a stand-in for the VS Code API that takes
// everything and does nothing; prints the milliseconds and the kilobytes of code that this took.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

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
globalThis.vscode = withDefaults({ workspace, Disposable, EventEmitter });

const code = dirname(file);
const textOf = (name) => readFileSync(join(code, name), 'utf8');
/** The names that the extension takes from VS Code: a module has to say what it exports. */
const names = new Set(
  readdirSync(code)
    .filter((name) => name.endsWith('.mjs'))
    .map(textOf)
    .flatMap((text) => [
      ...[...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*"vscode"/g)].flatMap(([, list]) =>
        list.split(',').map((each) => each.trim().split(/\s+as\s+/)[0]),
      ),
      ...[...text.matchAll(/import\s*\*\s*as\s+([\w$]+)\s+from\s*"vscode"/g)].flatMap(([, all]) =>
        [...text.matchAll(new RegExp(`(?<![\\w$.])${all.replaceAll('$', '\\$')}\\.(\\w+)`, 'g'))].map(
          ([, name]) => name,
        ),
      ),
    ]),
);
// In a folder of its own, so that a package of that name can lie beside it.
const place = mkdtempSync(join(tmpdir(), 'activate-'));
cpSync(code, join(place, 'dist'), { recursive: true });
const standIn = join(place, 'node_modules', 'vscode');
mkdirSync(standIn, { recursive: true });
writeFileSync(join(standIn, 'package.json'), '{"name": "vscode", "type": "module", "main": "main.js"}');
const exported = [...names].map((name) => `export const ${name} = globalThis.vscode.${name};`);
writeFileSync(join(standIn, 'main.js'), exported.join('\n'));

/** @returns a file with all that it imports at once. */
function withImports(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, other] of textOf(name).matchAll(/(?:from|import)\s*"\.\/([\w-]+\.mjs)"/g)) withImports(other, found);
  return found;
}

const started = performance.now();
const { activate } = await import(pathToFileURL(join(place, 'dist', basename(file))).href);
activate(withDefaults({ subscriptions: [] }));
const milliseconds = performance.now() - started;
const loaded = [...withImports(basename(file))];
const kilobytes = loaded.reduce((sum, name) => sum + statSync(join(code, name)).size, 0) / 1024;
console.log(JSON.stringify({ milliseconds, kilobytes }));
rmSync(place, { recursive: true });
process.exit();
