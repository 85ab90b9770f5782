"""Inline code: run as ``__main__`` with its source lines in tracebacks, as if it were a file in the folder."""

import os
import sys

_NAME = "<code>"
_path = None
_root = None
_source = ""


def prepare(run, root):
    """Remember where the code is, and the folder that it belongs to."""
    global _path, _root
    _path = os.path.join(run, "code.py")
    _root = root


def main():
    """Run the code in the ``__main__`` of ``python -c``."""
    global _source
    import builtins

    with open(_path, encoding="utf-8", newline="") as file:
        _source = file.read()
    if sys.path[:1] == [""]:
        sys.path[0] = _root
    else:
        sys.path.insert(0, _root)
    if "linecache" in sys.modules:
        _remember_lines(sys.modules["linecache"])
    sys.excepthook = _print_without_our_frames
    namespace = sys.modules["__main__"].__dict__
    builtins.exec(builtins.compile(_source, _NAME, "exec", dont_inherit=True), namespace)


def after_import(name, module, run):
    if name == "linecache":
        _remember_lines(module)
    elif name == "threading":
        module.excepthook = _thread_hook(module)
    elif name == "multiprocessing.spawn":
        module.get_preparation_data = _with_main_path(module.get_preparation_data)


def _remember_lines(linecache):
    """Make the lines known to tracebacks. Without a time of modification an entry is never checked against a file.

    Only once somebody needs them: importing linecache takes as long as a third of the interpreter's own start.
    """
    linecache.cache[_NAME] = (len(_source), None, _source.splitlines(True), _NAME)


def _print_without_our_frames(kind, error, trace):
    """Before 3.13 the interpreter's own printer knows no lines of code that is in no file; ``traceback`` does."""
    import traceback

    while trace is not None and trace.tb_frame.f_code.co_filename != _NAME:
        trace = trace.tb_next
    error.__traceback__ = trace
    traceback.print_exception(kind, error, trace)


def _thread_hook(threading):
    """The same for exceptions of threads."""

    def excepthook(args):
        import traceback

        if args.exc_type is not SystemExit:
            name = args.thread.name if args.thread is not None else threading.get_ident()
            print("Exception in thread {}:".format(name), file=sys.stderr, flush=True)
            traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)

    return excepthook


def _with_main_path(get_preparation_data):
    """A process that multiprocessing spawns imports the main module by its path; that of inline code is the run's."""

    def with_main_path(*arguments, **options):
        data = get_preparation_data(*arguments, **options)
        data.setdefault("init_main_from_path", _path)
        return data

    return with_main_path
