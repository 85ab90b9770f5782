import { ToolError } from '../toolError';

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** Failures that concern folders and files. */
export const folderAndFileErrors = {
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
  notARegularFile: (path: string) =>
    new ToolError(
      'invalid_input',
      `"${path}" is not a regular file but a FIFO, a socket or a device, and reading it could wait for ever.`,
      'Put a regular file in its place, or name another one.',
    ),
  fileTooLarge: (path: string, limit: string) =>
    new ToolError(
      'invalid_input',
      `"${path}" is larger than ${limit}, the most that is read of such a file.`,
      'Check that it is the right file, and name a smaller one.',
    ),
  notADirectory: (path: string) =>
    new ToolError('invalid_input', `"${path}" is a file, not a folder.`, 'Name the folder that holds it.'),
  notOnWindows: (path: string, why: string) =>
    new ToolError(
      'invalid_input',
      `"${path}" cannot be used on Windows: ${why}.`,
      'Use another name, relative to the folder ("src/main.py") or in full ("C:\\project\\src\\main.py").',
    ),
  envFileUnreadable: (path: string, limit: number) =>
    new ToolError(
      'invalid_input',
      `The environment file "${path}" cannot be read, so nothing was run.`,
      `Make it a regular text file of at most ${limit / 1024} KiB, or change the setting pythonTools.run.envFile (the flag --run-env-file).`,
    ),
  outsideWorkspace: (path: string, folder: string) =>
    new ToolError(
      'outside_workspace',
      `"${path}" lies outside the folder "${folder}".`,
      'Use a path inside the folder, relative to its root.',
    ),
  permissionDenied: (path: string) =>
    new ToolError('permission_denied', `No permission for "${path}".`, 'Check who owns it and its mode.'),
  noPrivateFolder: () =>
    new ToolError(
      'permission_denied',
      'There is no folder outside the project that nobody but this user can change.',
      'Set XDG_CACHE_HOME (on Windows LOCALAPPDATA) to a folder of this user, then start the server again.',
    ),
  unreachable: (path: string, code: string) =>
    new ToolError(
      'invalid_input',
      `The system could not read "${path}" (${code}).`,
      'Check that the disk or network share that holds it is connected.',
    ),
  noSpace: (what: string) =>
    new ToolError('no_space', `No space left on the device while ${what}.`, 'Free some disk space, then call again.'),
};
