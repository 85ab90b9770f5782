import { processErrors } from '../../failures/processErrors';
import { systemProgram } from './systemProgram';

/** What runs a batch file: cmd.exe and its one line of arguments, which must reach Windows as it stands. */
export interface BatchStart {
  readonly command: string;
  readonly args: readonly [string];
}

/** @returns whether Windows runs a file by handing it to cmd.exe, as the shims of npm and conda are run. */
export const isBatchFile = (path: string, platform = process.platform): boolean =>
  platform === 'win32' && /\.(cmd|bat)$/i.test(path);

/** What cmd.exe acts on even between quotes, and what a batch file acts on when it sets a variable to its own folder. */
const actedOnInPath = /["%^&|<>!\r\n\0]/;
/** cmd.exe and the batch file each read the arguments once, so that no way of quoting them is safe for both. */
const inertArgument = /^[\w./\\:=+@-]+$/;

/**
 * @returns how a batch file is run so that cmd.exe acts on nothing in its path or its arguments: what it could act on
 * is refused, since there is no way to quote it that every batch file respects.
 * @throws refused.
 */
export function batchStart({
  command,
  args,
}: {
  readonly command: string;
  readonly args: readonly string[];
}): BatchStart {
  if (actedOnInPath.test(command)) throw processErrors.batchFileRefused(command, command);
  const risky = args.find((arg) => !inertArgument.test(arg));
  if (risky !== undefined) throw processErrors.batchFileRefused(command, risky);
  return {
    command: systemProgram('cmd.exe'),
    // /d: no AutoRun commands of the registry. /s: only the outermost quotes are taken off. /v:off: "!" means itself.
    args: [`/d /v:off /s /c "${[`"${command}"`, ...args].join(' ')}"`],
  };
}
