"""What a command would take, asked without running it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.driver import Client, Message, RequestError, place, span

TEXT = """\
import os  # a comment

def outer(a):
    def inner(b):
        return b
    return inner(a)

class Shape:
    @property
    def area(self):
        return 1

    async def draw(self):
        return 2

x = outer(1); y = x
"""
OUTER = span(TEXT, "def outer", "inner(a)")
SHAPE = span(TEXT, "class Shape", "return 2")
AREA = span(TEXT, "@property", "return 1")


@pytest.fixture
def uri(client: Client, tmp_path: Path) -> str:
    return client.open(tmp_path / "targets.py", TEXT)


def target(client: Client, uri: str, scope: str, mark: str, **more: Any) -> Message | None:
    where: Message = {"uri": uri, "scope": scope, "position": place(TEXT, mark)}
    found = client.call("relive/target", where | more)
    assert found is None or isinstance(found, dict)
    return found


def code(range_: Message, kind: str, name: str | None = None, next_: str | None = None) -> Message:
    following = None if next_ is None else place(TEXT, next_)
    return {"range": range_, "kind": kind, "name": name, "next": following}


@pytest.mark.parametrize(
    ("scope", "mark", "expected"),
    [
        ("form", "# a comment", code(span(TEXT, "import os"), "import", next_="def outer")),
        ("form", "return b", code(OUTER, "function", "outer", "class")),
        ("form", "y = x", code(span(TEXT, "y = x"), "assignment")),
        ("form", "return 2", code(SHAPE, "class", "Shape", "x =")),
        ("definition", "return b", code(OUTER, "function", "outer")),
        ("definition", "@property", code(AREA, "method", "Shape.area")),
        ("definition", "return 1", code(AREA, "method", "Shape.area")),
        ("definition", "async", code(span(TEXT, "async", "return 2"), "method", "Shape.draw")),
        ("definition", "class Shape", code(SHAPE, "class", "Shape")),
        ("class", "return 1", code(SHAPE, "class", "Shape")),
        ("class", "class Shape", code(SHAPE, "class", "Shape")),
    ],
)
def test_the_code_at_the_cursor(
    client: Client, uri: str, scope: str, mark: str, expected: Message
) -> None:
    assert target(client, uri, scope, mark) == expected


def test_a_selection_without_its_blank_edges(client: Client, uri: str) -> None:
    found = target(client, uri, "selection", "x", range=span(TEXT, "\n\nclass", "return 2\n\n"))
    assert found is not None
    assert found["range"] == span(TEXT, "class", "return 2")
    assert (found["kind"], found["next"]) == ("selection", place(TEXT, "x ="))


def test_all_up_to_the_cursor_and_the_whole_file(client: Client, uri: str) -> None:
    to_here = target(client, uri, "toHere", "return b")
    assert to_here is not None
    assert to_here["range"] == span(TEXT, "import", "inner(a)")
    assert to_here["next"] == place(TEXT, "class")
    whole = target(client, uri, "file", "import")
    assert whole is not None
    assert whole["range"] == span(TEXT, TEXT)


@pytest.mark.parametrize("scope", ["form", "definition", "class"])
def test_between_definitions_there_is_none(client: Client, uri: str, scope: str) -> None:
    assert target(client, uri, scope, "\nclass") is None


def test_between_the_methods_of_a_class_the_class_is_not_meant(client: Client, uri: str) -> None:
    assert target(client, uri, "definition", "\n    async") is None


def test_asking_starts_no_process(client: Client, uri: str) -> None:
    before = client.execute("relive.session", {})
    target(client, uri, "form", "x = outer(1)")
    assert client.execute("relive.session", {}) == before


def test_a_document_that_is_not_open_is_refused(client: Client) -> None:
    with pytest.raises(RequestError, match="is not open"):
        client.call("relive/target", {"uri": "file:///nowhere.py", "scope": "file"})


CELLS = "a = 1\n# %% two\nb = 2\nc = 3\n\n# %% three\nd = 4\n"


@pytest.mark.parametrize(
    ("scope", "mark", "expected"),
    [
        ("cell", "c =", ("b = 2", "c = 3", "d =")),
        ("cell", "a =", ("a = 1", "a = 1", "b =")),
        ("form", "# %% two", ("b = 2", "c = 3", "d =")),
        ("form", "c =", ("c = 3", "c = 3", "d =")),
    ],
)
def test_a_cell_is_taken_by_its_scope_and_at_its_marker(
    client: Client, tmp_path: Path, scope: str, mark: str, expected: tuple[str, str, str]
) -> None:
    uri = client.open(tmp_path / "cells.py", CELLS)
    found = client.call(
        "relive/target", {"uri": uri, "scope": scope, "position": place(CELLS, mark)}
    )
    first, last, following = expected
    assert found["range"] == {
        "start": place(CELLS, first),
        "end": place(CELLS, last, end=True),
    }
    assert found["next"] == place(CELLS, following)
