"""Undoing: what a step has changed is as it was, kind by kind, and what cannot be is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import INTERPRETERS, VERSIONS
from relive.session.definition_answers import Undo
from relive.session.session import Session

_GENERIC = """\
from functools import singledispatch, singledispatchmethod
@singledispatch
def show(x): return "any"
class C:
    @singledispatchmethod
    def show(self, x): return "any"
    @show.register
    def _(self, x: str): return "str"
"""
_HANDLERS = """\
    @show.register
    def _(self, x: int): return "int"
    @show.register
    def show_list(self, x: list): return "list"
@show.register
def _(x: int): return "int"
@show.register
def show_list(x: list): return "list"
"""
_HANDLED = "[f(x) for f in (s, c.show) for x in (1, '', [], b'')]"
_EARLY = """\
    @show.register
    def early(self, x: int): return "early"
    @show.register(list)
    @staticmethod
    def _(x): return "first"
"""
_LATE = """\
    @show.register
    def late(self, x: int): return "late"
    @show.register
    def other(self, x: list): return "other"
"""
_FOR_ALL = """\
@show.register
def early(x: int): return "early"
@show.register(list)
def _(x): return "first"
"""
_LATE_FOR_ALL = """\
@show.register
def late(x: int): return "late"
@show.register
def other(x: list): return "other"
"""
_EARLIER = _GENERIC + _EARLY + _FOR_ALL
_BOTH = _GENERIC + _EARLY + _LATE + _FOR_ALL + _LATE_FOR_ALL
_OTHERS = _BOTH.replace("late(x: int)", "late(x: bytes)").replace("self, x: list", "self, x: bytes")

KINDS = {
    # name: (text, set-up, new text, probe: the same before the step and after it was undone)
    "an alias of what is another's": (
        "import json\ndump = json.dumps\nkind = int\ndef f(): return 1\nclass C: pass\n",
        "import builtins",
        "import json\ndump = json.loads\nkind = str\nf = len\nC = dict\n",
        "(dump is json.dumps, json.dumps([1]), json.loads('1'), kind is int, int('1'), str(1), "
        "f(), len([]), C.__module__, dict(a=1), builtins.len is len)",
    ),
    "handlers of generic functions, added": (
        _GENERIC,
        "s, c = show, C()",
        _GENERIC + _HANDLERS,
        _HANDLED,
    ),
    "handlers of generic functions, over those of others": (
        _EARLIER,
        "s, c = show, C()",
        _BOTH,
        _HANDLED,
    ),
    "handlers of generic functions, removed from over those of others": (
        _BOTH,
        "s, c = show, C()",
        _EARLIER,
        _HANDLED,
    ),
    "handlers of generic functions, for another type, from over those of others": (
        _BOTH,
        "s, c = show, C()",
        _OTHERS,
        _HANDLED,
    ),
    "handlers of generic functions, removed": (
        _GENERIC + _HANDLERS,
        "s, c = show, C()",
        _GENERIC,
        _HANDLED,
    ),
    "handlers of generic functions, for other types and by other names": (
        _GENERIC + _HANDLERS,
        "s, c = show, C()",
        _GENERIC + _HANDLERS.replace("int", "bytes").replace("show_list", "listed"),
        _HANDLED,
    ),
    "classes that are made again with their base": (
        "class A: __slots__ = ('x',)\n"
        "class B(A):\n    __slots__ = ()\n    k = 1\n    def m(self): return 1\n",
        "",
        "class A: __slots__ = ('x', 'y')\n"
        "class B(A):\n    __slots__ = ()\n    k = 2\n    def m(self): return 2\n",
        "hasattr(A, 'y'), B.k, B().m()",
    ),
    "functions of one name that change places": (
        "def f(): return 1\ndef f(): return 2\n",
        "g = [f]",
        "def f(): return 2\ndef f(): return 1\n",
        "f(), g[0](), f is g[0]",
    ),
    "the last of functions of one name, removed": (
        "def f(): return 1\ndef f(): return 2\n",
        "g = [f]",
        "def f(): return 1\n",
        "f(), g[0](), f is g[0]",
    ),
    "function above one of its name, and what changed places with a statement": (
        "f = 1\ndef f(): return 1\ndef g(): return 1\n",
        "h = f",
        "def f(): return 1\nf = 1\ndef g(): return 2\ndef g(): return 1\n",
        "f(), g(), f is h",
    ),
    "function": ("def f(x): return x + 1\n", "g = f", "def f(x): return x * 2\n", "f(5), g is f"),
    "decorated function that became a class": (
        "from contextlib import contextmanager\n@contextmanager\ndef f(x): yield x\n",
        "g = f",
        "class f:\n    def __init__(self, x): self.x = x\n"
        "    def __enter__(self): return -self.x\n    def __exit__(self, *a): pass\n",
        "f(1).__enter__(), g(1).__enter__(), f is g",
    ),
    "default": ("def f(x=1): return x\n", "g = f", "def f(x=2): return x\n", "f(), g is f"),
    "default that has been filled": (
        "def f(x, into=[]):\n    into.append(x)\n    return into\n",
        "f(1)",
        "def f(x, into=[9]):\n    into.append(x)\n    return into\n",
        "f.__defaults__",
    ),
    "method": (
        "class C:\n    def m(self): return 1\n",
        "c = C(); m = c.m",
        "class C:\n    def m(self): return 2\n    def n(self): return 3\n",
        "c.m(), m(), hasattr(C, 'n'), type(c) is C",
    ),
    "property": (
        "class C:\n    @property\n    def p(self): return 1\n",
        "c = C()",
        "class C:\n    @property\n    def p(self): return 2\n"
        "    @p.setter\n    def p(self, value): pass\n",
        "c.p, C.p.fset",
    ),
    "class attributes, with what the program put into them": (
        "class C:\n    size = 1\n    found = {}\n",
        "C.found['a'] = 1; found = C.found",
        "class C:\n    size = 2\n    found = {0: 0}\n    extra = 3\n",
        "C.size, C.found, C.found is found, hasattr(C, 'extra')",
    ),
    "class attribute that the program had changed": (
        "class C:\n    a = 1\n    b = 1\n",
        "C.a = 9",
        "class C:\n    b = 2\n",
        "C.a, C.b",
    ),
    "class whose statement ran, with data": (
        "class A: x = 1\nclass C(A):\n    n = 1\n    kept = []\n    found = {}\n",
        "C.kept.append(1); C.found['a'] = 1; f = C.found",
        "class A: x = 1\nclass B: x = 2\n"
        "class C(B):\n    n = 2\n    kept = []\n    found = {0: 0}\n",
        "C.n, C.kept, C.found, C.found is f, C.x, C.__bases__ == (A,)",
    ),
    "removed, where the program had bound its name": (
        "def f(): return 1\nK = 1\n",
        "f = 'mine'",
        "K = 2\n",
        "f, K",
    ),
    "bases": (
        "class A: x = 1\nclass B: x = 2\nclass C(A): pass\n",
        "c = C()",
        "class A: x = 1\nclass B: x = 2\nclass C(B): pass\n",
        "c.x, C().x, isinstance(c, C), C.__bases__ == (A,)",
    ),
    "added": ("K = 1\n", "None", "K = 1\ndef f(): return 1\nclass C: pass\n", "sorted(own())"),
    "removed": (
        "def f(): return 1\nclass C:\n    def m(self): return 2\n",
        "g, D = f, C",
        "K = 1\n",
        "f(), C().m(), f is g, C is D, 'K' in own()",
    ),
    "renamed": (
        "def f(): return 1\ndef user(): return f()\n",
        "g = f",
        "def h(): return 1\ndef user(): return h()\n",
        "f(), f is g, user(), 'h' in own()",
    ),
    "function that became a class": (
        "def f(): return 1\n",
        "g = f",
        "class f: pass\n",
        "f(), g()",
    ),
    "class that became a function": (
        "class f:\n    def __init__(self): self.x = 1\n",
        "g = f",
        "def f(): return 2\n",
        "f().x, g().x, f is g",
    ),
    "constant, and data computed from it": (
        "K = 1\nD = [K]\ndef f(x=K): return x, K\n",
        "d = D",
        "K = 2\nD = [K]\ndef f(x=K): return x, K\n",
        "K, D, D is d, f()",
    ),
    "name that went, with what the program put into it": (
        "CACHE = {}\nK = 1\n",
        "CACHE['a'] = 1; cache = CACHE",
        "K = 1\n",
        "CACHE, CACHE is cache",
    ),
    "imports": (
        "import math\nfrom os import path\n",
        "None",
        "import json\nfrom os import sep as path\n",
        "sorted(own()), path",
    ),
    "decorator that registers": (
        "found = []\ndef mark(f):\n    found.append(f)\n    return f\n@mark\ndef f(): return 1\n",
        "g = f",
        "found = []\ndef mark(f):\n    found.append(f)\n    return f\n@mark\ndef f(): return 2\n",
        "f(), g(), [each() for each in found], len(found)",
    ),
    "decorators that came": (
        "def loud(f):\n    return lambda: [f()]\ndef f(): return 1\n",
        "g = f",
        "def loud(f):\n    return lambda: [f()]\n@loud\ndef f(): return 1\n",
        "f(), g()",
    ),
    "fields of a dataclass, with objects": (
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1\n",
        "p = P(5)",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1\n    y: int = 2\n",
        "repr(p), repr(P(3)), p == P(5), isinstance(p, P)",
    ),
    "lambda": ("f = lambda x=1: x\n", "g = f", "f = lambda x=2: [x]\n", "f(), g(), f is g"),
    "lambda that became a function": (
        "f = lambda x: x + 1\n",
        "g = f",
        "def f(x): return x + 2\n",
        "f(1), g(1), f is g",
    ),
    "attribute of a function": (
        "def f(): return f.n\nf.n = 1\n",
        "None",
        "def f(): return f.n\nf.n = 2\n",
        "f()",
    ),
    "lambda that is registered": (
        "found = []\nfound.append(lambda: 1)\n",
        "None",
        "found = []\nfound.append(lambda: 2)\n",
        "[f() for f in found]",
    ),
    "lambda in a table": (
        "T = {'a': lambda: 1}\n",
        "a = T['a']",
        "T = {'a': lambda: 2}\n",
        "T['a'](), a(), T['a'] is a",
    ),
    "closures made before and since": (
        "def make():\n    def inner(): return 1\n    return inner\n",
        "i = make()",
        "def make():\n    def inner(): return 2\n    return inner\n",
        "i(), make()()",
    ),
    "statement that turned into a definition": (
        "K = 1\n",
        "None",
        "def K(): return 2\n",
        "K",
    ),
    "definition that turned into a statement": (
        "def K(): return 2\n",
        "k = K",
        "K = 1\n",
        "K(), k()",
    ),
    "docstring": ('"""Old."""\nK = 1\n', "None", '"""New."""\nK = 1\n', "__doc__"),
}
OWN = "def own(): return {name for name in globals() if name[0] != '_'}"


@pytest.fixture(scope="module", params=VERSIONS)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("undo")
    with Session(INTERPRETERS[request.param], folder) as session:
        session.evaluate("None")  # the process is there before the first test
        yield Live(session, folder)


class Live:
    """A session whose modules each have a name of their own."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.folder = folder
        self._count = 0
        self.files: dict[str, Path] = {}

    def load(self, **texts: str) -> None:
        """Import modules with these texts; in texts and code they go by the names given here."""
        self._count += 1
        self.files = {name: self.folder / f"{name}_{self._count}.py" for name in texts}
        self.write(**texts)
        for name in texts:
            self.run(f"import {self._real(name)}", None)

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            self.files[name].write_text(self._real(text))

    def redefine(self, **texts: str) -> object:
        """Write texts, and redefine the files as one step."""
        self.write(**texts)
        receipt = self.session.redefine([self.files[name] for name in texts])
        assert receipt.status in ("ok", "partial"), receipt
        return receipt

    def undo(self) -> Undo:
        return self.session.undo()

    def run(self, code: str, module: str | None = "m") -> str:
        """Evaluate code in a module, or in the scratch module; return the value's text."""
        file = None if module is None else self.files[module]
        answer = self.session.evaluate(self._real(code), file)
        assert answer.status == "ok", answer.error
        value = answer.results[-1].value
        return "" if value is None else value.text

    def probe(self, code: str) -> str:
        """Evaluate code in the first module; return the value's text, or the kind of an error."""
        answer = self.session.evaluate(self._real(code), self.files["m"])
        value = answer.results[-1].value if answer.results else None
        return str(answer.error and answer.error.type) if value is None else value.text

    def _real(self, text: str) -> str:
        for name, file in self.files.items():
            text = text.replace(f"MODULE_{name}", file.stem)
        return text if text not in self.files else self.files[text].stem


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_that_is_undone_leaves_everything_as_it_was(live: Live, kind: str) -> None:
    text, setup, new, probe = KINDS[kind]
    live.load(m=text)
    live.run(f"{OWN}\n{setup}")
    before = live.probe(probe)
    live.redefine(m=new)
    assert live.probe(probe) != before, "the step changes nothing that the probe sees"
    told = live.undo()
    assert told.status == "ok", told
    assert live.probe(probe) == before
    assert live.files["m"].read_text() == new, "the file is the user's"


