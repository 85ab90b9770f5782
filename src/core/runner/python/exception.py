"""The uncaught exception of a run as JSON: its type and message as Python prints them, and the user's own frames."""

import json
import linecache
import os
import sys
import traceback

# More than are shown: the reader takes the innermost.
_MOST_FRAMES = 50
_LONGEST_MESSAGE = 4000


def write(error, path, inline):
    """Write the report. Never raises: the program's own report of the exception is on stderr in any case."""
    try:
        report = {
            "type": _type_name(type(error), inline),
            "message": _message(error)[:_LONGEST_MESSAGE],
            "frames": _own_frames(error)[-_MOST_FRAMES:],
        }
        if isinstance(error, ModuleNotFoundError) and isinstance(error.name, str):
            report["missingModule"] = error.name
        with open(path, "w", encoding="utf-8", errors="replace") as file:
            json.dump(report, file)
    except Exception:
        pass


def _type_name(kind, inline):
    """Qualified by its module, but for builtins and, as 3.11 and ``traceback`` have it, ``__main__``."""
    unqualified = ("builtins",) if sys.version_info < (3, 11) and not inline else ("builtins", "__main__")
    return kind.__qualname__ if kind.__module__ in unqualified else "{}.{}".format(kind.__module__, kind.__qualname__)


def _message(error):
    if isinstance(error, SyntaxError):
        return error.msg or ""  # str() appends the place, which is a frame here.
    try:
        text = str(error)
    except Exception:
        text = "<exception str() failed>"
    return "\n".join([text] + [str(note) for note in getattr(error, "__notes__", ())])


def _own_frames(error):
    frames = []
    # Walked by hand: StackSummary would read the source lines of a thousand frames of a recursion.
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        if _is_own(code.co_filename):
            frames.append((code.co_filename, line, code.co_name, frame.f_globals))
    frames = [
        {"file": _place(file), "line": line, "function": name, "code": linecache.getline(file, line, scope).strip()}
        for file, line, name, scope in frames[-_MOST_FRAMES:]
    ]
    if isinstance(error, SyntaxError) and error.filename and _is_own(error.filename):
        text = error.text or linecache.getline(error.filename, error.lineno or 0)
        frames.append(
            {"file": _place(error.filename), "line": error.lineno or 0, "function": "<module>", "code": text.strip()}
        )
    return frames


def _is_own(file):
    """Neither the standard library's, nor an installed package's, nor made up (``<string>``, ``<frozen …>``)."""
    if file.startswith("<"):
        return file == "<code>"
    path = os.path.abspath(file)
    if os.path.dirname(path) == os.path.dirname(os.path.abspath(__file__)):
        return False  # Ours.
    parts = path.split(os.sep)
    if "site-packages" in parts or "dist-packages" in parts:
        return False
    return not path.startswith(os.path.dirname(os.path.abspath(os.__file__)) + os.sep)


def _place(file):
    return file if file == "<code>" else os.path.abspath(file)
