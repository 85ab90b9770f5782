"""Imported by ``site`` at the start of every run. Compiled each time where no bytecode is kept, so there is little of it."""

import sys

_kept, sys.dont_write_bytecode = sys.dont_write_bytecode, False
try:
    import _python_tools_start
finally:
    sys.dont_write_bytecode = _kept
_python_tools_start.begin()