ADDED = "def f(): return 1\ndef g(): return 2\n"


def test_undo_goes_back_step_by_step_and_what_was_undone_is_redefined_again(live: Live) -> None:
    live.load(m="def f(): return 1\n")
    for number in (2, 3):
        live.redefine(m=f"def f(): return {number}\n")
    told = live.undo()
    assert told.undone == f"the redefinition of 'f' in {live.files['m'].name}"
    assert (live.probe("f()"), told.definitions[0].before) == ("2", "def f(): return 3")
    left = live.undo().left
    assert live.probe("f()") == "1"
    live.redefine(m="def f(): return 3\n")
    assert live.probe("f()") == "3"
    assert live.undo().left == left
    assert live.probe("f()") == "1"


def test_a_save_of_what_runs_already_is_no_step(live: Live) -> None:
    text = "class C:\n    def m(self): return {}\n"
    live.load(m=text.format(1))
    for number in (2, 3):
        assert live.session.redefine(live.files["m"], text.format(number), "C.m").status == "ok"
    left = live.undo().left
    live.redefine(m=text.format(2))
    assert live.undo().left == left - 1
    assert live.probe("C().m()") == "1"


@pytest.mark.parametrize("later", ["K = 2\n", "U = lambda: 2\n", "def f(): return 2\n"])
def test_a_lambda_goes_back_step_by_step_too(live: Live, later: str) -> None:
    text = "K = 1\nU = lambda: 1\ndef f(): return 1\nT = {{'a': lambda: {}}}\n"
    live.load(m=text.format(1))
    live.run("held = T['a']")
    live.redefine(m=text.format(2))
    live.redefine(m=text.format(2).replace(later.replace("2", "1"), later))
    assert live.probe("held(), T['a']()") == "(2, 2)"
    assert live.undo().status == "ok"
    assert live.probe("held(), T['a'](), K, U(), f()") == "(2, 2, 1, 1, 1)"
    assert live.undo().status == "ok"
    assert live.probe("held(), T['a']()") == "(1, 1)"


