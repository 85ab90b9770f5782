// The usual report, and the sums as JSON for scripts/test.mjs.
const { writeFileSync } = require('node:fs');
const process = require('node:process');
const { reporters } = require('mocha');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = runner.stats;
      const path = process.env.PYTHON_TOOLS_TEST_RESULTS;
      if (path) writeFileSync(path, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
