"""Keeps installers that a program runs from changing the Python beneath it; in runs without an environment of their own.

pip refuses by its own means (``--require-virtualenv``), whatever its options and variables say; ``ensurepip`` and the
installs of setuptools and distutils end with a message. A pip in another process has the variable that says the same, and
gets it again where the program took it away. A program that writes into the folders itself is not stopped.
"""

import os
import sys

_VARIABLE = "PIP_REQUIRE_VIRTUALENV"
_MESSAGE = (
    "This would change the Python at {}, which is never modified here: packages go into a virtual environment."
).format(sys.base_prefix)

WATCHED = (
    "pip._internal.cli.base_command",
    "ensurepip",
    "distutils.command.install",
    "setuptools.command.install",
    "setuptools.command.develop",
    "setuptools.command.easy_install",
    "subprocess",
)


def is_needed():
    """Whether the interpreter is no environment's: its packages are the base's, or lie where a link leads."""
    if sys.prefix == sys.base_prefix:
        return True
    prefix = os.path.realpath(sys.prefix) + os.sep
    own = [path for path in sys.path if path.startswith(sys.prefix) and path.endswith("-packages")]
    return not all(os.path.realpath(path).startswith(prefix) for path in own)


def begin():
    """Take the place of what starts another program. Where it is built in, it does not look so any more."""
    for name, guard in (("system", _system), ("execv", _execv), ("execve", _with_env), ("posix_spawn", _with_env)):
        _replace(os, name, guard)
    for name in ("posix_spawnp", "spawnve"):
        _replace(os, name, _with_env)


def after_import(name, module, run):
    if name == "subprocess":
        _guard_subprocess(module)
    elif name == "ensurepip":
        module._run_pip = _refuse
    elif name == "pip._internal.cli.base_command":
        _require_virtualenv(module)
    else:
        command = getattr(module, name.rpartition(".")[2])
        command.run = _outside_only(command.run)


def _refuse(*arguments, **options):
    sys.exit(_MESSAGE)


def _require_virtualenv(module):
    parse = module.Command.parse_args

    def parse_args(self, arguments):
        options, rest = parse(self, arguments)
        options.require_venv = True
        return options, rest

    module.Command.parse_args = parse_args
    module.running_under_virtualenv = lambda: False


def _outside_only(run):
    def run_outside(self):
        target = getattr(self, "install_lib", None) or getattr(self, "install_dir", None)
        # What is staged below a root is packed, not installed.
        if getattr(self, "root", None) is None and (target is None or _is_protected(target)):
            _refuse()
        return run(self)

    return run_outside


def _is_protected(path):
    import site

    places = [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, site.getuserbase()]
    target = os.path.realpath(path)
    return any((target + os.sep).startswith(os.path.join(os.path.realpath(place), "")) for place in places)


def _replace(module, name, guard):
    original = getattr(module, name, None)
    if original is None:
        return

    def replacement(*arguments, **options):
        return guard(original, *arguments, **options)

    replacement.__name__ = replacement.__qualname__ = name
    replacement.__module__, replacement.__doc__ = original.__module__, original.__doc__
    setattr(module, name, replacement)


def _guard_subprocess(subprocess):
    if os.name == "nt":
        _replace(subprocess._winapi, "CreateProcess", _create_process)
        return
    import _posixsubprocess

    _replace(_posixsubprocess, "fork_exec", _fork_exec)
    if hasattr(subprocess, "_fork_exec"):  # 3.11
        subprocess._fork_exec = _posixsubprocess.fork_exec


def _fork_exec(original, arguments, programs, close, keep, cwd, env, *rest):
    if _installs(_text(arguments)):
        variables = env if env is not None else [name + b"=" + value for name, value in os.environb.items()]
        ours = os.fsencode(_VARIABLE) + b"="
        env = [each for each in variables if not each.startswith(ours)] + [ours + b"1"]
    return original(arguments, programs, close, keep, cwd, env, *rest)


def _create_process(original, program, line, process, thread, inherit, flags, env, *rest):
    if _installs("{} {}".format(program or "", line)):
        env = dict(os.environ if env is None else env, **{_VARIABLE: "1"})
    return original(program, line, process, thread, inherit, flags, env, *rest)


def _with_env(original, *arguments, **options):
    """The variables follow the program and its arguments (``execve``, ``posix_spawn``); none are those of this process."""
    at = next((index + 1 for index, each in enumerate(arguments) if isinstance(each, (list, tuple))), None)
    if at is not None and at < len(arguments) and _installs(_text(arguments[at - 1])):
        env = dict(os.environ if arguments[at] is None else arguments[at])
        binary = any(isinstance(key, bytes) for key in env)
        env[os.fsencode(_VARIABLE) if binary else _VARIABLE] = b"1" if binary else "1"
        arguments = arguments[:at] + (env,) + arguments[at + 1 :]
    return original(*arguments, **options)


def _execv(original, path, arguments):
    if _installs(_text(arguments)):
        os.environ[_VARIABLE] = "1"
    return original(path, arguments)


def _system(original, command):
    if not _installs(_text([command])):
        return original(command)
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = "1"
    try:
        return original(command)
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before


def _text(words):
    return " ".join(os.fsdecode(word) for word in words if isinstance(word, (str, bytes, os.PathLike)))


def _installs(text):
    """Whether a command line lets pip or the like install; then the variable decides. Raises where that would not do."""
    if "install" not in text and "ensurepip" not in text:
        return False
    if not any(name in text for name in ("pip", "easy_install", "setup.py")):
        return False
    heedless = ("--isolated", "ensurepip", "easy_install", "setup.py", _VARIABLE, "env -", "--system")
    if any(sign in text for sign in heedless) and "activate" not in text and not _names_venv(text):
        raise PermissionError(_MESSAGE)
    return True


def _names_venv(text):
    """Whether the program that is named first is one of a virtual environment."""
    for word in text.replace("'", " ").replace('"', " ").split():
        if os.path.basename(word).lower().startswith(("python", "pypy", "pip", "uv", "easy_install")):
            return _is_in_venv(word)
    return False


def _is_in_venv(program):
    folders = [os.path.dirname(program)] if os.path.dirname(program) else os.environ.get("PATH", "").split(os.pathsep)
    for folder in folders:
        if any(os.path.exists(os.path.join(folder, os.path.basename(program) + end)) for end in ("", ".exe")):
            return os.path.exists(os.path.join(os.path.dirname(os.path.abspath(folder)), "pyvenv.cfg"))
    return False
