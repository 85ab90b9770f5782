import type { IncomingMessage } from 'node:http';
import { MessageScan } from './messageScan';

/** How much of a body is read in vain, in limits: a client that is cut off while it sends sees no answer. */
const patience = 16;

/**
 * @returns the body of a request; where it is longer than `limit` bytes, what was found while it was thrown away.
 * @throws what the connection throws.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | MessageScan> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let scan: MessageScan | undefined;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) {
      chunks.push(chunk);
      continue;
    }
    scan ??= chunks.reduce((soFar, each) => soFar.add(each), new MessageScan());
    chunks = [];
    scan.add(chunk);
    if (bytes > patience * limit) break;
  }
  return scan ?? Buffer.concat(chunks);
}
