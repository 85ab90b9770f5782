import { compareVersions, versionParts } from '../interpreters/version';
import { installCall } from './shownCall';

/** Modules that left the standard library: with which version, and what to use in their place. */
const removed: Readonly<Record<string, readonly [since: string, instead: string]>> = {
  aifc: ['3.13', 'standard-aifc'],
  asynchat: ['3.12', 'use asyncio'],
  asyncore: ['3.12', 'use asyncio'],
  audioop: ['3.13', 'audioop-lts'],
  binhex: ['3.11', 'use binascii'],
  cgi: ['3.13', 'legacy-cgi'],
  cgitb: ['3.13', 'legacy-cgi'],
  chunk: ['3.13', 'standard-chunk'],
  crypt: ['3.13', 'legacycrypt'],
  distutils: ['3.12', 'setuptools'],
  formatter: ['3.10', 'write the text directly'],
  imghdr: ['3.13', 'filetype'],
  imp: ['3.12', 'use importlib'],
  lib2to3: ['3.13', 'use ast, or the package libcst'],
  mailcap: ['3.13', 'use mimetypes'],
  msilib: ['3.13', 'there is no replacement'],
  nis: ['3.13', 'there is no replacement'],
  nntplib: ['3.13', 'standard-nntplib'],
  ossaudiodev: ['3.13', 'use the package sounddevice'],
  parser: ['3.10', 'use ast'],
  pipes: ['3.13', 'use subprocess and shlex'],
  smtpd: ['3.12', 'aiosmtpd'],
  sndhdr: ['3.13', 'filetype'],
  spwd: ['3.13', 'there is no replacement'],
  sunau: ['3.13', 'standard-sunau'],
  symbol: ['3.10', 'use ast'],
  telnetlib: ['3.13', 'telnetlib3'],
  uu: ['3.13', 'use base64'],
  xdrlib: ['3.13', 'standard-xdrlib'],
};

/** Modules that came later: with which version, and the distribution that has them for older ones. */
const added: Readonly<Record<string, readonly [since: string, backport: string | undefined]>> = {
  annotationlib: ['3.14', undefined],
  compression: ['3.14', 'backports.zstd'],
  graphlib: ['3.9', 'graphlib-backport'],
  tomllib: ['3.11', 'tomli'],
  zoneinfo: ['3.9', 'backports.zoneinfo'],
};

/** Names of Python 2, and what they are called now. */
const renamed: Readonly<Record<string, string>> = {
  BaseHTTPServer: 'http.server',
  ConfigParser: 'configparser',
  Cookie: 'http.cookies',
  HTMLParser: 'html.parser',
  Queue: 'queue',
  SimpleHTTPServer: 'http.server',
  SocketServer: 'socketserver',
  StringIO: 'io',
  Tkinter: 'tkinter',
  __builtin__: 'builtins',
  cPickle: 'pickle',
  cStringIO: 'io',
  commands: 'subprocess',
  cookielib: 'http.cookiejar',
  copy_reg: 'copyreg',
  httplib: 'http.client',
  thread: '_thread',
  tkMessageBox: 'tkinter.messagebox',
  urllib2: 'urllib.request',
  urlparse: 'urllib.parse',
  xmlrpclib: 'xmlrpc.client',
};

/** Parts of Python that its build leaves out where a library was not there, by the module that is then missing. */
const ofTheBuild =
  /^(_?tkinter|_?sqlite3|_?bz2|_?lzma|_?zstd|_?ctypes|_?ssl|_?hashlib|_?curses|_curses_panel|readline|_?gdbm|_?dbm|zlib|_uuid|_crypt|ensurepip|venv|idlelib|turtle)$/;

const ofWindows = new Set(['_winapi', 'msvcrt', 'nt', 'winreg', 'winsound']);
const ofUnix = new Set([
  'curses',
  '_curses',
  'fcntl',
  'grp',
  'posix',
  'pty',
  'pwd',
  'resource',
  'syslog',
  'termios',
  'tty',
]);

/**
 * @param python the full version, such as "3.12.1".
 * @returns why a module of the standard library is missing, and the next step; undefined for any other module.
 */
export function standardModuleHint(
  module: string,
  python: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const isOlder = (than: string): boolean => compareVersions(versionParts(python), versionParts(than)) < 0;
  const leftWith = valueAt(removed, module);
  if (leftWith && !isOlder(leftWith[0])) {
    const [since, instead] = leftWith;
    const step = instead.includes(' ') ? instead : `${instead} provides it or a successor: ${installCall([instead])}`;
    return `"${module}" left the standard library in Python ${since}; ${step}.`;
  }
  const cameWith = valueAt(added, module);
  if (cameWith && isOlder(cameWith[0])) {
    const [since, backport] = cameWith;
    const older =
      backport === undefined ? '' : ` For older ones: ${installCall([backport])}, with its own import name.`;
    return `"${module}" is in the standard library from Python ${since} on; this is ${python}.${older}`;
  }
  const now = valueAt(renamed, module);
  if (now !== undefined) return `"${module}" is a module of Python 2; in Python 3 it is "${now}".`;
  if (ofWindows.has(module) && platform !== 'win32') return `"${module}" exists on Windows only.`;
  if (ofUnix.has(module) && platform === 'win32') return `"${module}" does not exist on Windows.`;
  if (ofTheBuild.test(module)) {
    return (
      `"${module}" belongs to Python itself, and this build (${python}) lacks it; pip cannot add it. Use another ` +
      'interpreter, of those that python.venv {"action": "info"} lists, or the system\'s package for it.'
    );
  }
  return undefined;
}

const valueAt = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
