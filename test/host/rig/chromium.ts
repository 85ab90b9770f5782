import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';

const installed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
];

/** The Chromium or Chrome of this machine: `CHROMIUM_PATH`, else one that lies where installers put it. */
export function findChromium(): string | undefined {
  return process.env['CHROMIUM_PATH'] ?? installed.find((path) => existsSync(path));
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
  // By way of a file: a tar that has seen the archive's end closes its input, which a pipe to it may still be writing.
  const fonts = join(folder, 'fonts.tar');
  await Promise.all([
    unpack(join(packed, 'chromium.br'), join(folder, 'chromium')),
    unpack(join(packed, 'fonts.tar.br'), fonts),
  ]);
  await promisify(execFile)('tar', ['-x', '-f', fonts, '-C', folder]);
  await rm(fonts);
  await writeFile(join(folder, 'fonts.conf'), fontsConf);
}

const unpack = async (packed: string, file: string): Promise<void> => {
  await pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(file, { mode: 0o755 }));
};
