import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { BoundedLines, type LongLine } from './lines';
import { largestMessage, refusalText, takeMessage, tooLong } from './messages';
import { MessageScan } from './messageScan';

/** Bytes of answers that wait for a client to read them before it is no longer listened to. */
const mostUnread = 64 * 1024 ** 2;

/**
 * MCP over standard input and output: a message a line. Unlike the SDK's transport, it answers what is malformed, and a
 * message that is too long does not end it.
 */
export class StdioTransport implements Transport {
  onclose?: Transport['onclose'];
  onerror?: Transport['onerror'];
  onmessage?: Transport['onmessage'];
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #lines = new BoundedLines(largestMessage, {
    line: (line) => {
      this.#take(line);
    },
    long: () => this.#skip(),
  });
  readonly #onData = (chunk: Buffer): void => {
    this.#lines.add(chunk);
  };

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  start(): Promise<void> {
    this.#input.on('data', this.#onData);
    this.#input.on('error', (error) => this.onerror?.(error));
    return Promise.resolve();
  }

  /** Resolves when the message is with the client, or can never be: the end of the output is somebody else's concern. */
  async send(message: JSONRPCMessage): Promise<void> {
    await this.#write(JSON.stringify(message));
  }

  /** Resolves when what was sent is with the client, or can never be. */
  async close(): Promise<void> {
    this.#input.off('data', this.#onData);
    this.#input.pause();
    this.onclose?.();
    await new Promise<void>((written) => {
      this.#output.write('', () => {
        written();
      });
    });
  }

  #take(line: Buffer): void {
    if (isBlank(line)) return;
    const taken = takeMessage(line);
    if ('refusal' in taken) void this.#write(refusalText(taken.refusal));
    else if ('ignored' in taken) this.onerror?.(new Error(taken.ignored));
    else this.#deliver(taken.message);
  }

  #deliver(message: JSONRPCMessage): void {
    try {
      this.onmessage?.(message);
    } catch (error) {
      // Nothing that a client sends ends the server.
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #skip(): LongLine {
    const scan = new MessageScan();
    return {
      add: (bytes) => void scan.add(bytes),
      end: () => {
        if (scan.isUnanswered) this.onerror?.(new Error(tooLong(largestMessage).message));
        else void this.#write(refusalText(tooLong(largestMessage, scan.id)));
      },
    };
  }

  async #write(text: string): Promise<void> {
    const written = new Promise<void>((resolve) => {
      this.#output.write(`${text}\n`, () => {
        resolve();
      });
    });
    // A client that asks and never reads: what it asks waits in the pipe instead of in memory.
    if (this.#output.writableLength > mostUnread && !this.#input.isPaused()) {
      this.#input.pause();
      this.#output.once('drain', () => this.#input.resume());
    }
    await written;
  }
}

const isBlank = (line: Buffer): boolean => line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
