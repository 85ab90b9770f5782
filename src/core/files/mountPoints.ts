import { readText } from './readFiles';

/** @returns the mount points that this process sees, absolute; none where the system does not list them (macOS). */
export async function mountPoints(): Promise<string[]> {
  const table = (await readText('/proc/self/mountinfo')) ?? '';
  return table.split('\n').flatMap((line) => {
    // proc(5): the fifth field, in which blanks and the like are written as octal numbers.
    const point = line.split(' ')[4];
    return point === undefined ? [] : point.replace(/\\(\d{3})/g, (_, digits: string) => fromOctal(digits));
  });
}

const fromOctal = (digits: string): string => String.fromCharCode(Number.parseInt(digits, 8));
