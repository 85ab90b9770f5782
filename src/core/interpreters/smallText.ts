import { readBeginning } from '../files/readFiles';

/** The files that are read here hold a path or a version. */
const longest = 4096;

/** @returns the text of a small file, as far as 4 KiB; undefined where there is none, or it cannot be read. */
export const smallTextOf = (path: string): string | undefined => readBeginning(path, longest)?.replace(/^\uFEFF/, '');
