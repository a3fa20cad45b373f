"""The names of modules and frames, and what they stand for, told without any code of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import VERSIONS, MakeSession, lasting
from relive.session.session import Session
from relive.session.settings import Settings
from relive.session.variables import ListedVariable, ModulesView, Variables, VariablesView
from relive.session.viewing import ChildrenView, TextView
from viewing import refused, told

BEGUN = """\
ran, armed = [], []
def note(self, *rest, **more):
    if armed:
        ran.append(1)
        raise SystemExit
    raise AttributeError
"""
"""Hostile code notes that it ran, once it is armed, and ends."""
ALL = (
    "__repr__ __str__ __len__ __iter__ __getitem__ __eq__ __hash__ __bool__ __dir__ __getattr__"
    " __getattribute__ __format__ __sizeof__ __contains__ __length_hint__ __call__ __get__"
)
HOSTILE = {
    "methods": f"class H: pass\nx = H()\nfor n in {ALL!r}.split(): setattr(H, n, note)",
    "property": "class H:\n    p = property(note)\n    __class__ = property(note)\nx = H()",
    "dict property": "class H:\n    __dict__ = property(note)\nx = H()",
    "descriptor": "class D:\n    __get__ = note\nclass H:\n    d = D()\nx = H()",
    "metaclass": (
        "class M(type):\n    __getattribute__ = __repr__ = __instancecheck__ = __eq__ = note\n"
        "    __subclasscheck__ = note\n    __module__ = property(note)\n"
        "    def __hash__(self): return note(self) if armed else 1\n"
        "class H(metaclass=M): pass\nx = H()"
    ),
    "list": "class H(list):\n    __len__ = __iter__ = __getitem__ = __repr__ = note\nx = H([1])",
    "dict": (
        "class H(dict):\n    keys = items = __len__ = __iter__ = __getitem__ = __repr__ = note\n"
        "x = H(a=1)"
    ),
    "text": "class H(str):\n    __len__ = __repr__ = __str__ = __getitem__ = note\nx = H('abc')",
    "number": "class H(int):\n    __repr__ = __str__ = __index__ = bit_length = note\nx = H(7)",
    "key": (
        "class K:\n    def __hash__(self): return note(self) if armed else 1\n"
        "    __eq__ = __repr__ = note\nx = {K(): 1}"
    ),
    "module": (
        "import types\nclass H(types.ModuleType):\n    __getattr__ = __getattribute__ = note\n"
        "    __repr__ = __dir__ = note\nx = H('hostile')"
    ),
    "function": "def x(a=type('R', (), {'__repr__': note})()): pass\nx.__signature__ = 1",
    "wrapped": "class W:\n    __get__ = note\ndef x(): pass\nx.__wrapped__ = W()",
    "generator": "def g():\n    note(0)\n    yield 1\nx = g()",
    "slots": "class H:\n    __slots__ = ('a', 'b')\n    __repr__ = note\nx = H(); x.a = 1",
    "mapping proxy": "class H:\n    a = property(note)\nx = H.__dict__",
    "exception": "class H(Exception):\n    __str__ = __repr__ = note\nx = H(1)",
    "lazy": "class H:\n    @property\n    def shape(self): return note(self)\nx = H()",
}
LIBRARY = {
    "pandas frame": (
        "import pandas\nclass H(pandas.DataFrame):\n"
        "    @property\n    def columns(self): return note(self)\n"
        "    @columns.setter\n    def columns(self, value): pass\nx = H.__new__(H)"
    ),
    "numpy array": (
        "import numpy\nclass H(numpy.ndarray):\n    shape = dtype = property(note)\n"
        "x = numpy.ndarray.__new__(H, (2,))"
    ),
}


@pytest.fixture(scope="module", params=VERSIONS)
def session(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    """A session that does not trace: what looks at statements is not what is tried here."""
    with lasting(request.param, tmp_path_factory.mktemp("names"), Settings(), []) as session:
        yield session


def fresh(session: Session, folder: Path, code: str, name: str = "names") -> str:
    """Have code run in a module of its own, and return its file."""
    file = folder / f"{name}_{abs(hash(code)):x}.py"
    file.write_text("")
    done = session.evaluate(code, str(file))
    assert done.status == "ok", done.error
    return str(file)


def named(found: Variables) -> dict[str, ListedVariable]:
    return {each.name: each for each in found.items}


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_code_of_a_value_runs(session: Session, tmp_path: Path, code: str) -> None:
    file = fresh(session, tmp_path, f"{BEGUN}{code}\narmed.append(1)")
    found = named(told(session, VariablesView(file)))
    variable = found["x"]
    assert variable.text
    assert variable.type
    told(session, VariablesView(file, filter="X"))
    for part in told(session, VariablesView(parent=variable.ref)).items:
        told(session, VariablesView(parent=part.ref))
    assert named(told(session, VariablesView(file)))["ran"].text == "[]"


@pytest.mark.parametrize("code", LIBRARY.values(), ids=LIBRARY.keys())
def test_no_code_of_a_class_made_from_a_librarys_runs(
    fast_session: Session, tmp_path: Path, code: str
) -> None:
    file = fresh(fast_session, tmp_path, f"{BEGUN}{code}\narmed.append(1)")
    found = named(told(fast_session, VariablesView(file)))
    assert (found["x"].children, found["ran"].text) == (False, "[]")


TEXTS = {
    "number": ("x = 1", "1", "int", None, "value"),
    "text": ("x = 'hallo'", "'hallo'", "str", "5 characters", "value"),
    "bytes": ("x = b'a'", "b'a'", "bytes", "1 byte", "value"),
    "list": ("x = [1, 'a']", "[1, 'a']", "list", "2 items", "value"),
    "nothing": ("x = None", "None", "NoneType", None, "value"),
    "container of a library": (
        "import collections\nx = collections.Counter(a=2)",
        "Counter({{'a': 2}})",
        "collections.Counter",
        "1 item",
        "value",
    ),
    "object": (
        "class P:\n    def __init__(self): self.a, self.b = 1, [2]\nx = P()",
        "P(a=1, b=[2])",
        "{module}.P",
        None,
        "value",
    ),
    "member": (
        "import enum\nclass C(enum.Enum):\n    RED = 1\nx = C.RED",
        "C.RED",
        "{module}.C",
        None,
        "value",
    ),
    "of the library": (
        "import datetime\nx = datetime.date(2020, 1, 2)",
        "datetime.date(2020, 1, 2)",
        "datetime.date",
        None,
        "value",
    ),
    "function": (
        "def x(a, /, b=1, *rest, c, d=(1, 2), **more): pass",
        "x(a, /, b=1, *rest, c, d=(1, 2), **more)",
        "function",
        None,
        "function",
    ),
    "method": (
        "class P:\n    def m(self, a): pass\nx = P().m",
        "m(a)",
        "method",
        None,
        "function",
    ),
    "in C": ("x = len", "len(obj, /)", "builtin_function_or_method", None, "function"),
    "class": ("class x: pass", "class {module}.x", "type", None, "class"),
    "module": ("import json as x", "module json", "module", None, "module"),
}


@pytest.mark.parametrize(("code", "text", "kind", "size", "what"), TEXTS.values(), ids=TEXTS.keys())
def test_what_is_told_of_a_name(
    session: Session,
    tmp_path: Path,
    code: str,
    text: str,
    kind: str,
    size: str | None,
    what: str,
) -> None:
    file = fresh(session, tmp_path, code)
    module = Path(file).stem
    found = named(told(session, VariablesView(file)))["x"]
    assert found.text == text.format(module=module)
    assert (found.type, found.size, found.kind) == (kind.format(module=module), size, what)


def test_data_is_told_by_its_shape(fast_session: Session) -> None:
    fast_session.evaluate(
        "import numpy, pandas, polars\na = numpy.zeros((3, 4))\n"
        "d = pandas.DataFrame({'k': [1, 2]})\np = polars.DataFrame({'k': [1]})\ns = d['k']"
    )
    found = named(told(fast_session, VariablesView()))
    sizes = {name: found[name].size for name in "adps"}
    assert sizes == {
        "a": "3 × 4",
        "d": "2 rows × 1 column",
        "p": "1 row × 1 column",
        "s": "2 rows",
    }
    (column,) = told(fast_session, VariablesView(parent=found["d"].ref)).items
    assert (column.name, column.size) == ("['k']", "2 rows")


def test_values_come_first_and_modules_last(session: Session, tmp_path: Path) -> None:
    code = "import sys\nclass C: pass\ndef f(): pass\nlast = 1\n__hidden = 2\n_shown = 3"
    file = fresh(session, tmp_path, code)
    found = told(session, VariablesView(file))
    assert [each.name for each in found.items] == ["last", "_shown", "f", "C", "sys"]
    assert found.total == 5


def test_a_hundred_thousand_names_come_a_page_at_a_time(session: Session, tmp_path: Path) -> None:
    code = "def import_first(): pass\nfor _n in range(100_000): globals()[f'n{_n}'] = _n"
    file = fresh(session, tmp_path, code)
    found = told(session, VariablesView(file, start=50_000, count=3))
    assert [each.text for each in found.items] == ["49999", "50000", "50001"]
    assert found.total == 100_002
    last = told(session, VariablesView(file, start=100_001, count=5)).items
    assert [each.name for each in last] == ["import_first"]
    (some,) = told(session, VariablesView(file, filter="N77777")).items
    assert (some.name, some.text) == ("n77777", "77777")
    assert told(session, TextView(some.ref)).text == "77777"
    assert len(told(session, VariablesView(file, count=1_000_000)).items) == 1_000


def test_the_parts_of_a_value_come_a_page_at_a_time(session: Session, tmp_path: Path) -> None:
    file = fresh(session, tmp_path, "x = {f'k{n}': [n] for n in range(1_000)}")
    (x,) = told(session, VariablesView(file)).items
    found = told(session, VariablesView(parent=x.ref, start=998, count=5))
    assert [each.name for each in found.items] == ["['k998']", "['k999']"]
    assert found.total == 1_000
    (some,) = told(session, VariablesView(parent=x.ref, filter="k777")).items
    (inner,) = told(session, VariablesView(parent=some.ref)).items
    assert (inner.name, inner.text) == ("[0]", "777")
    assert told(session, ChildrenView(some.ref)).items[0].value.text == "777"


def test_a_ref_holds_until_what_it_names_is_another(session: Session, tmp_path: Path) -> None:
    file = fresh(session, tmp_path, "x = [1]")
    (x,) = told(session, VariablesView(file)).items
    session.evaluate("x.append(2)", file)
    assert told(session, TextView(x.ref)).text == "[1, 2]"
    session.evaluate("del x", file)
    assert refused(session, TextView(x.ref))
    assert told(session, VariablesView(file)).items == ()


def test_listing_keeps_nothing_alive(session: Session, tmp_path: Path) -> None:
    code = "import weakref\nclass C: pass\nx = C()\nw = weakref.ref(x)"
    file = fresh(session, tmp_path, code)
    for each in told(session, VariablesView(file)).items:
        told(session, VariablesView(parent=each.ref))
    session.evaluate("del x", file)
    assert session.evaluate("w() is None", file).results[0].value.text == "True"  # type: ignore[union-attr]


def test_the_modules_of_the_workspace(
    make_session: MakeSession, workspace: Path, python: str
) -> None:
    for name, text in {"one.py": "import two\na = 1", "two.py": "b = 1\nc = 2"}.items():
        (workspace / name).write_text(text)
    session = make_session(python)
    assert refused(session, ModulesView())  # no process is started for it
    assert session.info().pid is None
    session.evaluate("s = 1")
    session.evaluate("import two", str(workspace / "one.py"))
    found = told(session, ModulesView())
    assert [(each.name, each.names) for each in found] == [("scratch", 1), ("one", 1), ("two", 2)]
    assert found[2].file == str(workspace / "two.py")
    assert [each.name for each in told(session, VariablesView(parent=found[2].ref)).items] == [
        "b",
        "c",
    ]
    again = told(session, ModulesView())
    assert [each.ref for each in again] == [each.ref for each in found]


def test_the_variables_of_a_frame_that_is_held(make_session: MakeSession) -> None:
    session = make_session(settings=Settings(hold_errors="evaluated"))
    code = "def f(n):\n    m = [n]\n    return 1 / 0\nf(7)"
    if session.evaluate(code).status != "held":
        pytest.skip("no error is held by this CPython")
    found = told(session, VariablesView(frame=(1, 0)))
    assert [(each.name, each.text) for each in found.items] == [("n", "7"), ("m", "[7]")]
    (part,) = told(session, VariablesView(parent=found.items[1].ref)).items
    assert part.text == "7"
    assert "frame 99" in refused(session, VariablesView(frame=(1, 99)))
    session.resume("abandon")
    assert refused(session, VariablesView(frame=(1, 0)))
    assert refused(session, VariablesView(parent=found.items[1].ref))
