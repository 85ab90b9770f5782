import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { inLines, lineOf, type News, type Order } from './relayMessages';

/**
 * Runs in Node.js for Windows, under Wine: starts what a test on Linux tells it to, with pipes, and carries their streams
 * over a loopback socket. Wine gives no pipe of Linux to a program for Windows. When the test goes away, all of it ends.
 */
const [port = '', token = ''] = process.argv.slice(2);
const children = new Map<number, ChildProcess>();
const socket = connect({ host: '127.0.0.1', port: Number(port) });
const tell = (news: News): void => {
  socket.write(lineOf(news));
};

function start({ id, command, args, env, cwd }: Extract<Order, { kind: 'start' }>): void {
  const child = spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: 'pipe', windowsHide: true });
  children.set(id, child);
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (data: Buffer) => {
      tell({ kind: 'output', id, stream, base64: data.toString('base64') });
    });
  }
  child.stdin.on('error', () => undefined); // It has ended without reading all.
  child.on('error', ({ message }) => {
    tell({ kind: 'failed', id, message });
  });
  child.on('close', (code) => {
    children.delete(id);
    tell({ kind: 'exited', id, code });
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function obey(order: Order): void {
  switch (order.kind) {
    case 'start':
      start(order);
      break;
    case 'input':
      children.get(order.id)?.stdin?.write(Buffer.from(order.base64, 'base64'));
      break;
    case 'endOfInput':
      children.get(order.id)?.stdin?.end();
      break;
    case 'end':
      children.get(order.id)?.kill();
      break;
    case 'isAlive':
      tell({ kind: 'alive', id: order.id, alive: isAlive(order.pid) });
      break;
  }
}

const take = inLines((line) => {
  obey(JSON.parse(line) as Order);
});
socket.setEncoding('utf8').on('data', take);
socket.on('error', () => undefined);
socket.on('close', () => {
  for (const child of children.values()) child.kill();
  process.exit();
});
tell({ kind: 'relay', token });
