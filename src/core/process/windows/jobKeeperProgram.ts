/**
 * Keeps job objects of Windows, which Node.js cannot make: each holds one process that was started and all that this
 * starts, and ends them at once. Started with `-I -S` by any Python from 3.8 on. It reads requests, one a line, each with
 * a number of its own, and answers with that number and:
 *
 * - `NUMBER keep JOB PID`: "held", once a process, and what it has started until then, is in a new job; nothing where it
 *   could not be put there.
 * - `NUMBER end JOB MS`: how many processes were ended, of those in the job that did not end by themselves within some
 *   milliseconds.
 * - `NUMBER hello`: nothing, as soon as it can.
 * - `NUMBER list`: a JSON list of [pid, path of the executable] of all processes.
 *
 * When its input ends, since the server did, the jobs end with it, and with them all that is in them.
 */
export const jobKeeperProgram = `
import ctypes, sys, time
from ctypes import wintypes

HANDLE, DWORD, POINTER = wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p
kernel = ctypes.WinDLL("kernel32")

def declare(name, result, *arguments):
    function = getattr(kernel, name)
    function.restype, function.argtypes = result, arguments
    return function

create_job = declare("CreateJobObjectW", HANDLE, POINTER, wintypes.LPCWSTR)
set_job = declare("SetInformationJobObject", wintypes.BOOL, HANDLE, ctypes.c_int, POINTER, DWORD)
ask_job = declare("QueryInformationJobObject", wintypes.BOOL, HANDLE, ctypes.c_int, POINTER, DWORD, POINTER)
assign = declare("AssignProcessToJobObject", wintypes.BOOL, HANDLE, HANDLE)
end_job = declare("TerminateJobObject", wintypes.BOOL, HANDLE, wintypes.UINT)
open_process = declare("OpenProcess", HANDLE, DWORD, wintypes.BOOL, DWORD)
close = declare("CloseHandle", wintypes.BOOL, HANDLE)
image_name = declare("QueryFullProcessImageNameW", wintypes.BOOL, HANDLE, DWORD, wintypes.LPWSTR, POINTER)
process_times = declare("GetProcessTimes", wintypes.BOOL, HANDLE, POINTER, POINTER, POINTER, POINTER)
snapshot_of = declare("CreateToolhelp32Snapshot", HANDLE, DWORD, DWORD)
first_in = declare("Process32FirstW", wintypes.BOOL, HANDLE, POINTER)
next_in = declare("Process32NextW", wintypes.BOOL, HANDLE, POINTER)

class Limits(ctypes.Structure):  # JOBOBJECT_EXTENDED_LIMIT_INFORMATION
    _fields_ = [("times", ctypes.c_int64 * 2), ("LimitFlags", DWORD), ("sizes", ctypes.c_size_t * 2),
                ("ActiveProcessLimit", DWORD), ("Affinity", ctypes.c_size_t), ("classes", DWORD * 2),
                ("IoInfo", ctypes.c_uint64 * 6), ("memory", ctypes.c_size_t * 4)]

class Members(ctypes.Structure):  # JOBOBJECT_BASIC_PROCESS_ID_LIST
    _fields_ = [("assigned", DWORD), ("listed", DWORD), ("pids", ctypes.c_size_t * 4096)]

class Entry(ctypes.Structure):  # PROCESSENTRY32W
    _fields_ = [("dwSize", DWORD), ("usage", DWORD), ("pid", DWORD), ("heap", ctypes.c_size_t), ("module", DWORD),
                ("threads", DWORD), ("parent", DWORD), ("priority", wintypes.LONG), ("flags", DWORD),
                ("name", wintypes.WCHAR * 260)]

class Opened:
    """A process that is open while the block runs; false where it is gone, or another user's."""

    def __init__(self, pid, access):
        self.handle = open_process(access, False, pid)

    def __enter__(self):
        return self.handle

    def __exit__(self, *_):
        if self.handle:
            close(self.handle)

QUERY, ASSIGN = 0x1000, 0x0101 | 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION; with SET_QUOTA and TERMINATE

def all_processes():
    snapshot, entry = snapshot_of(2, 0), Entry(dwSize=ctypes.sizeof(Entry))
    known = first_in(snapshot, ctypes.byref(entry))
    while known:
        yield entry.pid, entry.parent
        known = next_in(snapshot, ctypes.byref(entry))
    close(snapshot)

def image(pid):
    with Opened(pid, QUERY) as process:
        path, size = ctypes.create_unicode_buffer(32768), DWORD(32768)
        return path.value if process and image_name(process, 0, path, ctypes.byref(size)) else ""

def started(process):
    times = (ctypes.c_uint64 * 4)()
    places = [ctypes.byref(times, 8 * index) for index in range(4)]
    return times[0] if process_times(process, *places) else 0

def keep(job, pid):
    with Opened(pid, ASSIGN) as process:
        if not process or not assign(job, process):
            return ""
        since = started(process)
    # What it started before it was in the job. Windows gives pids out again: a child is younger than its parent.
    processes, family = list(all_processes()), {pid}
    for _ in processes:
        more = {child for child, parent in processes if parent in family} - family
        if not more:
            break
        family |= more
    for child in family - {pid}:
        with Opened(child, ASSIGN) as process:
            if process and started(process) >= since:
                assign(job, process)
    return "held"

def members(job):
    found = Members()
    ask_job(job, 3, ctypes.byref(found), ctypes.sizeof(found), None)
    return [int(pid) for pid in found.pids[:found.listed]]

def end(job, milliseconds):
    def left():
        # A console's own process goes when the last of its programs does.
        return [pid for pid in members(job) if not image(pid).lower().endswith("conhost.exe")]
    remaining, deadline = left(), time.monotonic() + milliseconds / 1000
    while remaining and time.monotonic() < deadline:
        time.sleep(0.005)
        remaining = left()
    end_job(job, 1)
    deadline = time.monotonic() + 1
    while members(job) and time.monotonic() < deadline:
        time.sleep(0.005)
    close(job)
    return len(remaining)

def listing():
    import json
    return json.dumps([[pid, path] for pid, path in ((pid, image(pid)) for pid, _ in all_processes()) if path])

jobs = {}
for line in sys.stdin:
    number, request, *values = line.split()
    answer = ""
    if request == "keep":
        job = create_job(None, None)
        limits = Limits(LimitFlags=0x2000)  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
        set_job(job, 9, ctypes.byref(limits), ctypes.sizeof(limits))
        answer = keep(job, int(values[1]))
        if answer:
            jobs[values[0]] = job
        else:
            close(job)
    elif request == "end":
        answer = end(jobs.pop(values[0]), int(values[1]))
    elif request == "list":
        answer = listing()
    print(number, answer, flush=True)
`;