@pytest.mark.parametrize(
    ("name", "by_name", "probe"),
    [
        ("C.m", "class C:\n    n = 1\n    def m(self): return -self.n\n", "(-1,)"),
        (
            "C.k",
            "class C:\n    n = 1\n    def m(self): return self.n\n    def k(self): return 5\n",
            "(1, 5)",
        ),
    ],
    ids=["redefined", "added"],
)
def test_what_was_redefined_by_its_name_stays_when_its_class_is_undone(
    live: Live, name: str, by_name: str, probe: str
) -> None:
    live.load(m="class C:\n    n = 1\n    def m(self): return self.n\n")
    called = "tuple(getattr(C(), each)() for each in 'mk' if hasattr(C, each))"
    assert live.session.redefine(live.files["m"], by_name, name).status == "ok"
    assert live.probe(called) == probe
    live.redefine(m=by_name.replace("n = 1", "n = 2"))
    assert live.undo().status == "ok"
    assert (live.probe(called), live.probe("C.n")) == (probe, "1")
    assert live.undo().status == "ok"
    assert live.probe(called) == "(1,)"


def test_several_files_are_one_step_with_what_follows_elsewhere(live: Live) -> None:
    texts = {
        "m": "from MODULE_base import K, f\nD = [K]\ndef g(x=K): return x, f()\n",
        "base": "K = 1\ndef f(): return 1\n",
        "user": "from MODULE_base import K, f\nE = [K]\n",
    }
    live.load(base=texts["base"], m=texts["m"], user=texts["user"])
    live.run("import MODULE_user as user, MODULE_base as base")
    probe = "D, K, g(), f is base.f, user.E, user.K, user.f(), hasattr(base, 'h')"
    before = live.probe(probe)
    live.redefine(
        m="from MODULE_base import K, f, h\nD = [K, 0]\ndef g(x=K): return x, f(), h()\n",
        base="K = 2\ndef h(): return 0\ndef f(): return 2\n",
    )
    assert live.probe(probe) != before
    assert live.undo().status == "ok"
    assert live.probe(probe) == before


