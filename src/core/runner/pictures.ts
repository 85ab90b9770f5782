import { join } from 'node:path';
import { namesIn, readBytes } from '../files/readFiles';

const mostPictures = 4;
const mostBytes = 1_000_000;
/** Files that are read, at most: a program that forks can leave more than are shown, and pictures that are not whole. */
const mostRead = 32;
/** Names in a run's folder that are looked at. */
const mostNames = 10_000;
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * @returns the pictures that python/figures.py left in a run's folder, in the order in which they were made. The program can
 * have put anything in their place, or in that of the folder: what is no picture is passed over. Never throws.
 */
export async function readPictures(folder: string): Promise<Buffer[]> {
  const names = namesIn(folder, mostNames).filter((name) => /^picture-\d+-\d+\.png$/.test(name));
  const pictures: Buffer[] = [];
  for (const name of names.sort().slice(0, mostRead)) {
    if (pictures.length === mostPictures) break;
    const png = await readBytes(join(folder, name), mostBytes);
    // A run that was ended in the middle leaves half a picture.
    if (png && isWhole(png)) pictures.push(png);
  }
  return pictures;
}

const isWhole = (png: Buffer): boolean =>
  png.subarray(0, 8).equals(pngSignature) && png.subarray(-8, -4).toString('latin1') === 'IEND';
