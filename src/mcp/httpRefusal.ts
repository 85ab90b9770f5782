import type { ServerResponse } from 'node:http';
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { refusalText, type Refusal } from './messages';

/** A request that is not served: its HTTP status, and the JSON-RPC error that is its body. */
export class HttpRefusal extends Error {
  readonly status: number;
  readonly refusal: Refusal;

  constructor(status: number, refusal: Refusal | string) {
    const error =
      typeof refusal === 'string' ? { id: 'null', code: ErrorCode.ConnectionClosed, message: refusal } : refusal;
    super(error.message);
    this.status = status;
    this.refusal = error;
  }
}

/** Answers a request that failed; a cause that nobody foresaw stays in here. */
export function refuse(response: ServerResponse, cause: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, refusal } = cause instanceof HttpRefusal ? cause : new HttpRefusal(500, 'Internal error');
  response.writeHead(status, {
    'content-type': 'application/json',
    // What is left of a body is not waited for.
    ...(response.req.complete ? {} : { connection: 'close' }),
    ...(status === 405 ? { allow: 'GET, POST, DELETE' } : {}),
  });
  response.end(refusalText(refusal));
}
