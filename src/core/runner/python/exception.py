"""The uncaught exception of a run as JSON: its type and message as Python prints them, the user's own frames, its causes."""

import errno
import json
import linecache
import os
import sys
import tokenize  # noqa: F401  linecache imports it when it reads a file, from wherever it then finds one.
import traceback

_MOST_FRAMES = 50
_LONGEST_MESSAGE = 4000
_LONGEST_LINE = 500
_LARGEST_SOURCE = 16 * 1024 * 1024
# Of what stands beside the exception itself: enough to see where each came from.
_MOST_CAUSES = 5
_MOST_MEMBERS = 10
_MOST_FRAMES_BESIDE = 5
_LONGEST_MESSAGE_BESIDE = 500


def write(error, path, inline, load):
    """Write the report of an exception. ``load`` imports a module of this folder."""
    report = _described(error, inline, load, _MOST_FRAMES, _LONGEST_MESSAGE)
    report["causes"] = _causes(error, inline, load)
    report["exceptions"] = [
        _without_empty(dict(_beside(leaf, inline, load), causes=_causes(leaf, inline, load))) for leaf in _leaves(error)
    ]
    _save(_without_empty(report), path)


def end_by_interrupt(error):
    """Before 3.13, evaluating a string (which imports do: ``namedtuple``) makes the interpreter forget that an interrupt
    ended the program, and that it has to end by SIGINT; evaluating one that is interrupted makes it remember."""
    if type(error) is KeyboardInterrupt:
        try:
            exec("raise KeyboardInterrupt")
        except KeyboardInterrupt:
            pass


def write_exit(message, places, path):
    """Write the report of what was given to ``sys.exit``, and of the places that it was called from, innermost first.

    A library that ends the program, as ``argparse`` and ``runpy`` do, has said why; that is no exception of the user's.
    """
    frames = [_frame(*place) for place in places if _is_own(place[0])][:_MOST_FRAMES]
    if not frames or not _is_own(places[0][0]):
        return
    _save({"type": "SystemExit", "message": str(message)[:_LONGEST_MESSAGE], "frames": frames[::-1]}, path)


def _save(report, path):
    """Write a new file and give it the name: the program may have put something there that waits for a reader."""
    fresh = "{}.{}".format(path, os.getpid())
    with open(fresh, "x", encoding="utf-8", errors="replace") as file:
        json.dump(report, file)
    os.replace(fresh, path)


def _without_empty(description):
    return {name: value for name, value in description.items() if value or name not in ("causes", "exceptions")}


def _described(error, inline, load, most_frames, longest_message):
    description = {
        "type": _type_name(type(error), inline),
        "message": _message(error)[:longest_message],
        "frames": _own_frames(error, most_frames),
    }
    try:
        details = _details(error, load)
    except Exception:  # They are only for hints.
        details = {}
    return dict(description, details=details) if details else description


def _beside(error, inline, load):
    return _described(error, inline, load, _MOST_FRAMES_BESIDE, _LONGEST_MESSAGE_BESIDE)


def _causes(error, inline, load):
    """What ``traceback`` prints before an exception, nearest first. A chain can lead back to itself."""
    causes, seen = [], {id(error)}
    while len(causes) < _MOST_CAUSES:
        relation = "cause" if error.__cause__ is not None else "context"
        error = error.__cause__ if relation == "cause" else None if error.__suppress_context__ else error.__context__
        if error is None or id(error) in seen:
            break
        seen.add(id(error))
        causes.append(dict(_beside(error, inline, load), relation=relation))
    return causes


def _leaves(error):
    """The exceptions in a group (PEP 654, and the ``exceptiongroup`` of older Pythons) and in the groups in it."""
    leaves, waiting = [], list(_members(error))
    while waiting and len(leaves) < _MOST_MEMBERS:
        member = waiting.pop(0)
        inner = _members(member)
        if inner:
            waiting[:0] = inner
        else:
            leaves.append(member)
    return leaves


def _members(error):
    is_group = any(kind.__name__ == "BaseExceptionGroup" for kind in type(error).__mro__)
    return tuple(error.exceptions) if is_group else ()


def _details(error, load):
    """What hints are made of."""
    details = {}
    if isinstance(error, OSError):
        details["errno"] = errno.errorcode.get(error.errno)
        details["filename"] = error.filename
    elif isinstance(error, UnicodeDecodeError):
        details["encoding"] = error.encoding
        details["start"] = error.object[:4].hex()
    elif isinstance(error, (ImportError, AttributeError)):
        if isinstance(error, ModuleNotFoundError):
            details["missingModule"] = error.name
        if isinstance(error, ImportError):
            details["library"] = error.path
        details.update(load("import_failure").explain(error, _is_own))
    return {name: value for name, value in details.items() if isinstance(value, str)}


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
    return "\n".join([text] + [str(note) for note in getattr(error, "__notes__", None) or ()])


def _own_frames(error, most):
    frames = []
    # Walked by hand: StackSummary would read the source lines of a thousand frames of a recursion.
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        if _is_own(code.co_filename) and _is_own(_module_file(frame)):
            frames.append((code.co_filename, line, code.co_name, frame.f_globals))
    frames = [_frame(*frame) for frame in frames[-most:]]
    if isinstance(error, SyntaxError) and error.filename and _is_own(error.filename):
        frames.append(_place_of_syntax_error(error))
    return frames[-most:]


def _module_file(frame):
    """Where the code is relative to something, as in a zipped library, the module tells where that is."""
    name, file = frame.f_code.co_filename, frame.f_globals.get("__file__")
    return file if isinstance(file, str) and not name.startswith("<") and not os.path.isabs(name) else name


def _place_of_syntax_error(error):
    line = error.lineno or 0
    place = _frame(error.filename, line, "<module>")
    if error.text:
        place["code"] = error.text.strip().split("\n")[0][:_LONGEST_LINE]
    if error.offset is not None and error.offset > 0:
        place["column"] = error.offset
        end = getattr(error, "end_offset", None) or 0  # 3.10
        if end > error.offset and error.end_lineno == line:
            place["end_column"] = end
    return place


def _frame(file, line, name, scope=None):
    path = file if file == "<code>" else os.path.abspath(file)
    return {"file": path, "line": line or 0, "function": name, "code": _source_line(file, line or 0, scope)}


def _source_line(file, line, scope):
    """One line without its indentation; of a minified file, some of it. What is no regular file would be waited for."""
    try:
        if os.path.exists(file) and not (os.path.isfile(file) and os.path.getsize(file) <= _LARGEST_SOURCE):
            return ""
        return linecache.getline(file, line, scope).strip()[:_LONGEST_LINE]
    except (OSError, ValueError):  # A made-up name can hold what no path does.
        return ""


def _is_own(file):
    """Neither the standard library's, nor an installed package's, nor made up (``<string>``, ``<frozen …>``)."""
    if file.startswith("<"):
        return file == "<code>"
    path = _comparable(file)
    if os.path.dirname(path) == os.path.dirname(_comparable(__file__)):
        return False  # Ours.
    parts = path.split(os.sep)
    if "site-packages" in parts or "dist-packages" in parts:
        return False
    zipped = os.path.join(sys.base_prefix, "python{}{}.zip".format(*sys.version_info))  # The embeddable Python for Windows.
    library = (os.path.dirname(_comparable(os.__file__)) + os.sep, _comparable(zipped) + os.sep)
    return not path.startswith(library)


def _comparable(file):
    """On Windows in lower case: the entries of ``sys.path`` may be spelled in another case than the disk has."""
    return os.path.normcase(os.path.abspath(file))
