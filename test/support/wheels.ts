import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Files, tarGz, zip } from './archives';

/**
 * Small Python projects for tests: as a wheel, as an sdist and as a source tree, without an index, a network or
 * setuptools. The sdist and the tree bring their own build backend and need nothing to build.
 */
export interface ProjectSpec {
  /** Spelled as the metadata shall spell it; file names normalize it. */
  readonly name: string;
  readonly version: string;
  /** Requires-Dist. */
  readonly requires?: readonly string[];
  /** Extra name → its requirements. */
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  readonly requiresPython?: string;
  /** Path → source. Default: one module, named after the project, that says its version. */
  readonly modules?: Files;
  /** Console scripts: name → "module:function". */
  readonly entryPoints?: Readonly<Record<string, string>>;
  /** Further metadata headers; a list repeats the header. */
  readonly metadata?: Readonly<Record<string, string | readonly string[]>>;
  /** The body of METADATA. */
  readonly description?: string;
  /** Such as "cp312-cp312-win_amd64". Default "py3-none-any". */
  readonly tag?: string;
  /** Building the sdist or the tree fails with this message. */
  readonly buildFails?: string;
  /** Seconds that building the sdist or the tree takes. */
  readonly buildTakes?: number;
}

const fileName = (name: string): string => name.replace(/[-_.]+/g, '_');

/** @returns the text of METADATA (core metadata 2.1). */
export function metadataOf(spec: ProjectSpec): string {
  const headers: [string, string][] = [
    ['Metadata-Version', '2.1'],
    ['Name', spec.name],
    ['Version', spec.version],
  ];
  for (const [header, values] of Object.entries(spec.metadata ?? {})) {
    for (const value of [values].flat()) headers.push([header, value]);
  }
  if (spec.requiresPython !== undefined) headers.push(['Requires-Python', spec.requiresPython]);
  for (const requirement of spec.requires ?? []) headers.push(['Requires-Dist', requirement]);
  for (const [extra, requirements] of Object.entries(spec.extras ?? {})) {
    headers.push(['Provides-Extra', extra]);
    for (const requirement of requirements) {
      const [target = '', marker] = requirement.split(/\s*;\s*/);
      const condition = marker === undefined ? '' : `(${marker}) and `;
      headers.push(['Requires-Dist', `${target}; ${condition}extra == "${extra}"`]);
    }
  }
  const lines = headers.map(([header, value]) => `${header}: ${value}\n`).join('');
  return spec.description === undefined ? lines : `${lines}\n${spec.description}`;
}

const modulesOf = (spec: ProjectSpec): Files =>
  spec.modules ?? { [`${fileName(spec.name).toLowerCase()}.py`]: `__version__ = '${spec.version}'\n` };

function entryPointsOf({ entryPoints }: ProjectSpec): string | undefined {
  if (!entryPoints) return undefined;
  return ['[console_scripts]', ...Object.entries(entryPoints).map(([name, target]) => `${name} = ${target}`), ''].join(
    '\n',
  );
}

function recordLine(path: string, content: string | Buffer): string {
  const digest = createHash('sha256').update(content).digest('base64url');
  return `${path},sha256=${digest},${Buffer.byteLength(content)}\n`;
}

