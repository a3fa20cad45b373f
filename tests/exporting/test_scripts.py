"""Sessions exported as programs: run by plain Python, their names have the session's values."""

from __future__ import annotations

import ast
import itertools
import json
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from conftest import INTERPRETERS, MAX_WAIT_S, MakeSession
from relive.exporting.places import name_of
from relive.exporting.program import program
from relive.exporting.script import script
from relive.exporting.session import about
from relive.session.session import Session
from relive.session.settings import Settings

Named = Callable[[str], str]
"""Gives the modules of a case names that no other case has."""
Act = Callable[[Session, Named], object]
_MODULES = re.compile(r"\b(job|helper|shop|other|texts|plugin)\b")


def ran(text: str, file: str | None = "job.py") -> Act:
    return lambda session, named: session.evaluate(
        named(text), file=None if file is None else named(file)
    )


def redefined(source: str, name: str | None = None, file: str = "job.py") -> Act:
    return lambda session, named: session.redefine(named(file), source=named(source), name=name)


def undo(session: Session, named: Named) -> None:
    session.undo()


def back(steps: int) -> Act:
    """Rewind to before the evaluation that is so many from the end."""

    def act(session: Session, named: Named) -> None:
        evaluations = [each.number for each in session.steps() if each.is_evaluation]
        session.rewind(evaluations[-steps])

    return act


@dataclass(frozen=True)
class Case:
    """What is done, in which files, and what is then looked at."""

    id: str
    acts: Sequence[Act]
    looks: Sequence[str | tuple[str, str]]
    """Expressions, with the name of the module unless it is `job`."""
    files: dict[str, str] = field(default_factory=dict)
    holds: Sequence[str] = ()
    """What the text has."""
    lacks: Sequence[str] = ()
    lacks_if_traced: Sequence[str] = ()
    """What need not be there if it is known what each statement did."""
    own: str = "job"
    stdin: str = ""


F1 = "def f(x):\n    return x + 1\n"
F2 = "def f(x):\n    return x + 2\n"
POINT = """\
class Point:
    scale = 1

    def __init__(self, x):
        self.x = x

    def far(self):
        return self.x * 10
"""
FAR = POINT.replace("* 10", "* 100")
SUPER = """\
class Base:
    def name(self):
        return "base"

class Loud(Base):
    def name(self):
        return super().name().upper()
"""

COUNTED = """\
def counted(f):
    calls = []
    def counting():
        calls.append(1)
        return f() + len(calls)
    return counting

@counted
def counts():
    return 0

"""
ROUTES = """\
R = {}

def route(path):
    def kept(f):
        R[path] = f
        return f
    return kept

@route("/a")
def view():
    return "a"

@route("/b")
def view():
    return "b"

"""
CACHED = """\
def cached(f):
    known = {}
    def look(n):
        if n not in known:
            known[n] = f(n)
        return known[n]
    return look

def square(n):
    return n * n

square = cached(square)
"""
TIMES = """\
def times(n):
    def around(f):
        calls = []
        def many(x):
            calls.append(x)
            return [f(x)] * n + [len(calls)]
        return many
    return around

"""
BUS = """\
class Bus:
    def __init__(self):
        self.heard = []
    def on(self, f):
        self.heard.append(f)
        return f
    def tell(self):
        return [f() for f in self.heard]
bus = Bus()
"""
KEEPING = """\
class Keeping:
    items = [5]
    limit = 5

    class Inner:
        def n(self):
            return 1

    def total(self):
        return sum(self.items)

    def old(self):
        return 0

"""

