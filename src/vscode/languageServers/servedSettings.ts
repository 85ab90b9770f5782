import { mergeTrees, sectionOf, type SettingsTree } from '../../core/languageServers/settingsTree';
import type { LanguageServer } from '../../core/languageServers/servers';
import type { ServerPlan } from '../../core/languageServers/serverSlot';
import { readLanguageSettings } from './languageSettings';

/** What a server is told: the editor's settings, the interpreter over them, and over that what the user set for it. */
export class ServedSettings {
  readonly #server: LanguageServer;
  readonly #root: string;
  #tree: SettingsTree = {};

  constructor(server: LanguageServer, root: string, plan: ServerPlan) {
    this.#server = server;
    this.#root = root;
    this.follow(plan);
  }

  /** Takes over the settings and the interpreter as they are now. */
  follow({ python }: ServerPlan): void {
    const { forServers, own } = readLanguageSettings(this.#root);
    this.#tree = mergeTrees(forServers, python && this.#server.interpreterSettings(python), own);
  }

  initializationOptions(): unknown {
    return this.#server.initializationOptions?.(this.#tree);
  }

  /** What goes with the news that settings changed. */
  pushed(): unknown {
    const { pushes, sections } = this.#server;
    return pushes === true ? Object.fromEntries(sections.map((name) => [name, sectionOf(this.#tree, name)])) : null;
  }

  /** @returns what is set in a section; undefined for one that is not this server's. */
  answer(section: string | undefined): unknown {
    const known = this.#server.sections.some((name) => section === name || section?.startsWith(`${name}.`) === true);
    return section !== undefined && known ? sectionOf(this.#tree, section) : undefined;
  }
}
