import { stripVTControlCharacters } from 'node:util';
import type { LogOutputChannel } from 'vscode';
import type { CallContext } from '../tools/defineTool';

/** How long a line without an end waits for the rest of it. */
const patienceMs = 200;

/** @returns what shows the output of runs in the log, line by line, where their results do not carry it. */
export function outputLog(log: LogOutputChannel): CallContext['onOutput'] {
  const streams = { stdout: lineWriter(log), stderr: lineWriter(log) };
  return (stream, chunk) => {
    log.show(true);
    streams[stream](chunk);
  };
}

function lineWriter(log: LogOutputChannel): (chunk: Buffer) => void {
  const decoder = new TextDecoder();
  let rest = '';
  let timer: NodeJS.Timeout | undefined;
  const write = (line: string): void => {
    log.info(stripVTControlCharacters(line));
  };
  return (chunk) => {
    clearTimeout(timer);
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split(/\r?\n/);
    rest = lines.pop() ?? '';
    lines.forEach(write);
    if (rest === '') return;
    timer = setTimeout(() => {
      write(rest);
      rest = '';
    }, patienceMs);
  };
}
