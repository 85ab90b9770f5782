import { stripVTControlCharacters } from 'node:util';
import { errors, type ToolError } from '../errors';
import { buildAdvice, hashAdvice, noMatchAdvice } from './installAdvice';
import { bounded, quoted } from '../files/quoted';
import { insteadOfQuoting } from './unquotable';

/** What an installer left behind that failed. */
export interface FailedOutput {
  readonly installer: 'uv' | 'pip';
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The files outside the folder that the installer read: what it says could quote them. */
  readonly outside?: readonly string[];
}

/** More than is kept of what a process prints, and as much as is looked through here. */
const mostOutput = 150_000;

/** Enough to act on; the rest is in the log. */
const maxExplanation = 600;

const noSpace =
  /No space left on device|Disk quota exceeded|not enough space on the disk|\[Errno (?:28|122)\]|os error (?:28|112|122)\b/i;
const conflict = /ResolutionImpossible|conflicting dependencies/;
const unreachable =
  /connection broken by|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Max retries exceeded|connection-failed|connection-timed-out|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|ssl-verification-failed|name resolution|getaddrinfo failed|Name or service not known|Failed to connect to|Could not resolve host|error sending request|tcp connect error|dns error|operation timed out|invalid peer certificate|(?:401|403|407|429|5\d\d) (?:Client |Server )?Error|HTTP error (?:401|403|407|429|5\d\d)|HTTP status (?:server error|client error \((?:401|403|407|429))|lack of valid authentication|Network connectivity is disabled/i;
const build =
  /subprocess-exited-with-error|metadata-generation-failed|failed-wheel-build|legacy-install-failure|backend-unavailable|BackendUnavailable|Command errored out with exit status|Failed building|Failed to (?:download and )?build|Could not build wheels|build backend returned an error|build-system\.requires/;
const noMatch =
  /No matching distribution found|Could not find a version that satisfies|requires a different Python|is not a supported wheel|not found in the (?:package registry|provided package locations)|HTTP error 404|HTTP status client error \(404|404 Client Error|no versions? of|does not satisfy Python|is incompatible with the current|requires Python [<>=~!]/;
/** uv: what there is of a package is not what is wanted of the same package. */
const onlyOthers =
  /only (\w[\w.-]*?)[<>=!~{][^ ]* (?:is|are) available and (?:you require|(?:all versions of )?\S+ depends? on) \1\b/;
const denied =
  /Permission denied|Access is denied|Operation not permitted|\[Errno 13\]|os error (?:5|13)\b|Read-only file system/;
const invalid = /Invalid requirement|Couldn't parse requirement|InvalidRequirement/;

const linesOf = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
    // uv shows the lines of a configuration file that it does not understand, wherever that file lies.
    .filter((line) => line.trim() !== '' && !/^\s*\d+\s\|/.test(line));

/** Marks that terminals get, addresses of pip's objects: nothing that explains. */
const noise = /^[×╰│─>|][\s×╰│─>|]*|^(?:ERROR|error):\s*|<pip\._vendor[^<>]{0,200}>: |[.:]$/gu;
/** Names of pip's own error codes. */
const empty = /^(?:[a-z]+-[a-z-]+|Exception|No solution found when resolving dependencies|)$/;

/** The lines as one: masked, in bounds. */
function joined(lines: readonly string[], separator = '; '): string {
  const parts = lines.map((line) => line.trim().replace(noise, '').trim()).filter((line) => !empty.test(line));
  return quoted([...new Set(parts)].join(separator).replace(/\s+/g, ' '), maxExplanation);
}

/** uv: the sentence after "error:" with its causes, and where a command failed the end of what that printed. */
function uvExplanation(stderr: string): string[] {
  const lines = linesOf(stderr);
  const start = lines.findIndex((line) => /^\s*(?:error:|× )/.test(line));
  if (start === -1) return lines.slice(-3);
  const chain = lines.slice(start).filter((line) => !/^(?:hint|warning):/.test(line.trim()));
  const printed = chain.findIndex((line) => /\[stderr\]|\[stdout\]|--- stderr/.test(line));
  const causes = (printed === -1 ? chain : chain.slice(0, printed)).map((line) =>
    line.replace(/^\s*(?:cause:|Caused by:|├─▶|╰─▶|│)\s*/u, ''),
  );
  const end = printed === -1 ? [] : telling(chain.slice(printed + 1).filter((line) => /^\s/.test(line)));
  return [...causes, ...end];
}

/** The lines of a build's output that tell why it failed: those that speak of an error, else the last ones. */
function telling(output: readonly string[]): string[] {
  const marked = output.filter(
    (line) =>
      /\berror\b|\w(?:Error|Exception)\b|\bfatal\b|not found|No such file|cannot find/i.test(line) &&
      !/^\s*(?:raise |File "|error: subprocess|note:|hint:|command:)/.test(line),
  );
  return (marked.length > 0 ? marked : output).slice(-4);
}

/** pip: which step failed, and the end of what it printed, which pip shows as a block. */
function pipBuildExplanation(stderr: string): string[] {
  const lines = linesOf(stderr);
  const step = lines.find((line) => /did not run successfully|Cannot import build backend/.test(line));
  const opening = lines.findIndex((line) => /\[\d+ lines? of output\]|Complete output/.test(line));
  const closing = lines.findIndex((line, index) => index > opening && /\[end of output\]|^\s*-{20,}/.test(line));
  const block =
    opening === -1
      ? lines.filter((line) => !/^\s*(?:note|hint):|See above|× Encountered|Discarding/.test(line))
      : lines.slice(opening + 1, closing === -1 ? undefined : closing);
  return [...(step === undefined ? [] : [step]), ...telling(block.filter((line) => line !== step))];
}

/** pip lists every version there is; the newest, which come last, are enough. */
const shortenVersions = (line: string): string =>
  line.replace(/\(from versions: ([^()]*)\)/, (whole, versions: string) => {
    const all = versions.split(', ');
    return all.length <= 10 ? whole : `(from versions: …, ${all.slice(-10).join(', ')})`;
  });

/** Lines that repeat another one. */
const said = /ResolutionImpossible: for help|No matching distribution found for|Could not install requirement/;

const messages = (text: string): string[] =>
  linesOf(text)
    .filter((line) => /^\s*(?:ERROR|error|fatal):/.test(line) && !said.test(line))
    .map(shortenVersions);

function pipConflictExplanation(stdout: string, stderr: string): string[] {
  const lines = linesOf(stdout);
  const start = lines.findIndex((line) => line.includes('The conflict is caused by:'));
  const rest = start === -1 ? [] : lines.slice(start + 1);
  const end = rest.findIndex((line) => !/^\s/.test(line));
  return [...messages(stderr), ...(end === -1 ? rest : rest.slice(0, end))];
}

function pipNetworkExplanation(stderr: string): string[] {
  const lines = linesOf(stderr);
  const failures = lines.filter((line) => unreachable.test(line) && !line.includes('WARNING: Retrying')).slice(-2);
  if (failures.length > 0) return failures;
  const retry = lines.findLast((line) => unreachable.test(line)) ?? '';
  return [retry.replace(/^.*connection broken by/, 'connection broken by')];
}

/** @returns whether pip saw an index, so that a connection that broke as well is not why nothing matched. */
const sawVersions = (stderr: string): boolean => /\(from versions: (?!none)/.test(stderr);

/**
 * @returns the failure of an installer, by kind, with the part of its output that explains it: at most 600 characters,
 * without credentials. Where it could quote files outside the folder, it says which instead.
 */
export function installerFailure(failed: FailedOutput): ToolError {
  const stdout = stripVTControlCharacters(bounded(failed.stdout, mostOutput));
  const stderr = stripVTControlCharacters(bounded(failed.stderr, mostOutput));
  const both = `${stdout}\n${stderr}`;
  const uv = failed.installer === 'uv';
  const plain = uv ? uvExplanation(stderr) : messages(stderr);
  const crashed = /^ERROR: Exception:/m.test(stderr);
  const told = crashed || plain.length === 0 ? [...plain, ...linesOf(both).slice(crashed ? -1 : -3)] : plain;
  const { outside = [] } = failed;
  const hidden = outside.length === 0 ? undefined : insteadOfQuoting(failed.installer, outside, both);
  const explained = (lines: readonly string[], separator?: string): string => hidden ?? joined(lines, separator);
  /** An advice names what is in the output. */
  const advised = (advice: string | undefined): string | undefined => (hidden === undefined ? advice : undefined);
  const explanation = explained(told, uv ? ': ' : '; ');

  if (noSpace.test(both)) return errors.noSpace('installing');
  if (conflict.test(both)) return errors.resolutionConflict(explained(pipConflictExplanation(stdout, stderr)));
  if (unreachable.test(stderr) && !sawVersions(stderr)) {
    return errors.network(uv ? explanation : explained(pipNetworkExplanation(stderr)));
  }
  if (build.test(both)) {
    const failure = uv || crashed ? explanation : explained(pipBuildExplanation(stderr));
    return errors.buildFailed(failure, advised(buildAdvice(both)));
  }
  if (invalid.test(stderr)) return errors.requirementRefused(failed.installer, explanation);
  if (noMatch.test(both)) return errors.noMatchingDistribution(explanation, advised(noMatchAdvice(both)));
  if (stderr.includes('No solution found when resolving')) {
    const isConflict = stderr.includes('are incompatible') || !onlyOthers.test(stderr);
    return isConflict && !/has no wheels|no usable wheels|no wheels with a matching/.test(stderr)
      ? errors.resolutionConflict(explanation)
      : errors.noMatchingDistribution(explanation, advised(noMatchAdvice(both)));
  }
  if (denied.test(both)) return errors.installDenied(explanation);
  return errors.installerFailed(failed.installer, failed.exitCode, explanation, advised(hashAdvice(both)));
}
