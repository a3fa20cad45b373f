"""Whether code may act outside of the process: told by what is known of the values it works with."""

from __future__ import annotations

import pytest

from relive.source.acting.knowledge import Knowledge, may_act

ONLY_COMPUTES = [
    *("x += 1", "x = y + 1", "f'{x}'", "x[0]", "a.b * 2", "y if x else z", "print('x', len(y))"),
    *("def f(): go()", "import os", "x = 1", "{**x}", "seen = [x, str(y)]"),
    *("x = [1, 2]\nx.append(3)\nx.sort()", "'a b'.split()[0].upper()", "[n * 2 for n in (1, 2)]"),
    *(
        "d = {}\nd['a'] = 1\nfor k, v in d.items(): print(k, v)",
        "(go := len)(x)",
        "x = []\nx.append(y)",
    ),
    *("sorted([3, 1], key=lambda n: -n)", "sum(n for n in [1, 2] if n > 1)", "max(x, y)"),
    *("list(map(str.strip, ['a ']))", "', '.join(str(n) for n in [1])", "list(map(abs, [1]))"),
    *("import math\nmath.sqrt(2) * math.pi", "from math import sqrt\n[sqrt(n) for n in [4]]"),
    *("while True:\n    x = 1", "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print(e)"),
    "def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nf(5)",
    "def f(n):\n    if n < 0:\n        raise ValueError(f'{n}')\n    return n\nf(1)",
    "def f(rows, sep=', '):\n    return sep.join(rows)\nf(['a'])",
    "class A:\n    def __init__(self, n):\n        self.n = [n]\n    def m(self):\n        self.n.append(1)\na = A(1)\na.m()",
    "@dataclass\nclass A:\n    n: int\n    @property\n    def m(self):\n        return self.n + 1\nA(1).m",
    "class A:\n    def __add__(self, o):\n        return 1\nA() + A()",
    "class A:\n    def m(self):\n        return 1\nclass B(A):\n    pass\nB().m()",
    "total = 0\nfor n in range(3):\n    total += n\nprint(total)",
    "a, b = 1, 2\na, b = b, a",
    "s = set()\ns.add(1)\ns |= {2}",
    "for i, n in enumerate([1]): print(i, n)",
]
MAY_ACT = [
    *("go()", "x.go()", "open('f', 'w')", "print('x', file=f)", "x[0] = 1", "a.b = 1", "del a.b"),
    *("for x in y: pass", "[x for x in y]", "with a: pass", "await x", "raise x", "def broken(:"),
    *("@app.route('/')\ndef f(): pass", "x = 1\ngo()", "map(go, x)"),
    *("list(map(os.remove, ['a']))", "sorted([1], key=go)", "[1].sort(key=go)", "list(x)"),
    *(
        "x = [y]\nx[0].go()",
        "x = []\nx.append(y)\nx[0].go()",
        "x = []\nz = x\nz.append(y)\nx[0].go()",
    ),
    *(
        "x = [1]\nfor n in x:\n    n.go()\n    x.append(y)",
        "x = [1]\nx = y\nx.append(1)",
        "[].extend(y)",
    ),
    *("if y:\n    x = []\nelse:\n    x = z\nx.append(1)", "(n for n in [1]).send(1)", "x, y = z"),
    *("g = (n for n in [1])\nlist(g)", "x = [1]\nx += y", "import math\nmath.go(y)"),
    *("from a import *\nlen('x')", "len = go\nlen('x')", "sum = go\nsum([1])", "type('A', (), {})"),
    "def f(x):\n    x.go()\nf(y)",
    "def f(n):\n    n.go()\n    f(y)\nf(1)",
    "def f():\n    open('f')\nf()",
    "def f():\n    open('f')\nsorted([1], key=lambda n: f())",
    "def f():\n    open('f')\ng = f\ng()",
    "def f():\n    yield open('f')\nlist(f())",
    "class A:\n    def __add__(self, o):\n        open('f')\nA() + 1",
    "class A:\n    def __len__(self):\n        return go()\nlen(A())",
    "class A:\n    def __str__(self):\n        return go()\nf'{A()}'",
    "class A:\n    @property\n    def m(self):\n        go()\nA().m",
    "class A:\n    @n.setter\n    def n(self, v):\n        go()\na = A()\na.n = 1",
    "class A:\n    def __getattr__(self, name):\n        go()\nA().m",
    "class A:\n    def __init__(self, f):\n        self.f = f\nA(y).f.go()",
    "class A:\n    x = []\ndef f(a):\n    a.x = y\na = A()\nf(a)\na.x.append(1)",
    "class A(Base):\n    pass\nA()",
    "@go\nclass A:\n    pass",
    "x = []\ndef f():\n    global x\n    x = y\nf()\nx.append(1)",
    "s = 'a'\ns.join(y)",
    "x = []\n[x := y for n in [1]]\nx.append(1)",
    "class A:\n    def __del__(self):\n        go()\nA()",
    "class A:\n    def __init_subclass__(cls):\n        go()\nclass B(A):\n    pass",
    "class F:\n    def __set__(self, o, v):\n        go()\nclass A:\n    x = F()\na = A()\na.x = 1",
    "def f(n=go()): pass",
]


