"""Python Tools MCP's part in a run: begins before the program, and is gone again when the program starts.

It takes itself off ``sys.path`` and out of the environment, gives way to a ``sitecustomize`` of the machine's own, and
leaves two things behind: at exit it reports an uncaught exception or a message given to ``sys.exit``, and it watches for
the imports of matplotlib and PIL. Python 3.8 and newer.
"""

import os
import sys


def _take_from_environment(name):
    value = os.environ.pop(name, None)
    return value or None


def _take_mark():
    """Take the run's mark, which all that it starts inherits; for a run that begins before the server can give it.

    See ``runKeeperProgram.ts``, whose limit it is: RLIMIT_LOCKS, which Linux has not enforced since 2.4.
    """
    if _take_from_environment("PYTHON_TOOLS_MARK") is None:
        return
    known = "resource" in sys.modules
    try:
        import resource

        outer, hard = resource.getrlimit(10)
        marker = int(os.environ["PYTHON_TOOLS_RUN"].split(":")[-1], 16)
        resource.setrlimit(10, (marker, hard if outer == resource.RLIM_INFINITY else outer))
        if not known:
            del sys.modules["resource"]
    except (ImportError, OSError, ValueError):  # Then its environment alone tells.
        pass


_take_mark()
_here = os.path.dirname(os.path.abspath(__file__))
_run = _take_from_environment("PYTHON_TOOLS_RUN_FOLDER")
_root = _take_from_environment("PYTHON_TOOLS_ROOT")
_guarded = _take_from_environment("PYTHON_TOOLS_GUARD") is not None
_guard = None


def _give_way():
    """Leave no trace on the import path, and import the sitecustomize that this one shadows, if there is one."""
    rest = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry and entry != _here]
    if rest:
        os.environ["PYTHONPATH"] = os.pathsep.join(rest)
    else:
        os.environ.pop("PYTHONPATH", None)
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != _here]
    sys.path_importer_cache.pop(_here, None)
    ours = sys.modules.pop("sitecustomize")
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        # The import system expects to find a module of this name when this one is done.
        sys.modules.setdefault("sitecustomize", ours)


def _with_bytecode(load):
    """Whether Python is to keep bytecode is said of the user's modules; to compile ours takes half of its start.

    For containers PYTHONDONTWRITEBYTECODE is often set.
    """
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        return load()
    finally:
        sys.dont_write_bytecode = kept


def _load(name):
    """Import a module of this folder, which is no longer on the path."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("_python_tools_" + name, os.path.join(_here, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    # Apart, since what it imports is the library's, whose bytecode is not ours to write.
    code = _with_bytecode(lambda: spec.loader.get_code(spec.name))
    exec(code, module.__dict__)
    return module


def _comparable(path):
    """On Windows in lower case: one folder of the library is spelled "lib" in one place and "Lib" in another."""
    return os.path.normcase(os.path.abspath(path))


def _zipped():
    """Where the embeddable Python for Windows has its library."""
    return os.path.join(sys.base_prefix, "python{}{}.zip".format(*sys.version_info))


def _load_from_library(name):
    """The same at exit: what it imports is the standard library's, though the program may have modules of those names."""
    places = (os.path.dirname(os.__file__), os.path.join(sys.base_prefix, "DLLs"), _zipped())
    library = tuple(_comparable(place) + os.sep for place in places)
    path, modules = sys.path[:], dict(sys.modules)
    for other, module in modules.items():
        file = getattr(module, "__dict__", {}).get("__file__")  # Not of a module that imports when it is asked.
        if isinstance(file, str) and not other.startswith("_python_tools_"):
            if not _comparable(file).startswith(library):
                del sys.modules[other]
    sys.path[:] = [entry for entry in path if (_comparable(entry) + os.sep).startswith(library)]
    try:
        return _load(name)
    finally:
        sys.path[:] = path
        sys.modules.update(modules)


