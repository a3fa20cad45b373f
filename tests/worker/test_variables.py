"""The names of modules and frames, and what they stand for, told without any code of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import VERSIONS, MakeSession, lasting
from hostile_values import BEGUN, HOSTILE, LIBRARY
from relive.session.session import Session
from relive.session.settings import Settings
from relive.session.variables import ListedVariable, ModulesView, Variables, VariablesView
from relive.session.viewing import ChildrenView, TextView
from viewing import refused, told


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
