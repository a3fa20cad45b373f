"""What CPython adds to a message only when it prints it, such as "Did you mean: 'total'?"."""

from __future__ import annotations

import sys

from relive.worker.library import standard
from relive.worker.quiet import Quiet

_KINDS = (NameError, AttributeError, ImportError, SyntaxError)
"""Of other exceptions the interpreter has nothing to suggest."""

_print_exception = sys.__excepthook__
_FORMATS_THEM = sys.version_info >= (3, 12)
"""Before, only the printing in C knew suggestions, and `traceback` did not."""


def suggestion_for(error: BaseException, message: str) -> str:
    """Return what the interpreter would print behind `message`, such as ". Did you mean: 'x'?"."""
    if not message or not issubclass(type(error), _KINDS) or sys.version_info < (3, 10):
        return ""
    _, found, rest = _printed(error).rpartition(f": {message}")
    return rest.partition("\n")[0] if found else ""


def _printed(error: BaseException) -> str:
    trace = error.__traceback__
    if _FORMATS_THEM:
        shown = standard("traceback").TracebackException(type(error), error, trace, limit=0)
        return "".join(shown.format_exception_only())
    with Quiet() as quiet:
        _print_exception(type(error), error, trace)
    return quiet.text
