import assert from 'node:assert/strict';
import { parseUncaughtException } from '../../src/core/runner/uncaughtException';

describe('the exception of a run', () => {
  it('has a message whose lines end with a line feed', () => {
    const report = {
      type: 'ValueError',
      message: 'first\r\nsecond',
      frames: [],
      causes: [{ type: 'OSError', message: 'a\r\n\r\nb', frames: [], relation: 'cause' }],
    };
    const { message, causes } = parseUncaughtException(JSON.stringify(report), '/project') ?? {};
    assert.equal(message, 'first\nsecond');
    assert.equal(causes?.[0]?.message, 'a\n\nb');
  });
});
