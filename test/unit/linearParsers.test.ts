import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { jsonFormat } from '../../src/connect/jsonFormat';
import { tomlFormat } from '../../src/connect/tomlFormat';
import { lineEndOf } from '../../src/connect/configFormat';
import { maskSecrets, unifiedDiff } from '../../src/connect/unifiedDiff';
import { maskCredentials } from '../../src/core/files/credentials';
import { bounded, lookedAt, quoted, visible } from '../../src/core/files/quoted';
import { quotedSentence } from '../../src/core/quoteErrors';
import { isSecretName, stripSecrets } from '../../src/core/files/secrets';
import { parseToml } from '../../src/core/files/toml';
import { importNameOf, knownProviders } from '../../src/core/hints/knownDistributions';
import { standardModuleHint } from '../../src/core/hints/standardModules';
import { portHint } from '../../src/core/hints/surroundingsHint';
import { sharedIndentation } from '../../src/core/indentation';
import { isCondaFolder } from '../../src/core/interpreters/condaRoots';
import { newestNames, pythonNames } from '../../src/core/interpreters/places';
import { parseInterpreterRequest } from '../../src/core/interpreters/request';
import { parseSelfDescription } from '../../src/core/interpreters/selfDescription';
import { promisedVersion, versionParts } from '../../src/core/interpreters/version';
import { launcherCandidates, managerCandidates } from '../../src/core/interpreters/windows/launchers';
import { parseRegistryExport } from '../../src/core/interpreters/windows/registryExport';
import { expandVariables } from '../../src/core/interpreters/windows/variables';
import { takenByLineFeeds, withLineFeeds } from '../../src/core/lineEnds';
import { editDistance, nearestNames } from '../../src/core/nearestNames';
import { sizesInLock } from '../../src/core/packages/archiveSizes';
import { isSameUrl, parseDirectUrl } from '../../src/core/packages/directUrl';
import { safeName } from '../../src/core/packages/foundDistribution';
import { isModuleFile } from '../../src/core/packages/importNames';
import { buildAdvice, hashAdvice, noMatchAdvice } from '../../src/core/packages/installAdvice';
import { installerFailure } from '../../src/core/packages/installerFailure';
import { installProgress } from '../../src/core/packages/installProgress';
import { byText } from '../../src/core/packages/list';
import { evaluateMarker, parseMarker } from '../../src/core/packages/markers';
import { dedentHeader, headerText, MetadataHeaders, wholeHeaders } from '../../src/core/packages/metadata';
import { normalizeName } from '../../src/core/packages/normalizedName';
import { parseIni } from '../../src/core/packages/pipConfiguration';
import { pipRules } from '../../src/core/packages/pipRules';
import { readPyproject } from '../../src/core/packages/pyproject';
import {
  listedRequirement,
  parseRequirement,
  reasonWithout,
  RequirementError,
  singleRequirementText,
} from '../../src/core/packages/requirement';
import { isSameName, isSamePlace } from '../../src/core/pathIdentity';
import { pathOf } from '../../src/mcp/clientFolders';
import { readRequirementsFile } from '../../src/core/packages/requirementsFile';
import { isRequirementsFile } from '../../src/core/packages/requirementsFiles';
import { requirementName, resolveRequirement, splitExtras } from '../../src/core/packages/resolveRequirement';
import { filesNamedOutside, insteadOfQuoting } from '../../src/core/packages/unquotable';
import { uvSettings } from '../../src/core/packages/uvSettings';
import {
  compareVersions,
  formatVersion,
  parseSpecifier,
  parseSpecifierSet,
  parseVersion,
  specifierContains,
  tryParseVersion,
} from '../../src/core/packages/version';
import { parsePs } from '../../src/core/process/darwinProcesses';
import { withoutSecrets } from '../../src/core/process/describe';
import { membersOf } from '../../src/core/process/processTable';
import { parseUncaughtException } from '../../src/core/runner/uncaughtException';
import { parseScriptMetadata } from '../../src/core/scripts/scriptMetadata';
import '../../src/core/quoteErrors';
import { ToolError } from '../../src/core/toolError';
import { parsePyvenvConfig } from '../../src/core/venv/pyvenvConfig';
import { fromUnixShell, whyNotOnWindows } from '../../src/core/windowsNames';
import { parseInput } from '../../src/tools/parseInput';
import { pipTool } from '../../src/tools/pipTool';
import { clean, endOf, renderOutput, startOf } from '../../src/tools/renderOutput';
import { runTool } from '../../src/tools/runTool';
import { counted, underscored } from '../../src/tools/words';
import { dedent } from '../../src/vscode/commands/dedent';
import { forTerminal } from '../../src/vscode/commands/terminalText';
import { codeBlock, inlineCode } from '../../src/vscode/markdown';
import { hideValues } from '../../src/connect/hideValues';
import { isArchiveName, isWheelUrl } from '../../src/core/packages/resolveRequirement';
import { misleadingKey } from '../../src/core/packages/uvConfiguration';
import { isLike } from '../../src/core/process/inheritedVariables';
import { takeMessage } from '../../src/mcp/messages';
import { misleadingIn } from '../../src/vscode/misleading';
import { superlinear, type Parser } from '../support/linear';

