import { Uri } from 'vscode';

/** What a caller may say instead of being asked for it: a menu passes a URI, a keybinding or a test an object. */
export interface CommandArguments {
  readonly uri?: Uri;
  /** Name or path of an open folder. */
  readonly folder?: string;
  /** Of an environment, or of a requirements file. */
  readonly path?: string;
  readonly python?: string;
  readonly packages?: readonly string[];
}

/** @returns what the first argument of a command says; what is not of the right kind counts as not said. */
export function readArguments(argument: unknown): CommandArguments {
  if (argument instanceof Uri) return { uri: argument };
  const said: Readonly<Record<string, unknown>> =
    typeof argument === 'object' && argument !== null ? { ...argument } : {};
  const text = (name: 'folder' | 'path' | 'python') => (typeof said[name] === 'string' ? { [name]: said[name] } : {});
  const packages = said['packages'];
  return {
    ...text('folder'),
    ...text('path'),
    ...text('python'),
    ...(Array.isArray(packages) && { packages: packages.filter((name) => typeof name === 'string') }),
  };
}
