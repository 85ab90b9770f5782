import { commands, Uri, window, type Disposable } from 'vscode';

/** Executes a command in one server. */
export type ExecuteCommand = (command: string, args: unknown[]) => unknown;

/** A server whose commands can be executed. */
export interface CommandOwner {
  /** Whether a file is this server's. */
  readonly owns: (uri: Uri) => boolean;
  readonly execute: ExecuteCommand;
}

/**
 * The commands that servers announce. VS Code knows each name once, while every folder's server announces the same: a
 * command goes to the server of the file that it names, else of the active editor.
 */
export class ServerCommands {
  readonly #registered = new Map<string, { readonly owners: Set<CommandOwner>; readonly registration: Disposable }>();

  /** @returns what takes the commands of this owner away. */
  add(names: readonly string[], owner: CommandOwner): () => void {
    for (const name of names) this.#entry(name).owners.add(owner);
    return () => {
      for (const name of names) {
        const entry = this.#registered.get(name);
        entry?.owners.delete(owner);
        if (entry?.owners.size !== 0) continue;
        entry.registration.dispose();
        this.#registered.delete(name);
      }
    };
  }

  #entry(name: string) {
    const known = this.#registered.get(name);
    if (known) return known;
    const owners = new Set<CommandOwner>();
    const registration = commands.registerCommand(name, async (...args: unknown[]) => {
      const uris = [...args.flatMap(uriIn), ...(window.activeTextEditor ? [window.activeTextEditor.document.uri] : [])];
      const all = [...owners];
      const owner = uris.map((uri) => all.find(({ owns }) => owns(uri))).find((found) => found !== undefined) ?? all[0];
      return await owner?.execute(name, args);
    });
    const entry = { owners, registration };
    this.#registered.set(name, entry);
    return entry;
  }
}

/** The file that an argument names: an address, or an object that has one. */
function uriIn(argument: unknown): Uri[] {
  const text = typeof argument === 'object' && argument !== null && 'uri' in argument ? argument.uri : argument;
  return typeof text === 'string' && text.startsWith('file:') ? [Uri.parse(text)] : [];
}
