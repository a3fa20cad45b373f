"""Names that are being written: what the live process knows of them, without running anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import VERSIONS, lasting
from hostile_values import BEGUN, HOSTILE, LIBRARY
from relive.session.naming import CompleteView, Described, DescribeView, Options, Where
from relive.session.session import Session
from relive.session.settings import Settings
from relive.session.viewing import View
from relive.source.positions import position_of
from relive.source.written import Chain, call_at, written_at
from viewing import refused, told

CODE = """\
import types
ran = []
def note(self, *rest, **more):
    ran.append(1)
    raise SystemExit

class Base:
    '''A base.'''
    shared = 1
    def inherited(self, a, b=2):
        '''Does it.

            Indented.
        '''
    @classmethod
    def made(cls, n): pass
    @staticmethod
    def plain(x): pass
    lazy = property(note)

class Sub(Base):
    __slots__ = ("slot",)
    __getattr__ = __dir__ = note
    def __init__(self, first, *, second=None):
        self.slot, self.own = [1], {"k": {"deep": 1}, 3: "three", "a b": 0}

class Answering:
    def __get__(self, *rest): note(self)

class Holder:
    held = Answering()

class Dict(dict):
    __getitem__ = keys = items = get = note

it = Sub(1)
holder = Holder()
table = Dict(one=1)
many = {f"key{n}": n for n in range(1000)}
module = types.ModuleType("module")
module.inside = 1
nested = [{"x": it}]
def function(alpha, beta=1, *, gamma): pass
"""


@pytest.fixture(scope="module", params=VERSIONS)
def names(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Session, Where]]:
    folder = tmp_path_factory.mktemp("names")
    with lasting(request.param, folder, Settings(), []) as session:
        file = str(folder / "names.py")
        assert session.evaluate(CODE, file).status == "ok"
        yield session, Where(file)


Names = tuple[Session, Where]


def options(names: Names, text: str) -> Options:
    return told(names[0], view_of(names[1], text))


def view_of(where: Where, text: str) -> CompleteView:
    position = position_of(text, len(text))
    written = written_at(text, position)
    assert written is not None
    call = call_at(text, position) if written.kind == "name" else None
    around = None if call is None else call.chain
    return CompleteView(where, written.kind, written.prefix, written.chain, around)


COMPLETIONS: dict[str, tuple[str, list[tuple[str, str, str | None]]]] = {
    "name": ("ta", [("table", "value", "names.Dict")]),
    "function": ("func", [("function", "function", "function(alpha, beta=1, *, gamma)")]),
    "own attributes": ("it.o", [("own", "value", "dict")]),
    "slot": ("it.s", [("slot", "value", "list"), ("shared", "value", "int")]),
    "method": ("it.inh", [("inherited", "method", "inherited(self, a, b=2)")]),
    "property": ("it.la", [("lazy", "property", "property")]),
    "of a class": ("Sub.ma", [("made", "method", "made(cls, n)")]),
    "of a module": ("module.", [("inside", "value", "int")]),
    "key": ('it.own["', [("k", "key", "dict"), ("3", "number", "str"), ("a b", "key", "int")]),
    "deep key": ('it.own["k"]["', [("deep", "key", "int")]),
    "through items": ('nested[0]["x"].own["k"]["d', [("deep", "key", "int")]),
    "of the last item": ('nested[-1]["x"].o', [("own", "value", "dict")]),
    "before the first item": ("nested[-2].a", []),
    "key of a subclass": ('table["', [("one", "key", "int")]),
    "parameter": ("function(gam", [("gamma=", "parameter", None)]),
    "of a property": ("it.lazy.", []),
    "of what answers itself": ("holder.held.", []),
    "of nothing": ("nothing.a", []),
    "of a missing item": ("nested[7].a", []),
}


@pytest.mark.parametrize(("text", "expected"), COMPLETIONS.values(), ids=COMPLETIONS.keys())
def test_how_a_text_can_go_on(
    names: Names, text: str, expected: list[tuple[str, str, str | None]]
) -> None:
    found = [(each.label, each.kind, each.detail) for each in options(names, text).items]
    assert found == expected
    assert told(names[0], DescribeView(names[1], Chain("ran"))).text == "[]"


def test_of_very_many_the_first_come(names: Names) -> None:
    found = options(names, 'many["')
    assert (len(found.items), found.incomplete) == (200, True)
    assert not options(names, 'many["key99').incomplete


def test_what_begins_with_an_underscore_comes_when_that_is_written(names: Names) -> None:
    assert not [each for each in options(names, "it.").items if each.label.startswith("_")]
    assert [each.label for each in options(names, "it.__in").items][:1] == ["__init__"]


def described(names: Names, name: str, *steps: tuple[str, str | int]) -> Described:
    return told(names[0], DescribeView(names[1], Chain(name, steps)))  # type: ignore[arg-type]


def test_what_names_stand_for(names: Names) -> None:
    found = described(names, "it", ("attribute", "inherited"))
    assert (found.kind, found.name, found.parameters) == ("method", "inherited", ("a", "b=2"))
    assert found.doc == "Does it.\n\nIndented."
    assert described(names, "Sub").parameters == ("first", "*", "second=None")
    assert described(names, "Base").doc == "A base."
    assert described(names, "Base", ("attribute", "made")).parameters == ("n",)
    assert described(names, "it", ("attribute", "plain")).parameters == ("x",)
    own = described(names, "it", ("attribute", "own"))
    assert (own.type, own.size, own.parameters, own.doc) == ("dict", "3 items", None, None)
    assert described(names, "len").parameters == ("obj", "/")


def test_the_columns_of_data(fast_session: Session, tmp_path: Path) -> None:
    code = (
        "import pandas, polars\nd = pandas.DataFrame({'price': [1], 'two words': [2]})\n"
        "p = polars.DataFrame({'price': [1]})\n"
    )
    assert fast_session.evaluate(code).status == "ok"
    names = fast_session, Where()
    for text, expected in {
        'd["': ["price", "two words"],
        "d.pri": ["price"],
        'p["': ["price"],
        'd["two words"].nby': ["nbytes"],
    }.items():
        assert [each.label for each in options(names, text).items] == expected
    assert described(names, "d", ("item", "price")).size == "1 row"


WRAPPING = """\
import functools
def through(f):
    @functools.wraps(f)
    def inner(*rest, **more): return f(*rest, **more)
    return inner
