import { realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';

/** @returns what makes paths relative to a folder, with `/`; those outside of it and names in `<>` stay as they are. */
export function placeRelativeTo(root: string): (file: string) => string {
  // The interpreter may have resolved the links of the path that it was given.
  const roots = [root, realpathOr(root)];
  return (file) => {
    if (!isAbsolute(file)) return file;
    for (const base of roots) {
      const path = relative(base, file);
      if (!path.startsWith('..') && !isAbsolute(path)) return path.split(sep).join('/');
    }
    return file;
  };
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
