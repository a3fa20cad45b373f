"""The program's trace and profile functions on the main thread: they see its code, and not ours.

One that raises would do so in the midst of whatever is at work between evaluations.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FUNCTION = type(lambda: None)
_gettrace, _settrace = sys.gettrace, sys.settrace
_getprofile, _setprofile = sys.getprofile, sys.setprofile


class ProgramHooks:
    """While it is entered they are in place."""

    def __init__(self) -> None:
        self._trace: Any = None
        self._profile: Any = None

    def __enter__(self) -> None:
        trace, profile = self._trace, self._profile
        self._trace = self._profile = None  # one that raises is gone, as ever: nobody keeps it
        if profile is not None:
            _setprofile(profile)
        if trace is not None:
            _settrace(trace)

    def __exit__(self, *_: object) -> None:
        trace = _gettrace()
        if trace is not None and _is_of_python(trace):
            _settrace(None)
            self._trace = trace
        profile = _getprofile()
        if profile is not None and _is_of_python(profile):
            _setprofile(None)
            self._profile = profile


def _is_of_python(hook: Any) -> bool:
    """Whether Python is called: what a C module has set, as cProfile, it alone puts back."""
    kind = type(hook)
    called = hook if kind is _FUNCTION else getattr(kind, "__call__", None)  # noqa: B004 - what it is
    return type(called) is _FUNCTION or type(getattr(hook, "__func__", None)) is _FUNCTION