def _report_at_exit(inline):
    import atexit

    owner = os.getpid()
    exits = _watch_exit()

    def report():
        # Set by the interpreter for an uncaught exception, whatever hook then prints it. A forked child has it too.
        error = getattr(sys, "last_value", None)
        if (error is None and not exits) or os.getpid() != owner:
            return
        try:
            reporter, path = _load_from_library("exception"), os.path.join(_run, "exception.json")
            if error is not None:
                reporter.write(error, path, inline, _load_from_library)
                reporter.end_by_interrupt(error)
            else:
                reporter.write_exit(*exits[0], path)
        except Exception:  # The program's own report of the exception is on stderr in any case.
            pass

    # Registered first, so called last: the program's own handlers are done.
    atexit.register(report)


def _watch_exit():
    """Of a SystemExit that ends the program the interpreter keeps no trace, so the last call of ``sys.exit`` is noted.

    Returns a list that then holds what was given to it, and the places of the call's frames, the innermost first.
    """
    import _thread

    main, last, leave = _thread.get_ident(), [], sys.exit

    def note(cls, *arguments, **options):
        if _thread.get_ident() == main:
            message = arguments[0] if arguments else None
            # Only what is neither nothing nor a number is printed.
            last[:] = [] if message is None or isinstance(message, int) else [(message, _places(sys._getframe(1)))]
        return object.__new__(cls)

    # The interpreter calls both without a frame of ours around the exception: a traceback that shows it is the same.
    sys.exit = type("exit", (), {"__new__": note, "__init__": leave, "__doc__": leave.__doc__, "__module__": "sys"})
    return last


def _places(frame):
    places = []
    while frame is not None:
        places.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    return places


def _patch(name, module, patch):
    try:
        patches = _guard if patch == "guard" else sys.modules.get("_python_tools_" + patch) or _load(patch)
        patches.after_import(name, module, _run)
    except Exception:  # A picture that cannot be had is no reason for the program to fail.
        pass


class _AfterImport:
    """A finder that lets a patch see a module as soon as it has been imported."""

    def __init__(self, watched):
        self._watched = watched

    def find_spec(self, name, path=None, target=None):
        patch = self._watched.get(name)
        if patch is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                self._extend(spec, name, patch)
                return spec
        return None

    @staticmethod
    def _extend(spec, name, patch):
        loader = spec.loader
        execute = getattr(loader, "exec_module", None)
        if execute is None:
            return

        def exec_module(module):
            execute(module)
            _patch(name, module, patch)

        # The interpreter leaves the import system's own frames out of tracebacks, by this name; ours go with them.
        exec_module.__code__ = exec_module.__code__.replace(co_filename="<frozen importlib._bootstrap>")
        loader.exec_module = exec_module


def _watch_imports(inline):
    watched = {"matplotlib.figure": "figures", "matplotlib.pyplot": "figures", "PIL.ImageShow": "figures"}
    if inline:
        watched.update({"linecache": "inline", "threading": "inline", "multiprocessing.spawn": "inline"})
    if _guard is not None:
        watched.update(dict.fromkeys(_guard.WATCHED, "guard"))
        _guard.begin()
    sys.meta_path.insert(0, _AfterImport(watched))
    for name, patch in watched.items():
        if name in sys.modules:  # A .pth file of the environment imported it before.
            _patch(name, sys.modules[name], patch)


def _import_guard():
    """What keeps the base Python as it is, where a run has no environment of its own, or one that may be none."""
    guard = _with_bytecode(lambda: __import__("_python_tools_guard"))
    del sys.modules["_python_tools_guard"]
    return guard if guard.is_needed() else None


def _prepare_run(inline):
    _report_at_exit(inline)
    _watch_imports(inline)


def _is_inline():
    return _run is not None and os.path.exists(os.path.join(_run, "code.py"))


def begin():
    """Do all of it; called once, by sitecustomize.py, with this folder still on the path."""
    global _guard, _run
    del sys.modules[__name__]
    waits = _take_from_environment("PYTHON_TOOLS_WAIT") is not None
    # While the folder is on the path: the quickest way to import them.
    ready = _with_bytecode(lambda: __import__("_python_tools_ready")) if waits else None
    inline = _with_bytecode(lambda: __import__("_python_tools_inline")) if waits or _is_inline() else None
    if _guarded:
        _guard = _import_guard()
    _give_way()
    if ready is not None:
        _run = ready.wait()
    if _is_inline():
        inline.prepare(_run, _root)
    if _run is not None:
        _prepare_run(_is_inline())
