"""Names that are being written: what the live process knows of them, without running anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import VERSIONS, lasting
from relive.session.naming import CompleteView, Described, DescribeView, Options, Where
from relive.session.session import Session
from relive.session.settings import Settings
from relive.source.positions import position_of
from relive.source.written import Chain, call_at, written_at
from viewing import told

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
    session, where = names
    position = position_of(text, len(text))
    written = written_at(text, position)
    assert written is not None
    call = call_at(text, position) if written.kind == "name" else None
    around = None if call is None else call.chain
    view = CompleteView(where, written.kind, written.prefix, written.chain, around)
    return told(session, view)


COMPLETIONS: dict[str, tuple[str, list[tuple[str, str, str | None]]]] = {
    "name": ("ta", [("table", "value", "names.Dict")]),
    "function": ("func", [("function", "function", "function(alpha, beta=1, *, gamma)")]),
    "own attributes": ("it.o", [("own", "value", "dict")]),
    "slot": ("it.s", [("slot", "value", "list"), ("shared", "value", "int")]),
    "method": ("it.inh", [("inherited", "method", "inherited(self, a, b=2)")]),
    "property": ("it.la", [("lazy", "property", "property")]),
    "of a class": ("Sub.ma", [("made", "method", "made(cls, n)")]),
    "of a module": ("module.", [("inside", "value", "int")]),
    "key": ('it.own["', [("k", "key", "dict"), ("3", "key", "str"), ("a b", "key", "int")]),
    "deep key": ('it.own["k"]["', [("deep", "key", "int")]),
    "through items": ('nested[0]["x"].own["k"]["d', [("deep", "key", "int")]),
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
