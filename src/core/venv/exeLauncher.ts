import { crc32 } from 'node:zlib';

/** The launchers for console programs that pip's wheel brings in `_vendor/distlib`, by architecture as Node names it. */
const launcherNames = new Map([
  ['x64', 't64.exe'],
  ['arm64', 't64-arm.exe'],
  ['ia32', 't32.exe'],
]);

/** @returns the file name of the launcher for a Python of an architecture; undefined where pip brings none. */
export const launcherName = (arch: string | undefined): string | undefined => launcherNames.get(arch ?? '');

/**
 * @returns a Windows executable that runs Python code, as pip makes it of an entry point: the launcher, a line that
 * names the interpreter, and a zip archive with the code as its `__main__.py`. The launcher runs the interpreter with
 * the executable itself as the program, which Python can since it looks for an archive at a file's end.
 * @param launcher the bytes of the launcher for the interpreter's architecture.
 * @param python absolute path of the interpreter.
 */
export function exeLauncher(launcher: Buffer, python: string, code: string): Buffer {
  const interpreter = /\s/.test(python) ? `"${python}"` : python;
  return Buffer.concat([launcher, Buffer.from(`#!${interpreter}\r\n`), archiveOf('__main__.py', Buffer.from(code))]);
}

/** 1 January 1980, the earliest date that a zip file can name: the same input gives the same bytes. */
const earliestDate = 0x0021;

/** @returns a zip file with one file, stored as it is (APPNOTE.TXT 4.3). */
function archiveOf(name: string, content: Buffer): Buffer {
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0); // The version that is needed to extract it: 2.0.
  facts.writeUInt16LE(earliestDate, 8);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), content]);
  const madeBy = Buffer.from([20, 0]);
  // Comment, disk, attributes and the offset of the local header: all zero.
  const entry = Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    madeBy,
    facts,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}
