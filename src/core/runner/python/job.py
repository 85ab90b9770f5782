"""Windows: the process is in a job whose members end with it, and says at its end how many of them it leaves running."""

import atexit
import ctypes
import os
import time
from ctypes import wintypes

_KILL_ON_JOB_CLOSE = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
_BASIC_ACCOUNTING, _EXTENDED_LIMITS = 1, 9

# Processes that end by themselves within this time of the program's end were not left behind.
_GRACE_SECONDS = 0.05


class _ExtendedLimits(ctypes.Structure):  # JOBOBJECT_EXTENDED_LIMIT_INFORMATION
    _fields_ = [
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", wintypes.DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", wintypes.DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", wintypes.DWORD),
        ("SchedulingClass", wintypes.DWORD),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    ]


class _Accounting(ctypes.Structure):  # JOBOBJECT_BASIC_ACCOUNTING_INFORMATION
    _fields_ = [
        ("TotalUserTime", ctypes.c_int64),
        ("TotalKernelTime", ctypes.c_int64),
        ("ThisPeriodTotalUserTime", ctypes.c_int64),
        ("ThisPeriodTotalKernelTime", ctypes.c_int64),
        ("TotalPageFaultCount", wintypes.DWORD),
        ("TotalProcesses", wintypes.DWORD),
        ("ActiveProcesses", wintypes.DWORD),
        ("TotalTerminatedProcesses", wintypes.DWORD),
    ]


def _kernel():
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    handle, structure, size = wintypes.HANDLE, wintypes.LPVOID, wintypes.DWORD
    kernel.CreateJobObjectW.restype = handle
    kernel.CreateJobObjectW.argtypes = [structure, wintypes.LPCWSTR]
    kernel.GetCurrentProcess.restype = handle
    kernel.SetInformationJobObject.argtypes = [handle, ctypes.c_int, structure, size]
    kernel.QueryInformationJobObject.argtypes = [handle, ctypes.c_int, structure, size, structure]
    kernel.AssignProcessToJobObject.argtypes = [handle, handle]
    return kernel


def join(run):
    """Enter a job that ends all its members when its last handle, this process's own, is closed.

    Where a venv's ``python.exe`` is a launcher, this is the base's process: the launcher waits for it, and has a job of
    its own by which it ends this process where it is ended itself.
    """
    kernel = _kernel()
    job = kernel.CreateJobObjectW(None, None)
    limits = _ExtendedLimits(LimitFlags=_KILL_ON_JOB_CLOSE)
    kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
    if not kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess()):
        return
    owner = os.getpid()

    def others():
        facts = _Accounting()
        known = kernel.QueryInformationJobObject(
            job, _BASIC_ACCOUNTING, ctypes.byref(facts), ctypes.sizeof(facts), None
        )
        return facts.ActiveProcesses - 1 if known else 0

    def report():
        left, deadline = others(), time.monotonic() + _GRACE_SECONDS
        while left > 0 and time.monotonic() < deadline:
            time.sleep(0.005)
            left = others()
        if left > 0 and os.getpid() == owner:
            with open(os.path.join(run, "background"), "w") as file:
                file.write(str(left))

    # Registered before anything of the program, so called last: what it ends at its exit has ended.
    atexit.register(report)
