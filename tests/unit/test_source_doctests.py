"""Examples in doctest's form: found, compared, written down and taken out, and as tests."""

from __future__ import annotations

import pytest

from relive.source import pin_files
from relive.source.doctests import NotExamplesError, doctests, examples, pins
from relive.source.expected import address_in, meets, raises_as, same, written
from relive.source.pin_files import NotPinnableError, as_example
from relive.source.pytests import Pinned, Target, as_tests, is_untouched
from relive.source.reach import definition_meant, reach

MODULE = '''\
r"""Of the module.

>>> 1
1
"""


def f():
    """Of f.

        >>> f()  # a comment
        3
    """
    if True:
        def inner():
            """>>> not_found()"""


class C:
    def m(self):
        """
        >>> C().m(
        ...     )
        Traceback (most recent call last):
            ...
        ValueError: no
        """

    def escaped(self):
        """One\\ntwo\\n

        >>> after
        """


if True:
    def in_a_block():
        """>>>not in the form"""

    async def g():
        """>>> 7"""
'''


def test_the_examples_of_docstrings_and_where_they_stand() -> None:
    found = [(each.name, [(e.line, e.end) for e in each.examples]) for each in doctests(MODULE)]
    lines = MODULE.split("\n")
    assert found == [
        ("", [(2, 4)]),
        ("f", [(10, 12)]),
        ("C.m", [(21, 26)]),
        ("C.escaped", [(31, 32)]),
        ("g", [(40, 41)]),
    ]
    assert all(">>>" in lines[line] for _, each in found for line, _ in each)
    (raising,) = next(each for each in doctests(MODULE) if each.name == "C.m").examples
    assert (raising.source, raising.raises) == ("C().m(\n    )\n", "ValueError: no")


REMARKS = '''\
def f():
    """>>> # of the first

    >>> f()  # is
    3
    >>>
    >>> # of the second
    >>> f() + 1
    4
    """
'''


def test_remarks_behind_prompts_are_no_examples() -> None:
    (group,) = doctests(REMARKS)
    assert [(each.source, each.line) for each in group.examples] == [
        ("f()  # is\n", 3),
        ("f() + 1\n", 7),
    ]
    (pin, other) = pins(">>> n = 1\n>>> # now\n>>>\n>>> n + 1\n2\n\n# no remark\n>>> n\n1\n")
    assert pin.sources == "n = 1\nn + 1\n"
    assert other.sources == "n\n"


def test_examples_without_a_line_between_them_are_one_pin() -> None:
    found = pins("About.\n>>> x = 3\n>>> f(x)\n9\n>>> f(2,\n...   3)\n\nmore\n\n>>> g()\n1\n2\n")
    told = [(each.name, each.line, each.end, len(each.examples)) for each in found]
    assert told == [("f(2,", 1, 6, 3), ("g()", 9, 12, 1)]
    with pytest.raises(NotExamplesError, match="line 2"):
        pins("\n>>>f()\n")


SAME = [
    ("{'a': 1, 'b': [2]}", "{'b': [2], 'a': 1}", True),
    ("{2, 1}", "{1, 2}", True),
    ("[1,\n 2]", "[1, 2]", True),
    ("0.3", "0.30000000000000004", True),
    ("[0.1, (2.5e-08,)]", "[0.1, (2.5000000000000002e-08,)]", True),
    ("P(x=0.3, n=1)", "P(x=0.30000000000000004, n=1)", True),
    ("P(x=0.3)", "P(x=0.31)", False),
    ("0.3", "0.31", False),
    ("1", "1.0", False),
    ("1", "True", False),
    ("{1: 'a'}", "{True: 'a'}", False),
    ("[1]", "(1,)", False),
    ("[1, 2]", "[2, 1]", False),
    ("'1.0'", "'1.00000000000001'", False),
    ("{'a': 1}", "{'a': 1, 'b': 2}", False),
    ("v1.0", "v1.00000000000001", False),
    ("", "None", False),
]


