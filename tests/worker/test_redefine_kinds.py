"""Edits of a whole file, by kind: (text, set-up, old, new, probe, what a person expects to see)."""

from __future__ import annotations

from pathlib import Path

import pytest

from relive.session.answers import Evaluation
from relive.session.session import Session


@pytest.fixture
def session(long_session: Session) -> Session:
    return long_session


KINDS = {
    # whole-file edits: name: (text, set-up, old, new, probe, expected)
    "constant": ("K = 1\ndef f():\n    return K\n", "None", "K = 1", "K = 2", "f()", "2"),
    "derived constant": ("K = 1\nD = {'k': K * 10}\n", "None", "K = 1", "K = 2", "D", "{'k': 20}"),
    "state kept": (
        "K = 1\nitems = list()\n",
        "items.append(1)",
        "K = 1",
        "K = 2",
        "items, K",
        "([1], 2)",
    ),
    "name added": (
        "K = 1\n",
        "None",
        "K = 1\n",
        "K = 1\nN = len('abc')\ndef g(n=N): return n\n",
        "g()",
        "3",
    ),
    "statement added": (
        "log = []\n",
        "None",
        "log = []\n",
        "log = []\nlog.append('x')\n",
        "log",
        "['x']",
    ),
    "function removed": (
        "def f(): pass\nK = 1\n",
        "g = f",
        "def f(): pass\n",
        "",
        "'f' in globals(), g()",
        "(False, None)",
    ),
    "function to class": (
        "def f():\n    return 1\n",
        "g = f",
        "def f():\n    return 1\n",
        "class f:\n    x = 1\n",
        "g().x, f().x",
        "(1, 1)",
    ),
    "class to function": (
        "class f:\n    pass\n",
        "g = f",
        "class f:\n    pass\n",
        "def f():\n    return 3\n",
        "f()",
        "3",
    ),
    "decorator added": (
        "def deco(fn):\n    return lambda: fn() + 1\ndef f():\n    return 1\n",
        "g = f",
        "def f",
        "@deco\ndef f",
        "f(), g()",
        "(2, 2)",
    ),
    "decorator removed": (
        "def deco(fn):\n    return lambda: fn() + 1\n@deco\ndef f():\n    return 1\n",
        "g = f",
        "@deco\ndef f",
        "def f",
        "f(), g()",
        "(1, 1)",
    ),
    "decorator itself": (
        "def deco(fn):\n    def inner():\n        return fn() + 1\n    return inner\n@deco\ndef f():\n    return 1\n",
        "g = f",
        "fn() + 1",
        "fn() + 5",
        "f(), g()",
        "(6, 6)",
    ),
    "lru cache cleared": (
        "import functools\n@functools.lru_cache(None)\ndef f():\n    return 1\n",
        "f()",
        "return 1",
        "return 2",
        "f()",
        "2",
    ),
    "cached property": (
        "import functools\nclass C:\n    @functools.cached_property\n    def p(self):\n        return 1\n",
        "c = C(); c.p",
        "return 1",
        "return 2",
        "c.p",
        "2",
    ),
    "class attribute": ("class C:\n    x = 1\n", "c = C()", "x = 1", "x = 2", "c.x", "2"),
    "class attribute changed by the program": (
        "class C:\n    x = 1\n    y = 1\n",
        "C.x = 9",
        "y = 1",
        "y = 2",
        "C.x, C.y",
        "(9, 2)",
    ),
    "bases": (
        "class A:\n    def a(self): return 'A'\nclass B:\n    def b(self): return 'B'\nclass C(A):\n    pass\n",
        "c = C()",
        "class C(A)",
        "class C(A, B)",
        "c.b(), isinstance(c, B), type(c) is C",
        "('B', True, True)",
    ),
    "dataclass field": (
        "import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\n",
        "p = P(1); Q = P",
        "    x: int\n",
        "    x: int\n    y: int = 5\n",
        "p.y, Q(1, 2), isinstance(p, P), P is Q",
        "(5, P(x=1, y=2), True, True)",
    ),
    "dataclass factory": (
        "import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\n",
        "p = P(1)",
        "    x: int\n",
        "    x: int\n    y: list = dataclasses.field(default_factory=list)\n",
        "p.y, P(1)",
        "([], P(x=1, y=[]))",
    ),
    "dataclass method": (
        "import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\n    def m(self): return 1\n",
        "p = P(1); b = p.m",
        "return 1",
        "return 2",
        "p.m(), b()",
        "(2, 2)",
    ),
    "dataclass frozen": (
        "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass P:\n    x: int = 1\n",
        "p = P()",
        "x: int = 1",
        "x: int = 2",
        "P().x, isinstance(p, P)",
        "(2, True)",
    ),
    "enum member": (
        "import enum\nclass E(enum.Enum):\n    A = 1\n",
        "a = E.A",
        "    A = 1\n",
        "    A = 1\n    B = 2\n",
        "E.A is a, E.B, E(2), E['B'], list(E), isinstance(E.B, E)",
        "(True, <E.B: 2>, <E.B: 2>, <E.B: 2>, [<E.A: 1>, <E.B: 2>], True)",
    ),
    "enum method": (
        "import enum\nclass E(enum.Enum):\n    A = 1\n    def m(self): return 1\n",
        "a = E.A",
        "return 1",
        "return 2",
        "a.m()",
        "2",
    ),
    "abstract class": (
        "import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def m(self): pass\nclass B(A):\n    def m(self): return 1\n",
        "b = B()",
        "return 1",
        "return 2",
        "b.m(), isinstance(b, A)",
        "(2, True)",
    ),
    "super in merged class": (
        "class A:\n    def m(self): return 'A'\nclass X:\n    pass\nclass C(A):\n    def m(self): return super().m()\n",
        "c = C(); b = c.m",
        "class C(A):\n    def m(self): return super().m()",
        "class C(A, X):\n    def m(self): return super().m() + '!'\n    def n(self): return super().m()",
        "c.m(), b(), c.n()",
        "('A!', 'A!', 'A')",
    ),
    "registration not twice": (
        "R = []\ndef reg(c):\n    R.append(c)\n    return c\n@reg\nclass C:\n    x: int = 1\n",
        "c = C()",
        "x: int = 1",
        "x: int = 2",
        "len(R), R[0] is C, c.x",
        "(1, True, 2)",
    ),
    "registered function not twice": (
        "R = []\ndef reg(f):\n    R.append(f)\n    return f\n@reg\ndef f():\n    return 1\n",
        "None",
        "return 1",
        "return 2",
        "len(R), R[0]()",
        "(1, 2)",
    ),
    "class removed": (
        "class C: pass\nK = 1\n",
        "c = C()",
        "class C: pass\n",
        "",
        "'C' in globals()",
        "False",
    ),
    "conditional definitions": (
        "if True:\n    def f(): return 1\nelse:\n    def f(): return 5\n",
        "g = f",
        "return 1",
        "return 2",
        "g()",
        "2",
    ),
    "type checking block": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nowhere\ndef f(): return 1\n",
        "None",
        "import nowhere",
        "import nowhere2",
        "f()",
        "1",
    ),
    "comments only": (
        "def f():\n    return 1\n",
        "g = f",
        "return 1",
        "return 1  # one",
        "g()",
        "1",
    ),
    "main guard": (
        "K = 1\nif __name__ == '__main__':\n    K = 5\n",
        "None",
        "K = 5",
        "K = 7",
        "K",
        "1",
    ),
    "lambda bound to a name": ("f = lambda: 1\n", "g = f", "lambda: 1", "lambda: 2", "f()", "2"),
    "singledispatch": (
        "import functools\n@functools.singledispatch\ndef f(x):\n    return 'any'\n@f.register(int)\ndef f_int(x):\n    return 'int'\n",
        "g = f",
        "'int'",
        "'INT'",
        "g(1), g('')",
        "('INT', 'any')",
    ),
    "context manager": (
        "import contextlib\n@contextlib.contextmanager\ndef f():\n    yield 1\n",
        "g = f",
        "yield 1",
        "yield 2",
        "g().__enter__()",
        "2",
    ),
    "property gains a setter": (
        "class C:\n    @property\n    def p(self): return self._p\n",
        "c = C(); c._p = 1",
        "    def p(self): return self._p\n",
        "    def p(self): return self._p\n    @p.setter\n    def p(self, v): self._p = v * 2\n",
        "setattr(c, 'p', 4) or c.p",
        "8",
    ),
    "method to static": (
        "class C:\n    def m(self): return 1\n",
        "c = C()",
        "    def m(self): return 1",
        "    @staticmethod\n    def m(): return 2",
        "c.m(), C.m()",
        "(2, 2)",
    ),
}


