import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const mostPictures = 4;
const mostBytes = 1_000_000;
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** @returns the pictures that python/figures.py left in a run's folder, in the order in which they were made. */
export async function readPictures(folder: string): Promise<Buffer[]> {
  const names = readdirSync(folder).filter((name) => /^picture-\d+-\d+\.png$/.test(name));
  const pictures: Buffer[] = [];
  for (const name of names.sort()) {
    const png = await readFile(join(folder, name));
    // A run that was ended in the middle leaves half a picture; the program itself could write anything here.
    const whole = png.subarray(0, 8).equals(pngSignature) && png.subarray(-8, -4).toString('latin1') === 'IEND';
    if (whole && png.length <= mostBytes && pictures.length < mostPictures) pictures.push(png);
  }
  return pictures;
}
