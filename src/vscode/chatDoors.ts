import { Disposable, workspace as editor } from 'vscode';
import type { ExtensionSettings, Parts } from './parts';
import { section } from './settings';

/** The doors through which a chat can see the tools. */
type Door = 'languageModelTools' | 'mcp';

/** @returns whether the settings and the workspace's trust let a chat see the tools through a door. */
export function isOffered(door: Door, { enable, chatIntegration }: ExtensionSettings): boolean {
  return editor.isTrusted && enable && (chatIntegration === door || chatIntegration === 'both');
}

/** Calls `change` at once and whenever what `isOffered` answers for a door is another than before. */
export function onDidChangeOffer(door: Door, parts: Parts, change: (offered: boolean) => void): Disposable {
  let offered = isOffered(door, parts.settings());
  change(offered);
  const check = (): void => {
    const now = isOffered(door, parts.settings());
    if (now !== offered) change((offered = now));
  };
  return Disposable.from(
    editor.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section)) check();
    }),
    editor.onDidGrantWorkspaceTrust(check),
  );
}
