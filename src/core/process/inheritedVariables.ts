import type { RunEnvironment } from '../settings';

type Host = Readonly<Record<string, string | undefined>>;

/**
 * What a program needs to find its way about the machine, and nothing that is known to hold secrets: no proxies, which
 * can have a password, no agents' sockets, no index of packages. Names of Windows are in upper case.
 */
const minimal: readonly string[] = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR', 'COLUMNS', 'LINES'],
  ...['LANG', 'LANGUAGE', 'LC_*', 'TZ', 'TZDIR', 'TMPDIR', 'TEMP', 'TMP'],
  // Where its files are, and what it draws on.
  ...['XDG_*_HOME', 'XDG_*_DIRS', 'XDG_RUNTIME_DIR', 'XDG_SESSION_TYPE', 'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY'],
  // Without them the interpreter itself may not start.
  ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'DYLD_FALLBACK_LIBRARY_PATH', 'DYLD_FRAMEWORK_PATH', 'NIX_LD*'],
  ...['NO_PROXY', 'no_proxy', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'],
  // https://docs.python.org/3/using/cmdline.html#environment-variables
  ...['PYTHONPATH', 'PYTHONPLATLIBDIR', 'PYTHONSAFEPATH', 'PYTHONNOUSERSITE', 'PYTHONUSERBASE', 'PYTHONPYCACHEPREFIX'],
  ...['PYTHONDONTWRITEBYTECODE', 'PYTHONOPTIMIZE', 'PYTHONDEBUG', 'PYTHONVERBOSE', 'PYTHONUNBUFFERED', 'PYTHONUTF8'],
  ...['PYTHONIOENCODING', 'PYTHONLEGACYWINDOWSSTDIO', 'PYTHONLEGACYWINDOWSFSENCODING', 'PYTHONCOERCECLOCALE'],
  ...['PYTHONWARNDEFAULTENCODING', 'PYTHONWARNINGS', 'PYTHONHASHSEED', 'PYTHONINTMAXSTRDIGITS', 'PYTHONDEVMODE'],
  ...['PYTHONFAULTHANDLER', 'PYTHONTRACEMALLOC', 'PYTHONPROFILEIMPORTTIME', 'PYTHONASYNCIODEBUG', 'PYTHONMALLOC'],
  ...['PYTHONMALLOCSTATS', 'PYTHONNODEBUGRANGES', 'PYTHONPERFSUPPORT', 'PYTHONCASEOK', 'PYTHONBREAKPOINT'],
  ...['PYTHON_FROZEN_MODULES', 'PYTHON_COLORS', 'PYTHON_CPU_COUNT', 'PYTHON_GIL', 'PYTHON_JIT', 'PYTHON_TLBC'],
  ...['PYTHON_THREAD_INHERIT_CONTEXT', 'PYTHON_CONTEXT_AWARE_WARNINGS', 'PYTHON_DISABLE_REMOTE_DEBUG'],
  // Of Windows.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'OS', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_*'],
  ...['USERNAME', 'USERDOMAIN', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA'],
  ...['ALLUSERSPROFILE', 'PUBLIC', 'PROGRAMFILES*', 'PROGRAMW6432', 'COMMONPROGRAMFILES*', 'COMMONPROGRAMW6432'],
  ...['COMPUTERNAME', 'DRIVERDATA'],
];

const minimalNames = new Set(minimal.filter((name) => !name.includes('*')));
const minimalPatterns = minimal.filter((name) => name.includes('*'));

/** By it a server that runs inside a run knows, with the server outside, what it started. It says nothing. */
const marker = 'PYTHON_TOOLS_RUN';

/** @returns those of the host's variables that a run sees. What is withheld is so whatever else is said of it. */
export function inheritedVariables(
  host: Host,
  { inherit, pass, withhold }: Pick<RunEnvironment, 'inherit' | 'pass' | 'withhold'>,
  platform = process.platform,
): Host {
  if (inherit === 'all' && withhold.length === 0) return host;
  const named = platform === 'win32' ? (name: string) => name.toUpperCase() : (name: string) => name;
  const [passed, withheld] = [pass.map(named), withhold.map(named)];
  const isSeen = (name: string): boolean => {
    const isIn = (patterns: readonly string[]): boolean => patterns.some((pattern) => isLike(name, pattern));
    if (name === marker) return true;
    if (isIn(withheld)) return false;
    return inherit === 'all' || minimalNames.has(name) || isIn(minimalPatterns) || isIn(passed);
  };
  return Object.fromEntries(Object.entries(host).filter(([name]) => isSeen(named(name))));
}

/** @returns whether a name is like a pattern, in which `*` stands for any text. Linear in the length of the name. */
export function isLike(name: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const at = name.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return name.length >= from + last.length && name.endsWith(last);
}