const ran = (installer: 'uv' | 'pip') => (text: string) =>
  installerFailure({ installer, exitCode: 1, stdout: text, stderr: text });
const captured = (text: string) => {
  const bytes = Buffer.from(text);
  return { bytes: bytes.length, lines: 0, head: bytes, tail: Buffer.alloc(0), file: undefined, fileBytes: 0 };
};
const installerWords = [
  ...['(from versions: ', '<pip._vendor', 'mysqlclient ', 'rustc ', 'cargo ', ' DO NOT MATCH THE HASHES', 'only a'],
  ...['only found wheels for `a` (', "command '", "fatal error: '", 'error: ', '× ', '│ ', 'a-1-py3-none-', '.whl'],
  ...['(from line 1 of ', '` at position', "No package '", 'Hash mismatch for `', '1 | ', 'is not a supported wheel'],
];
const secretWords = [
  'token',
  'token=',
  'password="',
  'key',
  '--token ',
  'auth',
  'Bearer ',
  'Basic a',
  'ghp_',
  'eyJ-',
  'eyJ.',
];
const inJson = ['{"', '{"a":['];
const inToml = ['a = "', "a = '''", 'a = [', 'a = {b = ', '[a', 'a = 1', '# '];

const processes = (count: number, parentOf: (pid: number) => number) =>
  Array.from({ length: count }, (_, index) => {
    const pid = index + 2;
    return { pid, parent: parentOf(pid), group: 0, session: pid === 2 ? 1 : 0, marked: false };
  });

let folder: string;
const asFile = (name: string, read: (path: string) => Promise<unknown>) => async (text: string) => {
  const path = join(folder, name);
  await writeFile(path, text);
  return await read(path);
};

