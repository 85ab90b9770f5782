import assert from 'node:assert/strict';
import { ToolError } from '../../src/core/errors';
import { asToolError } from '../../src/core/files/systemErrors';

describe('an error of the file system', () => {
  const kindOf = (code: string): string | undefined => {
    const error = asToolError(Object.assign(new Error(code), { code }), 'path', 'reading');
    return error instanceof ToolError ? error.kind : undefined;
  };

  it('is one that a caller can act on, a share that does not answer too', () => {
    assert.equal(kindOf('EACCES'), 'permission_denied');
    assert.equal(kindOf('ENOSPC'), 'no_space');
    for (const code of ['ENAMETOOLONG', 'EINVAL', 'ELOOP', 'UNKNOWN', 'EIO', 'ETIMEDOUT']) {
      assert.equal(kindOf(code), 'invalid_input', code);
    }
    assert.equal(kindOf('EBADF'), undefined);
  });
});
