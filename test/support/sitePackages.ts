import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { metadataOf, type ProjectSpec } from './wheels';

/** A venv that is nothing but its site-packages folder, for tests that need no Python. */
export class SitePackages {
  readonly environment: Environment;
  /** The folder. */
  readonly path: string;

  constructor(root: string, version = '3.12.1', inherited: readonly string[] = []) {
    this.path = join(root, 'lib', 'site-packages');
    const scripts = join(root, 'bin');
    const libraries = { own: [this.path], inherited };
    this.environment = { path: root, python: join(scripts, 'python'), version, isVenv: true, scripts, libraries };
  }

  async write(path: string, content: string | Buffer): Promise<void> {
    const target = join(this.path, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }

  /** Writes what an installer writes for a wheel, without the modules. */
  async install(spec: ProjectSpec, directUrl?: object): Promise<void> {
    const folder = `${spec.name.replace(/[-_.]+/g, '_')}-${spec.version}.dist-info`;
    await this.write(`${folder}/METADATA`, metadataOf(spec));
    await this.write(`${folder}/INSTALLER`, 'pip\n');
    if (directUrl) await this.write(`${folder}/direct_url.json`, JSON.stringify(directUrl));
  }

  /** Makes everything look as if it had been left alone for a minute. */
  async age(...names: readonly string[]): Promise<void> {
    const then = Date.now() / 1000 - 60;
    for (const path of [this.path, ...names.map((name) => join(this.path, name))]) await utimes(path, then, then);
  }
}

/** Makes a folder for the tests of a suite, and removes it after them. @returns a function for its path. */
export function suiteFolder(): () => string {
  let folder = '';
  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'python-tools-')));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}