/** Everything that is exported and meets text which a workspace, an installer, a program, a model or the network wrote. */
const parsers: Readonly<Record<string, Parser>> = {
  maskSecrets: { run: maskSecrets, words: secretWords },
  unifiedDiff: { run: (text) => unifiedDiff('a', text, `${text}b`), words: secretWords },
  lineEndOf: { run: lineEndOf },
  'jsonFormat.parse': { run: jsonFormat.parse, beginnings: inJson },
  'tomlFormat.parse': { run: tomlFormat.parse },
  maskCredentials: { run: maskCredentials, beginnings: ['https://', 'https://a:', 'a:'] },
  stripSecrets: { run: stripSecrets, words: secretWords, beginnings: ['password="', 'Authorization: '] },
  isSecretName: { run: isSecretName, words: secretWords },
  quoted: { run: (text) => quoted(text), words: secretWords },
  quotedSentence: { run: (text) => quotedSentence(text), words: secretWords },
  visible: { run: visible },
  bounded: { run: (text) => bounded(text) },
  lookedAt: { run: lookedAt },
  parseToml: { run: parseToml, beginnings: inToml },
  importNameOf: { run: importNameOf },
  knownProviders: { run: (text) => knownProviders(text) },
  standardModuleHint: { run: (text) => standardModuleHint(text, '3.12') },
  portHint: { run: portHint, beginnings: ["address already in use address ('", 'address already in use port '] },
  sharedIndentation: {
    run: (text) => sharedIndentation([text, text.slice(0, text.length / 2) + '\t'.repeat(text.length)]),
  },
  isCondaFolder: { run: isCondaFolder },
  pythonNames: { run: (text) => pythonNames([`python${text}`, text], 'linux') },
  newestNames: { run: (text) => newestNames([text, '1', `1${text}`]) },
  parseInterpreterRequest: {
    run: (text) => parseInterpreterRequest(text, { folder: '/w', home: '/h', platform: 'linux' }),
    beginnings: ['python'],
  },
  parseSelfDescription: { run: parseSelfDescription, beginnings: ['{'] },
  promisedVersion: { run: promisedVersion, beginnings: ['/python3.'] },
  versionParts: { run: versionParts },
  launcherCandidates: { run: launcherCandidates, beginnings: [' -V:3 * '], words: ['\n -V:3 * C:\\a.exe', '.exe'] },
  managerCandidates: { run: managerCandidates, beginnings: ['{"versions":['] },
  parseRegistryExport: {
    run: (text) => parseRegistryExport(Buffer.from(text, 'utf16le')),
    beginnings: ['[HKCU\\a]\n"a"=hex(1):', '[HKCU\\a]\n"'],
    words: ['00,', ',\\\n'],
  },
  expandVariables: { run: (text) => expandVariables(text, { A: 'b' }), words: ['%a%'] },
  withLineFeeds: { run: withLineFeeds },
  takenByLineFeeds: { run: takenByLineFeeds },
  nearestNames: { run: (text) => nearestNames(text, [text.slice(1), 'a', text.slice(2)]) },
  editDistance: { run: (text) => editDistance(text, text.slice(1)) },
  sizesInLock: { run: sizesInLock, beginnings: ['packages = ['] },
  isSameUrl: { run: (text) => isSameUrl(`file:///${text}`, `file:///a${text}`) },
  isSameName: { run: (text) => isSameName(`/${text}`, `/a${text}`) },
  isSamePlace: { run: (text) => isSamePlace(`/${text}`, `/a${text}`) },
  pathOf: { run: (text) => pathOf(`file:///${text}`, 'linux') },
  reasonWithout: { run: (text) => reasonWithout(text, new RequirementError(`"${text}" is none`)) },
  parseDirectUrl: { run: parseDirectUrl, beginnings: inJson },
  safeName: { run: safeName },
  isModuleFile: { run: (text) => isModuleFile(`a.${text}`, 'a') },
  buildAdvice: { run: buildAdvice, words: installerWords },
  hashAdvice: { run: hashAdvice, words: installerWords },
  noMatchAdvice: { run: noMatchAdvice, words: installerWords },
  'installerFailure of pip': {
    run: ran('pip'),
    words: installerWords,
    beginnings: ['ERROR: ', '[1 lines of output]\n'],
  },
  'installerFailure of uv': { run: ran('uv'), words: installerWords, beginnings: ['error: '] },
  installProgress: {
    run: (text) => {
      const hear = installProgress(() => undefined);
      for (let start = 0; start < text.length; start += 8192)
        hear('stdout', Buffer.from(text.slice(start, start + 8192)));
    },
    words: ['Downloading a\n'],
    beginnings: ['Downloading '],
  },
  filesNamedOutside: { run: (text) => filesNamedOutside(folder, text), words: installerWords },
  insteadOfQuoting: { run: (text) => insteadOfQuoting('pip', ['a'], text), words: installerWords },
  byText: { run: (text) => byText(text, `${text}a`) },
  parseMarker: { run: parseMarker, beginnings: ['"a" in "', 'os_name'], words: ['os_name == "a" and '] },
  evaluateMarker: { run: (text) => evaluateMarker(parseMarker(`"b${text}" in "${text}${text}"`), {} as never) },
  MetadataHeaders: {
    run: (text) => new MetadataHeaders(text),
    beginnings: ['Name: ', 'Name'],
    words: ['a: b\n', 'a: b\n c\n'],
  },
  headerText: { run: headerText },
  wholeHeaders: { run: wholeHeaders },
  dedentHeader: { run: dedentHeader, beginnings: ['a\n        b\n'], words: ['\n  ', '\n\t'] },
  normalizeName: { run: normalizeName },
  parseIni: { run: parseIni, beginnings: ['[global]\n', '[global]\na = b\n '], words: ['\n a', 'a = b\n', '[a]\n'] },
  pipRules: { run: (text) => pipRules(text, '3.12') },
  readPyproject: {
    run: (text) => asFile('pyproject.toml', readPyproject)(text),
    beginnings: ['[project]\ndependencies = ["'],
    words: ['[dependency-groups]\na = [', '{include-group = "a"},', '"a>=1",'],
  },
  singleRequirementText: { run: singleRequirementText },
  parseRequirement: { run: parseRequirement, beginnings: ['a', 'a @ ', 'a[', 'a>=', 'a; '] },
  listedRequirement: { run: listedRequirement, beginnings: ['a', 'a @ ', 'a[', 'a>=', 'a; '] },
  readRequirementsFile: {
    run: (text) => asFile('requirements.txt', async (path) => await readRequirementsFile(path, folder))(text),
    beginnings: ['-r'],
    words: ['a>=1\n', '--hash=a '],
  },
  isRequirementsFile: { run: (text) => isRequirementsFile(`${text}.txt`), words: ['.requirements.', 'requirements'] },
  requirementName: { run: requirementName },
  resolveRequirement: { run: (text) => resolveRequirement(folder, text), beginnings: ['https://', './'] },
  splitExtras: { run: splitExtras, words: ['[a]'] },
  uvSettings: {
    run: (text) =>
      uvSettings(
        new Map([
          ['extra-index-url', text],
          ['no-binary', text],
          ['find-links', text],
        ]),
      ),
  },
  compareVersions: {
    run: (text) => {
      const [one, other] = [tryParseVersion(text), tryParseVersion(`1${text}`)];
      return one && other && compareVersions(one, other);
    },
  },
  formatVersion: {
    run: (text) => {
      const version = tryParseVersion(text);
      return version && formatVersion(version);
    },
  },
  parseSpecifier: { run: parseSpecifier, beginnings: ['>=', '===', '==1.'] },
  parseSpecifierSet: { run: parseSpecifierSet, beginnings: ['>='], words: ['>=1,', '~=1.0,', '==1.*,'] },
  specifierContains: {
    run: (text) => specifierContains(parseSpecifierSet(text), parseVersion('1.0')),
    words: ['>=1,', '!=1.1,'],
  },
  parseVersion: { run: parseVersion, beginnings: ['1', '1.0+', '1!'], words: ['1.', '.1', 'rc1'] },
  tryParseVersion: { run: tryParseVersion, beginnings: ['1', '1.0+', '1!'], words: ['1.', '.1', 'rc1'] },
  parsePs: { run: (text) => parsePs(text, 'marker'), words: ['1 1 1 1 S a\n'] },
  withoutSecrets: { run: (text) => withoutSecrets([text, `--token=${text}`]), words: secretWords },
  'membersOf of one parent': {
    run: ({ length }) =>
      membersOf(
        1,
        processes(length / 10, () => 1),
      ),
    only: ['a'],
  },
  'membersOf of a chain': {
    run: ({ length }) =>
      membersOf(
        1,
        processes(length / 10, (pid) => pid - 1),
      ),
    only: ['a'],
  },
  parseUncaughtException: { run: (text) => parseUncaughtException(text, '/w'), beginnings: ['{"type":"', '{"a":['] },
  parseScriptMetadata: {
    run: (text) => parseScriptMetadata('a.py', text),
    beginnings: ['# /// script\n', '# /// script\n# dependencies = ["'],
    words: ['# /// script\n', '# /// a\n', '# a = 1\n', '#\n', '# ///\n', '# /// script\n# a\n# ///\n'],
  },
  ToolError: { run: (text) => new ToolError('refused', text, text), words: secretWords },
  parsePyvenvConfig: {
    run: parsePyvenvConfig,
    beginnings: ['home = ', 'version = 1.', "prompt = '"],
    words: ['a = b\n'],
  },
  fromUnixShell: { run: fromUnixShell, beginnings: ['/c/', '/mnt/c/'] },
  whyNotOnWindows: { run: whyNotOnWindows, words: ['con/', 'a:b/'] },
  'parseInput, an unknown field': { run: (text) => parseInput(pipTool, { [text]: 1 }) },
  'parseInput, a value': { run: (text) => parseInput(pipTool, { action: text, packages: [text] }) },
  'the check of python.run': {
    run: (text) => {
      runTool.check(parseInput(runTool, { module: text, env: { [text]: text } }));
    },
  },
  clean: { run: (text) => clean(Buffer.from(text)) },
  renderOutput: { run: (text) => renderOutput({ stdout: captured(text), stderr: captured(text) }, 16_384) },
  startOf: { run: (text) => startOf(text, 1000) },
  endOf: { run: (text) => endOf(text, 1000) },
  counted: { run: (text) => counted(2, text) },
  underscored: { run: underscored },
  dedent: { run: dedent, words: ['\n  a', '\n\ta'] },
  forTerminal: { run: forTerminal },
  codeBlock: { run: (text) => codeBlock(text, 'python') },
  inlineCode: { run: (text) => inlineCode(text) },
  isArchiveName: { run: isArchiveName, words: ['.tar.gz'] },
  isWheelUrl: { run: isWheelUrl, beginnings: ['https://a/'], words: ['.whl'] },
  misleadingKey: { run: (text) => misleadingKey(text, 'uv.toml'), beginnings: inToml },
  isLike: { run: (text) => isLike(text, `${text.slice(0, 20)}*${text.slice(0, 20)}*`) },
  'hideValues of JSON': { run: (text) => hideValues(text, 'json', new Set()), beginnings: inJson },
  hideValues: { run: (text) => hideValues(text, 'toml', new Set()), beginnings: inToml },
  misleadingIn: { run: (text) => misleadingIn([text]), words: ['\u0430', '\u3164'] },
  takeMessage: { run: (text) => takeMessage(Buffer.from(text)), beginnings: ['{"jsonrpc":"2.0","id":1,"method":"'] },
};

