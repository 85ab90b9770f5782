/** @returns a call of a tool as hints show it: `python.pip {"action": "install", "packages": ["flask"]}`. */
export function shownCall(tool: 'run' | 'venv' | 'pip', input: Readonly<Record<string, unknown>>): string {
  // Strings hold no raw line breaks in JSON, so those of the layout are the only ones.
  const json = JSON.stringify(input, null, 1)
    .replace(/,\n\s*/g, ', ')
    .replace(/\n\s*/g, '');
  return `python.${tool} ${json}`;
}

/** @returns the call that installs these. */
export const installCall = (packages: readonly string[]): string => shownCall('pip', { action: 'install', packages });
