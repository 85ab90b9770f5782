import type { IncomingMessage } from 'node:http';

/** A body, or why there is none. */
export interface JsonBody {
  readonly value?: unknown;
  readonly failure?: { readonly status: 400 | 413; readonly message: string };
}

/** @returns the body of a request as JSON. It stops to read where the body is longer than `limit` bytes. */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<JsonBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) return { failure: { status: 413, message: `The body is longer than ${limit} bytes` } };
    chunks.push(chunk);
  }
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString()) as unknown };
  } catch {
    return { failure: { status: 400, message: 'The body is not JSON' } };
  }
}
