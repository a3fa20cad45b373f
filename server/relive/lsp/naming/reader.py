"""The process that reads texts with jedi, a question a line: whatever it takes, the daemon goes on.

It runs none of the user's code; what compiled modules hold jedi looks up in yet another process, of
the user's own interpreter. It ends with its standard input.
"""

from __future__ import annotations

import ast
import json
import sys
from inspect import Parameter
from typing import Any

from relive.lsp.naming.questions import Rows

_MOST = 2_000
_MOST_SIGNATURES = 20
"""Of a function with many overloads; who calls it looks through no more."""
_MAX_DOC = 4_000
_MAX_TEXT = 1_000
_TYPES = {"class": "type"}
"""As Python calls them."""


def main() -> None:
    """Answer questions until there are no more."""
    reader = Reader()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        try:
            rows = reader.answer(asked)
        except Exception:  # jedi fails on some texts; then nothing is known of them
            rows = None
        sys.stdout.write(json.dumps({"id": asked["id"], "rows": rows}) + "\n")
        sys.stdout.flush()


class Reader:
    """Asks jedi."""

    def __init__(self) -> None:
        self._environments: dict[str | None, Any] = {}

    def answer(self, asked: dict[str, Any]) -> Rows:
        """Return what a text tells of a place."""
        found: Rows = _ANSWERS[asked["question"]](
            self._script(asked), asked["line"] + 1, asked["column"]
        )
        return found

    def _script(self, asked: dict[str, Any]) -> Any:
        import jedi  # type: ignore[import-untyped]  # this process is made for it

        project = jedi.Project(asked["folder"], load_unsafe_extensions=False)
        environment = self._environment(asked["interpreter"])
        return jedi.Script(
            asked["text"], path=asked["path"], project=project, environment=environment
        )

    def _environment(self, interpreter: str | None) -> Any:
        import jedi

        if interpreter not in self._environments:
            try:
                made = jedi.create_environment(interpreter, safe=False)
            except Exception:  # one that jedi does not know yet: by the daemon's own
                made = jedi.InterpreterEnvironment()
            self._environments[interpreter] = made
        return self._environments[interpreter]


def _options(script: Any, line: int, column: int) -> Rows:
    """Return label and kind of all that a text can go on with."""
    return [[each.name, each.type] for each in script.complete(line, column)[:_MOST]]


def _keys(script: Any, line: int, column: int) -> Rows:
    """Return the keys of what a subscript is of, as the process's are written."""
    found = (each.name for each in script.complete(line, column) if each.type == "string")
    return [_key(name) for name in found][:_MOST]


def _key(written: str) -> list[str]:
    """Return the label and the kind of a key."""
    try:
        key = ast.literal_eval(written)
    except (SyntaxError, ValueError):
        return [written, "key"]
    return [key, "key"] if isinstance(key, str) else [repr(key), "number"]


def _signatures(script: Any, line: int, column: int) -> Rows:
    """Return how what is called around a place can be called."""
    return [_signature(each) for each in script.get_signatures(line, column)[:_MOST_SIGNATURES]]


def _signature(found: Any) -> list[Any]:
    return [found.name, _parameters(found), _doc(found)]


def _parameters(signature: Any) -> list[str]:
    """Return the parameters as they are written, with the marks between their kinds."""
    told: list[str] = []
    before = None
    for each in signature.params:
        if before == Parameter.POSITIONAL_ONLY != each.kind:
            told.append("/")
        starts_keywords = before not in (Parameter.KEYWORD_ONLY, Parameter.VAR_POSITIONAL)
        if each.kind == Parameter.KEYWORD_ONLY and starts_keywords:
            told.append("*")
        told.append(each.to_string())
        before = each.kind
    return [*told, "/"] if before == Parameter.POSITIONAL_ONLY else told


def _descriptions(script: Any, line: int, column: int) -> Rows:
    """Return what the name at a place may stand for."""
    values = script.infer(line, column)
    names = script.goto(line, column, follow_imports=True) or values
    return [_description(name, values[0] if values else name) for name in names[:1]]


def _description(name: Any, value: Any) -> list[Any]:
    kind = "value" if value.type in ("instance", "statement") else value.type
    type_ = value.name if value.type == "instance" else _TYPES.get(value.type, value.type)
    if kind == "value":  # what is written about its class is not about it
        return [name.description[:_MAX_TEXT], type_, kind, None, None]
    signature = next(map(_signature, value.get_signatures()), None)
    return [name.description[:_MAX_TEXT], type_, kind, _doc(value), signature]


def _doc(found: Any) -> str | None:
    return found.docstring(raw=True)[:_MAX_DOC] or None


_ANSWERS = {
    "options": _options,
    "keys": _keys,
    "signatures": _signatures,
    "descriptions": _descriptions,
}
