import type { PlainText } from './defineTool';
import type { RunOutput } from './runTool';
import { shortTime, underscored } from './words';

/** Why the output is empty where the caller asked for it to be shown to the user. */
export const shownToUser = 'the output was shown to the user only';

/** Empty fields may be a fault of the tool; a sentence is none. */
export const noOutput = 'no output';

/** @returns a run as a terminal would show it, then how it ended. */
export function runText(run: RunOutput): PlainText {
  const { stdout = '', stderr = '', notes = [] } = run;
  const silent = stdout === '' && stderr === '' && ![shownToUser, noOutput].some((note) => notes.includes(note));
  return {
    output: silent ? '(no output)' : [stdout, ...(stderr === '' ? [] : [`[stderr]\n${stderr}`])].map(ended).join(''),
    lines: [
      ...exceptionLines(run),
      `[${endingOf(run)} · ${placeOf(run)}]`,
      ...(run.hint === undefined ? [] : [`Next: ${underscored(run.hint)}`]),
    ],
  };
}

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** Where stderr holds the traceback, the exception and its innermost frame are enough. */
function exceptionLines({ exception, stderr = '' }: RunOutput): string[] {
  if (!exception) return [];
  const { type, message, frames } = exception;
  const shown = (stderr === '' ? frames : frames.slice(-1)).map(
    ({ file, line, function: name, code }) => `  ${file}:${line} in ${name}: ${code}`,
  );
  return [`[exception ${type}${message === '' ? '' : `: ${startOfLine(message)}`}]`, ...shown];
}

const startOfLine = (text: string): string => {
  const [line = ''] = text.split('\n', 1);
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
};

function endingOf({ exit_code: code = -1, signal, timed_out, cancelled, duration_ms: ms = 0 }: RunOutput): string {
  if (timed_out) return `timed out after ${shortTime(ms)}`;
  if (cancelled) return `cancelled after ${shortTime(ms)}`;
  return `${signal === undefined ? '' : `ended by ${signal}, `}exit code ${code} · ${shortTime(ms)}`;
}

const placeOf = ({ python_version: version = '?', venv }: RunOutput): string =>
  `Python ${version} · ${venv ?? 'no venv'}`;
