/** Devices of MS-DOS: in every folder, and with any extension, Windows takes these names for them. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|com[1-9¹²³]|lpt[1-9¹²³])$/i;

/**
 * @param path as a caller wrote it, relative or absolute.
 * @returns why Windows cannot name a file so, or would take it for another one; undefined where it can.
 */
export function whyNotOnWindows(path: string): string | undefined {
  if (/^[\\/]{2}\.[\\/]/.test(path)) return 'it names a device, not a file';
  const drive = /^[A-Za-z]:/.exec(path)?.[0] ?? '';
  const rest = path.slice(drive.length);
  if (drive !== '' && !/^[\\/]/.test(rest)) {
    return `it is relative to the folder that happens to be current on drive ${drive}`;
  }
  for (const name of rest.split(/[\\/]/)) {
    const why = name === '.' || name === '..' ? undefined : whyNoName(name);
    if (why !== undefined) return why;
  }
  return undefined;
}

function whyNoName(name: string): string | undefined {
  if (name.includes(':')) return `":" in "${name}" would name a stream of the file before it, not a file`;
  const forbidden = name.split('').find((character) => character < ' ' || '<>"|?*'.includes(character));
  if (forbidden !== undefined) return `a name may not contain ${shown(forbidden)}`;
  if (/[. ]$/.test(name)) return `the ${name.endsWith('.') ? 'dot' : 'blank'} at the end of "${name}" is dropped`;
  const [stem = ''] = name.split('.', 1);
  return device.test(stem.trimEnd()) ? `"${name}" is the name of a device` : undefined;
}

const shown = (character: string): string =>
  character < ' ' ? 'control characters' : character === '"' ? 'quotation marks' : `"${character}"`;

/**
 * @param path absolute, such as what `/c/project` becomes on Windows: `C:\\c\\project`.
 * @returns what Git's shell (`/c/project`), Cygwin (`/cygdrive/c/project`) and WSL (`/mnt/c/project`) mean by it;
 * undefined where they mean nothing else.
 */
export function fromUnixShell(path: string): string | undefined {
  const [, drive, rest] = /^[A-Za-z]:\\(?:(?:mnt|cygdrive)\\)?([A-Za-z])(?:\\(.*))?$/s.exec(path) ?? [];
  return drive === undefined ? undefined : `${drive.toUpperCase()}:\\${rest ?? ''}`;
}
