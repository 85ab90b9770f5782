import { Uri } from 'vscode';
import {
  CloseAction,
  ErrorAction,
  ErrorCodes,
  ResponseError,
  type ErrorHandler,
  type Middleware,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { isTree } from '../../core/languageServers/settingsTree';
import type { ServedSettings } from './servedSettings';

/** The slot starts a server anew, by its own rules. What went wrong stands in the log. */
export const neverRestarts: ErrorHandler = {
  error: () => ({ action: ErrorAction.Continue, handled: true }),
  closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
};

/**
 * Keeps from servers that the client could ask for diagnostics: it asks for those of visible files only, while agents read
 * those of files that nobody looks at. A server that knows of no other way tells of every open file.
 */
export const toldOfDiagnostics: StaticFeature = {
  fillClientCapabilities: ({ textDocument, workspace }) => {
    delete textDocument?.diagnostic;
    delete workspace?.diagnostics;
  },
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};

/**
 * @param owns whether a file is this client's. A selector cannot leave out a folder that lies inside another one, so
 * what is about its files is held back here.
 * @returns what stands between VS Code and a server.
 */
export function middlewareFor(settings: ServedSettings, owns: (uri: Uri) => boolean): Middleware {
  const isForeign = (params: unknown): boolean => {
    const document = isTree(params) ? params['textDocument'] : undefined;
    const uri = isTree(document) ? document['uri'] : undefined;
    return typeof uri === 'string' && !owns(Uri.parse(uri));
  };
  return {
    workspace: {
      configuration: async (params, token, next) => {
        const answers = await next(params, token);
        if (!Array.isArray(answers)) return answers;
        return params.items.map(({ section }, index): unknown => settings.answer(section) ?? answers[index] ?? null);
      },
    },
    handleDiagnostics: (uri, diagnostics, next) => {
      next(uri, owns(uri) ? diagnostics : []);
    },
    sendNotification: async (type, next, params) => {
      if (!isForeign(params)) await next(type, params);
    },
    sendRequest: async (type, params, token, next) => {
      // Of this error the client makes the empty answer, and says nothing.
      if (isForeign(params)) throw new ResponseError(ErrorCodes.ConnectionInactive, 'The file is of another folder');
      return await next(type, params, token);
    },
  };
}