def value(evaluation: Evaluation) -> str:
    assert evaluation.status == "ok", evaluation.error
    last = evaluation.results[-1].value
    assert last is not None
    return last.text


def check(session: Session, file: Path, case: tuple[str, ...], *, imported: bool) -> None:
    text, setup, old, new, probe, expected = case
    file.write_text(text)
    loaded = session.evaluate(f"import {file.stem}") if imported else session.evaluate(text, file)
    assert loaded.status == "ok", loaded.error
    value(session.evaluate(f"{setup}\nNone", file))
    assert text.count(old) >= 1
    receipt = session.redefine(file, text.replace(old, new))
    assert receipt.error is None, receipt.error
    assert value(session.evaluate(probe, file)) == expected, receipt


@pytest.mark.parametrize("case", KINDS.values(), ids=KINDS.keys())
def test_an_edit_of_an_imported_module(
    session: Session, workspace: Path, case: tuple[str, ...]
) -> None:
    check(session, workspace / "kind.py", case, imported=True)


@pytest.mark.parametrize("case", [k for n, k in KINDS.items() if n != "main guard"])
def test_an_edit_of_an_evaluated_file(
    fast_session: Session, workspace: Path, case: tuple[str, ...]
) -> None:
    check(fast_session, workspace / "kind.py", case, imported=False)


