"""What stands behind a module that lacks something: a file that hides another module, or a build for another Python."""

import os
import re
import sys
from importlib.machinery import EXTENSION_SUFFIXES, PathFinder

_MOST_READ = 4 * 1024 * 1024


def explain(error, is_own):
    """Return the facts that are certain: ``shadowing``, the user's file, or ``otherBuild``, the compiled file."""
    module, part = _looked_for(error)
    facts = {}
    if module and part and "." not in module:
        facts["shadowing"] = _shadowing(module, part, is_own)
    if module and isinstance(error, ImportError):
        facts["otherBuild"] = _other_build(module.split(".") + part.split(".") if part else [module])
    return facts


def _looked_for(error):
    """The module that was there, and the name that it did not have; only the module where that was not there."""
    text = str(error)
    if isinstance(error, ModuleNotFoundError):
        module, _, part = (error.name or "").partition(".")
        return module, part
    if isinstance(error, ImportError):
        # Before 3.12 only the message has the name.
        match = re.match(r"cannot import name '([^']+)'", text)
        return (error.name or "", match.group(1)) if match else ("", "")
    match = re.match(r"(?:partially initialized )?module '([^']+)' has no attribute '([^']+)'", text)
    return match.groups() if match else ("", "")


def _shadowing(module, part, is_own):
    if module in sys.builtin_module_names:
        return None
    spec = PathFinder.find_spec(module)
    file = spec and spec.origin
    loaded = getattr(sys.modules.get(module), "__file__", None)
    if not file or not is_own(file) or (loaded and not _same(loaded, file)):
        return None
    folder = os.path.dirname(file)
    if spec.submodule_search_locations is not None:
        folder = os.path.dirname(folder)
    hidden = PathFinder.find_spec(module, [entry for entry in sys.path if not _same(entry or os.curdir, folder)])
    if not hidden or not hidden.origin or is_own(hidden.origin):
        return None
    return os.path.abspath(file) if _has(hidden, part.split(".")[0]) else None


def _has(spec, part):
    """Whether the hidden module has what was looked for: else the file that hides it may be meant to."""
    for folder in spec.submodule_search_locations or ():
        if any(re.match(re.escape(part) + r"(\.|$)", entry) for entry in os.listdir(folder)):
            return True
    if spec.origin.endswith(".pyc"):  # A library without sources, as the embeddable Python for Windows has.
        with open(spec.origin, "rb") as file:
            return part.encode("utf-8") in file.read(_MOST_READ)
    if not spec.origin.endswith(".py"):
        return True
    with open(spec.origin, encoding="utf-8", errors="replace") as file:
        return re.search(r"\b{}\b".format(re.escape(part)), file.read(_MOST_READ)) is not None


def _other_build(parts):
    """A compiled file of that name whose suffix this interpreter does not look for, such as .cpython-39-darwin.so."""
    folders = sys.path
    if len(parts) > 1:
        spec = PathFinder.find_spec(parts[0])
        folders = [os.path.join(folder, *parts[1:-1]) for folder in (spec and spec.submodule_search_locations) or ()]
    found = None
    for folder in filter(os.path.isdir, folders):
        for entry in os.listdir(folder):
            stem, dot, suffix = entry.partition(".")
            if stem == parts[-1] and entry.endswith((".so", ".pyd")):
                if dot + suffix in EXTENSION_SUFFIXES:
                    return None
                found = os.path.join(folder, entry)
    return found


def _same(one, other):
    return os.path.realpath(one) == os.path.realpath(other)