def test_who_held_a_function_that_moved_has_the_former_one_again(live: Live) -> None:
    live.load(old="def f(x): return x + 1\n", m="K = 1\n")
    live.run("import MODULE_old as old; held = old.f", None)
    before = live.run("held(1), held is old.f", None)
    live.redefine(old="from MODULE_m import f\n", m="K = 1\ndef f(x): return x + 10\n")
    assert live.run("held(1), held is old.f", None) != before
    assert live.undo().status == "ok"
    assert live.run("held(1), held is old.f", None) == before


def test_what_star_importers_got_is_taken_from_them(live: Live) -> None:
    live.load(base="K = 1\n", m="from MODULE_base import *\n")
    live.redefine(base="K = 1\nN = 2\ndef f(): return 1\n")
    assert live.probe("f(), N") == "(1, 2)"
    assert live.undo().status == "ok"
    assert live.probe("'f' in globals(), 'N' in globals()") == "(False, False)"


@pytest.mark.parametrize("times", [1, 2], ids=["first", "with a twin that has been there and back"])
def test_what_went_to_another_file_is_home_again(live: Live, times: int) -> None:
    for _ in range(times):
        _there_and_home_again(live)


def _there_and_home_again(live: Live) -> None:
    live.load(base="def f(): return 1\nclass C:\n    def m(self): return 1\n", m="K = 1\n")
    live.run("import MODULE_base as base; f, C = base.f, base.C; c = C()")
    probe = "base.f(), f(), c.m(), base.C().m(), isinstance(c, base.C), base.C.__module__"
    before = live.probe(probe)
    live.redefine(
        base="from MODULE_m import f, C\n",
        m="def f(): return 2\nclass C:\n    def m(self): return 2\n",
    )
    assert live.probe(probe) != before
    told = live.undo()
    assert told.status == "ok", told
    assert live.probe(probe) == before


