import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

/** Saves what a page, or one element of it, looks like as artifacts/NAME.png, a folder that git ignores. */
export async function screenshot(target: Page | Locator, name: string): Promise<string> {
  const path = join('artifacts', `${name}.png`);
  await mkdir('artifacts', { recursive: true });
  await target.screenshot({ path, animations: 'disabled' });
  return path;
}
