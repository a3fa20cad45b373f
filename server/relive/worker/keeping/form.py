"""A form that is marked to be kept, and what is told of it afterwards."""

from __future__ import annotations

import ast

from relive.worker.names import bound_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

_DEFINITION = "it is a definition, which is quickly made anew"
_REASONS = {
    ast.FunctionDef: _DEFINITION,
    ast.AsyncFunctionDef: _DEFINITION,
    ast.ClassDef: _DEFINITION,
    ast.Import: "it is an import",
    ast.ImportFrom: "it is an import",
    ast.Expr: "it binds no name: assign its value to one",
}


def reason_against(node: ast.stmt) -> str | None:
    """Return why a kind of statement is never kept, None if it may be."""
    return _REASONS.get(type(node))


class Form:
    """A statement, the namespace it is run in, and how that is done."""

    def __init__(
        self, code: CodeType, scope: dict[str, Any], run: Callable[[], Any], *, has_value: bool
    ) -> None:
        self.code = code
        self.scope = scope
        self.run = run
        """Runs it, and returns what it gives."""
        self.has_value = has_value
        """Whether that is a value, and not only a sign that there is none."""
        self.told: dict[str, Any] = refused("it did not run to its end")
        """The wire's Kept."""
        self.was_interrupted = False
        """Whether an interrupt came while it was looked at, and not in its own code."""

    @property
    def binds(self) -> set[str]:
        """The names its text binds."""
        return bound_names(self.code)

    def refuse(self, reason: str) -> None:
        """Note why its value is not kept."""
        self.told = refused(reason)

    def tell(self, state: str, conditions: dict[str, Any], reason: str | None = None) -> None:
        """Note that its value is `stored` or `taken`; `reason`: why none was taken before."""
        about = {"at": conditions["at"], "seconds": conditions["seconds"]}
        self.told = {"state": state, "reason": reason, **about}


def refused(reason: str) -> dict[str, Any]:
    """Return what is told of a form that is not kept."""
    return {"state": "refused", "reason": reason, "at": None, "seconds": None}
