import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../../src/core/files/storage';
import { cacheFolder, readJson, stateFolder, writeJson } from '../../src/core/files/storage';

const machine = (platform: NodeJS.Platform, home: string, env: Machine['env'] = {}): Machine => ({
  platform,
  arch: 'x64',
  env,
  home,
});

describe('storage', () => {
  it('keeps state and cache where each system wants them', () => {
    assert.equal(stateFolder(machine('linux', '/home/u')), '/home/u/.local/state/python-tools-mcp');
    assert.equal(cacheFolder(machine('linux', '/home/u')), '/home/u/.cache/python-tools-mcp');
    assert.equal(stateFolder(machine('linux', '/h', { XDG_STATE_HOME: '/s' })), '/s/python-tools-mcp');
    assert.equal(cacheFolder(machine('linux', '/h', { XDG_CACHE_HOME: 'rel' })), '/h/.cache/python-tools-mcp');
    assert.equal(stateFolder(machine('darwin', '/Users/u')), '/Users/u/Library/Application Support/python-tools-mcp');
    assert.equal(cacheFolder(machine('darwin', '/Users/u')), '/Users/u/Library/Caches/python-tools-mcp');
    assert.equal(stateFolder(machine('win32', 'C:\\Users\\u')), 'C:\\Users\\u\\AppData\\Local\\python-tools-mcp');
    assert.equal(
      cacheFolder(machine('win32', 'C:\\Users\\u', { LOCALAPPDATA: 'D:\\L' })),
      'D:\\L\\python-tools-mcp\\Cache',
    );
  });

  it('replaces a JSON file whole, even when many write at once, and leaves nothing beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'storage-'));
    const file = join(folder, 'deep', 'value.json');
    const values = Array.from({ length: 20 }, (_, index) => ({ index, text: 'x'.repeat(10_000) }));
    await Promise.all(
      values.map(async (value) => {
        await writeJson(file, value);
        assert.ok(await readJson(file));
      }),
    );
    assert.deepEqual(readdirSync(join(folder, 'deep')), ['value.json']);
    rmSync(folder, { recursive: true });
  });

  it('reads nothing from a file that is missing or corrupt', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'storage-'));
    writeFileSync(join(folder, 'half.json'), '{"a":');
    assert.equal(await readJson(join(folder, 'half.json')), undefined);
    assert.equal(await readJson(join(folder, 'missing.json')), undefined);
    rmSync(folder, { recursive: true });
  });
});
