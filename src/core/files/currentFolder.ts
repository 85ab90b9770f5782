/** @returns the folder that this process was started in, absolute; undefined where somebody has removed it since. */
export function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
