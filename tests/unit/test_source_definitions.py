"""Which definitions a text has, which one is at the caret, and when two are the same."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from carets import caret

from relive.source.definitions import (
    Definition,
    definition_at,
    definitions,
    find,
    function_at,
)
from relive.source.definitions import named as with_name
from relive.source.positions import LineTable, Range
from relive.wire.fingerprints import fingerprint

PIPELINE = dedent('''\
    """Docstring."""

    @cache
    @retry(
        3,
    )
    def load(path):
        def inner():
            class Local:
                def deep(self): pass
            return Local
        return inner

    # between

    class Table(Base):
        rows = []

        def __init__(self):
            self.x = lambda: 1

        # between methods

        @property
        def size(self):
            return 1

        @size.setter
        def size(self, value):
            pass  # note

        class Row:
            async def fetch(self): return """
    x"""

        if fast:
            def speed(self): pass
        else:
            def speed(self): return 0

    try:
        def parse(): pass
    except ImportError:
        with x:
            for y in z:
                def parse(): return 1
    ''')


def named(text: str) -> list[str]:
    return [f"{found.kind} {found.name}" for found in definitions(text)]


def found_name(found: Definition | None) -> str | None:
    return found and found.name


def test_all_definitions_with_their_kinds_and_qualified_names():
    assert named(PIPELINE) == [
        "function load",
        "function load.<locals>.inner",
        "class load.<locals>.inner.<locals>.Local",
        "method load.<locals>.inner.<locals>.Local.deep",
        "class Table",
        "method Table.__init__",
        "method Table.size",
        "method Table.size",
        "class Table.Row",
        "method Table.Row.fetch",
        "method Table.speed",
        "method Table.speed",
        "function parse",
        "function parse",
    ]


def test_definitions_in_match_and_nested_functions_of_methods():
    text = "class C:\n  def m(self):\n    match x:\n      case 1:\n        def g(): pass\n"
    assert named(text)[-1] == "function C.m.<locals>.g"
    assert definitions(text)[-1].scopes == (("class", "C"), ("function", "m"))


def test_range_header_and_source_of_a_decorated_definition():
    load = find(PIPELINE, "load")
    assert load is not None
    assert (load.range, load.header) == (Range((2, 0), (11, 16)), (6, 0))
    assert load.source.startswith("@cache\n@retry(\n    3,\n)\ndef load(path):\n")
    assert load.source.endswith("\n    return inner")


def test_the_source_of_a_method_keeps_its_first_indentation():
    fetch = find(PIPELINE, "Table.Row.fetch")
    assert fetch is not None
    assert fetch.source == '        async def fetch(self): return """\nx"""'
    assert fetch.range == Range(fetch.header, (fetch.header[0] + 1, 4))
    assert fetch.header[1] == 8


def test_the_source_ends_with_the_definition():
    [found] = definitions("def f():\n    pass  # note\n    # more\nx = 1")
    assert found.source == "def f():\n    pass"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("\ufeffdef é(): return '😀'  # x", "def é(): return '😀'"),
        ("\ufeff@d\r\ndef é():\r\n\tpass\r\n", "@d\ndef é():\n\tpass"),
        ("def é():\r    pass\r", "def é():\n    pass"),
        ("\fdef é(): '\u2028'\n", "\fdef é(): '\u2028'"),
        ("@(  # @note\n  d)\ndef é(): pass", "@(  # @note\n  d)\ndef é(): pass"),
    ],
)
def test_sources_of_odd_texts(text: str, source: str):
    found = find(text, "é")
    assert found is not None
    assert found.source == source
    assert LineTable(text).slice(found.range) == source.lstrip("\f")
    compile(found.source, "<test>", "exec")


# --- at the caret ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "definition", "function"),
    [
        ('"""Docstring."""', None, None),
        ("@cache", "load", "load"),
        ("    3,", "load", "load"),
        ("def load(path):", "load", "load"),
        ("    def inner():", "load.<locals>.inner", "load"),
        ("        class Local:", "load.<locals>.inner.<locals>.Local", "load"),
        (
            "            def deep(self): pass",
            "load.<locals>.inner.<locals>.Local.deep",
            "load",
        ),
        ("    return inner", "load", "load"),
        ("# between", None, None),
        ("class Table(Base):", "Table", None),
        ("    rows = []", "Table", None),
        ("        self.x = lambda: 1", "Table.__init__", "Table.__init__"),
        ("    # between methods", "Table", None),
        ("    @property", "Table.size", "Table.size"),
        ("        pass  # note", "Table.size", "Table.size"),
        ("    class Row:", "Table.Row", None),
        ('x"""', "Table.Row.fetch", "Table.Row.fetch"),
        ("    else:", "Table", None),
        ("        def speed(self): return 0", "Table.speed", "Table.speed"),
        ("try:", None, None),
        ("            def parse(): return 1", "parse", "parse"),
    ],
)
def test_the_definition_on_a_line(line: str, definition: str | None, function: str | None):
    number = PIPELINE.split("\n").index(line)
    assert found_name(definition_at(PIPELINE, (number, 0))) == definition
    assert found_name(function_at(PIPELINE, (number, 99))) == function