def test_a_definition_that_was_evaluated_again_is_what_it_was(live: Live) -> None:
    live.load(m="def f(x=1): return x\n")
    live.run("g = f; f.__defaults__ = ([5],)")
    before = live.probe("f(), f is g")
    live.session.evaluate("def f(x=2): return [x]\nclass New: pass", live.files["m"])
    assert live.probe("f(), g()") == "([2], [2])"
    told = live.undo()
    assert told.undone == f"the evaluation of 'f' in {live.files['m'].name}"
    assert live.probe("f(), f is g") == before
    assert live.probe("New") != "NameError", "what was evaluated for the first time stays"


def test_an_evaluation_of_several_definitions_is_one_step(live: Live) -> None:
    live.load(m=ADDED)
    count = live.undo().left
    live.session.evaluate("def f(): return 3\ndef g(): return 4", live.files["m"])
    assert live.probe("f(), g()") == "(3, 4)"
    assert live.undo().left == count
    assert live.probe("f(), g()") == "(1, 2)"


def test_a_statement_that_simply_ran_again_gives_its_name_back(live: Live) -> None:
    text = "found = {}\ndef at(key):\n    def put(f):\n        found[key] = f\n        return f\n"
    live.load(m=f"{text}    return put\n@at(1)\ndef f(): return 1\n")
    live.run("g = f")
    live.run("def at(key):\n    return lambda f: found.setdefault(key, f)")
    live.run("found = {}")
    live.run("@at(1)\ndef f(): return 2")
    assert live.probe("f(), g(), f is g") == "(2, 1, False)"
    told = live.undo()
    assert told.status == "ok", told
    assert live.probe("f(), g(), f is g, found[1]()") == "(1, 1, True, 1)"


