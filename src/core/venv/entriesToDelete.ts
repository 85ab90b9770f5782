import { readdirSync, type Dirent } from 'node:fs';
import { isMissing } from '../files/systemErrors';

/** @returns what is in a folder that is to be deleted; nothing where it went meanwhile. @throws what the file system throws. */
export function entriesToDelete(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
