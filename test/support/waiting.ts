import { existsSync, readFileSync } from 'node:fs';

/** @returns the content of a file once there is one. There is no event for it across processes: it looks every 10 ms. */
export async function appears(path: string, atLeast = 1, withinMs?: number): Promise<string> {
  return await eventually(() => {
    const content = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return content.length >= atLeast ? content : undefined;
  }, withinMs);
}

/** Waits until a process is gone; one that is only waited for no longer counts. */
export async function ends(pid: string): Promise<void> {
  await eventually(() => (isAlive(pid) ? undefined : true));
}

/** @returns whether a process is there; one that is only waited for no longer counts. */
export function isAlive(id: string | number): boolean {
  try {
    if (process.platform === 'linux') return !/\) [ZX] /.test(readFileSync(`/proc/${Number(id)}/stat`, 'latin1'));
    process.kill(Number(id), 0);
    return true;
  } catch {
    return false;
  }
}

/** Looks every 10 ms, where no event tells, until there is something. @throws where that takes too long. */
export async function eventually<T>(look: () => T | undefined, withinMs = 20_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const seen = look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not seen within ${withinMs} ms`);
}