def test_what_the_program_has_bound_since_stays_and_is_told(live: Live) -> None:
    live.load(m="K = 1\nclass C:\n    n = 1\ndef f(x=1): return x\n")
    live.redefine(m="K = 2\nclass C:\n    n = 2\ndef f(x=2): return x + 0\ndef g(): pass\n")
    live.run("K = 7; C.n = 7; f.__defaults__ = (7,); g = 7")
    told = live.undo()
    assert told.status == "partial"
    stays = {each.name: each.reason for each in told.definitions if each.outcome == "refused"}
    assert stays.keys() == {"K", "C.n", "f.__defaults__", "g"}
    assert all("the program has" in str(reason) for reason in stays.values())
    assert live.probe("K, C.n, f(), g") == "(7, 7, 7, 7)"


def test_what_a_statement_did_is_told_to_stay_done(live: Live) -> None:
    live.load(m="log = []\n")
    live.redefine(m="log = []\nlog.append(1)\nN = len(log)\n")
    told = live.undo()
    assert [(each.name, each.outcome) for each in told.definitions] == [
        ("N", "removed"),
        ("line 2", "refused"),
    ]
    assert "cannot be undone" in str(told.definitions[1].reason)
    assert live.probe("log, 'N' in globals()") == "([1], False)"


def test_items_and_attributes_are_what_they_were(live: Live) -> None:
    head = "import os\nclass C: x = 1\nc, t = C(), {}\n"
    live.load(m=f"{head}K = 1\nt['k'] = K\nt['e'] = 1\nos.environ['RELIVE_K'] = str(K)\n")
    live.run("t['e'] = t['mine'] = 50")
    edited = f"{head}K = 2\nt['k'] = K\nt['e'] = 2\nos.environ['RELIVE_K'] = str(K)\n"
    live.redefine(m=f"{edited}t['new'] = 3\nc.x = 4\n")
    assert live.probe("t, c.x") == "({'k': 2, 'e': 2, 'mine': 50, 'new': 3}, 4)"
    assert live.undo().status == "ok"
    assert live.probe("t") == "{'k': 1, 'e': 50, 'mine': 50}"
    assert live.probe("c.x, vars(c), os.environ['RELIVE_K']") == "(1, {}, '1')"


def test_an_item_that_the_program_has_changed_since_stays(live: Live) -> None:
    live.load(m="t = {}\nt['k'] = 1\n")
    live.redefine(m="t = {}\nt['k'] = 2\n")
    live.run("t['k'] = 7")
    told = live.undo()
    assert [(each.name, each.outcome) for each in told.definitions] == [("t['k']", "refused")]
    assert live.probe("t") == "{'k': 7}"


def test_an_undo_that_fails_leaves_everything_as_it_was_after_the_step(live: Live) -> None:
    text = (
        "def wrap(f):\n    if broken: raise ValueError\n    return lambda: [f()]\nbroken = False\n"
    )
    live.load(m=f"K = 1\n{text}@wrap\ndef f(): return 1\ndef h(): return 1\n")
    live.redefine(m=f"K = 2\n{text}def f(): return 2\ndef h(): return 2\n")
    live.run("broken = True")
    told = live.undo()
    assert (told.status, told.error and told.error.type) == ("error", "ValueError")
    assert live.probe("K, f(), h()") == "(2, 2, 2)"
    live.run("broken = False")
    assert live.undo().status == "ok"
    assert live.probe("K, f(), h()") == "(1, [1], 1)"


