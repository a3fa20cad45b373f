"""Relive: live Python for editors and scripts."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # nothing is imported here: it is loaded in the user's interpreter too
    from typing import Any

    from relive.session.session import Session as Session

__version__ = "0.1.0"
__all__ = ["Session", "__version__"]


def __getattr__(name: str) -> Any:
    # Late, because the worker imports this package inside the user's interpreter
    # and must not load the session layer there.
    if name == "Session":
        from relive.session.session import Session

        return Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
