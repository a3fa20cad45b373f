"""User code made ready to be held in, as it is compiled or imported."""

from __future__ import annotations

import ast

from relive.worker.holding.compilers import Compilers
from relive.worker.holding.dress import dressed
from relive.worker.holding.marks import undressed
from relive.worker.holding.texts import Texts, Unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from relive.worker.holding.bytecode import Code


class Preparing:
    """Dresses code, and remembers its text."""

    def __init__(self, texts: Texts, wants_imported: Callable[[], bool]) -> None:
        self._texts = texts
        self._wants_imported = wants_imported
        self._compilers = Compilers()

    def __call__(self, code: Code, tree: ast.Module | ast.Expression, flags: int) -> Code:
        """Return `code` dressed; `tree` is what it was compiled from."""
        kind = "eval" if isinstance(tree, ast.Expression) else "exec"
        self._compilers.note(tree, code.co_filename)
        made = self._compilers.left_plain(dressed(code, whole=True))
        self._texts.note(made, Unit(tree, code.co_filename, kind, flags))
        return made

    def imported(self, code: Code, text: str) -> Code:
        """Return an imported module's code with its functions dressed, if they are to be."""
        if not self._wants_imported():
            return code
        self._compilers.note_text(text, code.co_filename)
        made = self._compilers.left_plain(dressed(code))
        self._texts.note(made, Unit.of_text(code, text))
        return made

    @staticmethod
    def plain(code: Code) -> Code:
        """Return code undressed, and so the code in it."""
        return undressed(code)

    def is_kept(self, code: Code) -> bool:
        """Whether code is the latest of its function, which is remembered."""
        return self._texts.latest(code) is code
