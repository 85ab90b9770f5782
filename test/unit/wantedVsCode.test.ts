import assert from 'node:assert/strict';
import { engines } from '../../package.json';
import { wantedVsCode } from '../host/rig/wantedVsCode';

describe('The desktop VS Code of the tests', () => {
  it('is the newest, the oldest that the extension is for, or the one that is named', () => {
    const wanted = (version?: string): string => wantedVsCode({ PYTHON_TOOLS_TEST_VSCODE: version });
    assert.equal(wanted(), 'stable');
    assert.equal(wanted('newest'), 'stable');
    assert.equal(`^${wanted('oldest')}`, engines.vscode);
    assert.match(wanted('oldest'), /^\d+\.\d+\.\d+$/);
    assert.equal(wanted('1.120.0'), '1.120.0');
  });
});
