import { resolve } from 'node:path';
import { liesOutside } from '../paths';

/** @returns the file in which pip ("(from line 1 of FILE)") or uv ("`FILE` at position 0") found what it does not take. */
function fileNamed(line: string): string | undefined {
  const start = line.search(/\(from line \d{1,9} of /);
  if (start !== -1) return line.slice(line.indexOf(' of ', start) + ' of '.length, line.lastIndexOf(')'));
  const end = line.indexOf('` at position');
  return end === -1 ? undefined : line.slice(line.lastIndexOf('`', end - 1) + 1, end);
}

const mostFiles = 20;

/** @returns those of the files that an installer complains of which lie outside the folder, as it names them. */
export async function filesNamedOutside(root: string, output: string): Promise<string[]> {
  const named = output.split('\n').flatMap((line) => fileNamed(line) ?? []);
  const files = new Set(named.slice(0, mostFiles));
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
