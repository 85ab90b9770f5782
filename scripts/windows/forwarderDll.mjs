import { Buffer } from 'node:buffer';

const headersSize = 0x200;
const sectionAddress = 0x1000;

/**
 * @param name of the library, such as "a.dll".
 * @param exported the function it exports, and `target`, "LIBRARY.FUNCTION", which does its work.
 * @returns a 64-bit Windows library (PE32+) without any code: its one export is forwarded.
 */
export function forwarderDll(name, exported, target) {
  const section = exportSection(name, exported, target);
  const file = Buffer.alloc(headersSize + section.length);
  file.write('MZ', 0);
  file.writeUInt32LE(0x40, 0x3c);
  file.write('PE\0\0', 0x40);

  const coff = 0x44;
  file.writeUInt16LE(0x8664, coff); // x86-64
  file.writeUInt16LE(1, coff + 2); // sections
  file.writeUInt16LE(0xf0, coff + 16); // size of the optional header
  file.writeUInt16LE(0x2022, coff + 18); // executable, large addresses, library

  const optional = coff + 20;
  file.writeUInt16LE(0x20b, optional); // PE32+
  file.writeUInt32LE(section.length, optional + 8); // size of initialized data
  file.writeBigUInt64LE(0x180000000n, optional + 24); // image base
  file.writeUInt32LE(0x1000, optional + 32); // section alignment
  file.writeUInt32LE(0x200, optional + 36); // file alignment
  file.writeUInt16LE(6, optional + 40); // version of the system
  file.writeUInt16LE(6, optional + 48); // version of the subsystem
  file.writeUInt32LE(sectionAddress + 0x1000, optional + 56); // size of the image
  file.writeUInt32LE(headersSize, optional + 60);
  file.writeUInt16LE(3, optional + 68); // console
  file.writeUInt16LE(0x160, optional + 70); // may lie anywhere, holds no code to run
  file.writeUInt32LE(16, optional + 108); // data directories, of which the first is that of the exports
  file.writeUInt32LE(sectionAddress, optional + 112);
  file.writeUInt32LE(section.length, optional + 116);

  const header = optional + 0xf0;
  file.write('.edata', header);
  file.writeUInt32LE(section.length, header + 8);
  file.writeUInt32LE(sectionAddress, header + 12);
  file.writeUInt32LE(section.length, header + 16);
  file.writeUInt32LE(headersSize, header + 20);
  file.writeUInt32LE(0x40000040, header + 36); // initialized data, readable

  section.copy(file, headersSize);
  return file;
}

/** The table of exports. An address inside of it is read as the name of the function that is forwarded to. */
function exportSection(name, exported, target) {
  const section = Buffer.alloc(0x200);
  let end = 40 + 4 + 4 + 2;
  const text = (value) => {
    const at = end;
    end += section.write(`${value}\0`, at, 'latin1');
    return sectionAddress + at;
  };
  section.writeUInt32LE(text(name), 12);
  section.writeUInt32LE(1, 16); // first ordinal
  section.writeUInt32LE(1, 20); // functions
  section.writeUInt32LE(1, 24); // names
  for (const [field, at] of [28, 32, 36].map((field, index) => [field, 40 + 4 * index]))
    section.writeUInt32LE(sectionAddress + at, field);
  section.writeUInt32LE(text(target), 40);
  section.writeUInt32LE(text(exported), 44);
  return section;
}
