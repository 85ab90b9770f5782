/** A version as numbers, as far as it is given: [3, 12] or [3, 12, 1]. */
export type VersionParts = readonly number[];

/** The oldest Python that is served: [3, 8]. */
export const oldestSupported: VersionParts = [3, 8];

/** The oldest Python that is taken without being asked for: [3, 12]. */
export const preferredFrom: VersionParts = [3, 12];

/** @returns less than 0 where `a` is older, over 0 where it is newer; a part that is missing counts as 0. */
export function compareVersions(a: VersionParts, b: VersionParts): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @returns whether `version` is one of those that `wanted` stands for: 3.12.1 is a 3.12. */
export const isVersion = (version: VersionParts, wanted: VersionParts): boolean =>
  wanted.every((part, index) => version[index] === part);

/** @returns the numbers at the start of "3.12.1rc1": [3, 12, 1]. */
export const versionParts = (text: string): VersionParts =>
  /^\d+(\.\d+){0,2}/.exec(text)?.[0].split('.').map(Number) ?? [];

/**
 * @returns the version that the names in a path promise, the more exact one first: [3, 12, 1] for
 * `~/.pyenv/versions/3.12.1/bin/python3.12`, [3, 12] for `C:\Python312\python.exe`; undefined for `/usr/bin/python3`.
 */
export function promisedVersion(path: string): VersionParts | undefined {
  let best: VersionParts | undefined;
  for (const name of path.split(/[\\/]/).reverse()) {
    const dotted =
      /^(?:cpython[-@]|pythoncore-|python[-@]?|PythonSoftwareFoundation\.Python\.)?(3\.\d+(?:\.\d+)?)(?!\d)/i.exec(
        name,
      )?.[1];
    const joined = /^python3(\d{1,2})(?:-(?:\d+|arm64))?$/i.exec(name)?.[1];
    const parts = dotted ? versionParts(dotted) : joined ? [3, Number(joined)] : undefined;
    if (parts && parts.length > (best?.length ?? 0)) best = parts;
  }
  return best;
}
