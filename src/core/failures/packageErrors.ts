import { ToolError } from '../toolError';

/** What an installer printed that explains its failure, appended to the sentence. */
const because = (explanation: string): string => (explanation === '' ? '' : `: ${explanation}`);

const listed = (all: readonly string[]): string =>
  all.slice(0, 10).join(', ') + (all.length > 10 ? ` and ${all.length - 10} more` : '');

/** Failures that concern packages. */
export const packageErrors = {
  requirementInvalid: (requirement: string, reason: string) =>
    new ToolError(
      'requirement_invalid',
      `"${requirement}" is not a valid requirement: ${reason}.`,
      'Write a name with an optional specifier ("requests>=2.31"), "name @ URL", a URL, or the path of a local project or wheel.',
    ),
  lineOutsideInvalid: (file: string, line: number) =>
    new ToolError(
      'requirement_invalid',
      `Line ${line} of "${file}" is not a valid requirement. The file lies outside the folder, so the line is not repeated.`,
      'Check that this is the file that is meant, and correct the line.',
    ),
  includedFileNotFound: (file: string, line: number) =>
    new ToolError(
      'file_not_found',
      `The file that line ${line} of "${file}" includes cannot be read. "${file}" lies outside the folder, so the line is not repeated.`,
      'Check that this is the file that is meant, and correct the line.',
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
  notInstalled: (installer: string, missing: readonly string[], environment: string, state: string) =>
    new ToolError(
      'installer_failed',
      `${installer} reported success, but this is not installed in "${environment}": ${listed(missing)}. ${state}`,
      `Look for a configuration of ${installer} that sends packages elsewhere or overrides requirements, correct it and call again.`,
    ),
  notUninstalled: (installer: string, left: readonly string[], environment: string) =>
    new ToolError(
      'installer_failed',
      `${installer} reported success, but this is still installed in "${environment}": ${listed(left)}.`,
      'Call again if a second copy is left; remove by hand what an installer did not install.',
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
};
