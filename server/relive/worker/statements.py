"""From text to statements that can be run one by one, with true file names, lines and columns.

Text is compiled where it stands: blank lines are put before it, and an indented selection is put
under an `if 1:` on the line above, so that no line or column has to be corrected afterwards and
strings over several lines stay as they are.
"""

from __future__ import annotations

import _ast as ast  # the classes of nodes alone: `ast` itself loads much more

from relive.worker.compiling import compile_user
from relive.worker.nodes import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

VALUE = "@value"
"""Key under which an assignment leaves the assigned value in the namespace, until it is taken.
Not an identifier, so no user name can be it."""

_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Statement:
    """One top-level statement of the evaluated text."""

    def __init__(self, node: ast.stmt, text: Text) -> None:
        self.node = node
        self._text = text
        self._span: list[int] | None = None
        self._compiled: dict[int, tuple[CodeType, str]] = {}

    @property
    def span(self) -> list[int]:
        """`[line, column, end_line, end_column]` in the file, decorators included."""
        if self._span is None:
            self._span = self._found_span()
        return self._span

    def _found_span(self) -> list[int]:
        node = self.node
        first: ast.AST = node
        if getattr(node, "decorator_list", None):
            first = node.decorator_list[0]  # type: ignore[attr-defined]
        start = self._text.column(first.lineno, first.col_offset)  # type: ignore[attr-defined]
        if first is not node:
            start -= 1  # the `@`
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        line: int = first.lineno - 1  # type: ignore[attr-defined]
        return [line, start, end_line - 1, self._text.column(end_line, end_column)]

    @property
    def file(self) -> str:
        """Name of the source the statement is compiled under."""
        return self._text.file

    @property
    def lines(self) -> list[str]:
        """The lines of the source up to its end, as far as they are known."""
        return self._text.lines

    @property
    def source(self) -> str:
        """The statement's own text, from the first line's indentation on."""
        line, _, end_line, end_column = self.span
        lines = self._text.lines[line : end_line + 1]
        return "\n".join([*lines[:-1], lines[-1][:end_column]])

    def compile(self, flags: int) -> tuple[CodeType, str]:
        """Return the code and how to run it.

        `eval`: its value is the statement's; `assign`: it leaves the value under `VALUE`; `exec`.
        """
        known = self._compiled.get(flags)
        if known is None:
            known = self._compiled[flags] = self._compile(flags)
        return known

    def _compile(self, flags: int) -> tuple[CodeType, str]:
        mode = self._mode()
        kind = "eval" if mode == "eval" else "exec"
        return compile_user(self.tree(), self._text.file, kind, flags | _FLAGS), mode

    def _mode(self) -> str:
        node = self.node
        if isinstance(node, ast.Expr):
            return "eval"
        assigns = isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None
        return "assign" if assigns else "exec"

    def tree(self) -> ast.Expression | ast.Module:
        """Return what is compiled of the statement, as its mode is."""
        mode, node = self._mode(), self.node
        if mode == "eval":
            return ast.Expression(node.value)  # type: ignore[attr-defined]
        kept = keeping_value(node) if mode == "assign" else node  # type: ignore[arg-type]
        return ast.Module([kept], type_ignores=[])


