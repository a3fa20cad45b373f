"""What was evaluated again, as it was or edited, before it is redefined: it is found all the same."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from relive.session.session import Session

DECORATOR = (
    "def when(check):\n"
    "    def deco(fn):\n"
    "        def wrapper(x): return fn(x) + check(x)\n"
    "        return wrapper\n"
    "    return deco\n"
)
REGISTERING = "REG = {{}}\ndef reg(fn): REG[fn.__name__] = fn; return fn\n"
KINDS = {
    # name: (text, what is {n} as the text says)
    "default": ("def f(x, key=lambda v: v + {n}): return key(x)\n", "f(0)"),
    "keyword-only default": ("def f(x, *, key=lambda v: v + {n}): return key(x)\n", "f(0)"),
    "annotation": ("def f(x: (lambda: {n})): ...\n", "f.__annotations__['x']()"),
    "comprehension in a default": (
        "def f(x, keys=[lambda v, i=i: v + {n} for i in (1, 2)]): return keys[1](x)\n",
        "f(0)",
    ),
    "generator in a default": (
        "def f(x, keys=tuple(lambda v: v + {n} for i in (1, 2))): return keys[1](x)\n",
        "f(0)",
    ),
    "lambda in a lambda": ("def f(x, key=lambda v: lambda: v + {n}): return key(x)()\n", "f(0)"),
    "two alike": (
        "def f(x, a=lambda v: v + {n}, b=lambda v: v + 9): return a(x) + b(x) - 9\n",
        "f(0)",
    ),
    "decorator's argument": (
        DECORATOR + "@when(lambda v: {n})\ndef f(x, key=lambda v: v - {n}): return key(x) + {n}\n",
        "f(0)",
    ),
    "method": (
        "class C:\n    def __m(self, *, key=lambda v: v + {n}): return key(0)\n",
        "C()._C__m()",
    ),
    "attribute of a class": (
        "class C:\n    key = lambda self: {n}\n    table = [lambda: {n}]\n",
        "(C().key() + C.table[0]()) / 2",
    ),
    "attribute of a class in a class": (
        "class A:\n    class C:\n        key = lambda self: {n}\n",
        "A.C().key()",
    ),
    "factory of a field": (
        "from dataclasses import dataclass, field\n"
        "@dataclass\nclass C:\n    x: int = field(default_factory=lambda: {n})\n",
        "C().x",
    ),
    "default of one that registers": (
        REGISTERING + "@reg\ndef f(x, key=lambda v: v + {n}):\n    return key(x)\n",
        "f(0)",
    ),
    "closure in a default of one that registers": (
        REGISTERING + "@reg\ndef f(x, key=lambda v: (lambda: v + {n})):\n    return key(x)()\n",
        "f(0)",
    ),
    "statement above a function": ("K = [lambda: {n}]\ndef f(): return K[0]()\n", "f()"),
}
STORIES = ["E1 E1 R2 R3", "E1 E2 R3 U2 R1", "E1 R2 E3 R4", "E1 E2 R1"]
TWICE_UNDONE = ["E1 E1 R2 U1 U1 R3", "E1 E2 R3 U2 U1 R4"]
"""Each step back leads to another object than the one before."""
TOLD = [
    (kind, story)
    for kind in KINDS
    for story in [*STORIES, *(TWICE_UNDONE if "registers" in kind else [])]
]
"""Texts evaluated, redefined by the whole file, and undone again; with what is to be seen then."""
_numbers = count()


@pytest.mark.parametrize(("kind", "story"), TOLD)
def test_what_was_evaluated_again_follows(
    long_session: Session, workspace: Path, kind: str, story: str
) -> None:
    text, probe = KINDS[kind]
    file = workspace / f"evaluated{next(_numbers)}.py"
    for step in story.split():
        what, number = step[0], int(step[1])
        file.write_text(now := text.format(n=number))
        if what == "E":
            assert long_session.evaluate(now, file).status == "ok"
        else:
            done = long_session.redefine(file) if what == "R" else long_session.undo()
            assert done.status == "ok", done
        shown = long_session.evaluate(f"{probe} == {number}", file).results[-1].value
        assert shown is not None
        assert shown.text == "True", (step, probe)


def test_a_lambda_of_an_earlier_run_follows(session: Session, workspace: Path) -> None:
    file, text = workspace / "m.py", "def f(key=lambda: {n}): ...\n"
    file.write_text(once := text.format(n=1))
    session.evaluate(once, file)
    session.evaluate("held = f.__defaults__[0]", file)
    session.evaluate(once, file)
    file.write_text(text.format(n=2))
    assert session.redefine(file).status == "ok"
    shown = session.evaluate("held()", file).results[-1].value
    assert shown is not None
    assert shown.text == "2"