@pytest.mark.parametrize(
    ("marked", "source"),
    [
        ("def f(): 1\n¦def f(): 2\n", "def f(): 2"),
        ("def f(): 1¦\ndef f(): 2\n", "def f(): 1"),
        ("@overload\n¦def f(x: int): ...\n@overload\ndef f(x: str): ...", None),
    ],
)
def test_of_several_of_a_name_the_one_at_the_caret(marked: str, source: str | None):
    text, position = caret(marked)
    found = function_at(text, position)
    assert found is not None
    assert found.source == (source or "@overload\ndef f(x: int): ...")


def test_of_several_of_a_name_the_last_is_found():
    size = find(PIPELINE, "Table.size")
    assert size is not None
    assert size.source.lstrip().startswith("@size.setter")
    assert find(PIPELINE, "size") is None
    assert find(PIPELINE, "") is None


# --- fingerprints ---------------------------------------------------------------------------

FUNCTION = "@d\ndef f(x):\n    if x:\n        return '''\n  a'''\n\n    return 1"


@pytest.mark.parametrize(
    "moved",
    [
        "\n\n# note\n" + FUNCTION + "\n",
        FUNCTION.replace("1", "1  \t").replace("\n\n", "\n    \n"),
        FUNCTION.replace("\n", "\r\n"),
        "class C:\n" + indent(FUNCTION, "    "),
        "class C:\n" + indent(FUNCTION, "\t"),
        "if a:\n  class C:\n" + indent(FUNCTION, "      "),
        "\ufeff" + FUNCTION,
        FUNCTION + "  # note",
        FUNCTION + "\nx = (",
    ],
)
def test_a_definition_that_only_moved_is_the_same(moved: str):
    prints = {found.fingerprint for found in definitions(moved) if found.kind != "class"}
    assert prints == {fingerprint(FUNCTION)}


@pytest.mark.parametrize(
    "edited",
    [
        FUNCTION.replace("return 1", "return 2"),
        FUNCTION.replace("@d\n", ""),
        FUNCTION.replace("    return 1", "        return 1"),
        FUNCTION.replace("  a'''", "   a'''"),
        FUNCTION.replace("f(x)", "f(x, y=1)"),
    ],
)
def test_a_definition_that_was_edited_differs(edited: str):
    assert [found.fingerprint for found in definitions(edited)] != [fingerprint(FUNCTION)]


def test_a_class_leaves_out_what_is_defined_in_it():
    text = "class C:\n    x = 1\n\n    def m(self):\n        return 1\n\n    y = 2\n"
    prints = {
        definitions(each)[0].fingerprint
        for each in (
            text,
            text.replace("return 1", "return 2"),
            text.replace("\n    y", "\n    def n(): pass\n    y"),
        )
    }
    assert len(prints) == 1
    assert definitions(text.replace("x = 1", "x = 2"))[0].fingerprint not in prints


# --- broken text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = (\ndef f(): pass\n", ["f"]),
        ("class C:\n  def a(s): return (\n  def b(s): pass\n", ["C", "C.a", "C.b"]),
        ("class C:\n  x = (\n  y = 1\n  def b(s): pass\n", ["C", "C.b"]),
        ("class C:\n  def a(s, (:\n    pass\n  def b(s): pass\n", ["C", "C.a", "C.b"]),
        ("class C:\n  def a(s):\n    '''\n  def b(s):\n    'x'\n", ["C", "C.a", "C.b"]),
        (
            'class C:\n  S = """\nSELECT\n"""\n  def b(s): x =\n  def c(s): pass',
            ["C", "C.b", "C.c"],
        ),
        ("class C(:\n  pass\nclass D: pass", ["C", "D"]),
        ("async def f(:\n  pass\n", ["f"]),
        ("def f():\n  try:\n    x =\n  except E:\n    def g(): pass\n", ["f", "f.<locals>.g"]),
        ("if a:\n  def f(): pass\nelse:\n  x = (\n  def g(): pass\n", ["f", "g"]),
        ("def f():\n    x = 1\n  y = 2\ndef g(): pass", ["f", "g"]),
        ("def f():\n  match x:\n    case 1:\n      y =\ndef g(): pass", ["f", "g"]),
        ("class C:\n  def a(s):\n    match s:\n      case 1: pass\n  x =\n", ["C", "C.a"]),
        ("@d\ndef f():\n  x =\n", ["f"]),
        ("def if(): pass\ndef g(): pass", ["g"]),
        ("class A[T]:\n  def f[U](self): pass\n  x = (\n", ["A", "A.f"]),
        ("def f[T(x): pass\ndef g(): pass", ["f", "g"]),
    ],
)
def test_broken_code_hides_no_healthy_definition(text: str, expected: list[str]):
    assert [found.name for found in definitions(text)] == expected


def test_a_broken_function_has_its_whole_source():
    text = (
        "class C:\n    @d\n    def a(self):\n        x\n        y = (\n\n    # note\n\n    b = 1\n"
    )
    whole, method = definitions(text)
    assert method.source == "    @d\n    def a(self):\n        x\n        y = ("
    assert (method.range, method.header) == (Range((1, 4), (4, 13)), (2, 4))
    assert whole.source == text.rstrip("\n")


def test_a_class_that_ends_in_broken_code_ends_there():
    [found] = definitions("class C:\n    x = 1\n    y = (1,\n         2\n\n# note\nz = 3")
    assert found.range == Range((0, 0), (3, 10))


@pytest.mark.parametrize("name", ["", ".f", "f.", "f g", "f\n", "9"])
def test_what_is_no_name_is_the_name_of_nothing(name: str) -> None:
    assert with_name("def f():\n    pass\n", name) == ()
