import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { project } from '../support/mcpClient';

/** What the demonstration prints of a result; a module of its own, which `require` cannot load. */
function shown(result: Record<string, unknown>, folder = '/sample'): string {
  const script = JSON.stringify(pathToFileURL(join(project, 'scripts/demonstration.mjs')).href);
  const program = `import { linesOf } from ${script}; console.log(linesOf(${JSON.stringify(result)}, ${JSON.stringify(folder)}).join('\\n'));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return stripVTControlCharacters(output);
}

describe('the demonstration of npm start', () => {
  it('shows what pip freeze and what an overview have as requirements', () => {
    assert.equal(shown({ requirements: 'a==1\nb==2', count: 2 }), '  requirements:\n    a==1\n    b==2\n  count: 2\n');
    assert.equal(
      shown({ path: '/sample/.venv', requirements: { files: ['r.txt'] } }),
      '  path: "…/.venv"\n  requirements: {"files":["r.txt"]}\n',
    );
  });

  it('leaves the folder of the project out, also as Windows writes it', () => {
    const folder = 'C:\\Temp\\sample';
    const result = { stdout: `in ${folder}\n`, path: `${folder}\\.venv` };
    assert.equal(shown(result, folder), '  stdout:\n    in …\n  path: "…\\\\.venv"\n');
  });

  it('shows the output of a run as it was written, and nothing of what is empty', () => {
    assert.equal(shown({ stdout: 'Hello\n', stderr: '', exit_code: 0 }), '  stdout:\n    Hello\n  exit_code: 0\n');
  });
});