/** Exported functions that take a text of ours, or one whose length the system bounds. */
const ofOurs = new Set([
  'agentNamed',
  'appAlias',
  'asToolError',
  'behindBatch',
  'connect',
  'consoleScript',
  'entryPointCode',
  'exeLauncher',
  'forTerminal',
  'isSetAside',
  'isProjectFile',
  'removeOldFiles',
  'pipIsAtLeast',
  'installedPip',
  'variableIn',
  'windowsCommand',
  'systemProgram',
  'offer',
  'install',
  'longWork',
  'binaryFormat',
  'foreignTo',
  'registeredIn',
  'pipWheelsFor',
  'scriptInterpreter',
  'insertProperty',
  'replaceValue',
  'removeProperty',
  'textWithMetadata',
  'launcherName',
  'directReference',
  'wheelPip',
  'splitRequirements',
  'showPackages',
  'foldersFromPth',
  'writeJson',
  'newPrivateFolder',
  'readConfig',
  'newPrivateFile',
  'executableOnPath',
  'isInstaller',
  'isToolFile',
  'saveText',
  'linkToWhole',
  'moduleCall',
  'foldersWithModule',
  'hasModule',
  'keepServer',
  'refreshKeptServer',
  'serverOf',
  'shownCommand',
]);

describe('The work on a text that others wrote', function () {
  this.timeout(600_000);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'python-tools-linear-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  for (const [name, parser] of Object.entries(parsers)) {
    it(`grows no faster than the text: ${name}`, async () => {
      assert.deepEqual(await superlinear(parser), []);
    });
  }

  it('is measured for every exported function that takes a text', () => {
    const measured = new Set(Object.keys(parsers).map((name) => name.split(/[. ,]/)[0]));
    const missing = exportedWithText().filter((name) => !measured.has(name) && !ofOurs.has(name));
    assert.deepEqual(missing, [], 'add them to the table above');
  });
});

/** What a parameter is called that is a text rather than a path. */
const textual =
  /^(text|toml|json|output|line|lines|value|values|header|beginning|bytes|name|names|wanted|code|message|content|written|printed|stderr|stdout|a|b|one|other|version|imported|module|distribution|target|label|url|uri)$/;

function exportedWithText(): string[] {
  const rooms = ['src/core', 'src/connect', 'src/tools', 'src/vscode', 'src/mcp'];
  const files = rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
  );
  return files.filter((file) => file.endsWith('.ts') && !basename(file).endsWith('.d.ts')).flatMap(functionsIn);
}

function functionsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const takesText = ({ parameters }: ts.SignatureDeclarationBase): boolean =>
    parameters.some(
      ({ name, type }) => textual.test(name.getText()) && /^(readonly )?(string|Buffer)\b/.test(type?.getText() ?? ''),
    );
  return source.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    const isExported = ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isFunctionDeclaration(statement)) return takesText(statement) ? [statement.name?.text ?? ''] : [];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer && ts.isArrowFunction(initializer) && takesText(initializer) ? [name.getText()] : [],
    );
  });
}