class Text:
    """A piece of a file, laid out at its true place."""

    def __init__(self, text: str, file: str, line: int, column: int, flags: int) -> None:
        """Parse `text`, whose first character is at (`line`, `column`) of `file`.

        Raises:
            SyntaxError: with the place in the file.
            ValueError, MemoryError, RecursionError, OverflowError, UnicodeEncodeError: what
                `compile` raises for text that is none.
        """
        self.file = file
        if text.startswith("\ufeff") and line == 0:
            text = text[1:]
        if column == 0 and not _is_indented(text):
            self._parse("\n" * line + text, flags)
            self._nodes = self._tree.body
            return
        try:
            self._parse_block(" " * column + text, line, flags)
        except (IndentationError, TabError):  # lines after the first stand further left
            self._parse("\n" * line + _flush_left(text), flags)
            self._nodes = self._tree.body

    def _parse_block(self, code: str, line: int, flags: int) -> None:
        """Parse indented code under a line of ours; above line 0 there is no room, so it moves."""
        shift = 0 if line else -1
        try:
            self._parse("\n" * (line - 1) + "if 1:\n" + code, flags)
        except SyntaxError as error:
            if error.lineno is not None:
                error.lineno += shift
            if getattr(error, "end_lineno", None) is not None:
                error.end_lineno += shift  # type: ignore[operator]
            raise
        block, *rest = self._tree.body
        assert isinstance(block, ast.If)
        nodes = [*block.body, *rest]
        if shift:
            del self.lines[0]
            for node in nodes:
                _move(node, shift)
        self._nodes = nodes

    def _parse(self, laid_out: str, flags: int) -> None:
        self.lines = laid_out.split("\n")
        self._tree: ast.Module = compile(
            laid_out,
            self.file,
            "exec",
            flags | _FLAGS | ast.PyCF_ONLY_AST,
            dont_inherit=True,
        )

    @property
    def statements(self) -> list[Statement]:
        """Its statements, made when asked for.

        They know their text, and it does not hold them: so what they were compiled to is gone with
        them, and does not wait for the garbage collector. Whoever asks for what else refers to the
        code of a function would take it for a holder.
        """
        return [Statement(node, self) for node in self._nodes]

    def column(self, lineno: int, utf8_column: int) -> int:
        """Convert the compiler's column, in bytes, to code points."""
        line = self.lines[lineno - 1]
        if line.isascii():
            return utf8_column
        return len(line.encode("utf-8", "surrogatepass")[:utf8_column].decode("utf-8", "ignore"))


def docstring(statement: Statement) -> str | None:
    """Return the text of a statement that is nothing but a string, as a docstring is."""
    node = statement.node
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return None
    return node.value.value if isinstance(node.value.value, str) else None


def is_main_guard(node: ast.stmt) -> bool:
    """Whether `node` is `if __name__ == "__main__":`."""
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare)):
        return False
    test = node.test
    if len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = {_plain(test.left), _plain(test.comparators[0])}
    return sides == {"name __name__", "value '__main__'"}


def open_guard(statement: Statement) -> None:
    """Make a main guard run its body: the user sent this very form."""
    assert isinstance(statement.node, ast.If)
    test = statement.node.test
    statement.node.test = at(ast.Constant(value=True), test)


def _plain(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return f"name {node.id}"
    return f"value {node.value!r}" if isinstance(node, ast.Constant) else ""


def keeping_value(node: ast.Assign | ast.AnnAssign) -> ast.stmt:
    """Return the assignment with its value also stored under `VALUE`."""
    value = node.value
    assert value is not None
    target = at(ast.Name(id=VALUE, ctx=ast.Store()), value)
    keep = at(ast.NamedExpr(target=target, value=value), value)
    if isinstance(node, ast.Assign):
        fresh: Any = ast.Assign(targets=node.targets, value=keep)
    else:
        fresh = ast.AnnAssign(
            target=node.target, annotation=node.annotation, value=keep, simple=node.simple
        )
    placed: ast.stmt = at(fresh, node)
    return placed


def _move(node: Any, lines: int) -> None:
    """Move `node`, and all below it, down by so many lines."""
    if "lineno" in node._attributes:
        node.lineno += lines
        node.end_lineno += lines
    for each in children(node):
        _move(each, lines)


def at(node: Any, like: ast.AST) -> Any:
    """Return `node` at the place of `like`; as `ast.copy_location`, which user code may patch."""
    for name in _PLACE:
        setattr(node, name, getattr(like, name))
    return node


def _is_indented(text: str) -> bool:
    """Whether the first line with code on it is indented."""
    if text[:1] not in " \t\r\n\f#":
        return False
    codes = (line for line in text.split("\n") if line.strip() and line.lstrip()[0] != "#")
    return next(codes, "x")[0] in " \t"


def _flush_left(text: str) -> str:
    """Remove the indentation that all lines share, for text that cannot be left where it is."""
    lines = text.split("\n")
    first = lines[0].lstrip(" \t")
    margins = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines[1:] if line.strip()]
    margin = min(margins, key=len, default="")
    return "\n".join([first, *(line[len(margin) :] for line in lines[1:])])