CASES = [
    Case("values", [ran("import math\nr = 2"), ran("area = math.pi * r ** 2")], ["r", "area"]),
    Case(
        "statements run as often as they did",
        [ran("n = 0"), *[ran("n += 1")] * 3],
        ["n"],
    ),
    Case(
        "what is only looked at may run with the last text",
        [ran(F1), ran("f(1)"), redefined(F2, "f"), ran("f(1)"), ran("y = f(1)")],
        ["f(10)", "y"],
        holds=["x + 2"],
        lacks_if_traced=["x + 1"],
    ),
    Case(
        "a value made with the first text needs the first text",
        [ran(F1), ran("y = f(1)\nalias = f"), redefined(F2, "f")],
        ["f(10)", "y", "alias(10)", "alias is f"],
        holds=["x + 1", "x + 2"],
    ),
    Case(
        "an object made before has the methods of after",
        [ran(POINT), ran("p = Point(3)"), redefined(FAR, "Point.far")],
        ["p.far()", "p.x", "type(p) is Point"],
        lacks_if_traced=["* 10\n", "_redefined"],
    ),
    Case(
        "a method that was used and then changed",
        [ran(POINT), ran("p = Point(3)\nd = p.far()"), redefined(FAR, "Point.far")],
        ["p.far()", "d", "type(p) is Point"],
        holds=["* 10\n", "* 100", "_redefined"],
    ),
    Case(
        "functions that a function had made",
        [
            ran(
                "def made():\n    n = 0\n    def more():\n        nonlocal n\n        n += 1\n"
                "        return n\n    return more, lambda: 1\nmore, one = made()\nmore()"
            ),
            redefined(
                "def made():\n    n = 0\n    def more():\n        nonlocal n\n        n += 10\n"
                "        return n\n    return more, lambda: 2\n"
            ),
            ran("last = more(), one()"),
        ],
        ["last"],
    ),
    Case(
        "a function behind a decorator, which has counted",
        [
            ran(f"{COUNTED}kept = counts\nfirst = kept()"),
            redefined(COUNTED.replace("return 0", "return 100")),
            ran("last = kept(), counts()"),
        ],
        ["first", "last", "kept is counts"],
    ),
    Case(
        "what a class keeps, and what it does not",
        [
            ran(
                f"{KEEPING}Keeping.items.append(1)\nKeeping.extra = 7\nk = Keeping()\nb = k.Inner()"
            ),
            ran("first = k.total(), b.n()"),
            redefined(
                KEEPING.replace("sum", "len")
                .replace("return 1", "return 2")
                .replace("limit = 5", "limit = 6")
                .replace("def old", "def new")
            ),
            ran("last = k.total(), b.n(), k.limit, k.extra, hasattr(k, 'old'), k.new()"),
        ],
        ["first", "last", "Keeping.items", "type(b) is Keeping.Inner"],
        holds=['kept="items"', 'gone="old"'],
    ),
    Case(
        "an enumeration with one member more",
        [
            ran("import enum\nclass Tone(enum.Enum):\n    LOW = 1\nlow = Tone.LOW"),
            redefined("import enum\nclass Tone(enum.Enum):\n    LOW = 1\n    HIGH = [2]\n"),
            ran("last = Tone([2]) is Tone.HIGH"),
        ],
        ["last", "low is Tone.LOW", "[each.name for each in Tone]"],
    ),
    Case(
        "super in a class that changes where it is",
        [
            ran(SUPER),
            ran("a = Loud()\nfirst = a.name()"),
            redefined(SUPER.replace("upper()", "title()"), "Loud.name"),
        ],
        ["a.name()", "first", "Loud().name()"],
    ),
    Case(
        "a class evaluated again with another field",
        [ran(POINT), ran("p = Point(1)"), ran(POINT.replace("scale = 1", "scale = 5"))],
        ["p.scale", "p.far()", "Point.scale"],
    ),
    Case(
        "a method added, another one removed",
        [
            ran(POINT),
            ran("p = Point(2)\nd = p.far()"),
            redefined(POINT.replace("def far", "def near")),
        ],
        ["p.near()", "hasattr(p, 'far')", "d"],
    ),
    Case(
        "the last text needs what came meanwhile",
        [
            ran(F1),
            ran("import functools\ncalls = []"),
            ran("@functools.lru_cache\ndef f(x):\n    calls.append(x)\n    return x + 3\n"),
            ran("y = f(1) + f(1)"),
        ],
        ["y", "calls"],
    ),
    Case(
        "an undo",
        [ran(F1), redefined(F2, "f"), undo],
        ["f(1)"],
        holds=["x + 1"],
        lacks=["x + 2"],
    ),
    Case(
        "an undo of what was used",
        [ran(F1), redefined(F2, "f"), ran("y = f(1)"), undo],
        ["f(1)", "y"],
    ),
    Case(
        "constants follow a redefinition and its undo",
        [
            ran("N = 1\nM = 1\n"),
            redefined("N = 2\nM = 2\n"),
            ran("seen = N"),
            undo,
        ],
        ["N", "M", "seen"],
    ),
    Case(
        "what failed is left out, what ran before it is not",
        [ran("a = 1\nb = 2\nc = a / 0\nd = 4"), ran("e = 5")],
        ["a", "b", "'c' in globals()", "e"],
        holds=["# Left out: it failed with ZeroDivisionError", "# c = a / 0"],
    ),
    Case(
        "what did not parse",
        [ran("a = 1"), ran("def (:"), ran("b = 2")],
        ["a", "b"],
        holds=["it failed with SyntaxError"],
    ),
    Case(
        "what code needs runs before it",
        [ran("total([1, 2])"), ran("y = total([3])")],
        ["y"],
        files={
            "job.py": "import functools\n\n# Adds.\ndef add(a, b):\n    return a + b\n\n"
            "def total(items):\n    return functools.reduce(add, items)\n\ntotal([1, 2])\n"
        },
        holds=["# Adds.", "import functools"],
    ),
    Case(
        "several modules",
        [
            ran("import shop.prices\nfrom shop.prices import price"),
            ran("x = price(10)"),
            ran("TAX = 2\nlog = [price(1)]", "shop/prices.py"),
            ran("y = price(10)\nz = shop.prices.TAX"),
        ],
        ["x", "y", "z", ("shop.prices", "TAX"), ("shop.prices", "log")],
        files={
            "shop/__init__.py": "",
            "shop/prices.py": "TAX = 1\n\n\ndef price(n):\n    return n * TAX\n",
        },
    ),
    Case(
        "a module that nobody imports",
        [ran("a = 1"), ran("b = 2", "other.py"), ran("c = [b]", "other.py"), ran("d = 4\ne = 5")],
        ["a", "d", ("other", "b"), ("other", "c")],
        files={"other.py": "raise SystemExit('it was never run whole')\n"},
    ),
    Case(
        "a file in a folder that is no package",
        [ran("a = 1"), ran("from texts import t\nb = [t]", "tools/shop.py")],
        ["a", ("shop", "b")],
        files={"tools/shop.py": "", "tools/texts.py": "t = 'told'\n"},
    ),
    Case(
        "a redefinition in an imported module",
        [
            ran("from helper import f, K\nimport helper"),
            ran("y = f(1)"),
            redefined(F2 + "\n\nK = 7\n", file="helper.py"),
            ran("z = f(1)"),
        ],
        ["y", "z", "f(5)", ("helper", "f(5)"), ("helper", "K"), "helper.f is f"],
        files={"helper.py": F1 + "\n\nK = 1\n"},
    ),
    Case(
        "the code's own module is imported by another",
        [
            ran(
                "class Base:\n    made = []\n\n    def __init__(self):\n        self.made.append(1)\n"
            ),
            ran("import plugin\np = plugin.Plugin()"),
        ],
        ["Base.made", "isinstance(p, Base)"],
        files={"plugin.py": "import job\n\n\nclass Plugin(job.Base):\n    pass\n"},
    ),
    Case(
        "a main guard that was sent, and one that was not",
        [
            ran("ran = []\nif __name__ == '__main__':\n    ran.append(1)"),
            ran("name = __name__"),
        ],
        ["ran", "name"],
    ),
    Case("input", [ran("a = 1"), ran("b = input()")], ["a"], stdin="typed\n"),
    Case(
        "features from the future",
        [ran("from __future__ import annotations"), ran("def f(x: missing) -> None: ...")],
        ["f.__annotations__"],
        files={"job.py": "from __future__ import annotations\n"},
    ),
    Case(
        "await outside of functions",
        [
            ran("import asyncio"),
            ran("async def g():\n    await asyncio.sleep(0)\n    return 5"),
            ran("v = await g()"),
            ran("w = v + 1"),
        ],
        ["v", "w"],
    ),
    Case(
        "the values shown last",
        [ran("20 + 2"), ran("a = _ * 2"), ran("_ + 1"), ran("b = _, __")],
        ["a", "b"],
    ),
    Case(
        "code of no file",
        [ran("a = [1]", None), ran("a.append(2)", None)],
        ["a"],
        own="scratch",
    ),
    Case(
        "quotes and backslashes in another module",
        [
            ran("a = 1\nb = 2\nc = 3"),
            ran("t = '''one\n\\n'''\nu = \"\"\"two\\\\\"\"\"", "texts.py"),
        ],
        [("texts", "t"), ("texts", "u")],
    ),
    Case(
        "what the log leaves out",
        [ran("key = 'secret'  # relive: nolog"), ran("a = 1")],
        ["a"],
        lacks=["secret"],
    ),
    Case(
        "several definitions of one name",
        [ran(ROUTES), ran("first = R['/a'](), R['/b'](), view()")],
        ["first", "sorted(R)"],
    ),
    Case(
        "several definitions of one name, one of which changes, and an undo",
        [
            ran(ROUTES),
            ran("first = R['/a'](), R['/b'](), view()"),
            redefined(ROUTES.replace('"a"', '"A"')),
            ran("then = R['/a'](), R['/b'](), view()"),
            undo,
        ],
        ["first", "then", "R['/a']()", "R['/b']()", "view()"],
        files={"job.py": ROUTES},
    ),
    Case(
        "handlers of one name",
        [
            ran("import functools\n@functools.singledispatch\ndef told(x):\n    return 'any'"),
            ran(
                "@told.register\ndef _(x: int):\n    return 'int'\n\n"
                "@told.register\ndef _(x: str):\n    return 'str'\n"
            ),
        ],
        ["told(1), told(''), told(1.0)"],
    ),
    Case(
        "a function behind what was made of it",
        [
            ran(CACHED),
            ran("first = square(3)"),
            ran("def square(n):\n    return n * n * n\n"),
        ],
        ["first", "square(3)", "square(2)"],
    ),
    Case(
        "what a decorator registered in a list",
        [
            ran(BUS),
            ran("@bus.on\ndef one():\n    return 1\n"),
            ran("first = bus.tell()"),
            ran("@bus.on\ndef one():\n    return 2\n"),
        ],
        ["first", "bus.tell()"],
    ),
    Case(
        "what a class statement registered in a list",
        [
            ran(
                "class Base:\n    kinds = []\n    def __init_subclass__(cls):\n"
                "        Base.kinds.append(cls)\n"
                "class One(Base):\n    def go(self):\n        return 1\n"
            ),
            ran("one = One()\nfirst = [each().go() for each in Base.kinds]"),
            ran("class One(Base):\n    def go(self):\n        return 2\n"),
        ],
        ["first", "[each().go() for each in Base.kinds]", "one.go()"],
    ),
    Case(
        "a decorator that is given something else",
        [
            ran(f"{TIMES}@times(2)\ndef f(x):\n    return x\nkept = f\nfirst = f(1)"),
            ran("@times(3)\ndef f(x):\n    return x\n"),
        ],
        ["first", "f(1)", "kept(1)"],
    ),
    Case(
        "annotations, slots, bases and fields",
        [
            ran("def f(a: int = 1) -> int:\n    return a\nfirst = f()"),
            ran("class S:\n    __slots__ = ('a',)\ns = S()\ns.a = 1"),
            ran("class A:\n    p = 1\nclass B:\n    p = 2\nclass C(A):\n    pass\nc = C()"),
            ran("import typing\nclass N(typing.NamedTuple):\n    a: int\nn = N(1)"),
            ran("def f(a: str = '') -> str:\n    return a\n"),
            ran("class S:\n    __slots__ = ('a', 'b')\nt = S()\nt.b = 2"),
            ran("class C(B):\n    pass\n"),
            ran("class N(typing.NamedTuple):\n    a: int\n    b: int = 2\nm = N(5)"),
        ],
        ["first", "f.__annotations__", "s.a, t.b", "c.p, C.p", "n, m"],
    ),
    Case(
        "values shown last that are read in functions, tuples, and awaited",
        [
            ran("import asyncio"),
            ran("def last():\n    return _\n"),
            ran("1, 2;"),
            ran("a = last()"),
            ran("await asyncio.sleep(0, 5)"),
            ran("b = (lambda: _)()"),
        ],
        ["a", "b"],
    ),
    Case(
        "a definition under a name that had a value",
        [ran("f = 1\nkept = f"), ran(F1), ran("y = f(1)"), ran("f = 3"), ran(F2)],
        ["kept", "y", "f(1)"],
    ),
]