/** Writes `NAME-VERSION-TAG.whl` into the folder, which is made where needed. @returns its path. */
export async function writeWheel(folder: string, spec: ProjectSpec): Promise<string> {
  const stem = `${fileName(spec.name)}-${spec.version}`;
  const tag = spec.tag ?? 'py3-none-any';
  const entryPoints = entryPointsOf(spec);
  const files: Record<string, string | Buffer> = {
    ...modulesOf(spec),
    [`${stem}.dist-info/METADATA`]: metadataOf(spec),
    [`${stem}.dist-info/WHEEL`]: `Wheel-Version: 1.0\nGenerator: fixtures\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    ...(entryPoints === undefined ? {} : { [`${stem}.dist-info/entry_points.txt`]: entryPoints }),
  };
  const record = `${stem}.dist-info/RECORD`;
  const lines = Object.entries(files).map(([path, content]) => recordLine(path, content));
  files[record] = `${lines.join('')}${record},,\n`;
  const path = join(folder, `${stem}-${tag}.whl`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, zip(files));
  return path;
}

/** A build backend (PEP 517, PEP 660) in one file: zips src/ and PKG-INFO, or a .pth file that points at src/. */
const backend = `import base64, hashlib, os, re, time, zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
FAILURE = ''
SECONDS = 0

def _read(*parts):
    with open(os.path.join(HERE, *parts), 'rb') as file:
        return file.read()

def _stem():
    metadata = _read('PKG-INFO')
    name, version = (re.search(b'(?m)^%s: (.+?)$' % key, metadata).group(1).decode() for key in (b'Name', b'Version'))
    return re.sub('[-_.]+', '_', name) + '-' + version

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    info = _stem() + '.dist-info'
    os.mkdir(os.path.join(metadata_directory, info))
    with open(os.path.join(metadata_directory, info, 'METADATA'), 'wb') as file:
        file.write(_read('PKG-INFO'))
    return info

prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel

def _build(folder, contents):
    if FAILURE:
        raise RuntimeError(FAILURE)
    time.sleep(SECONDS)
    stem = _stem()
    info = stem + '.dist-info/'
    contents[info + 'METADATA'] = _read('PKG-INFO')
    contents[info + 'WHEEL'] = b'Wheel-Version: 1.0\\nGenerator: fixtures\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n'
    if os.path.exists(os.path.join(HERE, 'entry_points.txt')):
        contents[info + 'entry_points.txt'] = _read('entry_points.txt')
    record = ''
    for path, content in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip('=')
        record += '%s,sha256=%s,%d\\n' % (path, digest, len(content))
    contents[info + 'RECORD'] = (record + info + 'RECORD,,\\n').encode()
    wheel = stem + '-py3-none-any.whl'
    with zipfile.ZipFile(os.path.join(folder, wheel), 'w') as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
    return wheel

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    source = os.path.join(HERE, 'src')
    contents = {}
    for folder, _, names in sorted(os.walk(source)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if '__pycache__' not in path:
                contents[os.path.relpath(path, source).replace(os.sep, '/')] = _read(path)
    return _build(wheel_directory, contents)

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _build(wheel_directory, {'__editable__.%s.pth' % _stem(): os.path.join(HERE, 'src').encode() + b'\\n'})
`;

function sourceTree(spec: ProjectSpec): Files {
  const entryPoints = entryPointsOf(spec);
  return {
    'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
    'backend.py': backend
      .replace("FAILURE = ''", `FAILURE = ${JSON.stringify(spec.buildFails ?? '')}`)
      .replace('SECONDS = 0', `SECONDS = ${spec.buildTakes ?? 0}`),
    'PKG-INFO': metadataOf(spec),
    ...(entryPoints === undefined ? {} : { 'entry_points.txt': entryPoints }),
    ...Object.fromEntries(Object.entries(modulesOf(spec)).map(([path, content]) => [`src/${path}`, content])),
  };
}

/** Writes a project that can be installed, in editable mode too, into the folder itself. @returns the folder. */
export async function writeProject(folder: string, spec: ProjectSpec): Promise<string> {
  for (const [path, content] of Object.entries(sourceTree(spec))) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  return folder;
}

/** Writes `NAME-VERSION.tar.gz` into the folder, which is made where needed. @returns its path. */
export async function writeSdist(folder: string, spec: ProjectSpec): Promise<string> {
  const stem = `${fileName(spec.name)}-${spec.version}`;
  const path = join(folder, `${stem}.tar.gz`);
  const files: Record<string, string | Buffer> = {};
  for (const [file, content] of Object.entries(sourceTree(spec))) files[`${stem}/${file}`] = content;
  await mkdir(folder, { recursive: true });
  await writeFile(path, tarGz(files));
  return path;
}

/**
 * Lays out a simple repository (PEP 503) whose pages point at the wheels and sdists given.
 * @returns its `file://` address, for `--index-url`.
 */
export async function writeSimpleIndex(folder: string, distributions: readonly string[]): Promise<string> {
  const pages = new Map<string, string[]>();
  for (const path of distributions) {
    const name = basename(path).split('-')[0] ?? '';
    const project = name.replace(/[-_.]+/g, '-').toLowerCase();
    const link = `<a href="${pathToFileURL(path).href}">${basename(path)}</a>`;
    pages.set(project, [...(pages.get(project) ?? []), link]);
  }
  for (const [project, links] of pages) {
    await mkdir(join(folder, project), { recursive: true });
    await writeFile(
      join(folder, project, 'index.html'),
      `<!DOCTYPE html><html><body>\n${links.join('\n')}\n</body></html>\n`,
    );
  }
  await mkdir(folder, { recursive: true });
  return pathToFileURL(folder).href;
}
