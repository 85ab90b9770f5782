import { basename } from 'node:path';
import type { Environment } from '../core/environment';
import type { PythonFolder } from '../core/folder';
import { isInside, relativeInside } from '../core/paths';
import type { ExistingVenv } from '../core/venv/venvResults';

/** What there is to say of a folder's active environment. */
export type Status =
  | VenvStatus
  | (Omit<VenvStatus, 'kind' | 'version'> & { readonly kind: 'broken'; readonly reason: string })
  | { readonly kind: 'none' }
  | { readonly kind: 'untrusted' };

interface VenvStatus {
  readonly kind: 'venv';
  /** As people call it: ".venv". */
  readonly name: string;
  readonly version: string;
  /** Absolute. */
  readonly path: string;
  /** What takes longer to find out; undefined until then. */
  readonly info?: ExistingVenv;
}

/** @returns the status of a folder; nothing is run. @param known the active venv, where it is known already. */
export async function readStatus(folder: Pick<PythonFolder, 'root' | 'venvs'>, known?: Environment): Promise<Status> {
  // A selected venv that broke: the manager throws, and tells of it when it is asked for it.
  const active = known ? { environment: known, broken: undefined } : await folder.venvs.active().catch(() => undefined);
  if (active?.environment) {
    const { path, version } = active.environment;
    return { kind: 'venv', name: nameOf(folder.root, path), version, path };
  }
  if (active && !active.broken) return { kind: 'none' };
  const info = await folder.venvs.info(active?.broken?.path);
  if (!info.exists || info.broken === undefined) return { kind: 'none' };
  return { kind: 'broken', name: nameOf(folder.root, info.path), path: info.path, reason: info.broken, info };
}

const nameOf = (root: string, path: string): string =>
  isInside(root, path) ? relativeInside(root, path) : basename(path);

export interface StatusText {
  /** With the icons of VS Code. */
  readonly text: string;
  /** For screen readers. */
  readonly label: string;
  readonly warns: boolean;
}

/** @returns what the status bar shows. @param busy what is being done, such as "Creating .venv". */
export function statusText(status: Status, busy: string | undefined): StatusText {
  const { icon, text } = textOf(status);
  const label = `Python environment: ${text}${busy === undefined ? '' : `, ${busy}`}`;
  if (busy !== undefined)
    return { text: `$(loading~spin) ${status.kind === 'venv' ? text : busy}`, label, warns: false };
  return { text: `$(${icon}) ${text}`, label, warns: status.kind === 'broken' };
}

function textOf(status: Status): { readonly icon: string; readonly text: string } {
  switch (status.kind) {
    case 'venv':
      return { icon: 'python', text: [status.name, status.version].filter((part) => part !== '').join(' · ') };
    case 'broken':
      return { icon: 'warning', text: `${status.name} · broken` };
    case 'none':
      return { icon: 'python', text: 'No venv' };
    case 'untrusted':
      return { icon: 'python', text: 'Not trusted' };
  }
}
