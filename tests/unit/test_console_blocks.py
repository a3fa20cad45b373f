"""Blocks of a console: which are whole, how the next line begins, what a paste becomes."""

from __future__ import annotations

import pytest

from relive.console.blocks import goes_on, indent_after, is_whole, pasted

WHOLE = {
    "nothing": "",
    "comment": "# later",
    "expression": "1 + 1",
    "await": "await x",
    "two statements": "x = 1\ny = 2",
    "block with its empty line": "def f():\n    return 1\n",
    "block with an indented empty line": "def f():\n    return 1\n    ",
    "brackets over lines": "f(1,\n  2)",
    "last of several in brackets": "x = 1\nf(x,\n  2)",
    "wrong": "def f(:",
    "wrong twice": "x = 1\ny ==== 2",
    "unknown to this Python, with its empty line": "def f!T!(x):\n    y\n",
    "escape that is none": r"'\d'",
    "null": "x\0",
}
PARTIAL = {
    "header": "def f():",
    "body": "def f():\n    return 1",
    "blank line in a string": "'''a\n\n",
    "header in one line": "if x: y",
    "decorator": "@wraps(f)",
    "bracket": "x = (1,",
    "string": "'''one",
    "backslash": "x = 1 + \\",
    "try without its end": "try:\n    x\n",
    "block after a statement": "x = 1\nfor i in y:\n    z",
    "async": "async with x:\n    await y",
    "unknown header": "def f!T!(x):",
    "unknown body": "def f!T!(x):\n    y",
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE.keys())
def test_a_whole_block_is_sent(text: str) -> None:
    assert is_whole(text)


@pytest.mark.parametrize("text", PARTIAL.values(), ids=PARTIAL.keys())
def test_a_part_of_a_block_is_not(text: str) -> None:
    assert not is_whole(text)


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ("x = 1", ""),
        ("if x:", "    "),
        ("if x:  # why", "    "),
        ("if x:\n  y\nelse:", "  "),
        ("if x:\n\ty\nelse:", "\t"),
        ("if x:\n    y", "    "),
        ("def f():\n    if x:\n        return 1", "    "),
        ("for i in x:\n    break", ""),
        ("def f():\n    returned = 1", "    "),
        ("x = [", "    "),
        ("x = [1,", ""),
        ("f(a,\n  b,", "  "),
        ("x = '''if a:", ""),
        ("def f():\n    '''Say:", "    "),
        ("x = {1:", ""),
        ("x = ':'", ""),
    ],
)
def test_the_next_line_is_indented_as_the_code_wants_it(text: str, indent: str) -> None:
    assert indent_after(text) == indent


@pytest.mark.parametrize(
    ("copied", "block"),
    [
        ("x = 1\r\ny = 2\r", "x = 1\ny = 2\n"),
        ("    if a:\n        b\n", "if a:\n    b\n"),
        ("    x", "    x"),
        (">>> for i in x:\n...     i\n...\n12\n>>> y", "for i in x:\n    i\n\ny"),
        ("    >>> a = 1\n    >>> a\n    1\n", "a = 1\na"),
        ("if a:\n\tb", "if a:\n\tb"),
        ("x >>= 1", "x >>= 1"),
    ],
)
def test_what_is_pasted_is_code(copied: str, block: str) -> None:
    assert pasted(copied) == block


@pytest.mark.parametrize(
    ("line", "follows"),
    [("    y", True), ("else:", True), ("except E:", True), ("elsewhere()", False), ("y", False)],
)
def test_a_line_goes_on_with_the_block_above(line: str, follows: bool) -> None:
    assert goes_on(line) is follows
