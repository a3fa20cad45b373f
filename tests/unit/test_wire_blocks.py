"""Definitions found by lines are those that the parser finds, or none."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import relive
from relive.wire.blocks import Margin

FILES = sorted(Path(relive.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_blocks_are_what_the_parser_finds(file: Path) -> None:
    text = file.read_text()
    margin = Margin(text)
    for node in ast.parse(text).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
            for block in (margin.blocks_of(node.name) or [None])[:1], [margin.block_at(first)]:
                if block[0] is not None:
                    line, found = block[0]
                    assert (line, ast.dump(ast.parse(found).body[0])) == (first, ast.dump(node))


CODE = '''\
"""A docstring.

def quoted(): pass
import quoted
"""
import a
from b import (
    c,
)

# a comment
@one
@two(
    3
)

def f(x):

    return """
def inside(): pass
"""

class C:
    def f(self): pass
x = 1
'''


def test_a_block_has_its_decorators_and_strings() -> None:
    margin = Margin(CODE)
    (block,) = margin.blocks_of("f") or []
    assert block[0] == 11
    assert block[1].startswith("@one\n@two(")
    assert block[1].rstrip().endswith('"""')
    assert margin.block_at(12) == margin.block_at(17) == margin.block_at(18) == block


def test_what_stands_in_a_string_is_not_found() -> None:
    margin = Margin(CODE)
    assert margin.blocks_of("quoted") is None
    assert margin.blocks_of("inside") is None
    assert [each.split()[:2] for each in margin.imports() or []] == [["import", "a"], ["from", "b"]]


@pytest.mark.parametrize(
    "text",
    [
        'def f(): pass\n# it\'s a """ in a comment\ndef g(): pass\n',
        'x = \'"""\'\ndef g(): pass\n',
        "x = 'a\\\ndef g(): pass'\ndef g(): pass\n",
        'x = """never closed\ndef g(): pass\n',
        "if 1:\n    def g(): pass\ndef g(): pass\n",
        "def f(): pass\n",
    ],
)
def test_where_it_could_be_mistaken_there_is_no_answer(text: str) -> None:
    assert Margin(text).blocks_of("g") is None
