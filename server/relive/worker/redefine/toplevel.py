"""Top-level statements that define no function or class: which of a new text have to run.

What has run already never runs again while its text stays. Of what is new or changed, imports run,
and assignments of plain data, and what is computed from changed data without a call; a statement
that was added to an imported module runs too. Anything else is the user's to run, and is named.
"""

from __future__ import annotations

import ast
from collections import Counter

from relive.worker.redefine.definitions import FUNCTIONS
from relive.worker.statements import is_main_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.Starred,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
    ast.expr_context,
)
"""What plain data is written with: nothing here calls a function by name."""


class TopLevel:
    """A top-level statement of a text."""

    def __init__(self, node: ast.stmt) -> None:
        self.node = node
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The statement, equal whenever nothing but its place or comments differ."""
        if self._text is None:
            self._text = ast.dump(self.node)
        return self._text

    @property
    def key(self) -> str:
        """What makes it the same statement with another text: the names it assigns."""
        names = assigned(self.node)
        return ",".join(names) if names else self.text

    @property
    def is_import(self) -> bool:
        """Whether it only imports, an import with a fallback included."""
        node = self.node
        if isinstance(node, ast.Try):
            return all(TopLevel(each).is_import for each in node.body)
        return isinstance(node, (ast.Import, ast.ImportFrom))

    @property
    def is_plain_data(self) -> bool:
        """Whether it assigns what is computed without a call; to make a lambda calls nothing."""
        value = getattr(self.node, "value", None)
        if not assigned(self.node) or value is None:
            return False
        return isinstance(value, ast.Lambda) or all(
            isinstance(each, _PLAIN) for each in ast.walk(value)
        )

    def reads(self) -> set[str]:
        """Return the names it looks up."""
        names = (each for each in ast.walk(self.node) if isinstance(each, ast.Name))
        return {each.id for each in names if isinstance(each.ctx, ast.Load)}


def assigned(node: ast.stmt) -> list[str]:
    """Return the names a plain assignment binds; none for any other statement."""
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = node.targets
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    else:
        return []
    parts = [part for target in targets for part in getattr(target, "elts", [target])]
    return [part.id for part in parts if isinstance(part, ast.Name)]


def top_level(text: str) -> list[TopLevel]:
    """Return the statements of a module's text that are neither definitions nor main guards."""
    skipped = (*FUNCTIONS, ast.ClassDef, ast.Pass)
    return [
        TopLevel(node)
        for node in ast.parse(text).body
        if not isinstance(node, skipped) and not is_main_guard(node) and not _is_for_checkers(node)
    ]


class ToRun:
    """The statements of a new text that have to run, and those left to the user."""

    def __init__(
        self,
        had: Iterable[TopLevel],
        new: list[TopLevel],
        *,
        whole: bool,
        unasked: bool = False,
    ) -> None:
        """Compare `new` with the statements that `had` run.

        Args:
            had: what has run in the module.
            new: all statements of the new text.
            whole: whether the module has run its whole text; else a statement that is not among
                `had` has simply not been evaluated yet.
            unasked: whether nobody asked for just this: then an added statement that calls
                something is the user's to run.
        """
        ran = list(had)
        self._texts = Counter(each.text for each in ran)
        self._keys = {each.key for each in ran}
        self._whole = whole
        self._unasked = unasked
        present = Counter(each.text for each in new)
        self._some_vanished = any(self._texts[text] > present[text] for text in self._texts)
        self.run: list[TopLevel] = []
        self.left: list[TopLevel] = []
        self._changed: set[str] = set()
        for each in new:
            self._sort(each)

    def _sort(self, each: TopLevel) -> None:
        if self._texts[each.text] > 0:
            self._texts[each.text] -= 1
            if each.is_plain_data and each.reads() & self._changed:
                self._take(each)
        elif each.is_import or (each.key in self._keys and each.is_plain_data):
            self._take(each)
        elif each.key in self._keys:
            self.left.append(each)
        elif self._whole:
            # With something gone it may be that thing with another text: not to be run unasked.
            is_new = bool(assigned(each.node)) or not self._some_vanished
            runs = each.is_plain_data if self._unasked else is_new
            self._take(each) if runs else self.left.append(each)

    def _take(self, each: TopLevel) -> None:
        self.run.append(each)
        self._changed.update(assigned(each.node))


def _is_for_checkers(node: ast.stmt) -> bool:
    """Whether `node` is `if TYPE_CHECKING:`, which never runs."""
    test = getattr(node, "test", None)
    name = getattr(test, "id", None) or getattr(test, "attr", None)
    return isinstance(node, ast.If) and name == "TYPE_CHECKING"
