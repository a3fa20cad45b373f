"""Making a pin: which expression is meant, what it gives, and how that is written down."""

from __future__ import annotations

import ast

from relive.lsp import pin_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, file_of
from relive.lsp.failures import BadArgumentError, RefusedError
from relive.lsp.pins.files import PinFile
from relive.session.judging import judge
from relive.session.trying import Outcome, Tried
from relive.source import pin_files
from relive.source.doctests import NotExamplesError, pins
from relive.source.expected import address_in, written
from relive.source.forms import form_at, selection
from relive.source.nodes import syntax_tree
from relive.source.pin_files import NotPinnableError, as_example, is_expression
from relive.source.positions import Position

_NOT_THERE = ("NameError", "NotImplementedError")
"""What code raises that is not written yet."""
_RAISES = "Traceback (most recent call last):\n    ...\n"
_MOST = 5_000
"""Characters of a value that a person can read as an expectation."""


def expression_of(daemon: Daemon, params: pin_protocol.PinParams) -> str:
    """Return the expression that is meant.

    Raises:
        RefusedError: there is none.
    """
    if params.expression is not None:
        code: str | None = params.expression.strip()
    else:
        code = _in_document(daemon, daemon.documents.get(params.uri), params)
    if code is None or not is_expression(code):
        raise RefusedError(
            "No expression to pin. Put the cursor on a call at the margin, or select one."
        )
    return code


def _in_document(daemon: Daemon, document: Document, params: pin_protocol.PinParams) -> str | None:
    if params.range is not None:
        selected = selection(document.text, daemon.codec.range(document.table, params.range))
        return None if selected is None else selected.text
    if params.position is None:
        raise BadArgumentError("A pin needs a `position`, a `range` or an `expression`.")
    return expression_at(document, daemon.codec.position(document.table, params.position))


def expression_at(document: Document, position: Position) -> str | None:
    """Return the expression of the form at a place: what it is, or what it assigns."""
    form = form_at(document.text, position)
    if form is None or form.kind not in ("expression", "assignment"):
        return None
    code = document.table.slice(form.range)
    try:
        node = syntax_tree(code).body[0]
    except (SyntaxError, ValueError):
        return None
    value = getattr(node, "value", None)
    return None if isinstance(node, ast.AugAssign) or value is None else _text_of(code, value)


def _text_of(code: str, node: ast.expr) -> str | None:
    return ast.get_source_segment(code, node)


class AsksError(Exception):
    """There is no value to pin: what is expected has to be said. Says why."""


def wanted(tried: Tried, seconds: float) -> str:
    """Return what an expression gave as what it is expected to give.

    Raises:
        AsksError: it gave nothing.
        RefusedError: what it gave cannot be expected.
    """
    if tried.not_run is not None or not tried.outcomes:
        raise AsksError(tried.not_run or "It was not run.")
    outcome = tried.outcomes[0]
    if outcome.cut is not None:
        raise RefusedError(
            f"Nothing was pinned. {outcome.cut} A pin may run for {seconds:g} s"
            " (`relive.pins.timeLimit`)."
        )
    given = outcome.got if outcome.raised is None else outcome.raised
    address = address_in(given)
    if address is not None:
        raise RefusedError(
            f"A text with an address in memory ({address}) is another in each process. Pin an"
            " attribute of the value, or give its class a `__repr__`."
        )
    if len(given) > _MOST:
        raise RefusedError(
            f"Nobody reads {len(given):,} characters as an expectation. Pin a part of the value,"
            " its length or a sum."
        )
    return _written(outcome)


def _written(outcome: Outcome) -> str:
    if outcome.raised is None:
        return written(outcome.got.rstrip("\n")) if outcome.got else ""
    kind = outcome.raised.partition(":")[0]
    if kind in _NOT_THERE:
        raise AsksError(f"{outcome.raised}.")
    if kind in ("SyntaxError", "IndentationError"):
        raise RefusedError(f"It cannot be run as an example: {outcome.raised}.")
    return f"{_RAISES}{outcome.raised}\n"


def expected_by_user(text: str) -> str:
    """Return what somebody has said to be expected as an example has it."""
    said = text.strip()
    if not said or said == "None":
        return ""
    return written(said)


def pinned(pin_file: PinFile, expression: str, want: str, tried: Tried | None) -> None:
    """Write a pin down: in the place of the one of the same expression, else at the end.

    Raises:
        RefusedError: it cannot be read back as it is meant, or not be written.
    """
    try:
        example = as_example(expression, want)
        if tried is not None and judge(pins(example)[0], tried).status != "passed":
            raise NotPinnableError(
                "What it prints cannot be written as an example: lines that end in blanks, or no"
                " end of a line."
            )
        text = pin_file.read()
        there = pin_files.pin_of(text, expression)
    except NotPinnableError as problem:
        raise RefusedError(str(problem)) from problem
    except NotExamplesError as problem:
        raise RefusedError(f"{pin_file.name} is not in doctest's form: {problem}.") from problem
    if there is None:
        pin_file.write(pin_files.added(text, pin_file.source, example))
    else:
        pin_file.write(pin_files.replaced(text, there, example))


def place_of_pins(pin_file: PinFile | None, uri: str) -> PinFile:
    """Return the file for the pins of a document.

    Raises:
        RefusedError: there is no place for one.
    """
    if pin_file is None:
        raise RefusedError(
            f"{file_of(uri)} is in no folder of the workspace: there is no place for its pins."
        )
    return pin_file
