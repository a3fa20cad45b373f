"""The code a command is about: the part of a document that a scope and a place in it mean."""

from __future__ import annotations

from relive.lsp.commands import EvaluateParams
from relive.lsp.documents import Document
from relive.lsp.encoding import Codec
from relive.lsp.failures import BadArgumentError, RefusedError
from relive.lsp.protocol import TargetParams
from relive.source.cells import cell_at, is_marker
from relive.source.definitions import Definition, class_at, definition_at, function_at
from relive.source.forms import Form, form_at, forms_to, selection, top_level_forms
from relive.source.positions import Position, Range
from relive.source.quick_dataclasses import dataclass

_NOTHING: dict[str, str] = {
    "selection": "The selection holds no code. Select whole statements or an expression.",
    "form": "No statement at the cursor. Put the cursor on a statement, or select what to run.",
    "toHere": "No statement up to the cursor. Put the cursor below the last one to run.",
    "cell": "No cell with code around the cursor. Cells begin at lines such as `# %%`.",
    "file": "The file holds no code.",
    "class": "No class at the cursor. Put the cursor in a class.",
    "definition": "No function at the cursor. Put the cursor in a function or method, "
    "or on the first line of a class.",
}


@dataclass(frozen=True)
class Code:
    """A part of a document that a command takes."""

    range: Range
    kind: str
    name: str | None = None
    """Of a definition: the name to redefine it by."""
    next: Position | None = None
    """Where the next form begins."""
    only: Range | None = None
    """The one statement in it, if there is just one at the top level."""
    means_guard: bool = False
    """Whether a main guard in it was pointed at, and is not only passed on the way."""


def code_for(params: EvaluateParams | TargetParams, document: Document, codec: Codec) -> Code:
    """Return the code that `params` ask for.

    Raises:
        RefusedError: there is none.
    """
    code = find_code(params, document, codec)
    if code is None:
        raise RefusedError(_NOTHING[params.scope])
    return code


def find_code(
    params: EvaluateParams | TargetParams, document: Document, codec: Codec
) -> Code | None:
    """Return the code that `params` ask for, None if there is none."""
    text, table = document.text, document.table
    if params.scope == "file":
        return _from_start(text, table.end, "file")
    if params.scope == "selection":
        if params.range is None:
            raise BadArgumentError("The scope `selection` needs a `range`.")
        return _selected(text, codec.range(table, params.range))
    if params.position is None:
        raise BadArgumentError(f"The scope `{params.scope}` needs a `position`.")
    position = codec.position(table, params.position)
    if params.scope == "form" and is_marker(text, position[0]):
        return _cell(text, position)
    return _AT_CARET[params.scope](text, position)


def definition_for(document: Document, position: Position) -> Definition:
    """Return what redefining at `position` takes.

    Raises:
        RefusedError: there is nothing to redefine.
    """
    found = redefinable_at(document.text, position)
    if found is None:
        raise RefusedError(_NOTHING["definition"])
    return found


def redefinable_at(text: str, position: Position) -> Definition | None:
    """Return what redefining at `position` takes: the function around it, never its class.

    A class is taken only where it alone can be meant, on the lines of its header.
    """
    function = function_at(text, position)
    if function is not None:
        return function
    around = definition_at(text, position)
    return around if around is not None and position[0] <= around.header[0] else None


def _selected(text: str, range_: Range) -> Code | None:
    selected = selection(text, range_)
    if selected is None:
        return None
    where = selected.range
    touched = [form for form in _forms_before(text, where.end) if form.range.end > where.start]
    only = where if len(touched) == 1 else None
    return Code(where, "selection", None, _start_after(text, where.end), only, means_guard=True)


def _form(text: str, position: Position) -> Code | None:
    form = form_at(text, position)
    if form is None:
        return None
    name = form.binds[0] if form.kind in ("function", "class") else None
    following = _start_after(text, form.range.end)
    return Code(form.range, form.kind, name, following, form.range, means_guard=True)


def _cell(text: str, position: Position) -> Code | None:
    range_ = cell_at(text, position)
    if range_ is None:
        return None
    inside = [form for form in _forms_before(text, range_.end) if form.range.start >= range_.start]
    only = range_ if len(inside) == 1 else None
    return Code(range_, "cell", None, _start_after(text, range_.end), only)


def _to_here(text: str, position: Position) -> Code | None:
    forms = forms_to(text, position)
    if not forms:
        return None
    last = forms[-1]
    at_guard = last.kind == "guard" and form_at(text, position) == last
    return _from_start(text, last.range.end, "toHere", means_guard=at_guard)


def _from_start(text: str, end: Position, kind: str, *, means_guard: bool = False) -> Code | None:
    forms = _forms_before(text, end)
    if not forms:
        return None
    only = forms[0].range if len(forms) == 1 else None
    following = _start_after(text, end)
    return Code(Range((0, 0), end), kind, None, following, only, means_guard)


def _definition(text: str, position: Position) -> Code | None:
    return _of(redefinable_at(text, position))


def _class(text: str, position: Position) -> Code | None:
    return _of(class_at(text, position))


def _of(found: Definition | None) -> Code | None:
    return None if found is None else Code(found.range, found.kind, found.name)


_AT_CARET = {
    "form": _form,
    "toHere": _to_here,
    "cell": _cell,
    "definition": _definition,
    "class": _class,
}
"""How the code of a scope is found from where the caret is."""


def _forms_before(text: str, position: Position) -> list[Form]:
    return [form for form in top_level_forms(text) if form.range.start < position]


def _start_after(text: str, position: Position) -> Position | None:
    starts = (form.range.start for form in top_level_forms(text))
    return next((start for start in starts if start >= position), None)