@pytest.mark.parametrize(("want", "got", "are"), SAME)
def test_texts_that_say_the_same_value(want: str, got: str, are: bool) -> None:
    assert same(want, got) is are
    assert same(got, want) is are


MEETS = [
    (">>> x\n1\n", "1\n", True),
    (">>> x\n", "", True),
    (">>> x\n", "1\n", False),
    (">>> x\n1\n", "1", False),
    (">>> x\na\n<BLANKLINE>\nb\n", "a\n\nb\n", True),
    (">>> x  # doctest: +ELLIPSIS\n[0, ...]\n", "[0, 1, 2]\n", True),
    (">>> x\n[0, ...]\n", "[0, 1, 2]\n", False),
    (">>> x  # doctest: +NORMALIZE_WHITESPACE\na b\n", "a   b\n", True),
    (">>> x\nTraceback (most recent call last):\nValueError: no\n", "ValueError: no\n", False),
]


@pytest.mark.parametrize(("text", "got", "does"), MEETS)
def test_what_an_example_expects(text: str, got: str, does: bool) -> None:
    assert meets(examples(text)[0], got) is does


RAISES = [
    ("ValueError: no", "ValueError: no", True),
    ("ValueError: no", "ValueError: yes", False),
    ("m.Error", "m.Error", True),
    ("ValueError: a\n  b", "ValueError: a\n  b", True),
]


@pytest.mark.parametrize(("want", "raised", "does"), RAISES)
def test_which_exception_is_expected(want: str, raised: str, does: bool) -> None:
    text = f">>> x\nTraceback (most recent call last):\n    ...\n{want}\n"
    assert raises_as(examples(text)[0], raised) is does
    assert not raises_as(examples(">>> x\n1\n")[0], raised)
    lenient = text.replace("x\n", "x  # doctest: +IGNORE_EXCEPTION_DETAIL\n", 1)
    assert raises_as(examples(lenient)[0], raised)


def test_how_values_are_written() -> None:
    assert written("[1, 2]") == "[1, 2]\n"
    assert written("a\n\nb") == "a\n<BLANKLINE>\nb\n"
    long = repr({"first": list(range(20)), "second": list(range(20))})
    assert max(map(len, written(long).split("\n"))) <= 88
    assert same(written(long)[:-1], long)
    strange = f"P({'x' * 90})"
    assert written(strange) == strange + "\n"
    assert address_in("<C object at 0x7f3a2b>") == "at 0x7f3a2b"
    assert address_in("0x7f3a2b") is None


def test_pins_are_put_in_and_taken_out_and_all_else_stays() -> None:
    first = pin_files.added("", "src/m.py", as_example("f(1)", "2\n"))
    assert first.startswith("Pins of src/m.py: ")
    text = pin_files.added(f"{first}\nMine.\n\n\n", "src/m.py", as_example("f(2,\n  3)", ""))
    assert text == f"{first}\nMine.\n\n>>> f(2,\n...   3)\n"
    there = pin_files.pin_of(text, "f(1)")
    assert there is not None
    assert pin_files.replaced(text, there, ">>> f(1)\n5\n6\n") == text.replace("2\n\n", "5\n6\n\n")
    assert pin_files.without(text, there) == text.replace("\n>>> f(1)\n2\n", "")
    assert pin_files.pin_of(text, "f(3)") is None


@pytest.mark.parametrize("want", [">>> 1\n", "a\n\nb\n", "no end"])
def test_what_would_not_be_read_back_is_refused(want: str) -> None:
    with pytest.raises(NotPinnableError):
        as_example("f()", want)


REACHED = """\
import math
import mine
from theirs import thing as other
LIMIT = 3
def f(n):
    return g(n) + LIMIT
def g(n):
    return math.pi
def h():
    return other()
class C:
    def m(self):
        return h()
"""


