"""What text runs in that is evaluated in a frame that is held."""

from __future__ import annotations

import _ast as ast  # the classes of nodes alone: `ast` itself loads much more

from relive.worker.run import NO_VALUE, bound_by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from relive.worker.statements import Statement


_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)


class InsideFrame:
    """The variables of a frame: what the text binds is the frame's, which goes on with it."""

    def __init__(self, names: frozenset[str], evaluate: Callable[[CodeType], Any]) -> None:
        self.names = names
        self.scope: dict[str, Any] = {}
        """Where values are found again: a frame's are not, by name."""
        self._evaluate = evaluate

    def prepare(self, statements: list[Statement]) -> None:
        """Nothing is to be done to them."""

    @staticmethod
    def code(statement: Statement, flags: int) -> CodeType:
        """Return what would run."""
        return statement.compile(flags)[0]

    def run(self, statement: Statement, flags: int, _call: Any) -> Any:
        """Run one statement and return its value; of an assignment what its one name holds."""
        node = statement.node
        if isinstance(node, ast.Expr):
            return self._run(ast.Expression(node.value), statement.file, flags)
        self._run(ast.Module([node], type_ignores=[]), statement.file, flags)
        names = bound_by(node) if isinstance(node, _ASSIGNMENTS) else []
        if len(names) != 1:
            return NO_VALUE
        return self._evaluate(compile(names[0], statement.file, "eval", dont_inherit=True))

    def _run(self, tree: ast.Expression | ast.Module, file: str, flags: int) -> Any:
        kind = "eval" if isinstance(tree, ast.Expression) else "exec"
        code: CodeType = compile(tree, file, kind, flags, dont_inherit=True)
        return self._evaluate(code)
