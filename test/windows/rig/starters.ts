import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { inLines, lineOf, type News, type Order } from './relayMessages';
import { WindowsProcess, type Starter } from './windowsProcess';
import { toWindows, wineEnvironment } from './wine';

/** @returns what starts programs on this Windows. */
export function directStarter(): Starter {
  const started = new Set<ReturnType<typeof spawn>>();
  return {
    start: (command, args, { env = {}, cwd } = {}) => {
      const child = spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: 'pipe', windowsHide: true });
      started.add(child);
      child.stdin.on('error', () => undefined); // It has ended without reading all.
      const process_ = new WindowsProcess({
        write: (data) => child.stdin.write(data),
        endInput: () => child.stdin.end(),
        end: () => child.kill(),
      });
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].on('data', (data: Buffer) => {
          process_.heard.output(stream, data);
        });
      }
      child.on('error', ({ message }) => {
        process_.heard.output('stderr', Buffer.from(message));
        process_.heard.exited(null);
      });
      child.on('close', process_.heard.exited);
      return process_;
    },
    isAlive: (pid) => {
      try {
        return Promise.resolve(process.kill(pid, 0));
      } catch {
        return Promise.resolve(false);
      }
    },
    close: () => {
      for (const child of started) child.kill();
      return Promise.resolve();
    },
  };
}

/** Starts the relay under Wine. @returns what starts programs by it. @throws where it does not connect back. */
export async function relayStarter(prefix: string, node: string): Promise<Starter> {
  const token = randomUUID();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const wine = spawn('wine', [node, toWindows(prefix, join(__dirname, 'relay.js')), String(address.port), token], {
    env: wineEnvironment(prefix),
    stdio: 'ignore',
  });
  const { socket, onNews } = await Promise.race([
    whoKnows(token, server),
    once(wine, 'exit').then(() => Promise.reject(new Error('the relay ended before it connected'))),
  ]);
  server.close();

  const processes = new Map<number, WindowsProcess>();
  const questions = new Map<number, (alive: boolean) => void>();
  let last = 0;
  const tell = (order: Order): void => void socket.write(lineOf(order));
  onNews((news) => {
    switch (news.kind) {
      case 'relay':
        break;
      case 'output':
        processes.get(news.id)?.heard.output(news.stream, Buffer.from(news.base64, 'base64'));
        break;
      case 'failed':
        processes.get(news.id)?.heard.output('stderr', Buffer.from(news.message));
        processes.get(news.id)?.heard.exited(null);
        break;
      case 'exited':
        processes.get(news.id)?.heard.exited(news.code);
        processes.delete(news.id);
        break;
      case 'alive':
        questions.get(news.id)?.(news.alive);
        questions.delete(news.id);
    }
  });
  return {
    start: (command, args, { env = {}, cwd } = {}) => {
      const id = ++last;
      const process_ = new WindowsProcess({
        write: (data) => {
          tell({ kind: 'input', id, base64: Buffer.from(data).toString('base64') });
        },
        endInput: () => {
          tell({ kind: 'endOfInput', id });
        },
        end: () => {
          tell({ kind: 'end', id });
        },
      });
      processes.set(id, process_);
      tell({ kind: 'start', id, command, args, env, cwd });
      return process_;
    },
    isAlive: async (pid) => {
      const id = ++last;
      const answer = new Promise<boolean>((resolve) => questions.set(id, resolve));
      tell({ kind: 'isAlive', id, pid });
      return await answer;
    },
    close: async () => {
      const ended = once(wine, 'exit');
      socket.destroy();
      await ended;
    },
  };
}

/** @returns the connection of the one who knows the token; others are turned away. */
async function whoKnows(
  token: string,
  server: ReturnType<typeof createServer>,
): Promise<{ readonly socket: Socket; readonly onNews: (listener: (news: News) => void) => void }> {
  return await new Promise((resolve) => {
    server.on('connection', (socket) => {
      let known = false;
      const listeners: ((news: News) => void)[] = [];
      const take = inLines((line) => {
        if (!known) {
          known = line === lineOf({ kind: 'relay', token }).trim();
          if (!known) socket.destroy();
          else resolve({ socket, onNews: (listener) => listeners.push(listener) });
          return;
        }
        const news = JSON.parse(line) as News;
        for (const listener of listeners) listener(news);
      });
      socket.setEncoding('utf8').on('data', take);
      socket.on('error', () => undefined);
    });
  });
}
