"""What an expression gives: evaluated in the module of a file, without a trace in the session."""

from __future__ import annotations

from relive.worker.viewing.words import NoViewError, in_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.namespace import Namespace

_NAME = "<inspection>"


def inspected(namespace: Namespace, expression: str) -> Any:
    """Return the value of `expression`.

    Raises:
        NoViewError: it is no expression, or it failed.
    """
    try:
        flags = namespace.future_flags
        code = compile(expression.strip(), _NAME, "eval", flags, dont_inherit=True)
        return eval(code, namespace.module.__dict__)
    except KeyboardInterrupt:
        raise
    except BaseException as failure:
        raise NoViewError(in_words(failure)) from None
