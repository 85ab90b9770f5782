import { isInside } from '../paths';
import { plainPath, realPathSync } from '../pathIdentity';
import { pathRules } from '../files/storage';

/** @returns what makes paths relative to a folder, with `/`; those outside of it and names in `<>` stay as they are. */
export function placeRelativeTo(root: string, platform: NodeJS.Platform = process.platform): (file: string) => string {
  const rules = pathRules(platform);
  // The interpreter may have resolved the links of the path that it was given.
  const roots = [...new Set([root, realpathOr(root)])];
  const within = (file: string): string | undefined => {
    const base = roots.find((each) => isInside(each, file, platform));
    return base === undefined ? undefined : rules.relative(base, file).split(rules.sep).join('/');
  };
  const places = new Map<string, string>();
  return (file) => {
    const path = plainPath(file, platform);
    if (!rules.isAbsolute(path)) return file;
    // Or have been given another spelling: through a link to the folder, or a drive that stands for it.
    const place = places.get(path) ?? within(path) ?? within(realpathOr(path)) ?? path;
    places.set(path, place);
    return place;
  };
}

function realpathOr(path: string): string {
  try {
    return realPathSync(path);
  } catch {
    return path;
  }
}
