"""What text runs in where that is not its module: the variables of a call of some function."""

from __future__ import annotations

from relive.worker.in_function import declared
from relive.worker.run import NO_VALUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from relive.worker.in_function import Piece
    from relive.worker.statements import Statement


class Inside:
    """The variables, and the statements that run in them one by one."""

    def __init__(self, names: frozenset[str], scope: dict[str, Any]) -> None:
        self.names = names
        """Those that nobody has to look for."""
        self.scope = scope
        """Where values are found again, by name."""
        self._outside: set[str] = set()

    def prepare(self, statements: list[Statement]) -> None:
        """Take in what statements say of names for all of the text."""
        self._outside = declared(statements)

    def code(self, statement: Statement, flags: int) -> CodeType:
        """Return what would run, as far as that is known before it does."""
        return self._compiled(statement, flags).code

    def run(self, statement: Statement, flags: int, call: Callable[..., Any]) -> Any:
        """Run a statement and return what it gives."""
        piece = self._compiled(statement, flags)
        value = self._run(piece, call)
        return value if piece.gives else NO_VALUE

    def _compiled(self, statement: Statement, flags: int) -> Piece:
        raise NotImplementedError

    def _run(self, piece: Piece, call: Callable[..., Any]) -> Any:
        """Have `call` run what was compiled, in the variables."""
        raise NotImplementedError
