/**
 * Does on Linux and macOS what Node.js cannot: marks runs with a limit, and ends them when the server is gone without a
 * word. Started with `-I -S` by any Python from 3.8 on. It reads requests, one a line, each with a number of its own:
 *
 * - `NUMBER hello PREFIX`: what the markers of the server's runs begin with; answered with the number as soon as it can.
 * - `NUMBER mark PID MARKER`: gives a process its marker, a hexadecimal number, as its limit of file locks (`RLIMIT_LOCKS`,
 *   which Linux has not enforced since 2.4). A limit is inherited by all that a process starts: it outlasts an emptied
 *   environment, a session of its own, closed descriptors and the death of the parents. Nothing is answered.
 *
 * When its input ends, since the server did, whatever bears a marker with that prefix is killed with its descendants.
 */
export const runKeeperProgram = `
import os, sys, time, _signal
try:
    from resource import RLIM_INFINITY, prlimit
except ImportError:
    prlimit = None

for number in (_signal.SIGHUP, _signal.SIGINT, _signal.SIGTERM):
    _signal.signal(number, _signal.SIG_IGN)

LOCKS, NAME = 10, b"PYTHON_TOOLS_RUN="

def mark(pid, marker):
    # A finite one is the marker of a run that this server is in.
    outer, hard = prlimit(pid, LOCKS)
    if outer != marker:  # It may have marked itself.
        prlimit(pid, LOCKS, (marker, hard if outer == RLIM_INFINITY else outer))

def read(pid, name):
    try:
        with open("/proc/%s/%s" % (pid, name), "rb") as file:
            return file.read()
    except OSError:
        return b""  # It ended, or is another user's.

def is_marked(pid, prefix):
    for variable in read(pid, "environ").split(b"\\0"):
        if variable.startswith(NAME):
            return any(marker.startswith(prefix) for marker in variable[len(NAME):].split(b":"))
    for line in read(pid, "limits").split(b"\\n"):
        if line.startswith(b"Max file locks "):
            return any((b"%016x" % int(limit)).startswith(prefix) for limit in line.split()[3:] if limit.isdigit())
    return False

def from_proc(prefix):
    for pid in os.listdir("/proc"):
        stat = read(pid, "stat") if pid.isdigit() else b""
        state, parent = stat[stat.rfind(b")") + 2:].split()[:2] if stat else (b"Z", 0)
        if state not in b"ZX":
            yield int(pid), int(parent), is_marked(pid, prefix)

def from_ps(prefix):
    import subprocess
    listed = subprocess.run(["/bin/ps", "-A", "-E", "-ww", "-o", "pid=,ppid=,state=,command="],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=5)
    for line in listed.stdout.split(b"\\n"):
        pid, parent, state, command = (line.split(None, 3) + [b""] * 4)[:4]
        if pid and not state.startswith(b"Z"):
            run = command.rpartition(NAME)[2].split(b" ", 1)[0] if NAME in command else b""
            yield int(pid), int(parent), any(marker.startswith(prefix) for marker in run.split(b":"))

def members(prefix):
    listed = list((from_proc if os.path.exists("/proc/self/stat") else from_ps)(prefix))
    found = {pid for pid, _, marked in listed if marked}
    for _ in listed:
        more = {pid for pid, parent, _ in listed if parent in found} - found
        if not more:
            break
        found |= more
    return found - {os.getpid()}

def end(prefix):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = members(prefix)
        if not found:
            break
        for pid in found:
            try:
                os.kill(pid, _signal.SIGKILL)
            except OSError:
                pass  # It ended, or became another user's.
        time.sleep(0.002)

prefix = b""
for line in sys.stdin.buffer:
    number, request, *values = line.split()
    if request == b"hello":
        prefix = values[0]
        print(number.decode(), flush=True)
    elif request == b"mark" and prlimit:
        try:
            mark(int(values[0]), int(values[1], 16))
        except (OSError, ValueError):
            pass  # It ended, or the system refuses: its environment still tells.
if prefix:
    end(prefix)
`;