def f(a, b=1, *, c): pass
def g(a, b, c=3, *rest, d, **more): pass
def h(a, b=2, /, c=3): pass
class C:
    def __init__(self, n, m=0): pass
    @through
    def m(self, a, b=1): pass
    @functools.lru_cache
    def cached(self, a, *, b=2): pass
    @classmethod
    @through
    def made(cls, n): pass
class Call:
    def __init__(self, f): functools.update_wrapper(self, f)
    def __call__(self, *rest): pass
it = C(1)
"""
CALLED = {
    "wrapped": ("through(f)", "(a, b=1, *, c)"),
    "wrapped twice": ("through(through(f))", "(a, b=1, *, c)"),
    "wrapped method": ("it.m", "(a, b=1)"),
    "wrapped class method": ("C.made", "(n)"),
    "cached": ("functools.lru_cache(maxsize=None)(f)", "(a, b=1, *, c)"),
    "cached method": ("it.cached", "(a, *, b=2)"),
    "wrapping instance": ("Call(f)", "(a, b=1, *, c)"),
    "partial": ("functools.partial(f, 1)", "(b=1, *, c)"),
    "partial by name": ("functools.partial(g, b=2)", "(a, *, b=2, c=3, d, **more)"),
    "partial by name of one by name": ("functools.partial(f, c=0)", "(a, b=1, *, c=0)"),
    "partial of all": ("functools.partial(g, 1, 2, 3, 4)", "(*rest, d, **more)"),
    "partial of what has no names": ("functools.partial(h, 1)", "(b=2, /, c=3)"),
    "partial of a partial": ("functools.partial(functools.partial(g, 1), c=0)", None),
    "partial of a class": ("functools.partial(C, m=1)", "(n, *, m=1)"),
    "partial of a method": ("functools.partial(it.m, 1)", "(b=1)"),
    "partial of what is cached": ("functools.partial(functools.lru_cache(f), 1)", "(b=1, *, c)"),
}


@pytest.mark.parametrize(("code", "expected"), CALLED.values(), ids=CALLED.keys())
def test_how_what_stands_for_others_is_called(
    names: Names, tmp_path: Path, code: str, expected: str | None
) -> None:
    session, file = names[0], str(tmp_path / "wrapping.py")
    made = f"{WRAPPING}x = {code}\nimport inspect\nstr(inspect.signature(x))"
    by_itself = session.evaluate(made, file).results[-1].value
    assert by_itself is not None
    found = described((session, Where(file)), "x").parameters
    assert found is not None
    assert repr(f"({', '.join(found)})") == by_itself.text
    assert expected is None or f"({', '.join(found)})" == expected


def test_what_wraps_itself_or_nothing_is_called_as_it_is(names: Names, tmp_path: Path) -> None:
    session, file = names[0], str(tmp_path / "knot.py")
    session.evaluate("def x(a): pass\ndef y(b): pass\nx.__wrapped__, y.__wrapped__ = x, 3", file)
    assert described((session, Where(file)), "x").parameters == ("a",)
    assert described((session, Where(file)), "y").parameters == ("b",)


LOOKED_AT = ("x", "x.", "x.p.", "x.a.", "x.d.", 'x["', 'x["a"].', "x[0].", "x(", "x.a(", "H.", "H(")
DESCRIBED = (("item", 0), ("item", "a"), ("attribute", "p"), ("attribute", "d"))


def look_at(names: Names, text: str) -> None:
    """Ask how a text goes on, and what each name in what it can be stands for."""
    view = view_of(names[1], text)
    found = answer(names[0], view)
    for option in found.items if isinstance(found, Options) else ():
        if view.kind == "attribute" and view.chain is not None:
            steps = (*view.chain.steps, ("attribute", option.label))
            answer(names[0], DescribeView(names[1], Chain(view.chain.name, steps)))  # type: ignore[arg-type]


def answer(session: Session, view: View[Any]) -> Any:
    """Return what is answered, also that it takes too long on this machine."""
    return session._wait(lambda done: session.submit_view(view, done))


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_code_of_a_value_runs(names: Names, tmp_path: Path, code: str) -> None:
    look_everywhere(names[0], str(tmp_path / "hostile.py"), code)


@pytest.mark.parametrize("code", LIBRARY.values(), ids=LIBRARY.keys())
def test_no_code_of_a_class_made_from_a_librarys_runs(
    fast_session: Session, tmp_path: Path, code: str
) -> None:
    look_everywhere(fast_session, str(tmp_path / "hostile.py"), code)


def look_everywhere(session: Session, file: str, code: str) -> None:
    done = session.evaluate(f"{BEGUN}{code}\narmed.append(1)", file)
    assert done.status == "ok", done.error
    names = session, Where(file)
    for text in LOOKED_AT:
        look_at(names, text)
    for step in DESCRIBED:
        answer(session, DescribeView(names[1], Chain("x", (step,))))  # type: ignore[arg-type]
    answer(session, DescribeView(names[1], Chain("x")))
    assert described(names, "ran").text == "[]"


SLOW = """\
import sys, types
class DataFrame:
    __module__ = "pandas.core"
    @property
    def columns(self):
        while True: pass
pandas = sys.modules["pandas"] = types.ModuleType("pandas")
pandas.DataFrame = DataFrame
x = DataFrame()
"""


def test_a_look_that_takes_long_is_cut(names: Names, tmp_path: Path) -> None:
    """Were it not, none of the answers would come: the library never gives the columns."""
    session, where = names[0], Where(str(tmp_path / "slow.py"))
    assert session.evaluate(SLOW, where.file).status == "ok"
    chain = Chain("x")
    for view in (
        CompleteView(where, "attribute", "", chain),
        CompleteView(where, "key", "", chain),
        DescribeView(where, Chain("x", (("attribute", "size"),))),
    ):
        assert refused(session, view) == "This takes too long to be shown."
    assert told(session, DescribeView(where, chain)).type == "pandas.core.DataFrame"
    assert session.evaluate("del sys.modules['pandas']", where.file).status == "ok"
