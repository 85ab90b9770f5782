import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { WindowsProcess } from './windowsProcess';

/** MCP's transport over the standard streams of a process on Windows. */
export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  readonly #server: WindowsProcess;

  constructor(server: WindowsProcess) {
    this.#server = server;
  }

  start(): Promise<void> {
    const buffer = new ReadBuffer();
    this.#server.onStdout((data) => {
      buffer.append(data);
      for (let message = buffer.readMessage(); message; message = buffer.readMessage()) this.onmessage?.(message);
    });
    void this.#server.exited.then(() => this.onclose?.());
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    this.#server.write(serializeMessage(message));
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#server.endInput();
    await this.#server.exited;
  }
}
