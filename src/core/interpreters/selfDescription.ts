import type { LibraryPaths } from '../environment';
import { pathRules } from '../files/storage';
import type { Interpreter, InterpreterSource } from './interpreter';
import { versionParts } from './version';

/** Tells an answer of the program below from anything else that a shim may print. */
const signature = 'python-tools-mcp';

/**
 * Run with `-I` (nothing of the current folder or the environment is imported) by any Python from 3.6 on, so that an
 * old one is known as old rather than broken. Before 3.11, `sys._base_executable` of a venv is the venv's own python.
 * It writes its JSON by hand: to import `json` takes as long as two thirds of the interpreter's own start.
 */
export const selfDescriptionProgram = `
import os, site, sys
def wheels_in(folder):
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        names = []
    return [os.path.join(folder, name) for name in names if name.startswith("pip-") and name.endswith(".whl")]
def encode(value):
    if value is None or isinstance(value, bool):
        return {None: "null", False: "false", True: "true"}[value]
    if isinstance(value, dict):
        return "{%s}" % ",".join("%s:%s" % (encode(key), encode(item)) for key, item in value.items())
    if isinstance(value, list):
        return "[%s]" % ",".join(map(encode, value))
    units = value.encode("utf-16-be", "surrogatepass")
    return '"%s"' % "".join("\\\\u%02x%02x" % pair for pair in zip(units[::2], units[1::2]))
version = "%d.%d.%d" % sys.version_info[:3]
if sys.version_info[3] != "final":
    version += {"alpha": "a", "beta": "b"}.get(sys.version_info[3], "rc") + str(sys.version_info[4])
stdlib = os.path.dirname(os.path.abspath(os.__file__))
base = getattr(sys, "_base_executable", None) or sys.executable
if sys.prefix != sys.base_prefix and os.path.dirname(base) == os.path.dirname(sys.executable):
    folder = sys.base_prefix if os.name == "nt" else os.path.join(sys.base_prefix, "bin")
    names = ["python%d.%d" % sys.version_info[:2], "python3", "python", "pypy3", "python.exe"]
    base = next((p for p in (os.path.join(folder, n) for n in names) if os.path.isfile(p)), base)
wheels = wheels_in(os.path.join(stdlib, "ensurepip", "_bundled"))
if not wheels and os.name == "posix":
    wheels = wheels_in("/usr/share/python-wheels")
try:
    user_site = site.getusersitepackages() if not hasattr(os, "getuid") or os.getuid() == os.geteuid() else None
    site_packages = site.getsitepackages()
except Exception:
    user_site, site_packages = None, []
print(encode({
    "signature": "${signature}", "version": version, "free_threaded": "t" in getattr(sys, "abiflags", ""),
    "implementation": sys.implementation.name, "executable": sys.executable,
    "prefix": sys.prefix, "base_prefix": sys.base_prefix, "base_executable": base,
    "externally_managed": os.path.isfile(os.path.join(stdlib, "EXTERNALLY-MANAGED")),
    "sys_path": sys.path, "site_packages": site_packages, "user_site": user_site,
    "pip_wheel": wheels[-1] if wheels else None,
}))
`;

/** What the program prints, checked. */
export interface SelfDescription {
  readonly version: string;
  readonly free_threaded: boolean;
  readonly implementation: string;
  readonly executable: string;
  readonly prefix: string;
  readonly base_prefix: string;
  readonly base_executable: string;
  readonly externally_managed: boolean;
  readonly sys_path: readonly string[];
  readonly site_packages: readonly string[];
  readonly user_site: string | null;
  readonly pip_wheel: string | null;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

const fields: Readonly<Record<keyof SelfDescription, (value: unknown) => boolean>> = {
  version: (value) => isText(value) && versionParts(value).length === 3,
  free_threaded: isFlag,
  implementation: isText,
  executable: (value) => isText(value) && value !== '',
  prefix: isText,
  base_prefix: isText,
  base_executable: isText,
  externally_managed: isFlag,
  sys_path: isTexts,
  site_packages: isTexts,
  user_site: isTextOrNull,
  pip_wheel: isTextOrNull,
};

/** @returns whether a value, from a process or from the cache on disk, is a whole description. */
export const isSelfDescription = (value: unknown): value is SelfDescription =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(fields).every(([name, holds]) => holds(Reflect.get(value, name)));

/** @returns the description among the lines of an output; undefined where there is none: not a Python, or a shim's excuse. */
export function parseSelfDescription(output: string): SelfDescription | undefined {
  for (const line of output.split(/\r?\n/)) {
    if (!line.startsWith('{')) continue;
    try {
      const value: unknown = JSON.parse(line);
      if (isSelfDescription(value) && Reflect.get(value, 'signature') === signature) return value;
    } catch {
      // Junk that starts like ours.
    }
  }
  return undefined;
}

/** @returns the interpreter that described itself, under the name by which it was found. */
export function interpreterFrom(
  description: SelfDescription,
  found: { readonly executable: string; readonly source: InterpreterSource },
  machine: { readonly platform: NodeJS.Platform; readonly env: Readonly<Record<string, string | undefined>> },
): Interpreter {
  const { version, prefix, base_prefix: basePrefix } = description;
  const isVenv = prefix !== basePrefix;
  return {
    executable: found.executable,
    version,
    versionInfo: versionParts(version),
    isFinal: /^[\d.]+$/.test(version),
    freeThreaded: description.free_threaded,
    implementation: description.implementation,
    prefix,
    basePrefix,
    baseExecutable: isVenv ? description.base_executable : found.executable,
    isVenv,
    externallyManaged: description.externally_managed,
    libraries: librariesOf(description, isVenv, machine),
    sysPath: description.sys_path,
    ensurepipWheel: description.pip_wheel ?? undefined,
    source: found.source,
  };
}

/** The user site comes first, as on `sys.path`; a venv's own folders are those under its prefix. */
function librariesOf(
  { sys_path, site_packages, user_site, prefix }: SelfDescription,
  isVenv: boolean,
  { platform, env }: { platform: NodeJS.Platform; env: Readonly<Record<string, string | undefined>> },
): LibraryPaths {
  const onPath = sys_path.filter((path) => /[\\/](site|dist)-packages$/.test(path));
  // On Windows, the prefix itself is a site folder, where distributions are never put.
  const sites = [...new Set([...site_packages, ...onPath])].filter((path) => path !== prefix);
  if (isVenv) {
    const rules = pathRules(platform);
    const isOwn = (path: string) => !rules.relative(prefix, path).startsWith('..');
    return { own: sites.filter(isOwn), inherited: sites.filter((path) => !isOwn(path)) };
  }
  const user = user_site !== null && !env['PYTHONNOUSERSITE'] ? [user_site] : [];
  return { own: [...user, ...sites], inherited: [] };
}
