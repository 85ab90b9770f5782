import { stripVTControlCharacters } from 'node:util';
import { quoted } from '../files/quoted';

/** The lines of uv's and pip's output that tell a person what is going on. */
const telling =
  /^(Collecting|Downloading|Downloaded|Using cached|Obtaining|Processing|Preparing|Prepared|Building|Built|Getting|Installing|Installed|Uninstalling|Uninstalled|Resolved|Updating|Attempting uninstall)\b/;

/** @returns an observer of an installer's output that passes on the lines worth showing, short and without credentials. */
export function installProgress(report: (line: string) => void): (stream: 'stdout' | 'stderr', chunk: Buffer) => void {
  const pending = { stdout: '', stderr: '' };
  return (stream, chunk) => {
    const lines = (pending[stream] + chunk.toString('utf8')).split(/\r\n|\r|\n/);
    // A line without an end is no line of either installer's.
    pending[stream] = (lines.pop() ?? '').slice(0, 1000);
    for (const line of lines) {
      const text = stripVTControlCharacters(line).trim();
      if (telling.test(text) && !text.endsWith(': started')) report(quoted(text, 120));
    }
  };
}
