"""An interpreter that was started before its program was known: it waits at the end of ``site``, and then runs the
program as if it had been given on the command line, one frame deeper. Inline code goes on as in any other interpreter.

The order comes on standard input: its length in 8 digits, then fields that end with NUL: the run's folder, a word that
only this order has, the kind of program, its path, name or boot command, and its arguments. What follows is the program's
own input.
"""

import os
import sys

_code = None
_module = None
_imported = frozenset()


def wait():
    """Wait for an order, take on what its command line says, and return the run's folder. Ends the process where none
    comes, and where it cannot be carried out to the letter: then before any of it was run, and with a file ``refused``
    in the run's folder, which holds the order's word: a program that makes such a file has been run.
    """
    global _code, _module, _imported
    before = _stamps()
    compile("", "", "exec")  # The first one builds the types of syntax trees, a third of an interpreter's own start.
    os.close(3)  # Says that it waits.
    header = _read(8)
    if len(header) < 8:
        os._exit(0)  # Nobody needs this interpreter any more.
    run, word, kind, target, *arguments = _read(int(header)).decode("utf-8", "surrogateescape").split("\0")[:-1]
    if _stamps() != before:
        _refuse(run, word)
    _forget_listings()
    options = {"code": ["-c"], "file": [], "module": ["-m"]}[kind]
    sys.argv[:] = (options or [target]) + arguments
    if hasattr(sys, "orig_argv"):  # 3.10
        sys.orig_argv[1:] = options + [target] + arguments
    if kind == "code":
        del sys.modules[__name__]
        return run
    if getattr(sys.flags, "safe_path", False):  # 3.11: then the first entry of sys.path is none of ours to set.
        _refuse(run, word)
    if kind == "file":
        try:
            with open(target, "rb") as file:
                _code = compile(file.read(), target, "exec", dont_inherit=True)
        except BaseException:  # The interpreter itself says best what is wrong with it.
            _refuse(run, word)
    else:
        _module = target
    _imported = frozenset(sys.modules)
    # What the interpreter's command imports.
    sys.modules["_python_tools_inline"] = sys.modules[__name__]
    return run


def main():
    """Run the program in the ``__main__`` of ``python -c``."""
    ours = ["_python_tools_inline", __name__]
    if "linecache" not in _imported:
        ours.append("linecache")  # From 3.13 on the interpreter puts the text of its command there.
    for name in ours:
        sys.modules.pop(name, None)
    error = _run()
    if error is not None:
        _report(error)
        if isinstance(error, KeyboardInterrupt):  # The interpreter ends by the signal then, having reported.
            sys.excepthook = lambda *_: None
            raise error
        sys.exit(1)


def _run():
    """Run the program. Returns the exception that ended it; ``SystemExit`` is the interpreter's to handle."""
    try:
        if _code is None:
            _run_module()
        else:
            _run_file(sys.modules["__main__"].__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        return error


def _run_file(namespace):
    from _frozen_importlib_external import SourceFileLoader

    path = sys.argv[0]
    sys.path[0] = os.path.dirname(os.path.realpath(path))
    namespace.update(__loader__=SourceFileLoader("__main__", path), __file__=path, __cached__=None)
    try:
        exec(_code, namespace)
    finally:
        # The interpreter does so too, before atexit's functions are called.
        for name in ("__file__", "__cached__"):
            namespace.pop(name, None)


def _run_module():
    import runpy

    sys.path[0] = os.getcwd()
    runpy._run_module_as_main(_module)


def _report(error):
    """Do what the interpreter does with an uncaught exception (PyErr_Print), without our frames in its traceback."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    error.__traceback__ = trace
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    try:
        sys.excepthook(type(error), error, trace)
    except SystemExit:
        raise
    except BaseException as failure:
        failed = failure.with_traceback(failure.__traceback__.tb_next)
    else:
        return
    sys.stderr.write("Error in sys.excepthook:\n")
    sys.__excepthook__(type(failed), failed, failed.__traceback__)
    sys.stderr.write("\nOriginal exception was:\n")
    sys.__excepthook__(type(error), error, trace)


def _stamps():
    """When the modules that the environment's .pth files and sitecustomize imported were written."""
    library = os.path.dirname(os.__file__) + os.sep
    stamps = {}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and ("site-packages" in file or not file.startswith(library)):
            try:
                stamps[file] = os.stat(file).st_mtime_ns
            except OSError:
                stamps[file] = None
    return stamps


def _forget_listings():
    """What the import system has seen of folders since this interpreter started may have changed."""
    for path, finder in list(sys.path_importer_cache.items()):
        if finder is None:
            del sys.path_importer_cache[path]
        elif hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()


def _read(size):
    data = b""
    while len(data) < size:
        part = os.read(0, size - len(data))
        if not part:
            break
        data += part
    return data


def _refuse(run, word):
    with open(os.path.join(run, "refused"), "w") as file:
        file.write(word)
    os._exit(0)