def test_what_code_reaches() -> None:
    assert reach("f(x)", REACHED).names == {"f", "x", "g", "n", "LIMIT", "math"}
    assert not reach("f(x)", REACHED).leaves
    assert reach("C().m()", REACHED).leaves
    assert reach("mine.x", REACHED).leaves
    assert reach("y", "from theirs import *\n").leaves
    assert [definition_meant(code, REACHED) for code in ("len(f(1))", "C(1).m(2)", "x", "C")] == [
        "f",
        "C.m",
        None,
        "C",
    ]


HELD = """\
import functools
TABLE = {}
HOOKS = []
def enter(f):
    TABLE[f.__name__] = f
    return f
@enter
def double(n):
    return n * by
by = 2
@functools.singledispatch
def show(n): pass
@show.register
def _(n: int): return dots()
def hook(): pass
HOOKS.append(hook)
TABLE["late"] = late = lambda: other
def alone(): pass
names = [each for each in TABLE]
"""


def test_what_was_put_somewhere_is_reached_by_way_of_it() -> None:
    assert reach("TABLE['double'](3)", HELD).names >= {"double", "by", "other"}
    assert reach("show(1)", HELD).names >= {"_", "dots"}
    assert reach("HOOKS[0]()", HELD).names >= {"hook"}
    assert "alone" not in reach("TABLE, HOOKS, show, names", HELD).names
    assert "hook" not in reach("late()", HELD).names
    assert "double" not in reach("functools.reduce", HELD).names


def saved(text: str, *prints: bool, module: str = "m") -> tuple[str, tuple[tuple[str, str], ...]]:
    (group,) = pins(text)
    pinned = Pinned(group, "f", prints or (False,) * len(group.examples))
    told = as_tests(
        [pinned], "import json\ndef f(n): pass\nclass E: pass\n", Target(module, "m.py", None)
    )
    return told.text.partition("\n\n\n")[2].partition("\n\n# Written")[0], told.left_out


SAVED = [
    (">>> f(1)\n6\n", ["assert f(1) == 6"]),
    (">>> f(1)\nTrue\n", ["assert f(1) is True"]),
    (">>> f(1)\n", ["assert f(1) is None"]),
    (">>> f(1)\n0.5\n", ["assert f(1) == pytest.approx(0.5, rel=1e-9)"]),
    (">>> f(1)\n[1, [0.5]]\n", ["assert f(1) == [1, [0.5]]"]),
    (">>> f(1)\nP(x=1)\n", ["assert repr(f(1)) == 'P(x=1)'"]),
    (">>> f(1,\n...   2)\n6\n", ["assert (f(1,", "  2)) == 6"]),
    (">>> n = 2\n>>> f(n)\n6\n", ["n = 2", "assert f(n) == 6"]),
    (">>> [f(i) for i in (1, 2)]\n[1, 2]\n", ["assert [f(i) for i in (1, 2)] == [1, 2]"]),
    (
        ">>> f(1)\nTraceback (most recent call last):\nm.E: no: 'x'\n",
        [
            "with pytest.raises(m.E) as caught:",
            "    f(1)",
            "assert str(caught.value) == \"no: 'x'\"",
        ],
    ),
]


@pytest.mark.parametrize(("pin", "lines"), SAVED)
def test_a_pin_as_a_test(pin: str, lines: list[str]) -> None:
    text, left_out = saved(pin)
    assert left_out == ()
    assert text == "\n".join(["def test_f():", *("    " + line for line in lines)])


LEFT_OUT = [
    (">>> f(rows)\n6\n", "`rows` is not in m"),
    (">>> f(1)  # doctest: +ELLIPSIS\n...\n", "it uses options of doctest's"),
    (">>> f(1)\nTraceback (most recent call last):\nUnheardOf: x\n", "where UnheardOf comes from"),
    (">>> for i in (1,): i\n1\n", "what a statement prints"),
]


@pytest.mark.parametrize(("pin", "why"), LEFT_OUT)
def test_a_pin_that_cannot_be_a_test(pin: str, why: str) -> None:
    text, left_out = saved(pin)
    assert text == ""
    assert left_out[0][1].startswith(why)


