import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolError } from '../../src/core/errors';
import { errorKinds, errors } from '../../src/core/errors';

/** What each failure says on an example. */
const samples: Record<keyof typeof errors, ToolError> = {
  invalidInput: errors.invalidInput(
    '"timeout" must be a number.',
    'A call that works: python.run {"code": "print(1)"}.',
  ),
  noFolder: errors.noFolder(),
  folderMissing: errors.folderMissing('/home/me/gone'),
  ambiguousFolder: errors.ambiguousFolder(['api', 'web']),
  unknownFolder: errors.unknownFolder('apo', ['api', 'web']),
  workspaceUntrusted: errors.workspaceUntrusted(),
  fileNotFound: errors.fileNotFound('mian.py', ['main.py', 'src/main.py']),
  notAFile: errors.notAFile('src'),
  notARegularFile: errors.notARegularFile('requirements.txt'),
  fileTooLarge: errors.fileTooLarge('requirements.txt', '4 MB'),
  notADirectory: errors.notADirectory('main.py'),
  notOnWindows: errors.notOnWindows('aux.py', '"aux.py" is the name of a device'),
  envFileUnreadable: errors.envFileUnreadable('.env', 128 * 1024),
  outsideWorkspace: errors.outsideWorkspace('../other', '/home/me/project'),
  permissionDenied: errors.permissionDenied('/opt/project'),
  noPrivateFolder: errors.noPrivateFolder(),
  unreachable: errors.unreachable('//host/share/project', 'UNKNOWN'),
  noSpace: errors.noSpace('creating ".venv"'),
  argumentsTooLong: errors.argumentsTooLong(),
  pathTooLong: errors.pathTooLong('folder', `C:\\projects${'\\deep'.repeat(50)}`),
  executableMissing: errors.executableMissing('/home/me/project/.venv/bin/python'),
  cannotExecute: errors.cannotExecute('/home/me/project/.venv/bin/python'),
  batchFileRefused: errors.batchFileRefused('C:\\R&D\\pyright.cmd', 'C:\\R&D\\pyright.cmd'),
  interpreterNotFound: errors.interpreterNotFound('3.14', ['3.13.0', '3.12.1']),
  interpreterTooOld: errors.interpreterTooOld('3.6', '3.6.15', ['3.13.0', '3.12.1']),
  noInterpreter: errors.noInterpreter(),
  noPipForVenv: errors.noPipForVenv('/usr/bin/python3', 'linux'),
  noVenvModule: errors.noVenvModule('C:\\python-embed\\python.exe'),
  venvNotFound: errors.venvNotFound('env', ['.venv']),
  noActiveVenv: errors.noActiveVenv(),
  venvExists: errors.venvExists('.venv'),
  venvBroken: errors.venvBroken('.venv', 'its base interpreter /opt/python3.11 is gone'),
  notAVenv: errors.notAVenv('src'),
  venvInUse: errors.venvInUse('.venv', [
    { pid: 4242, name: 'python.exe' },
    { pid: 17, name: 'ruff.exe' },
  ]),
  environmentBusy: errors.environmentBusy('.venv', 4242, 660_000),
  venvCannotGo: errors.venvCannotGo('.venv', '/home/me/project/.venv/lib', 'it is a mount point'),
  venvPartlyDeleted: errors.venvPartlyDeleted('.venv', 'EBUSY', []),
  venvHoldsMore: errors.venvHoldsMore('proj', ['main.py', 'src', 'data.csv', '.env', 'notes\n.md', 'a', 'b']),
  refused: errors.refused('"src" is a link.', 'Remove the link itself.'),
  scriptMetadataInvalid: errors.scriptMetadataInvalid('report.py', 3, '"dependencies" is not a list of strings'),
  noPythonForScript: errors.noPythonForScript('report.py', '>=3.14', ['3.13.0', '3.12.1']),
  scriptDependencies: errors.scriptDependencies('report.py', errors.noMatchingDistribution('reqests')),
  lineOutsideInvalid: errors.lineOutsideInvalid('../shared/base.txt', 3),
  includedFileNotFound: errors.includedFileNotFound('../shared/base.txt', 3),
  requirementInvalid: errors.requirementInvalid('-r other.txt', 'it starts with "-"'),
  noMatchingDistribution: errors.noMatchingDistribution('reqests'),
  resolutionConflict: errors.resolutionConflict('a 1.0 needs c<2, b 1.0 needs c>=2'),
  buildFailed: errors.buildFailed('legacy 1.0: fatal error: Python.h: No such file or directory'),
  network: errors.network('connection refused'),
  requirementRefused: errors.requirementRefused('pip', 'Invalid requirement: x=1'),
  installDenied: errors.installDenied('/home/me/project/.venv/lib'),
  installerFailed: errors.installerFailed('pip', 2, 'unknown'),
  notInstalled: errors.notInstalled(
    'uv',
    ['six', 'flask>=3 (2.3.3 is there)'],
    '/home/me/project/.venv',
    'The environment is unchanged.',
  ),
  notUninstalled: errors.notUninstalled('pip', ['six 1.16.0'], '/home/me/project/.venv'),
  pipNotFound: errors.pipNotFound(),
  installerNotFound: errors.installerNotFound('uv'),
  timedOut: errors.timedOut('Installing', 600_000, 'The environment is unchanged.'),
  cancelled: errors.cancelled('Creating ".venv"', 'Nothing of it is left behind.'),
  internal: errors.internal(new Error('unexpected')),
};

/** Beside this file's source, not what was built from it. Written anew where UPDATE_SNAPSHOTS is set. */
const snapshot = join(__dirname, '../../../test/unit/errors.snapshot.md');

describe('the catalogue of errors', () => {
  it('says of every failure what happened and the next step', () => {
    const prose = Object.entries(samples)
      .map(
        ([name, { kind, message, hint }]) =>
          `## ${name} (${kind})\n\n${message}${hint === undefined ? '' : `\n\n> ${hint}`}\n`,
      )
      .join('\n');
    if (process.env['UPDATE_SNAPSHOTS']) writeFileSync(snapshot, prose);
    assert.equal(prose, readFileSync(snapshot, 'utf8'));
  });

  it('writes sentences', () => {
    for (const [name, { message, hint }] of Object.entries(samples)) {
      assert.match(message, /^["A-Zup]/, name);
      if (hint !== undefined) assert.match(hint, /^["A-Z].*\.$/s, name);
    }
  });

  it('uses every kind of the closed list, but for those that only a door knows', () => {
    const used = new Set(Object.values(samples).map(({ kind }) => kind));
    assert.deepEqual(
      errorKinds.filter((kind) => !used.has(kind)),
      [],
    );
  });
});
