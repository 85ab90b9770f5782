/** What the test tells the relay; `id` is the test's own number of a process. */
export type Order =
  | {
      readonly kind: 'start';
      readonly id: number;
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd?: string | undefined;
    }
  | { readonly kind: 'input'; readonly id: number; readonly base64: string }
  | { readonly kind: 'endOfInput'; readonly id: number }
  | { readonly kind: 'end'; readonly id: number }
  | { readonly kind: 'isAlive'; readonly id: number; readonly pid: number };

/** What the relay tells the test; the token comes first. */
export type News =
  | { readonly kind: 'relay'; readonly token: string }
  | { readonly kind: 'output'; readonly id: number; readonly stream: 'stdout' | 'stderr'; readonly base64: string }
  | { readonly kind: 'exited'; readonly id: number; readonly code: number | null }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'alive'; readonly id: number; readonly alive: boolean };

/** @returns a message as a line. */
export const lineOf = (message: Order | News): string => `${JSON.stringify(message)}\n`;

/** @returns what takes the pieces of a stream, and passes its lines on. */
export function inLines(onLine: (line: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}
