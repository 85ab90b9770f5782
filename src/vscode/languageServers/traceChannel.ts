import { EventEmitter, LogLevel, workspace, type LogOutputChannel } from 'vscode';
import { section } from '../settings';

/**
 * The log as the client's place for traces. The client traces only into a channel whose level is "trace", which is the
 * user's to choose; here the setting `trace.server` decides.
 */
export function traceChannel(log: LogOutputChannel): {
  readonly channel: LogOutputChannel;
  readonly dispose: () => void;
} {
  const level = (): LogLevel => {
    const value = workspace.getConfiguration(section).get('trace.server');
    return value === 'messages' || value === 'verbose' ? LogLevel.Trace : LogLevel.Info;
  };
  const changed = new EventEmitter<LogLevel>();
  const listening = workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(`${section}.trace.server`)) changed.fire(level());
  });
  const channel: LogOutputChannel = {
    name: log.name,
    get logLevel() {
      return level();
    },
    onDidChangeLogLevel: changed.event,
    trace: (message, ...args: unknown[]) => {
      log.info(message, ...args);
    },
    debug: log.debug.bind(log),
    info: log.info.bind(log),
    warn: log.warn.bind(log),
    error: log.error.bind(log),
    append: log.append.bind(log),
    appendLine: log.appendLine.bind(log),
    replace: log.replace.bind(log),
    clear: log.clear.bind(log),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the interface has both of its overloads
    show: () => {
      log.show();
    },
    hide: log.hide.bind(log),
    dispose: () => undefined,
  };
  return {
    channel,
    dispose: () => {
      listening.dispose();
      changed.dispose();
    },
  };
}
