"""What an evaluation runs: the top-level forms of a text, the one at the caret, a selection."""

from __future__ import annotations

import ast
from bisect import bisect_left

from relive.source.nodes import alternatives
from relive.source.outline import Section, kept_by_text, outline
from relive.source.positions import BLANKS, BYTE_ORDER_MARK, LineTable, Position, Range
from relive.source.quick_dataclasses import dataclass

_EDGES = BLANKS + BYTE_ORDER_MARK + "\n"

_KINDS: dict[type[ast.stmt], str] = {
    ast.Expr: "expression",
    ast.Assign: "assignment",
    ast.AnnAssign: "assignment",
    ast.AugAssign: "assignment",
    ast.Import: "import",
    ast.ImportFrom: "import",
    ast.FunctionDef: "function",
    ast.AsyncFunctionDef: "function",
    ast.ClassDef: "class",
}
if type_alias := getattr(ast, "TypeAlias", None):  # From Python 3.12 on.
    _KINDS[type_alias] = "assignment"


@dataclass(frozen=True)
class Form:
    """A top-level statement of a module."""

    range: Range
    kind: str
    """`expression`, `assignment`, `import`, `function`, `class`, `statement`, `guard` for
    `if __name__ == "__main__":`, or `broken` for a region that does not parse."""
    binds: tuple[str, ...]
    """The names it binds in the module; `*` for those of a star import."""


@dataclass(frozen=True)
class Selection:
    """The code a selection means."""

    range: Range
    text: str
    """The code in the range, its common indentation removed."""
    indent: int
    """How many columns were removed from the lines after the first, but not inside strings."""


@kept_by_text
def top_level_forms(text: str) -> tuple[Form, ...]:
    """Return all forms of a module in order, one for each of the outline's sections."""
    return tuple(
        Form(section.range, _kind(section), section.bindings.names)
        for section in outline(text).sections
    )


def form_at(text: str, position: Position) -> Form | None:
    """Return the form on the caret's line; of several, the last to begin before the caret.

    A comment behind a form counts for the form; a line between forms has none.
    """
    line = position[0]
    on_line = [
        form for form in top_level_forms(text) if form.range.start[0] <= line <= form.range.end[0]
    ]
    begun = [form for form in on_line if form.range.start <= position]
    return begun[-1] if begun else next(iter(on_line), None)


def form_beginning_at(text: str, start: Position) -> Form | None:
    """Return the form that begins just there; None: none does."""
    forms = top_level_forms(text)
    place = bisect_left(forms, start, key=lambda form: form.range.start)
    found = forms[place] if place < len(forms) else None
    return found if found is not None and found.range.start == start else None


def forms_to(text: str, position: Position) -> list[Form]:
    """Return the forms before the caret and the one it is on."""
    here = form_at(text, position)
    return [form for form in top_level_forms(text) if form == here or form.range.start <= position]


def selection(text: str, range: Range) -> Selection | None:  # noqa: A002 - the editor's range
    """Return the code that is selected, None if there is none.

    Blank edges do not count, so neither does a line the selection ends at the beginning of.
    """
    table = LineTable(text)
    code = table.slice(range)
    before = len(code) - len(code.lstrip(_EDGES))
    trimmed = code.strip(_EDGES)
    if not trimmed:
        return None
    start = table.offset(range.start) + before
    snapped = Range(table.position(start), table.position(start + len(trimmed)))
    lines = trimmed.split("\n")
    indent = _common_indent(table.lines[snapped.start[0]], lines)
    return Selection(snapped, _dedented(lines, indent), indent)


def _common_indent(first_line: str, lines: list[str]) -> int:
    """Return the least indentation of the statements; brackets and strings may hold less."""
    if len(lines) == 1:
        return _indent(first_line)
    from relive.source.lexical import statement_starts  # late: it loads parso

    starts = [line for line in statement_starts(lines) if 0 < line < len(lines)]
    return min([_indent(first_line), *(_indent(lines[line]) for line in starts)])


def _dedented(lines: list[str], indent: int) -> str:
    if len(lines) == 1:
        return lines[0]
    from relive.source.lexical import string_lines  # late: it loads parso

    kept = {0} | string_lines(lines)
    return "\n".join(
        line if number in kept else line[min(indent, _indent(line)) :]
        for number, line in enumerate(lines)
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(BLANKS))


def _kind(section: Section) -> str:
    if section.broken:
        return "broken"
    node = section.nodes[0]
    if _is_guard(node):
        return "guard"
    if _imports_only(node):
        return "import"
    return _KINDS.get(type(node), "statement")


def _is_guard(node: ast.stmt) -> bool:
    name, main = ast.Name, ast.Constant
    match node:
        case ast.If(test=ast.Compare(name("__name__"), [ast.Eq()], [main("__main__")])):
            return True
        case ast.If(test=ast.Compare(main("__main__"), [ast.Eq()], [name("__name__")])):
            return True
    return False


def _imports_only(node: ast.stmt) -> bool:
    """Tell whether a statement, such as a whole `if TYPE_CHECKING:`, does nothing but import."""
    types = {type(statement) for statement in alternatives(node)} - {ast.Pass}
    return bool(types) and types <= {ast.Import, ast.ImportFrom}
