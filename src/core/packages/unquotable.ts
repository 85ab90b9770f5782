import { resolve } from 'node:path';
import { liesOutside } from '../paths';

/** How pip and uv name the file in which they found what they do not take. */
const named = /\(from line \d{1,9} of ([^)\n]{1,1000})\)|`([^`\n]{1,1000})` at position/g;

const mostFiles = 20;

/** @returns those of the files that an installer complains of which lie outside the folder, as it names them. */
export async function filesNamedOutside(root: string, output: string): Promise<string[]> {
  const files = new Set([...output.matchAll(named)].slice(0, mostFiles).map(([, pip, uv]) => pip ?? uv ?? ''));
  const outside = await Promise.all([...files].map(async (file) => await liesOutside(root, resolve(root, file))));
  return [...files].filter((_, index) => outside[index]);
}

/** @returns what is said in place of an explanation that could quote files outside the folder: which, and the line. */
export function insteadOfQuoting(installer: string, files: readonly string[], output: string): string {
  const names = files.slice(0, 3).map((file) => `"${file}"`);
  const [, ofPip, ofUv] = /\(from line (\d{1,9}) of |:(\d{1,9}):\d{1,9}\s*$/m.exec(output) ?? [];
  const line = ofPip ?? ofUv;
  const where = `${names.join(', ')}${line === undefined ? '' : `, line ${line}`}`;
  return `what ${installer} says is not repeated, since it could quote files outside the folder (${where})`;
}
