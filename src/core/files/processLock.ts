import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolderSync } from './makeFolder';
import { codeOf } from './systemErrors';

/**
 * A lock between the processes of one user that a dead process cannot keep: each that wants it listens on a socket (on
 * Windows a named pipe) as long as it lives, and takes a number (Lamport's bakery algorithm). Whose number is the lowest
 * of those that listen has the lock. A process that waits is connected to the one that has it, and so told by the system
 * when that is done or dead. Nothing is ever made under a name that was used before: what a dead one left can be removed
 * at any time.
 */
export interface LockRequest {
  /** Any text. */
  readonly key: string;
  /** A folder of this user's, absolute; it is made where it is missing. */
  readonly folder: string;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Called with the process that has the lock, once for each, where there is one. */
  readonly onWait?: (pid: number) => void;
}

export interface HeldLock {
  readonly release: () => void;
}

/**
 * Waits until nobody who came before has the lock.
 * @throws what the file system and the network throw where no lock can be had here; the reason of `signal`.
 */
export async function acquireLock({ key, folder, signal, onWait }: LockRequest): Promise<HeldLock> {
  signal.throwIfAborted();
  makeFolderSync(folder, 0o700);
  const place = new LockPlace(folder, createHash('sha256').update(key).digest('hex').slice(0, 16));
  const presence = await listen(place);
  try {
    place.take(presence.id);
    for (let told = 0; ;) {
      const ahead = place.aheadOf(presence.id);
      if (!ahead) return presence;
      const pid = Number.parseInt(ahead.id, 10);
      if (pid !== told && ahead.number !== undefined) onWait?.(pid);
      if (ahead.number !== undefined) told = pid;
      await untilGone(place, ahead, signal);
    }
  } catch (error) {
    presence.release();
    throw error;
  }
}

/** One that wants the lock. */
interface Taker {
  /** Its process' id and something that is never used again. */
  readonly id: string;
  /** Undefined while it takes one. */
  readonly number: number | undefined;
}

/** The files of one lock in the folder of all: HASH.ID says that somebody is there, HASH.ID.NUMBER which number that has. */
class LockPlace {
  readonly #folder: string;
  readonly #hash: string;
  #descriptor: number | undefined;

  constructor(folder: string, hash: string) {
    this.#folder = folder;
    this.#hash = hash;
  }

  /** Makes somebody known who listens, with a number above all others. */
  take(id: string): void {
    writeFileSync(this.#file(id), '', { flag: 'wx', mode: 0o600 });
    const highest = Math.max(0, ...this.#takers().map(({ number = 0 }) => number));
    writeFileSync(`${this.#file(id)}.${highest + 1}`, '', { flag: 'wx', mode: 0o600 });
  }

  /** @returns who is before `id`: whoever is taking a number, else who has the lowest. */
  aheadOf(id: string): Taker | undefined {
    const takers = this.#takers();
    const own = takers.find((taker) => taker.id === id)?.number ?? 0;
    const ahead = takers.filter(
      (taker) =>
        taker.id !== id &&
        (taker.number === undefined || taker.number < own || (taker.number === own && taker.id < id)),
    );
    return ahead.sort((a, b) => (a.number ?? 0) - (b.number ?? 0) || (a.id < b.id ? -1 : 1))[0];
  }

  /** Removes what is left of somebody who is gone. */
  remove({ id, number }: Taker): void {
    const files = [this.#file(id), ...(number === undefined ? [] : [`${this.#file(id)}.${number}`])];
    if (process.platform !== 'win32') files.push(join(this.#folder, id));
    for (const file of files) rmSync(file, { force: true });
  }

  removeAll(id: string): void {
    for (const taker of this.#takers()) if (taker.id === id) this.remove(taker);
  }

  /** @returns the address of somebody's socket; the system takes short ones only, so that Linux is told it by the folder. */
  address(id: string): string {
    if (process.platform === 'win32') return `\\\\.\\pipe\\python-tools-mcp-${id}`;
    const path = join(this.#folder, id);
    if (process.platform !== 'linux' || Buffer.byteLength(path) < longestAddress) return path;
    this.#descriptor ??= openSync(this.#folder, 'r');
    return `/proc/self/fd/${this.#descriptor}/${id}`;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #file(id: string): string {
    return join(this.#folder, `${this.#hash}.${id}`);
  }

  #takers(): Taker[] {
    const takers = new Map<string, number | undefined>();
    for (const name of readdirSync(this.#folder)) {
      const [hash, id, number] = name.split('.');
      if (hash !== this.#hash || id === undefined) continue;
      takers.set(id, number === undefined ? takers.get(id) : Number(number));
    }
    return [...takers].map(([id, number]) => ({ id, number }));
  }
}

/** unix(7): 108 bytes with the zero at its end; macOS has 104. */
const longestAddress = 104;

/** Listens, so that others see that this process lives. It keeps no process alive, and no child inherits it. */
async function listen(place: LockPlace): Promise<HeldLock & { readonly id: string }> {
  const id = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const address = place.address(id);
  if (process.platform !== 'win32' && Buffer.byteLength(address) >= longestAddress) {
    throw new Error(`"${address}" is too long for a socket`);
  }
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket.unref());
    socket.on('close', () => waiting.delete(socket)).on('error', () => undefined);
  });
  await started(server, address);
  server.unref().on('error', () => undefined);
  return {
    id,
    release: () => {
      place.removeAll(id);
      for (const socket of waiting) socket.destroy();
      server.close(() => {
        place.close();
      });
    },
  };
}

async function started(server: Server, address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What connecting says where nobody listens. */
const dead = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK']);

/** Waits for the end of somebody, or a moment where that is taking its number. */
async function untilGone(place: LockPlace, taker: Taker, signal: AbortSignal): Promise<void> {
  const code = await ended(place.address(taker.id), taker.number === undefined ? 10 : undefined, signal);
  if (dead.has(code ?? '')) place.remove(taker);
  // Too many wait to be let in at once, or too many files are open here.
  else if (code !== undefined && code !== 'ECONNRESET') await delay(50, undefined, { signal });
}

/** @returns why no connection was made, or broke; undefined where it was closed, or the time is over. */
async function ended(address: string, timeoutMs: number | undefined, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  const socket = connect(address);
  const stop = (): void => void socket.destroy();
  signal.addEventListener('abort', stop);
  const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs);
  try {
    const code = await new Promise<string | undefined>((resolve) => {
      let failure: string | undefined;
      socket
        .on('error', (error) => (failure = codeOf(error) ?? 'unknown'))
        .on('close', () => {
          resolve(failure);
        })
        .resume();
    });
    signal.throwIfAborted();
    return code;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