@pytest.mark.parametrize("text", ONLY_COMPUTES)
def test_what_only_computes_does_not_act(text: str) -> None:
    assert not may_act(text)


@pytest.mark.parametrize("text", MAY_ACT)
def test_what_may_be_anything_may_act(text: str) -> None:
    assert may_act(text)


def test_what_ran_before_counts() -> None:
    known = Knowledge()
    assert not known.runs("a.py", "x = [1]")
    assert not known.runs("a.py", "x.append(2)")
    assert known.runs("b.py", "x.append(2)")
    assert known.runs("a.py", "x = go()")
    assert known.runs("a.py", "x.append(2)")
    known.is_of("a.py", "x", "list")
    assert not known.runs("a.py", "x.append(2)")
    known.wrote([("a.py", "x")])
    assert known.runs("a.py", "x.append(2)")


def test_what_was_changed_unseen_is_still_of_its_type_but_may_hold_anything() -> None:
    known = Knowledge()
    known.runs(None, "x = [1]\ndef f(): return 1")
    known.changed([(None, "x"), (None, "f")])
    assert not known.runs(None, "x.append(2)")
    assert known.runs(None, "x[0].go()")
    assert known.runs(None, "f()")
    known.forget()
    assert known.runs(None, "x.append(2)")
    assert not known.runs(None, "len(x)")


def test_names_that_its_document_binds_are_not_built_in() -> None:
    assert Knowledge().runs(None, "sum([1])", shadowed=["sum"])


def test_functions_that_were_seen_to_run_have_to_be_known() -> None:
    known = Knowledge()
    text = "def f(): return 1"
    assert not known.runs(None, text)
    assert not known.runs(None, "f() + x", entered=["f"])
    assert known.runs(None, "f() + x", entered=["f", "Money.__add__"])


def test_what_failed_has_not_bound_its_names_for_sure() -> None:
    known = Knowledge()
    known.runs(None, "x = y")
    assert not known.fails(None, "x = []")
    assert known.runs(None, "x.append(1)")


CLASS = "class A:\n    def m(self):\n        return 1"


def test_objects_go_by_what_their_class_is_redefined_to() -> None:
    known = Knowledge()
    known.runs("a.py", f"{CLASS}\na = A()")
    assert not known.redefined("a.py", "A.m", "    def m(self):\n        return 2\n")
    assert not known.runs("a.py", "a.m()")
    assert not known.redefined("a.py", "A.m", "    def m(self):\n        open('f')\n")
    assert known.runs("a.py", "a.m()")
    assert not known.redefined("a.py", "A", CLASS)
    assert not known.runs("a.py", "a.m()")
    known.redefined("a.py", "A", None)
    assert known.runs("a.py", "a.m()")


def test_what_a_definition_runs_itself_may_act() -> None:
    known = Knowledge()
    assert known.redefined("a.py", "f", "@app.route('/')\ndef f(): pass")
    assert known.redefined("a.py", "A.m", "    def m(self, x=go()): pass")
    assert not known.redefined("a.py", "f", "def f(x=1): go()")
    assert known.runs("a.py", "f()")
