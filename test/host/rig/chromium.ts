import { spawn } from 'node:child_process';
import { accessSync, constants, createReadStream, createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macApplications = ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);

/** The Chromium or Chrome installed here: `CHROMIUM_PATH`, else the first on PATH, else macOS's applications. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...(process.platform === 'darwin' ? macApplications : [])].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The package's own fonts.conf names folders of AWS Lambda. */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * Unpacks the Brotli files of the @sparticuz/chromium package. Its own `executablePath()` takes any /tmp/chromium it
 * finds for whole, also one that an interrupted run left behind.
 */
export async function unpackChromium(packed: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const fonts = spawn('tar', ['-x', '-C', folder], { stdio: ['pipe', 'ignore', 'inherit'] });
  await Promise.all([
    pipeline(
      createReadStream(join(packed, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(folder, 'chromium'), { mode: 0o755 }),
    ),
    pipeline(createReadStream(join(packed, 'fonts.tar.br')), createBrotliDecompress(), fonts.stdin),
    new Promise((done, fail) => fonts.on('close', done).on('error', fail)),
  ]);
  await writeFile(join(folder, 'fonts.conf'), fontsConf);
}
