import assert from 'node:assert/strict';
import { basename, join, sep } from 'node:path';
import { extension, until } from './support';

describe('Activation', () => {
  it('comes by itself once VS Code has started, and loads neither the tools nor the MCP server', async () => {
    await until(() => extension().isActive);
    const dist = join(extension().extensionPath, 'dist') + sep;
    const loaded = Object.keys(require.cache).filter((path) => path.startsWith(dist));
    assert.deepEqual(
      loaded.map((path) => basename(path)),
      ['extension.js'],
    );
  });
});