def test_decorators_that_run_again_are_told(live: Live) -> None:
    text = "found = []\ndef mark(f):\n    found.append(f)\n    return f\n"
    live.load(m=f"{text}@mark\ndef f(): return 1\n")
    live.redefine(m=f"{text}def f(): return 1\n")
    told = live.undo()
    assert "decorators have run again" in str(told.definitions[0].reason)


def test_an_undo_that_is_refused_says_why_and_changes_nothing(live: Live) -> None:
    enum = "from enum import Enum\nclass E(Enum):\n    A = 1\n"
    live.load(m=f"{enum}def f(): return 1\n")
    live.redefine(m=f"{enum}    B = 2\ndef f(): return 2\n")
    told = live.undo()
    assert told.status == "refused"
    assert "member 'B'" in str(told.definitions[0].reason)
    assert live.probe("f(), len(E)") == "(2, 2)"


def test_a_module_that_was_loaded_anew_is_not_undone(live: Live) -> None:
    live.load(m="def f(): return 1\n")
    count = live.undo().left
    live.redefine(m="def f(): return 2\n")
    live.run("import importlib, MODULE_m; importlib.reload(MODULE_m)", None)
    told = live.undo()
    assert told.status == "refused"
    assert "was loaded anew since" in str(told.definitions[0].reason)
    assert (live.probe("f()"), told.left) == ("2", count)


def test_a_thread_that_runs_is_told_and_its_next_call_runs_the_former_code(live: Live) -> None:
    live.load(m="def f(): return 1\n")
    live.redefine(m="def f(e): return e.wait() and 2\n")
    live.run(
        "import threading; e = threading.Event(); seen = []\n"
        "t = threading.Thread(target=lambda: seen.append(f(e)), name='worker'); t.start()"
    )
    told = live.undo()
    assert (
        told.definitions[0].reason == "thread 'worker' goes on with the old body until it returns"
    )
    live.run("e.set(); t.join()")
    assert live.probe("seen, f()") == "([2], 1)"


def test_an_edit_of_the_file_since_is_nothing_to_an_undo(live: Live) -> None:
    live.load(m="def f():\n    return 1\n")
    live.redefine(m="def f():\n    return 2\n")
    live.write(m="# more\n\ndef g(): pass\n\ndef f():\n    return 3\n")
    assert live.undo().status == "ok"
    assert live.run("import MODULE_m as m; m.f(), m.f.__code__.co_firstlineno", None) == "(1, 1)"
    told = live.run("import inspect, MODULE_m; inspect.getsource(MODULE_m.f)", None)
    assert told == repr("def f():\n    return 1\n")


def test_a_step_by_name_takes_only_its_definition_back(live: Live) -> None:
    live.load(m="class C:\n    def m(self): return 1\n    def n(self): return 1\n")
    new = "class C:\n    def m(self): return 2\n    def n(self): return 2\n"
    file = live.files["m"]
    live.session.redefine(file, new, "C.m")
    live.session.redefine(file, new, "C.n")
    live.undo()
    assert live.probe("C().m(), C().n()") == "(2, 1)"
    live.session.redefine(file, new.replace("2", "3"), "C")
    live.undo()
    assert live.probe("C().m(), C().n()") == "(2, 1)"
    live.undo()
    assert live.probe("C().m(), C().n()") == "(1, 1)"


def test_an_attribute_that_goes_back_is_not_said_to_stay(live: Live) -> None:
    importer = "import MODULE_m\nclass S: url = MODULE_m.HOST + '/x'\n"
    text = "HOST = {0!r}\nclass T:\n    hosts = [HOST]\n    every = hosts + ['x']\n"
    live.load(m=text.format("a"), n=importer)
    live.redefine(m=text.format("b"))
    live.run("T.hosts.append(1); T.every.append(2)")
    told = live.undo()
    assert (told.status, [each.reason for each in told.changes if each.reason]) == ("ok", [])
    assert live.run("S.url", "n") == "'a/x'"
    assert live.probe("T.hosts, T.every") == "(['a'], ['a', 'x'])"


