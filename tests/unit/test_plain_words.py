"""What is said of a command's answer to a client that shows messages alone."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol.types import MessageType, Position, Range

from relive.lsp.error_protocol import ErrorInfo
from relive.lsp.plain.words import said_of
from relive.lsp.protocol import (
    DefinitionChange,
    Evaluation,
    InterruptAnswer,
    OutputChunk,
    Redefinition,
)
from relive.lsp.stale_protocol import LeftCode, Rerun, UpToDate
from relive.lsp.version_protocol import Undo


def change(name: str, outcome: Any = "redefined", instances: int = 0, **more: Any) -> Any:
    return DefinitionChange(name, "method", outcome, 1, instances, more.pop("aliases", 0), **more)


def error(type_: str = "SyntaxError", message: str = "invalid syntax") -> ErrorInfo:
    return ErrorInfo(type_, message, [], [], None, None, "", [], [])


def evaluation(status: Any = "ok", output: str = "", failed: ErrorInfo | None = None) -> Evaluation:
    chunks = [OutputChunk("stdout", output)] if output else []
    return Evaluation(1, status, "mod", [], chunks, False, 0, failed, 1.0)


AT = Range(Position(4, 0), Position(4, 7))
LINES = "".join(f"line {number}\n\n" for number in range(8))


@pytest.mark.parametrize(
    ("command", "answer", "kind", "text"),
    [
        (
            "relive.redefine",
            Redefinition("ok", [change("C.m", instances=2, aliases=1)], None),
            MessageType.Info,
            "✓ redefined C.m · 2 instances · 1 alias",
        ),
        (
            "relive.redefine",
            Redefinition("ok", [change(each) for each in "abcde"], None),
            MessageType.Info,
            "✓ redefined a, b, c and 2 more",
        ),
        (
            "relive.redefine",
            # The objects of a class are the same ones for each of its methods.
            Redefinition("ok", [change("C.a", "added", 3), change("C.b", "redefined", 3)], None),
            MessageType.Info,
            "✓ redefined C.a, C.b · 3 instances",
        ),
        (
            "relive.redefine",
            Redefinition("ok", [change("f", instances=9, at_least=True)], None),
            MessageType.Info,
            "✓ redefined f · at least 9 instances",
        ),
        (
            "relive.redefine",
            Redefinition("ok", [change("f", "unchanged")], None),
            MessageType.Info,
            "✓ unchanged",
        ),
        (
            "relive.redefine",
            Redefinition("partial", [change("f", reason="a closure keeps its code")], None),
            MessageType.Warning,
            "⚠ redefined f · a closure keeps its code",
        ),
        (
            "relive.redefine",
            Redefinition("refused", [change("f", "refused", reason="slots differ")], None),
            MessageType.Warning,
            "✗ not redefined: slots differ",
        ),
        (
            "relive.redefine",
            Redefinition("error", [], error()),
            MessageType.Error,
            "✗ not redefined: SyntaxError: invalid syntax",
        ),
        (
            "relive.undo",
            Undo("ok", [change("f")], None, undone="the redefinition of 'f' in mod.py"),
            MessageType.Info,
            "✓ undone in the process, not in the file: f",
        ),
        (
            "relive.undo",
            Undo("refused", [change("f", "refused", reason="there is nothing to undo")], None),
            MessageType.Warning,
            "✗ not undone: there is nothing to undo",
        ),
        ("relive.evaluate", evaluation(), None, None),
        ("relive.evaluate", evaluation(output="one\n"), MessageType.Info, "one"),
        (
            "relive.evaluate",
            evaluation(output=LINES),
            MessageType.Info,
            "… 3 lines before\nline 3\nline 4\nline 5\nline 6\nline 7",
        ),
        (
            "relive.evaluate",
            evaluation("error", failed=error("KeyError", "'a'")),
            MessageType.Error,
            "KeyError: 'a'",
        ),
        (
            "relive.evaluate",
            evaluation("held", failed=error("StopIteration", "")),
            MessageType.Error,
            "held: StopIteration",
        ),
        ("relive.evaluate", evaluation("interrupted"), MessageType.Info, "Interrupted"),
        (
            "relive.interrupt",
            InterruptAnswer(False),
            MessageType.Info,
            "Nothing runs that could be interrupted",
        ),
        (
            "relive.rerunStale",
            Rerun([evaluation()], []),
            MessageType.Info,
            "1 evaluation ran again",
        ),
        (
            "relive.bringUpToDate",
            UpToDate(None, [], [LeftCode("file:///a.py", AT, "its name is gone")] * 3, True),
            MessageType.Warning,
            "0 evaluations ran again; line 5 is left: its name is gone (and 2 more)",
        ),
        ("relive.session", object(), None, None),
    ],
)
def test_what_is_said(command: str, answer: Any, kind: Any, text: str | None) -> None:
    said = said_of(command, answer)
    assert (said and said.kind, said and said.text) == (kind, text)
