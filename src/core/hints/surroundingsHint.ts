import type { FailedRun } from './runHint';
import { chainOf } from './importHint';

/** @returns what to do where a program opens a window and there is no display. */
export function displayHint({ outcome: { exception } }: FailedRun, lastWords: string): string | undefined {
  for (const { type, message } of exception ? chainOf(exception) : []) {
    if (/^Cannot load backend '\w+' which requires the '\w+' interactive framework/.test(message)) {
      return 'Do not choose a backend (matplotlib.use): Agg is set, and figures that are shown come back as images.';
    }
    if (type.endsWith('TclError') && /no display name|couldn't connect to display/.test(message)) {
      return 'There is no display here, so no window can be opened. Figures of matplotlib are shown without one.';
    }
    if (type === 'pygame.error' && /No available video device|video system not initialized/.test(message)) {
      return 'There is no display here: call again with "env": {"SDL_VIDEODRIVER": "dummy"}.';
    }
  }
  if (/no Qt platform plugin could be initialized|qt\.qpa\.xcb: could not connect to display/.test(lastWords)) {
    return 'There is no display here: call again with "env": {"QT_QPA_PLATFORM": "offscreen"}.';
  }
  return undefined;
}

/** @returns what to do where a port is in use, named where the text names it. */
export function portHint(text: string): string | undefined {
  if (!/address already in use|only one usage of each socket address|\bEADDRINUSE\b/i.test(text)) return undefined;
  const [, port] = /address \('[^']*', (\d+)|\bport (\d+)/i.exec(text)?.filter((part) => part) ?? [];
  const which = port === undefined ? 'The port is' : `Port ${port} is`;
  return `${which} in use by another process: let the program listen on another (0 takes one that is free).`;
}
