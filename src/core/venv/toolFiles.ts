import { readBeginning, readSmallText } from '../files/readFiles';

// What venv, virtualenv and uv put into an environment, and what is made from that again: paths relative to the
// environment, with "/". Windows' layout is taken everywhere, since a folder can be shared with one.

/** The folders in which packages are. PyPy before 3.8 has them at the root, Debian's Python below local, too. */
export const isLibrary = (path: string): boolean =>
  /^((local\/)?lib(64)?\/((python|pypy)[\d.]+t?\/)?)?(site|dist)-packages$/i.test(path);

/** Folders that structure an environment; a file right in them is somebody's. */
const structural =
  /^((local\/)?(bin|include|lib(64)?(\/(python|pypy)[\d.]+t?)?)|local|scripts|include\/.*|share|share\/(man|doc|python-wheels)|share\/man\/man\d|etc|src)$/i;

/** @returns whether a folder is one that every environment may have, so that what is in it is looked at one by one. */
export const isStructural = (path: string): boolean => structural.test(path) || isLibrary(path);

/** Of these everything can be had again: pip's own leftovers, copies of the standard library, what programs load down. */
const wholes: readonly RegExp[] = [
  /(^|\/)(\.pytest_cache|\.mypy_cache|\.ruff_cache)$/,
  /^(lib_pypy|lib-python|nltk_data)$/,
  /^lib\/tcl[\d.]+$/i,
  /^(lib|scripts)\/node_modules$/i,
  /^(include\/node|share\/doc\/node|share\/systemtap)$/,
  /^share\/(jupyter|python-wheels)$/,
  /(^|\/)site-packages\/~[^/]*$/,
  /(^|\/)site-packages\/(pip|setuptools|pkg_resources|_distutils_hack|wheel)$/,
  /(^|\/)site-packages\/playwright\/driver\/package\/\.local-browsers$/,
  /(^|\/)site-packages\/win32com\/gen_py$/,
  /(^|\/)site-packages\/tldextract\/\.suffix_cache$/,
];

/** @returns whether everything in a folder is made by tools. */
export const isToolFolder = (path: string): boolean => wholes.some((pattern) => pattern.test(path));

/** Python's bytecode, numba's index and code, cffi's modules, with the ends of files that were being written. */
const inByteCodeFolder = /\.(pyc|pyo|nbi|nbc)(\.\w+)?$|^_cffi_\w+\.[\w.-]*(c|o|so|pyd)$/;

const files: readonly RegExp[] = [
  /^(pyvenv\.cfg|CACHEDIR\.TAG|\.lock|\.project|pip-selfcheck\.json|uv-receipt\.toml|pipx_metadata\.json|rye-venv\.json|\.tox-info\.json|\.tox-config1)$/,
  /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/,
  /^(bin|scripts)\/activate(\.(csh|fish|ps1|bat|nu|xsh|sh))?$/i,
  /^(bin|scripts)\/(activate_this\.py|deactivate(\.\w+)?|pydoc\.bat)$/i,
  /^(bin|scripts)\/(pythonw?|pypyw?|graalpy)(\d+(\.\d+)?t?)?(_d)?(-config)?(\.exe)?$/i,
  /^(bin|scripts)\/lib(python|pypy)[\w.-]*$/i,
  /^scripts\/[\w.-]+\.(dll|pyd)$/i,
  /^(bin|scripts)\/(pip|wheel|easy_install)-?[\d.]*(\.exe|-script\.py|\.exe\.manifest)?$/i,
  /^(bin|scripts)\/(node|nodejs|npm|npx|corepack|shim)(\.cmd|\.exe|\.ps1)?$/i,
  /^share\/man\/man1\/node\.1$/,
  /^etc\/jupyter\/([\w.-]+\/)*[\w.-]+\.json$/,
  /^lib(64)?\/(python|pypy)[\d.]+t?\/no-global-site-packages\.txt$/,
  /(^|\/)site-packages\/(_virtualenv\.(py|pth)|distutils-precedence\.pth|easy_install\.py|easy-install\.pth|setuptools\.pth)$/,
  /(^|\/)site-packages\/.+\/(parsetab|lextab|yacctab)\.py$/,
];

/**
 * @param name the file's own name. @param inByteCode whether a `__pycache__` holds it.
 * @returns whether a tool made a file, going by its name.
 */
export const isToolFile = (path: string, name: string, inByteCode: boolean): boolean =>
  inByteCode ? inByteCodeFolder.test(name) : /\.py[co]$/.test(name) || files.some((pattern) => pattern.test(path));

/** @returns whether a tool made a file that people make under the same name, by what is in it. */
export function isToolText(path: string, absolute: string): boolean {
  // All three ignore everything, with a comment that says which of them did.
  if (path === '.gitignore') return hasOnly(absolute, /^(#.*|\*)?$/);
  // virtualenvwrapper's, in which people write.
  if (/^bin\/((pre|post)(de)?activate|get_env_details)$/.test(path)) return hasOnly(absolute, /^(#.*)?$/);
  // Those that came with the Node.js of nodeenv.
  if (/^(README\.md|CHANGELOG\.md|LICENSE)$/.test(path))
    return readBeginning(absolute, 400)?.includes('Node.js') === true;
  // An entry point of an egg, which has no record.
  return /^(bin|scripts)\//i.test(path) && /^# EASY-INSTALL-/m.test(readBeginning(absolute, 400) ?? '');
}

function hasOnly(file: string, line: RegExp): boolean {
  const lines = readSmallText(file, 10_000)?.split('\n');
  return lines?.every((each) => line.test(each.trim())) ?? false;
}
