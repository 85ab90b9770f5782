/** Room for the first bytes of ELF and Mach-O files, and for the PE header of all linkers in use. */
export const headerLength = 1024;

/** What the header of an executable says. */
interface BinaryFormat {
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** As Node names them; undefined for those that do not matter here, and for binaries of several. */
  readonly arch: string | undefined;
}

const elfMachines = new Map([
  [0x03, 'ia32'],
  [0x28, 'arm'],
  [0x3e, 'x64'],
  [0xb7, 'arm64'],
  [0xf3, 'riscv64'],
]);
const machCpus = new Map([
  [0x0100_0007, 'x64'],
  [0x0100_000c, 'arm64'],
]);
const peMachines = new Map([
  [0x014c, 'ia32'],
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
]);

/** @returns the format that the first bytes show; undefined for anything else, such as a script. */
export function binaryFormat(header: Buffer): BinaryFormat | undefined {
  if (header.length < 20) return undefined;
  if (header.readUInt32BE(0) === 0x7f45_4c46) {
    const machine = header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18);
    return { platform: 'linux', arch: elfMachines.get(machine) };
  }
  if (header.readUInt32LE(0) === 0xfeed_facf) return { platform: 'darwin', arch: machCpus.get(header.readUInt32LE(4)) };
  if (header.readUInt32BE(0) === 0xcafe_babe) return { platform: 'darwin', arch: undefined };
  if (header.toString('latin1', 0, 2) === 'MZ' && header.length >= 64) {
    const at = header.readUInt32LE(0x3c) + 4;
    const machine = at + 2 <= header.length ? header.readUInt16LE(at) : 0;
    return { platform: 'win32', arch: peMachines.get(machine) };
  }
  return undefined;
}

/** Architectures that a system runs beside its own, by emulation or because its processors have both. */
const alsoRuns: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': ['ia32'],
  'linux-arm64': ['arm'],
  'darwin-arm64': ['x64'],
  'win32-x64': ['ia32'],
  'win32-arm64': ['x64', 'ia32'],
};

/** @returns why an executable with such a header cannot run here, as in "its python is …"; undefined where it can. */
export function foreignTo(header: Buffer, platform: NodeJS.Platform, arch: string): string | undefined {
  const format = binaryFormat(header);
  if (!format) return undefined;
  const names = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };
  // The BSDs use ELF too.
  const here = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  if (format.platform !== here) return `made for ${names[format.platform]}`;
  if (!format.arch || format.arch === arch || alsoRuns[`${platform}-${arch}`]?.includes(format.arch)) return undefined;
  return `made for ${format.arch} processors`;
}