FUNCTIONS = (
    "def area(n): pass\ndef area_2(n): pass\ndef test_like(n): pass\ndef caught(n): pass\nx = 1\n"
)


def all_saved(*texts: str) -> tuple[str, list[str]]:
    groups = [pins(text)[0] for text in texts]
    about = [definition_meant(group.examples[-1].source, FUNCTIONS) for group in groups]
    pinned = [
        Pinned(*pair, (False,) * len(pair[0].examples)) for pair in zip(groups, about, strict=True)
    ]
    told = as_tests(pinned, FUNCTIONS, Target("m", "m.py", None))
    compile(told.text, "test_m_pins.py", "exec")
    return told.text, [why for _, why in told.left_out]


def test_no_test_has_the_name_of_another() -> None:
    text, _ = all_saved(*(f">>> {each}\n1\n" for each in ("area(1)", "area(2)", "area_2(3)")))
    named = [line for line in text.split("\n") if line.startswith("def ")]
    assert named == ["def test_area():", "def test_area_2():", "def test_area_2_2():"]


def test_what_would_break_all_tests_is_left_out() -> None:
    raising = ">>> area(1)\nTraceback (most recent call last):\nm.area.<locals>.E: x\n"
    broken = (">>> area(\n", ">>> await area(1)\n1\n", ">>> test_like(1)\n1\n")
    text, why = all_saved(">>> area(1)\n1\n", raising, *broken)
    assert text.count("def test_") == 1
    assert why == [
        "m.area.<locals>.E cannot be imported",
        "it is no code of a function's",
        "it is no code of a function's",
        "pytest would take `test_like` for a test",
    ]


def test_names_in_tests_are_those_of_the_module() -> None:
    raising = (
        ">>> caught([x for x in (2,)] + [x])\nTraceback (most recent call last):\nKeyError: 1\n"
    )
    text, _ = all_saved(raising)
    assert "from m import caught, x\n" in text
    assert "with pytest.raises(KeyError) as the_caught:\n" in text


def test_whether_somebody_has_edited_the_tests() -> None:
    group = pins(">>> f(1)\n6\n")
    target = Target("m", "src/m.py", 2, "src")
    written_ = as_tests([Pinned(group[0], None, (False,))], "def f(n): pass\n", target)
    assert 'sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))' in written_.text
    compile(written_.text, "test_m_pins.py", "exec")
    assert is_untouched(written_.text)
    assert not is_untouched(written_.text.replace("6", "7"))
    assert not is_untouched("def test_mine(): pass\n")


@pytest.mark.parametrize(
    ("source", "want", "line"),
    [
        ("f(1) != 3", "True", "assert (f(1) != 3) is True"),
        ("not f(1)", "False", "assert (not f(1)) is False"),
        ("f('''a\nb''')", "5", "assert f('a\\nb') == 5"),
        ("f(1)", "P(k={1, 2})", "assert repr(f(1)) == 'P(k={1, 2})'"),
        ("f(1)", "P(k={'a', 'b'})", None),
        ("f(1)", "({'a', 2}, frozenset({1}))", "assert f(1) == ({'a', 2}, frozenset({1}))"),
        ("f(1)", "frozenset({0, 8})", "assert f(1) == frozenset({0, 8})"),
        ("f(1)  # as it is", "6", "assert f(1) == 6"),
        ("f(1), f(2)", "(6, 7)", "assert (f(1), f(2)) == (6, 7)"),
    ],
)
def test_a_pin_as_a_test_says_the_same_in_each_process(
    source: str, want: str, line: str | None
) -> None:
    lines = source.split("\n")
    text = "\n".join([">>> " + lines[0], *("... " + each for each in lines[1:]), want, ""])
    (group,) = pins(text)
    told = as_tests([Pinned(group, None, (False,))], "def f(n): pass\n", Target("m", "m.py", None))
    if line is None:
        assert told.left_out[0][1] == "the order of a set within it is another in each process"
    else:
        assert f"    {line}\n" in told.text
