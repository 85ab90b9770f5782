/** The longest first line that the kernels take: 127 bytes on Linux before 5.1, 512 on macOS. */
const longestShebang = 127;

/**
 * @returns the Python code of a script that calls a function, as installers write it (the entry points specification).
 * @param target such as "pip._internal.cli.main:main".
 */
export function entryPointCode(target: string): string {
  const [module = '', callable = ''] = target.split(':');
  return `# -*- coding: utf-8 -*-
import re
import sys
from ${module} import ${callable}
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit(${callable}())
`;
}

/**
 * @returns a script for a venv's `bin` that calls a function.
 * @param python absolute path of the venv's python. Where the first line cannot hold it, being long or holding a
 * blank, the script starts as a shell's that runs itself again: what the shell executes, Python reads as a string.
 * @param target see `entryPointCode`.
 */
export function consoleScript(python: string, target: string): string {
  const direct = `#!${python}`;
  const shebang =
    Buffer.byteLength(direct) <= longestShebang && !/\s/.test(python)
      ? direct
      : `#!/bin/sh\n'''exec' "${python.replace(/[\\"$\x60]/g, '\\$&')}" "$0" "$@"\n' '''`;
  return `${shebang}\n${entryPointCode(target)}`;
}
