/** What builds say where something is missing, and what it is; the first that matches counts. */
const lacking: readonly (readonly [said: Pick<RegExp, 'test'>, what: string])[] = [
  [
    /Python\.h: No such file|fatal error: 'Python\.h' file not found/,
    'the headers of this Python (python3-dev on Debian and Ubuntu, python3-devel on Fedora)',
  ],
  [/pg_config executable not found|pg_config is required/, 'pg_config (libpq-dev); "psycopg2-binary" needs no build'],
  [
    anyOf(/mysql_config: not found|Can not find valid pkg-config name/, onOneLine('mysqlclient', 'pkg-config')),
    'the headers of MySQL (default-libmysqlclient-dev, pkg-config)',
  ],
  [
    /libxml2 and libxslt development packages|libxml\/xmlversion\.h/,
    'the headers of libxml2 and libxslt (libxml2-dev, libxslt1-dev)',
  ],
  [
    /openssl\/\w+\.h: No such file|Could not find directory of OpenSSL installation/,
    'the headers of OpenSSL (libssl-dev)',
  ],
  [/ffi\.h: No such file/, 'the headers of libffi (libffi-dev)'],
  [/Microsoft Visual C\+\+ [\d.]+ or greater is required/, 'Microsoft C++ Build Tools'],
  [
    anyOf(
      /can't find Rust compiler|Rust toolchain/i,
      onOneLine('rustc', 'not found'),
      onOneLine('cargo', 'not installed'),
    ),
    'a Rust toolchain (rustup.rs)',
  ],
  [/No CMAKE_C(?:XX)?_COMPILER could be found/, 'a C and C++ compiler (build-essential)'],
  [
    /CMake must be installed|cmake: not found|No such file or directory: '?cmake|Could not find CMake/i,
    'CMake (cmake)',
  ],
  [
    /Unknown compiler\(s\): \[\[?'(?:gfortran|flang|ifort)|No Fortran compiler|gfortran: not found/i,
    'a Fortran compiler (gfortran)',
  ],
  [/pkg-config: not found|No such file or directory: 'pkg-config'|Did not find pkg-config/i, 'pkg-config'],
];

/** A pattern for it would begin anew at each `first`. */
function onOneLine(first: string, second: string): Pick<RegExp, 'test'> {
  const isSaid = (line: string): boolean => {
    const start = line.indexOf(first);
    return start !== -1 && line.includes(second, start + first.length);
  };
  return { test: (output) => output.toLowerCase().split('\n').some(isSaid) };
}

function anyOf(...said: readonly Pick<RegExp, 'test'>[]): Pick<RegExp, 'test'> {
  return { test: (output) => said.some((each) => each.test(output)) };
}

/** The same where what is missing is named in the output. */
const named: readonly (readonly [said: RegExp, what: (name: string) => string])[] = [
  [/No package '([^']+)' found/, (name) => `the library "${name}" with its headers (pkg-config does not find it)`],
  [/fatal error: '?([\w/.+-]+\.h(?:pp)?)'?(?:: No such file|\s+file not found)/, (name) => `the header ${name}`],
  [
    /(?:command|unable to execute) '([^']*\b(?:gcc|cc|clang|g\+\+|c\+\+)(?:-\d+)?)'(?:: | failed: )No such file/,
    (name) => `a C compiler (${name}; build-essential on Debian and Ubuntu)`,
  ],
  [/error: command '([^']+)' failed: No such file/, (name) => `the program ${name}`],
  [
    /No module named '([^']+)'/,
    (name) => `the Python module "${name}", which the package does not declare for its build`,
  ],
];

/** @returns the next step after a build that failed, naming what it lacks; undefined where its output does not say. */
export function buildAdvice(output: string): string | undefined {
  const what =
    lacking.find(([said]) => said.test(output))?.[1] ??
    named.flatMap(([said, name]) => said.exec(output)?.slice(1, 2).map(name) ?? []).at(0);
  return what === undefined
    ? undefined
    : `The build lacks ${what}: install it on this system, or ask for a version that has a wheel for this Python.`;
}

/** @returns the next step where there is a release, but none for this Python or system; undefined where that is not said. */
export function noMatchAdvice(output: string): string | undefined {
  const wheel = tagsOfRefusedWheel(output);
  if (wheel)
    return `That wheel is for ${pythonOf(wheel.python)} on ${wheel.platform}: name one for this Python and system.`;
  const tags =
    /only found wheels for `([^`\n]{1,200})` \([^)\n]{0,200}\) with the following Python (?:ABI|implementation) tags?: (.+)/.exec(
      output,
    );
  if (tags) {
    const pythons = [...(tags[2] ?? '').matchAll(/`(\w+)`/g)].map(([, tag]) => pythonOf(tag));
    return `There are wheels of ${tags[1]} for ${pythons.join(', ')} only: ask for another version, or use a venv made with such a Python.`;
  }
  const [, wanted] =
    /requires a different Python: \S+ not in '([^']+)'/.exec(output) ??
    /requires Python ([<>=~!][\w.*,<>=~!]*)/.exec(output) ??
    [];
  return wanted === undefined
    ? undefined
    : `It needs Python ${wanted}: ask for an older version, or use a venv made with such a Python (python.venv {"action": "create", "path": …, "python": …}).`;
}

/** @returns the next step where hashes of a requirements file do not fit or are missing; undefined where that is not said. */
export function hashAdvice(output: string): string | undefined {
  const [, name] =
    /Hash mismatch for `([^`]+)`/.exec(output) ??
    /DO NOT MATCH THE HASHES[^\n]{0,200}\n\s{1,40}(\S{1,200}) from /.exec(output) ??
    [];
  if (name !== undefined) {
    return `The file of ${name} is not the one that the hash in the requirements file is of. Change the hash only where that version was changed on purpose; otherwise do not install it, since it may have been tampered with.`;
  }
  return /Hashes are required in --require-hashes mode|all requirements must have a hash/.test(output)
    ? 'Where one requirement has a hash, pip and uv want one for each, dependencies too: add the missing ones ("pip-compile --generate-hashes" writes them).'
    : undefined;
}

/** The Python tag and the platform in the name of the wheel (PEP 427) that an installer does not take. */
function tagsOfRefusedWheel(output: string): { readonly python: string; readonly platform: string } | undefined {
  const end = output.indexOf('.whl is not a supported wheel');
  const before = output.slice(Math.max(0, end - mostOfName), Math.max(0, end));
  const name = before.split(/\s/).at(-1) ?? '';
  const [platform = '', , python = '', ...rest] = name.split('-').reverse();
  return rest.length > 0 && /^(?:cp|py|pp)\d/.test(python) ? { python, platform } : undefined;
}

/** As long as the name of a file can be. */
const mostOfName = 255;

/** @returns "Python 3.9" for "cp39"; the tag itself where it is another. */
function pythonOf(tag = ''): string {
  const [, major, minor] = /^(?:cp|py)(\d)(\d*)/.exec(tag) ?? [];
  return major === undefined ? tag : `Python ${major}${minor === '' || minor === undefined ? '' : `.${minor}`}`;
}