FUNCTION = "def f(a={0}): return (a, {0})\n"
CLASS = "class f:\n    def __init__(self, a={0}): self.seen = (a, {0})\n"
DATACLASS = (
    "from dataclasses import dataclass\n@dataclass(frozen={1})\n"
    "class f:\n    a: int = {0}\n    seen = property(lambda self: (self.a, {0}))\n"
)
DECORATED = (
    "import functools\n@functools.lru_cache\ndef f(a={0}): return (a, {0})\n"
    "R = []\ndef register(f): R.append(f); return f\n"
)
REGISTERED = "R = []\ndef register(f): R.append(f); return f\n@register\n"
ALIAS = "g = lambda a={0}: (a, {0})\nf = g\n"
CHAINS = {
    "an alias in between": (FUNCTION, CLASS, ALIAS, FUNCTION, ALIAS, CLASS, ALIAS, FUNCTION),
    "function and class in turn": (FUNCTION, CLASS, FUNCTION, CLASS, FUNCTION),
    "a class that changes": (FUNCTION, CLASS, f"{CLASS}    y = 1\n", CLASS, FUNCTION),
    "a class taken over": (FUNCTION, CLASS, f"{CLASS}    __slots__ = ('seen',)\n", FUNCTION),
    "a dataclass": (
        FUNCTION,
        DATACLASS.replace("{1}", "False"),
        DATACLASS.replace("{1}", "True"),
        CLASS,
        FUNCTION,
    ),
    "another kind of parameters": (FUNCTION, CLASS, FUNCTION, "def f(*, a={0}): return (a, {0})\n"),
    "a generator": (FUNCTION, CLASS, "def f(a={0}): yield (a, {0})\n", FUNCTION),
    "a lambda": ("f = lambda a={0}: (a, {0})\n", CLASS, "f = lambda a={0}: (a, {0})\n", FUNCTION),
    "a cached function": (DECORATED, CLASS, DECORATED, CLASS),
    "what is registered": (REGISTERED + FUNCTION, REGISTERED + CLASS, REGISTERED + FUNCTION),
}


SEE = """
def see(called):
    seen = called()
    seen = next(seen) if hasattr(seen, "__next__") else seen
    return getattr(seen, "seen", seen)
"""


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_who_holds_the_first_goes_all_the_way_and_back(live: Live, chain: tuple[str, ...]) -> None:
    texts = [text.format(number) for number, text in enumerate(chain)]
    live.load(m=texts[0])
    live.run(SEE, None)
    live.run("import MODULE_m; names = vars(MODULE_m); held = [names['f']]", None)
    probe = "list(map(see, [*held, *names.get('R', []), names.get('f', held[0])]))"
    seen = [live.run(probe, None)]
    for number, text in enumerate(texts[1:], 1):
        live.redefine(m=text)
        seen.append(live.run(probe, None))
        if "f(" in text or "class f" in text:
            assert set(eval(seen[-1])) == {(number, number)}
    for before in reversed(seen[:-1]):
        assert live.undo().status == "ok"
        assert live.run(probe, None) == before


def test_a_setter_that_was_added_by_name_goes_alone(live: Live) -> None:
    text = "class C:\n    @property\n    def p(self): return 1\n"
    live.load(m=text)
    new = f"{text}    @p.setter\n    def p(self, value): self.v = value\n"
    live.session.redefine(live.files["m"], new, "C.p")
    assert live.probe("C.p.fset is None") == "False"
    assert live.undo().status == "ok"
    assert live.probe("C().p, C.p.fset") == "(1, None)"


def test_a_session_without_a_process_has_nothing_to_undo(tmp_path: Path) -> None:
    with Session(cwd=tmp_path) as session:
        told = session.undo()
        assert (told.status, told.undone, session.info().pid) == ("refused", None, None)
