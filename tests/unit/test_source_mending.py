"""What must hold for any text, broken in any way."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from relive.source import outline as outline_module
from relive.source.definitions import definition_at, definitions, function_at
from relive.source.dependencies import providers
from relive.source.forms import form_at, forms_to, selection, top_level_forms
from relive.source.outline import outline
from relive.source.positions import LineTable, Range

PIECES = st.sampled_from(
    [
        *(
            "\n",
            "\n",
            "\n    ",
            "\n    ",
            "\n        ",
            "\n\t",
            "\r\n",
            "\r",
            " ",
            ";",
            "\\\n",
            "\f",
        ),
        *(
            "def f(self):",
            "async def g():",
            "class C:",
            "@d",
            "if x:",
            "else:",
            "try:",
            "except E:",
        ),
        *(
            "match x:",
            "case 1:",
            "x = 1",
            "import a",
            "from b import *",
            "pass",
            "return",
            "await y",
        ),
        *("(", ")", "[", "]", "{", "}", '"""', "'''", "'", '"', "f'{", "#", "=", ":", ",", "é😀"),
        *("\ufeff", "\0", "\ud800", "\u2028", "class A[T]:", "def h[U](", "lambda: 0", "yield"),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40)
PLACES = st.tuples(st.integers(-1, 15), st.integers(-1, 30))


@settings(deadline=None)
@given(TEXTS)
@example("if x:\n)\n    y\n")
@example("x = 1 \\")
@example("\n\ufeff")
@example("# \0\nx = 1")
def test_forms_are_in_order_and_hold_all_code(text: str):
    table = LineTable(text)
    ranges = [form.range for form in top_level_forms(text)]
    for before, after in pairwise(ranges):
        assert before.end <= after.start
    for found in ranges:
        assert found.start < found.end
        assert (table.clamp(found.start), table.clamp(found.end)) == (found.start, found.end)
    held = {line for found in ranges for line in range(found.start[0], found.end[0] + 1)}
    for line, code in enumerate(table.lines):
        if line not in held:
            assert code.strip(" \t\f\ufeff\\")[:1] in ("", "#")


@settings(deadline=None)
@given(TEXTS)
def test_definitions_are_in_order_and_inside_their_scopes(text: str):
    found = definitions(text)
    starts = [definition.range.start for definition in found]
    assert starts == sorted(starts)
    for definition in found:
        assert definition.range.start <= definition.header < definition.range.end
        *outer, own = definition.name.replace(".<locals>", "").split(".")
        assert outer == [name for _, name in definition.scopes]
        assert own in definition.source


@settings(deadline=None)
@given(TEXTS, PLACES, PLACES)
def test_no_question_about_any_text_raises(
    text: str, position: tuple[int, int], other: tuple[int, int]
):
    form_at(text, position)
    forms_to(text, position)
    definition_at(text, position)
    function_at(text, position)
    selection(text, Range(position, other))
    providers(text, ["a", "f", "C", "unknown"], "definitions")
    providers(text, ["a", "f", "C", "unknown"], "all")


SAMPLE = '''\
"""Docstring."""

import os
from typing import (
    TYPE_CHECKING,
)

TABLE = [
1,
2,
]

HELP = """
usage: def or class
"""


@dataclass(
    frozen=True,
)
class Reader(Base):
    """Reads."""

    query = """
SELECT 1
"""

    def first(self, x):
        """Doc.

        More.
        """
        match x:
            case [1, *rest]:
                return f"{x!r}"
            case _:
                return (
                    x,
                )

    @property
    async def second(self):
        try:
            return [y for y in self]
        except OSError:
            pass
        else:
            return {}


def last(a, *, b={1: 2}):
    """Doc."""
    if a:
        return a
    elif b:
        return '('
    return "'"
'''
NAMES = [found.name for found in definitions(SAMPLE)]


@settings(deadline=None)
@given(st.integers(0, len(SAMPLE)), st.sampled_from(["", "(", "x]", "'", '"""', " = ", "if ", "$"]))
def test_an_edit_that_breaks_a_text_hides_little_of_it(place: int, typed: str):
    """No more than the class around, when its header or an indentation is gone."""
    edited = SAMPLE[:place] + typed + SAMPLE[place + (not typed) :]
    assume(not _is_valid(edited))
    found = {definition.name for definition in definitions(edited)}
    hidden = [name for name in NAMES if name not in found]
    assert len({name.partition(".")[0] for name in hidden}) <= 1


def test_code_inside_a_broken_text_is_found_as_in_a_whole_one():
    healthy = top_level_forms(SAMPLE)
    broken = top_level_forms(SAMPLE + "x = (\n")
    assert broken[:-1] == healthy
    assert definitions(SAMPLE + "x = (\n") == definitions(SAMPLE)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "x = " + "(" * 5000,
        "\n".join(" " * depth + "if x:" for depth in range(300)),
        "2020-01-01 INFO f(x [y {z\n" * 500,
        "x = '''\n" * 501,
        "def f(\n" * 300,
        "class C[" + "(" * 5000,
    ],
    ids=["brackets", "brackets after code", "stairs", "log", "strings", "headers", "generic"],
)
def test_texts_that_are_no_python_are_broken_forms(text: str):
    forms = top_level_forms(text)
    assert forms
    assert "broken" in {form.kind for form in forms}


def test_a_text_is_parsed_once(monkeypatch: pytest.MonkeyPatch):
    parsed: list[str] = []
    parse = outline_module.parse

    @functools.wraps(parse)
    def counting(text: str) -> object:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(outline_module, "parse", counting)
    text = "def f(): pass\nparsed_once = f()\n"
    for _ in range(2):
        top_level_forms(text)
        definitions(text)
        providers(text, ["f"], "definitions")
    assert parsed == [text]
    assert outline(text) is outline(text)


@pytest.mark.parametrize("name", ["argparse", "dataclasses", "typing"])
def test_real_modules_give_the_definitions_that_ast_gives(name: str):
    text = inspect.getsource(importlib.import_module(name))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    expected = [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
    for prefix in ("", "x = (\n"):
        found = definitions(prefix + text)
        assert sorted(definition.name.split(".")[-1] for definition in found) == sorted(
            node.name for node in expected
        )


def _is_valid(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def test_code_after_a_thousand_broken_statements_is_still_found() -> None:
    text = "x = = 1\n" * 1000 + "def found():\n    return 1\n"
    last = top_level_forms(text)[-1]
    assert (last.kind, last.binds) == ("function", ("found",))
