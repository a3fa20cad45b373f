"""What text runs in that is evaluated in a frame that is held."""

from __future__ import annotations

from relive.worker.inside import Inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.holding.holds import HeldFrame
    from relive.worker.in_function import Piece
    from relive.worker.statements import Statement


class InsideFrame(Inside):
    """The variables of a frame: what the text binds is the frame's, which goes on with it."""

    def __init__(
        self, frame: HeldFrame, names: frozenset[str], evaluate: Callable[[Piece], Any]
    ) -> None:
        super().__init__(names, {})  # a frame's values are not found again by name
        self._frame = frame
        self._evaluate = evaluate

    def _compiled(self, statement: Statement, flags: int) -> Piece:
        return self._frame.compiled(statement.node, statement.file, flags, self._outside)

    def _run(self, piece: Piece, call: Callable[..., Any]) -> Any:
        value = call(lambda: self._evaluate(piece), awaits=piece.awaits)
        return self._frame.given(piece, value)
