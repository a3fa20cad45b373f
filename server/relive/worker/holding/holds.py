"""One stop at an exception that nobody would catch, as those see it who decide how to go on.

All of it is to be called on the thread that failed, from inside `pause`: the stack below it is
alive and must not move.
"""

from __future__ import annotations

from relive.worker.holding.going_on import Go, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ast as ast
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.holding.activation import Activation
    from relive.worker.holding.toplevel import Edit
    from relive.worker.in_function import Piece


class ResumePoint:
    """The statement of the newest text at which it would be entered."""

    def __init__(self, file: str, line: int, end_line: int, *, certain: bool, note: str) -> None:
        self.file = file
        self.line = line
        """Counted from 0, as `end_line` is, which is the statement's last."""
        self.end_line = end_line
        self.certain = certain
        """Whether it is the failing statement itself, or what plainly stands in its place."""
        self.note = note
        """What to tell a person about it; empty where there is nothing to say."""


class HeldFrame:
    """One frame of the held stack."""

    def __init__(self, activation: Activation) -> None:
        self._activation = activation
        self.name: str = activation.name
        """Qualified name of the function, `<module>` for top-level code."""
        self.file: str = activation.file
        self.line: int = activation.line
        """Of the statement under way, counted from 0."""
        self.is_foreign = activation.is_foreign
        """Whether it is none of the user's code, and is looked at only."""
        self.depth = activation.depth
        """How many frames of the stack are further in."""

    def locals(self) -> dict[str, Any]:
        """Return the variables' values now; of top-level code the module's names."""
        return self._activation.locals()

    def compiled(
        self, statement: ast.stmt, file: str, flags: int = 0, outside: Iterable[str] = ()
    ) -> Piece:
        """Compile a statement to run in the frame, for `evaluate`.

        `outside` are the names that its text declares to be the module's.
        """
        return self._activation.compiled(statement, file, flags, set(outside))

    def given(self, piece: Piece, value: Any) -> Any:
        """Return the value of a statement of which `evaluate` has returned, or awaited, `value`."""
        return self._activation.given(piece, value)

    @property
    def can_retry(self) -> str | None:
        """None, or why the statement under way cannot be run again."""
        return self._activation.why_no_retry()

    @property
    def can_restart(self) -> str | None:
        """None, or why the frame cannot run from its start."""
        return self._activation.why_no_restart()

    @property
    def can_return(self) -> str | None:
        """None, or why the frame cannot be left with a value."""
        return self._activation.why_no_return()


class Hold:
    """An exception that stopped where it was raised, before anything was unwound."""

    def __init__(
        self,
        exception: BaseException,
        thread_name: str | None,
        activations: list[Activation],
    ) -> None:
        self.exception = exception
        self.thread_name = thread_name
        """The thread that failed; None for the main one."""
        self.frames = [HeldFrame(each) for each in activations]
        """Those of user code, innermost first, and behind them the foreign ones."""
        self._activations = activations

    def evaluate(self, frame: int, piece: Piece) -> Any:
        """Run a statement that was `compiled` for a frame, with its variables in view.

        What it binds becomes the frame's: what goes on there finds it.
        """
        return self._activation(frame).evaluate(piece)

    def resume_point(
        self, frame: int = 0, line: int | None = None, edit: Edit | None = None
    ) -> ResumePoint:
        """Return where `retry` would go on: by itself, or at the statement at `line` (from 0).

        Raises:
            Refused: nowhere, and why.
        """
        entry = self._activation(frame).entry(line, edit)
        return ResumePoint(
            entry.file, entry.line, entry.end_line, certain=entry.certain, note=entry.note
        )

    def retry(self, frame: int = 0, line: int | None = None, edit: Edit | None = None) -> Go:
        """Go on in the newest text of the frame's function, at its failing statement or at `line`.

        That of top-level code is in the `edit` of its file; without one it is as it was.

        Raises:
            Refused: that cannot be, and why; nothing has happened.
        """
        return self._activation(frame).retry(line, self.exception, edit)

    def restart(self, frame: int = 0) -> Go:
        """Run the newest text of the frame's function from its start, with its arguments.

        Raises:
            Refused: that cannot be, and why; nothing has happened.
        """
        return self._activation(frame).restart()

    def give_back(self, frame: int, value: Any) -> Go:
        """Leave the frame with `value`, as if it had returned it.

        Raises:
            Refused: that cannot be, and why; nothing has happened.
        """
        return self._activation(frame).give_back(value)

    def abandon(self) -> Go:
        """Let the exception go its way, as it would have without a hold."""
        return Go.on(self.exception)

    def _activation(self, frame: int) -> Activation:
        if not 0 <= frame < len(self._activations):
            raise Refused(f"there is no frame {frame} in what is held")
        return self._activations[frame]
