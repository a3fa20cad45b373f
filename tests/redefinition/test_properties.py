"""Random programs, edited at random: the live process comes to do what a fresh one would."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relive.session.session import Session

NAMES = ("a", "b", "c", "d")
PROBE = """
import json
def probe(module):
    told = {}
    for name in sorted(vars(module)):
        if name.startswith("_"): continue
        value = getattr(module, name)
        if isinstance(value, type): told[name] = value().m(), value.size
        elif callable(value): told[name] = value(), value(5)
        else: told[name] = value
    return json.dumps(told)
def held(module):
    return [value for name, value in sorted(vars(module).items()) if callable(value)]
"""


@st.composite
def definitions(draw: st.DrawFn, name: str) -> str:
    """Return the text of something called `name` that needs nothing else but `K`."""
    number = draw(st.integers(0, 3))
    kind = draw(st.sampled_from(["function", "default", "closure", "class", "decorated"]))
    if kind == "function":
        return f"def {name}(x=1):\n    return [x, {number}, K]\n"
    if kind == "default":
        return f"def {name}(x={number}, *, y=K):\n    return [x, y]\n"
    if kind == "closure":
        inner = f"    def inner(y):\n        return y + {number}\n"
        return f"def {name}(x=1):\n{inner}    return inner(x)\n"
    if kind == "decorated":
        return f"@_passing\ndef {name}(x=1):\n    return [x, {number}]\n"
    return f"class {name}:\n    size = {number}\n    def m(self):\n        return [self.size, K]\n"


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Return a module: a constant, what is computed from it, a decorator, definitions."""
    number = draw(st.integers(0, 3))
    names = draw(st.permutations(NAMES))[: draw(st.integers(1, len(NAMES)))]
    parts = [draw(definitions(name)) for name in names]
    if draw(st.booleans()):
        parts.append(f"DERIVED = [K, {number}]\n")
    passing = "def _passing(f):\n    return f\n"
    return "\n".join([f"K = {draw(st.integers(0, 2))}\n", passing, *parts])


@contextmanager
def living(make: Callable[..., Session] = Session) -> Iterator[Callable[[str], Any]]:
    """Give a function that loads a program in a live process, as a module of a name of its own."""
    with TemporaryDirectory() as folder, make(None, folder) as session:
        assert session.evaluate(PROBE).status == "ok"
        yield lambda name: Program(session, Path(folder), name)


class Program:
    """A module in a live process."""

    def __init__(self, session: Session, folder: Path, name: str) -> None:
        self._session = session
        self._file = folder / f"{name}.py"
        self._name = name

    def load(self, text: str) -> None:
        """Import the module with this text."""
        self._file.write_text(text)
        self._run(f"import {self._name}; kept = held({self._name})")

    def edit(self, text: str) -> None:
        """Redefine what changed."""
        self._file.write_text(text)
        answer = self._session.redefine(self._file)
        assert answer.status == "ok", answer

    def does(self) -> Any:
        """Return what everything in the module does."""
        return json.loads(eval(self._run(f"probe({self._name})")))

    def keeps_its_objects(self) -> bool:
        """Whether functions and classes are the objects that were loaded."""
        same = f"[id(each) for each in kept] == [id(each) for each in held({self._name})]"
        return self._run(same) == "True"

    def _run(self, code: str) -> str:
        answer = self._session.evaluate(code)
        assert answer.status == "ok", answer.error
        value = answer.results[-1].value
        return "" if value is None else (value.detail or value.text)


RUNS = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_an_edited_process_does_what_a_fresh_one_does_and_can_go_back() -> None:
    with living() as load:
        count = iter(range(1_000_000))

        @RUNS
        @given(programs(), programs())
        def check(before: str, after: str) -> None:
            number = next(count)
            live, fresh = load(f"live{number}"), load(f"fresh{number}")
            live.load(before)
            at_first = live.does()
            fresh.load(after)
            live.edit(after)
            assert live.does() == fresh.does()
            live.edit(before)
            assert live.does() == at_first

        check()


def test_what_did_not_change_stays_the_object_it_is() -> None:
    with living() as load:
        count = iter(range(1_000_000))

        @RUNS
        @given(programs(), st.integers(0, 2))
        def check(text: str, lines: int) -> None:
            live = load(f"m{next(count)}")
            live.load(text)
            live.edit("# moved\n" * lines + text.replace("\n\n", "\n\n\n"))
            assert live.keeps_its_objects()

        check()
