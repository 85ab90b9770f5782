// Draws media/icon.png from media/icon.svg: the Marketplace takes no SVG. Needs a Chromium, by CHROMIUM_PATH or as the
// tests in VS Code install it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
spawnSync(process.execPath, [join(root, 'esbuild.mjs'), '--tests'], { stdio: 'inherit' });
const load = createRequire(join(root, 'dist-test/test/host/rig/'));
const { installVsCode } = load('./installVsCode.js');
const { launchBrowser } = load('./launchBrowser.js');

const size = 256;
const browser = await launchBrowser(await installVsCode());
try {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 }</style>${readFileSync(join(root, 'media/icon.svg'), 'utf8')}`);
  await page.screenshot({ path: join(root, 'media/icon.png'), omitBackground: true });
} finally {
  await browser.close();
}