@pytest.fixture(scope="module", params=["traced", "not traced"])
def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One process for all cases: each has its files and modules to itself."""
    folder = tmp_path_factory.mktemp("exported")
    settings = Settings(staleness=request.param == "traced")
    with Session(cwd=folder, settings=settings, ask=lambda _, reply: reply("typed")) as made:
        assert made.evaluate("import sys").status == "ok"  # the process is there
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_program_gives_the_state_of_the_session(
    case: Case, session: Session, tmp_path: Path
) -> None:
    check(case, session, tmp_path)


def test_what_was_rewound_is_not_there(make_session: MakeSession, tmp_path_factory: Any) -> None:
    acts = [ran("n = 1"), ran("n = 4321"), ran("bad = n"), back(2), ran("m = n")]
    case = Case("rewound", acts, ["n", "m", "'bad' in globals()"], lacks=["4321"])
    check(case, make_session(), tmp_path_factory.mktemp("elsewhere"))


EVERYTHING = Case(
    "all that programs are helped with",
    [
        ran(SUPER),
        ran("import asyncio\nfrom helper import f"),
        ran("import enum\nclass Tone(enum.Flag):\n    LOW = 1\nlow = Tone.LOW"),
        redefined("import enum\nclass Tone(enum.Flag):\n    LOW = 1\n    HIGH = 2\n", "Tone"),
        ran("a = Loud()\nfirst = a.name(), f(1)\nkept = f"),
        redefined(SUPER.replace("upper()", "title()"), "Loud.name"),
        redefined(F2, file="helper.py"),
        ran("v = await asyncio.sleep(0, f(1))"),
        ran("v + 1"),
        ran("w = _"),
        ran("b = [1]", "other.py"),
    ],
    [
        "a.name()",
        "first",
        "low is Tone.LOW",
        "(low | Tone.HIGH).value",
        "v",
        "w",
        "kept is f",
        ("other", "b"),
    ],
    files={"helper.py": F1, "other.py": ""},
)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Any, list[str]]:
    """A program that needs all of that help, what is looked at in it, and what is seen there."""
    folder = tmp_path_factory.mktemp("everything")
    with Session(cwd=folder, settings=Settings(staleness=True)) as session:
        return done(EVERYTHING, session)


def test_a_program_runs_on_each_python(
    everything: tuple[str, Any, list[str]], python: str, tmp_path: Path
) -> None:
    text, looks, wanted = everything
    for part in ("def _in(", "def _redefined(", "def _shown("):
        assert part in text
    assert outcome(text, tmp_path, looks, "", python) == wanted


_numbers = itertools.count()


def check(case: Case, session: Session, elsewhere: Path) -> None:
    """Do what a case says, and compare the process with the program."""
    text, looks, wanted = done(case, session)
    for part in case.holds:
        assert part in text
    lacks = [*case.lacks, *case.lacks_if_traced] if session.settings.staleness else case.lacks
    for part in lacks:
        assert part not in text
    assert outcome(text, elsewhere, looks, case.stdin) == wanted, text


def done(case: Case, session: Session) -> tuple[str, list[tuple[str, str]], list[str]]:
    """Do what a case says; return the program, what is looked at, and what is seen then."""
    number = next(_numbers)
    named = partial(_MODULES.sub, rf"\g<1>{number}")
    for name, text in {"job.py": "", **case.files}.items():
        file = Path(session.home, named(name))
        file.parent.mkdir(exist_ok=True)
        file.write_text(named(text))
    before = len(session.steps())
    for act in case.acts:
        act(session, named)
    steps = session.steps()[before:]
    looks = [each if isinstance(each, tuple) else (case.own, each) for each in case.looks]
    looks = [(named(module), named(look)) for module, look in looks]
    wanted = seen(session, looks)
    return script(program(steps, name_of), about(session)), looks, wanted


def seen(session: Session, looks: list[tuple[str, str]]) -> list[str]:
    """Return what is seen in the process."""
    each = "repr(eval({!r}, vars(sys.modules[{!r}])))"
    whole = ", ".join(each.format(look, module) for module, look in looks)
    answer = session.evaluate(f"import json, sys\njson.dumps([{whole}])")
    assert answer.status == "ok", answer.error
    shown = answer.results[-1].value
    assert shown is not None
    return json.loads(ast.literal_eval(session.value(shown).text().text))


def outcome(
    text: str,
    folder: Path,
    looks: list[tuple[str, str]],
    stdin: str,
    python: str = INTERPRETERS["3.12"],
) -> list[str]:
    """Run an exported program, and return what is seen in it."""
    file = folder / "exported.py"
    own = "globals()"
    scopes = [
        f"vars(_sys.modules[{module!r}])" if module != "scratch" else own for module, _ in looks
    ]
    seen = ", ".join(
        f"repr(eval({look!r}, {scope}))" for (_, look), scope in zip(looks, scopes, strict=True)
    )
    file.write_text(f"{text}\nprint(__import__('json').dumps([{seen}]))\n")
    told = subprocess.run(
        [python, "-X", "dev", "-W", "ignore", file],
        check=False, cwd=folder, capture_output=True, text=True, input=stdin, timeout=MAX_WAIT_S,
    )  # fmt: skip
    assert told.returncode == 0, f"{told.stderr}\n{text}"
    return json.loads(told.stdout.splitlines()[-1])
