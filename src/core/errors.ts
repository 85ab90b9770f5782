/**
 * Every way in which a call can fail to do what was asked: for each the kind, the one sentence that says what happened,
 * and the next step. Kept in one file so that it reads as prose
 * (test/unit/errors.test.ts prints it whole into a snapshot).
 */

import { ToolError } from './toolError';

export { errorKinds, isToolError, ToolError, type ErrorKind } from './toolError';

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;

/** What an installer printed that explains its failure, appended to the sentence. */
const because = (explanation: string): string => (explanation === '' ? '' : `: ${explanation}`);

/** @returns processes as a message names them: "python.exe (4242), ruff.exe (17)". */
export const nameProcesses = (users: readonly { readonly pid: number; readonly name: string }[]): string =>
  users.map(({ pid, name }) => `${name} (${pid})`).join(', ');

export const errors = {
  invalidInput: (message: string, hint?: string) => new ToolError('invalid_input', message, hint),

  // Folders
  noFolder: () =>
    new ToolError(
      'no_folder',
      'No folder is open, so there is no environment to work in.',
      'Open a folder in the editor, or start the server with --workspace DIR.',
    ),
  folderMissing: (path: string) =>
    new ToolError('no_folder', `The folder "${path}" no longer exists.`, 'Open a folder that exists and call again.'),
  ambiguousFolder: (names: readonly string[]) =>
    new ToolError(
      'ambiguous_folder',
      `Several folders are open: ${quoted(names)}.`,
      `Add "folder", for example {"folder": "${names[0] ?? ''}"}.`,
    ),
  unknownFolder: (folder: string, names: readonly string[]) =>
    new ToolError(
      'invalid_input',
      `No open folder is called "${folder}".`,
      `Use one of ${quoted(names)}, by name or absolute path.`,
    ),
  workspaceUntrusted: () =>
    new ToolError(
      'workspace_untrusted',
      'This workspace is not trusted, so nothing is run or changed in it.',
      'Ask the user to trust the workspace ("Workspaces: Manage Workspace Trust"), then call again.',
    ),

  // Files
  fileNotFound: (path: string, nearest: readonly string[]) =>
    new ToolError(
      'file_not_found',
      `File not found: ${path}`,
      nearest.length > 0
        ? `The nearest that exist: ${nearest.join(', ')}.`
        : 'Nothing with a similar name exists here.',
    ),
  notAFile: (path: string) =>
    new ToolError(
      'invalid_input',
      `"${path}" is a folder, not a file.`,
      'Name a file in it, or use "module" for a package.',
    ),
  notADirectory: (path: string) =>
    new ToolError('invalid_input', `"${path}" is a file, not a folder.`, 'Name the folder that holds it.'),
  notOnWindows: (path: string, why: string) =>
    new ToolError(
      'invalid_input',
      `"${path}" cannot be used on Windows: ${why}.`,
      'Use another name, relative to the folder ("src/main.py") or in full ("C:\\project\\src\\main.py").',
    ),
  outsideWorkspace: (path: string, folder: string) =>
    new ToolError(
      'outside_workspace',
      `"${path}" lies outside the folder "${folder}".`,
      'Use a path inside the folder, relative to its root.',
    ),
  permissionDenied: (path: string) =>
    new ToolError('permission_denied', `No permission for "${path}".`, 'Check who owns it and its mode.'),
  unreachable: (path: string, code: string) =>
    new ToolError(
      'invalid_input',
      `The system could not read "${path}" (${code}).`,
      'Check that the disk or network share that holds it is connected.',
    ),
  noSpace: (what: string) =>
    new ToolError('no_space', `No space left on the device while ${what}.`, 'Free some disk space, then call again.'),

  // Starting a process
  argumentsTooLong: () =>
    new ToolError(
      'invalid_input',
      'The arguments and environment are longer than the system allows for a process.',
      'Pass long text through "stdin", or write it to a file and pass its path.',
    ),
  pathTooLong: (what: 'folder' | 'program', path: string) =>
    new ToolError(
      'invalid_input',
      `Windows cannot start a program ${what === 'folder' ? 'in a folder' : 'at a path'} of ${path.length} characters: "${path.slice(0, 80)}…".`,
      'Move the project nearer to the root of its drive, or open it by a short drive (subst P: FOLDER).',
    ),
  executableMissing: (path: string) =>
    new ToolError(
      'interpreter_not_found',
      `"${path}" is no longer there.`,
      'See python.venv {"action": "list"}; create the environment again where it is broken.',
    ),
  cannotExecute: (path: string) =>
    new ToolError(
      'venv_broken',
      `"${path}" cannot run on this system.`,
      'It was made for another system or processor: delete that environment and create it again.',
    ),
  batchFileRefused: (path: string, part: string) =>
    new ToolError(
      'refused',
      `"${path}" is a batch file, and cmd.exe could act on a character of ${JSON.stringify(part)}.`,
      'Name the .exe that it starts, or move it to a path of letters, digits, blanks, "-", "_" and ".".',
    ),

  // Interpreters
  interpreterNotFound: (wanted: string, available: readonly string[]) =>
    new ToolError(
      'interpreter_not_found',
      `No Python was found for "${wanted}".`,
      available.length > 0
        ? `Use one of these as "python": ${available.join(', ')}.`
        : 'Install Python 3.8 or newer (python.org, or "uv python install"), then call again.',
    ),
  interpreterTooOld: (wanted: string, version: string, available: readonly string[]) =>
    new ToolError(
      'interpreter_not_found',
      `"${wanted}" is Python ${version}, and Python 3.8 or newer is needed.`,
      available.length > 0 ? `Use one of these as "python": ${available.join(', ')}.` : 'Install a newer Python.',
    ),
  noInterpreter: () =>
    new ToolError(
      'interpreter_not_found',
      'No Python 3 was found on this machine.',
      'Install Python 3.8 or newer (python.org, or "uv python install"), then call again.',
    ),

  noPipForVenv: (python: string, platform: NodeJS.Platform) =>
    new ToolError(
      'interpreter_not_found',
      `"${python}" has no ensurepip, and no other Python here has a compatible pip wheel.`,
      platform === 'win32'
        ? 'Install Python from python.org, or name another Python as "python".'
        : 'Install its venv package ("apt install python3-venv" on Debian and Ubuntu), or name another Python as "python".',
    ),
  noVenvModule: (python: string) =>
    new ToolError(
      'interpreter_not_found',
      `"${python}" has no venv module, so it cannot create a virtual environment.`,
      'Install uv, which needs none, or name another Python as "python".',
    ),

  // Environments
  venvNotFound: (path: string, others: readonly string[] = []) =>
    new ToolError(
      'venv_not_found',
      `There is no virtual environment at "${path}".`,
      `Create it with python.venv {"action": "create", "path": ${JSON.stringify(path)}}, or ${others.length > 0 ? `use one of those there are: ${quoted(others)}` : 'see {"action": "list"}'}.`,
    ),
  noActiveVenv: () =>
    new ToolError(
      'venv_not_found',
      'This folder has no virtual environment, and the base Python is never modified.',
      'Create one with python.venv {"action": "create"}, then call again.',
    ),
  venvExists: (path: string) =>
    new ToolError(
      'venv_exists',
      `A virtual environment exists at "${path}" already.`,
      `Use it with python.venv {"action": "select", "path": ${JSON.stringify(path)}}, or delete it first with {"action": "delete", "path": ${JSON.stringify(path)}}.`,
    ),
  venvBroken: (path: string, reason: string) =>
    new ToolError(
      'venv_broken',
      `The virtual environment "${path}" is broken: ${reason}.`,
      `Delete it with python.venv {"action": "delete", "path": ${JSON.stringify(path)}} and create it again, or select another.`,
    ),
  notAVenv: (path: string) =>
    new ToolError(
      'not_a_venv',
      `"${path}" is not a virtual environment (it has no pyvenv.cfg).`,
      'See python.venv {"action": "list"} for those there are.',
    ),
  venvInUse: (path: string, users: readonly { readonly pid: number; readonly name: string }[]) =>
    new ToolError(
      'permission_denied',
      users.length > 0
        ? `"${path}" is in use by ${nameProcesses(users)}, so it was not deleted; it is as it was.`
        : `Windows does not let "${path}" go: a process has a file in it open, or this user may not change it. It is as it was.`,
      'End what uses it (a terminal, a notebook, a debugger, a running program), then call again.',
    ),
  venvCannotGo: (path: string, obstacle: string, reason: string) =>
    new ToolError(
      'permission_denied',
      `"${path}" was not deleted, since "${obstacle}" cannot be removed: ${reason}. The environment is as it was.`,
      'Ask the user to change that, or to remove the folder by hand.',
    ),
  refused: (message: string, hint?: string) => new ToolError('refused', message, hint),

  // Inline script metadata
  scriptMetadataInvalid: (path: string, line: number, rule: string) =>
    new ToolError(
      'invalid_input',
      `The inline script metadata of "${path}" is invalid in line ${line}: ${rule}.`,
      'Correct the block, for example: # /// script, # dependencies = ["requests>=2.31"], # ///, a line each (PEP 723).',
    ),
  noPythonForScript: (path: string, requiresPython: string, available: readonly string[]) =>
    new ToolError(
      'interpreter_not_found',
      `"${path}" requires Python ${requiresPython}, and there is none of these versions.`,
      `There is Python ${available.join(', ')}: correct "requires-python" in the file, or install a Python that it allows.`,
    ),
  scriptDependencies: (path: string, { kind, message, hint }: ToolError) =>
    new ToolError(kind, `The dependencies of "${path}" are not installed. ${message}`, hint),

  // Packages
  requirementInvalid: (requirement: string, reason: string) =>
    new ToolError(
      'requirement_invalid',
      `"${requirement}" is not a valid requirement: ${reason}.`,
      'Write a name with an optional specifier ("requests>=2.31"), "name @ URL", a URL, or the path of a local project or wheel.',
    ),
  noMatchingDistribution: (explanation: string, advice?: string) =>
    new ToolError(
      'no_matching_distribution',
      `No matching distribution${because(explanation)}`,
      advice ?? "Check the name's spelling and the specifier, and that a release supports this Python.",
    ),
  resolutionConflict: (explanation: string) =>
    new ToolError(
      'resolution_conflict',
      `The requirements cannot be met together${because(explanation)}`,
      'Loosen or drop one of the specifiers named, then call again.',
    ),
  buildFailed: (explanation: string, advice?: string) =>
    new ToolError(
      'build_failed',
      `A package could not be built${because(explanation)}`,
      advice ??
        'Install what the build lacks (a compiler, headers), or ask for a version that has a wheel for this Python.',
    ),
  network: (explanation: string) =>
    new ToolError(
      'network',
      `The package index could not be reached${because(explanation)}`,
      'Check the connection and the proxy, or the configured index, then call again.',
    ),
  requirementRefused: (installer: string, explanation: string) =>
    new ToolError(
      'requirement_invalid',
      `${installer} does not take one of the requirements${because(explanation)}`,
      'Correct the line named in the requirements file, then call again.',
    ),
  installDenied: (explanation: string) =>
    new ToolError(
      'permission_denied',
      `No permission to change what the install needs to${because(explanation)}`,
      'Check who owns the environment, and that no running program uses the files named.',
    ),
  installerFailed: (installer: string, exitCode: number | null, explanation: string, advice?: string) =>
    new ToolError(
      'installer_failed',
      `${installer} ended with ${exitCode === null ? 'a signal' : `exit code ${exitCode}`}${because(explanation)}`,
      advice ?? 'Read the message above; correct what it names and call again.',
    ),
  pipNotFound: () =>
    new ToolError(
      'installer_failed',
      'This environment has no pip, and neither another pip nor uv was found for it.',
      'Create the environment again with python.venv {"action": "create"} after deleting it, or install uv.',
    ),
  installerNotFound: (installer: string) =>
    new ToolError(
      'installer_failed',
      `The installer "${installer}" is set, but it was not found on this machine.`,
      'Install it, or set the installer to "auto".',
    ),

  // Time
  timedOut: (what: string, limitMs: number, kept: string) =>
    new ToolError(
      'timeout',
      `${what} took longer than ${seconds(limitMs)} and was ended. ${kept}`,
      'Call again with less to do at once.',
    ),
  cancelled: (what: string, kept: string) => new ToolError('cancelled', `${what} was cancelled. ${kept}`),

  internal: (cause: unknown) =>
    new ToolError(
      'internal',
      `Something went wrong inside the tools: ${cause instanceof Error ? cause.message : String(cause)}`,
      'This is a bug in Python Tools MCP; please report it with the log.',
    ),
};