def test_names_imported_elsewhere_follow(session: Session, workspace: Path) -> None:
    package = workspace / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from .base import RATE, Old as Renamed\nfrom .base import *\n"
    )
    base = package / "base.py"
    base.write_text("RATE = 1\nclass Meta(type): pass\nclass Old: pass\ndef make(): return Old()\n")
    (workspace / "user.py").write_text(
        "from pkg import RATE as r, make\nOTHER = 1\ndef look(): return r\n"
    )
    session.evaluate("import user, pkg")
    session.redefine(base, base.read_text().replace("RATE = 1", "RATE = 2"))
    assert value(session.evaluate("user.look(), pkg.RATE, user.OTHER")) == "(2, 2, 1)"
    text = base.read_text().replace("RATE = 1", "RATE = 2")
    text = text.replace("def make(): return Old()", "class make:\n    kind = 'class'")
    session.redefine(base, text)
    assert value(session.evaluate("user.make().kind, user.make is pkg.make")) == "('class', True)"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("class S:\n    __slots__ = ('a',)", "class S:\n    __slots__ = ('a', 'b')", "slots"),
        ("class M(metaclass=Meta):", "class M(dict, metaclass=Meta):", "bases"),
        ("    A = 1\n", "    A = 2\n", "member 'A'"),
    ],
)
def test_what_cannot_be_merged_is_refused_and_nothing_changes(
    session: Session, workspace: Path, old: str, new: str, reason: str
) -> None:
    file = workspace / "stubborn.py"
    text = (
        "import enum\nclass Meta(type):\n    def __new__(c, n, b, d, **k): return type.__new__(c, n, b, d)\n"
        "    def __init__(c, n, b, d, **k): pass\n"
        "class S:\n    __slots__ = ('a',)\nclass M(metaclass=Meta):\n    x = 1\nclass E(enum.Enum):\n    A = 1\n"
        "def f(): return 1\n"
    )
    file.write_text(text)
    session.evaluate("import stubborn as m\ns, e, o = m.S(), m.E.A, m.M()")
    receipt = session.redefine(file, text.replace(old, new).replace("return 1\n", "return 2\n"))
    assert receipt.status == "refused"
    assert reason in (receipt.definitions[0].reason or "")
    assert value(session.evaluate("m.f(), m.E.A is e, isinstance(s, m.S)")) == "(1, True, True)"


def test_a_statement_that_fails_takes_everything_back(session: Session, workspace: Path) -> None:
    file = workspace / "failing.py"
    text = "K = 1\ndef f(): return K\n"
    file.write_text(text)
    session.evaluate("import failing")
    broken = text.replace("K = 1", "K = 2\nL = K / 0").replace("return K", "return -K")
    receipt = session.redefine(file, broken)
    assert receipt.status == "error"
    assert receipt.error is not None
    assert receipt.error.type == "ZeroDivisionError"
    assert value(session.evaluate("failing.f(), hasattr(failing, 'L')")) == "(1, False)"


def test_the_receipt_says_who_still_runs_the_old_body(session: Session, workspace: Path) -> None:
    file = workspace / "loop.py"
    text = "import threading\ngo = threading.Event()\ndef wait():\n    go.wait()\n    return 1\n"
    file.write_text(text)
    session.evaluate("import loop, threading\nt = threading.Thread(target=loop.wait)\nt.start()")
    receipt = session.redefine(file, text.replace("return 1", "return 2"))
    assert "goes on with the old body until it returns" in (receipt.definitions[0].reason or "")
    assert value(session.evaluate("loop.go.set(); t.join(); loop.wait()")) == "2"


def test_several_files_are_one_step(session: Session, workspace: Path) -> None:
    low, high = workspace / "low.py", workspace / "high.py"
    low.write_text("def f(): return 1\n")
    high.write_text("from low import f\ndef g(): return f()\n")
    session.evaluate("import high\ng = high.g")
    low.write_text("def f(): return 2\ndef new(): return 10\n")
    high.write_text("from low import f, new\ndef g(): return f() + new()\n")
    receipt = session.redefine([high, low])
    assert receipt.status == "ok", receipt.error
    assert value(session.evaluate("g()")) == "12"
    low.write_text("def f(): return 3\n")
    high.write_text("from low import f\nBROKEN = 1 / 0\ndef g(): return f()\n")
    receipt = session.redefine([low, high])
    assert receipt.status == "error"
    assert value(session.evaluate("g(), hasattr(high.new, '__call__')")) == "(12, True)"
