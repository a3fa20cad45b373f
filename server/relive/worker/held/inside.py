"""What text runs in that is evaluated in a frame that is held."""

from __future__ import annotations

from relive.worker.in_function import declared
from relive.worker.run import NO_VALUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from relive.worker.holding.holds import HeldFrame
    from relive.worker.in_function import Piece
    from relive.worker.statements import Statement


class InsideFrame:
    """The variables of a frame: what the text binds is the frame's, which goes on with it."""

    def __init__(
        self, frame: HeldFrame, names: frozenset[str], evaluate: Callable[[Piece], Any]
    ) -> None:
        self.names = names
        self.scope: dict[str, Any] = {}
        """Where values are found again: a frame's are not, by name."""
        self._frame = frame
        self._evaluate = evaluate
        self._outside: set[str] = set()

    def prepare(self, statements: list[Statement]) -> None:
        """Take in what statements say of names for all of the text."""
        self._outside = declared(statements)

    def code(self, statement: Statement, flags: int) -> CodeType:
        """Return what would run, as far as that is known before it does."""
        return self._compiled(statement, flags).code

    def run(self, statement: Statement, flags: int, call: Callable[..., Any]) -> Any:
        """Run one statement and return what it gives."""
        piece = self._compiled(statement, flags)
        value = call(lambda: self._evaluate(piece), awaits=piece.awaits)
        value = self._frame.given(piece, value)
        return value if piece.gives else NO_VALUE

    def _compiled(self, statement: Statement, flags: int) -> Piece:
        return self._frame.compiled(statement.node, statement.file, flags, self._outside)
