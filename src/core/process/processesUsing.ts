import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, win32 } from 'node:path';
import { isInside } from '../paths';
import { textOf } from './capture';
import { childEnvironment } from './environment';
import { runProcess } from './runProcess';

/** A process that has something in a folder open, as far as can be known. */
export interface UsingProcess {
  readonly pid: number;
  /** The name of its executable, such as "python.exe". */
  readonly name: string;
}

/** As many are named in a message. */
const mostNamed = 5;

/**
 * @returns the processes that use a folder: whose executable lies in it; on Unix also who works in it, was started by a
 * link in it (a venv's python) or has a library of it loaded. At most five; none where it cannot be known.
 * @param folder a real path.
 * @param python a Python outside of the folder, which asks Windows; without one nothing is known there.
 */
export async function processesUsing(folder: string, python: string | undefined): Promise<UsingProcess[]> {
  const users =
    process.platform === 'win32'
      ? await onWindows(folder, python)
      : process.platform === 'linux'
        ? onLinux(folder)
        : onDarwin(folder);
  return users.slice(0, mostNamed);
}

function onLinux(folder: string): UsingProcess[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => {
    if (pid === process.pid) return [];
    const [program = ''] = readOf(pid, 'cmdline').split('\0');
    const places = [program, linkOf(pid, 'exe'), linkOf(pid, 'cwd')];
    const uses = places.some((place) => place === folder || isInside(folder, place));
    return uses || readOf(pid, 'maps').includes(` ${folder}/`) ? [{ pid, name: basename(program) }] : [];
  });
}

function readOf(pid: number, name: 'cmdline' | 'maps'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // It ended, or is another user's.
  }
}

function linkOf(pid: number, name: 'exe' | 'cwd'): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return '';
  }
}

function onDarwin(folder: string): UsingProcess[] {
  try {
    const options = { encoding: 'utf8', timeout: 1500, maxBuffer: 64 * 1024 * 1024 } as const;
    const output = execFileSync('/bin/ps', ['-A', '-ww', '-o', 'pid=,command='], options);
    return output.split('\n').flatMap((line) => {
      const [, pid, command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      if (!command.startsWith(`${folder}/`)) return [];
      return [{ pid: Number(pid), name: basename(command.slice(folder.length).split(' ')[0] ?? '') }];
    });
  } catch {
    return [];
  }
}

/**
 * Lists the processes of Windows with their executables. Through a Python rather than PowerShell, which takes a second to
 * start, or tasklist, which does not know the paths. One line for each: pid, tab, path.
 */
const listingProgram = `
import ctypes, sys
from ctypes import wintypes
class Entry(ctypes.Structure):
    _fields_ = [("dwSize", wintypes.DWORD), ("cntUsage", wintypes.DWORD), ("th32ProcessID", wintypes.DWORD),
                ("th32DefaultHeapID", ctypes.c_size_t), ("th32ModuleID", wintypes.DWORD), ("cntThreads", wintypes.DWORD),
                ("th32ParentProcessID", wintypes.DWORD), ("pcPriClassBase", wintypes.LONG), ("dwFlags", wintypes.DWORD),
                ("szExeFile", wintypes.WCHAR * 260)]
kernel = ctypes.WinDLL("kernel32")
kernel.CreateToolhelp32Snapshot.restype = kernel.OpenProcess.restype = wintypes.HANDLE
kernel.Process32FirstW.argtypes = kernel.Process32NextW.argtypes = [wintypes.HANDLE, ctypes.c_void_p]
kernel.QueryFullProcessImageNameW.argtypes = [wintypes.HANDLE, wintypes.DWORD, wintypes.LPWSTR, ctypes.c_void_p]
kernel.CloseHandle.argtypes = [wintypes.HANDLE]
snapshot, entry = kernel.CreateToolhelp32Snapshot(2, 0), Entry(dwSize=ctypes.sizeof(Entry))
known = kernel.Process32FirstW(snapshot, ctypes.byref(entry))
while known:
    handle = kernel.OpenProcess(0x1000, False, entry.th32ProcessID)  # PROCESS_QUERY_LIMITED_INFORMATION
    if handle:
        path, size = ctypes.create_unicode_buffer(32768), wintypes.DWORD(32768)
        if kernel.QueryFullProcessImageNameW(handle, 0, path, ctypes.byref(size)):
            sys.stdout.buffer.write(("%d\\t%s\\n" % (entry.th32ProcessID, path.value)).encode("utf-8", "replace"))
        kernel.CloseHandle(handle)
    known = kernel.Process32NextW(snapshot, ctypes.byref(entry))
`;

async function onWindows(folder: string, python: string | undefined): Promise<UsingProcess[]> {
  if (python === undefined) return [];
  const args = ['-I', '-S', '-c', listingProgram];
  const request = { command: python, args, cwd: win32.dirname(python), env: childEnvironment({}), timeoutMs: 2000 };
  const outcome = await runProcess({ ...request, spill: false }).catch(() => undefined);
  return outcome ? usersInListing(textOf(outcome.stdout), folder) : [];
}

/** @returns the processes of the listing whose executable lies in the folder. */
export function usersInListing(listing: string, folder: string): UsingProcess[] {
  return listing.split('\n').flatMap((line) => {
    const [, pid, path = ''] = /^(\d+)\t(.+?)\r?$/.exec(line) ?? [];
    return isInside(folder, path, 'win32') ? [{ pid: Number(pid), name: win32.basename(path) }] : [];
  });
}
