import { homedir, tmpdir } from 'node:os';

const longest = 240;

/** @returns the message of an error, short and without the places of this machine: reports are published. */
export function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const plain = message
    .replaceAll(homedir(), '~')
    .replaceAll(tmpdir(), '$TMPDIR')
    .replaceAll(/https?:\/\/[^\s'"]+/g, '…');
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
