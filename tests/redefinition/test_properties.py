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
        self.name = name

    def load(self, text: str) -> None:
        """Import the module with this text."""
        self.write(text)
        self.run(f"import {self.name}; kept = held({self.name})")

    def write(self, text: str) -> None:
        """Write the module's text, and nothing more."""
        self._file.write_text(text)

    def edit(self, text: str, *others: Program) -> None:
        """Redefine what changed, in other modules that have been written too."""
        self.write(text)
        answer = self._session.redefine([self._file, *(each._file for each in others)])
        assert answer.status == "ok", answer

    def undo(self) -> None:
        """Undo the last edit, which is told whole."""
        answer = self._session.undo()
        assert answer.status == "ok", answer

    def does(self) -> Any:
        """Return what everything in the module does."""
        return json.loads(eval(self.run(f"probe({self.name})")))

    def keeps_its_objects_of(self, before: str, after: str) -> bool:
        """Whether what both texts say alike is the object that was loaded, under its name."""
        same = [name for name in NAMES if _said_of(name, before) == _said_of(name, after)]
        names = [name for name in same if _said_of(name, before)]
        kept = f"all(any(vars({self.name})[each] is one for one in kept) for each in {names!r})"
        return self.run(kept) == "True"

    def keeps_its_objects(self) -> bool:
        """Whether functions and classes are the objects that were loaded."""
        same = f"[id(each) for each in kept] == [id(each) for each in held({self.name})]"
        return self.run(same) == "True"

    def run(self, code: str) -> str:
        """Evaluate code in the process and return its value."""
        answer = self._session.evaluate(code)
        assert answer.status == "ok", answer.error
        value = answer.results[-1].value
        return "" if value is None else (value.detail or value.text)


def _said_of(name: str, text: str) -> str:
    parts = (
        part for part in text.split("\n\n") if f"def {name}(" in part or f"class {name}:" in part
    )
    return "".join(parts)


RUNS = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def go_there_and_back(live: Any, fresh: Any, before: Any, after: Any) -> None:
    """Edit what is live: it does what a fresh one does, and after the way back what it did."""
    live.load(before)
    at_first = live.does()
    fresh.load(after)
    live.edit(after)
    assert live.does() == fresh.does()
    live.edit(before)
    assert live.does() == at_first


def go_there_and_undo(live: Any, before: Any, after: Any) -> None:
    """Edit what is live and undo that: it does what it did; so it does when it is done again."""
    live.load(before)
    at_first = live.does()
    live.edit(after)
    edited = live.does()
    if edited == at_first:
        return  # there may be nothing to undo
    live.undo()
    assert live.does() == at_first
    live.edit(after)
    assert live.does() == edited
    live.undo()
    assert live.does() == at_first


def test_an_edit_that_is_undone_leaves_all_that_it_left_alone_the_object_it_is() -> None:
    with living() as load:
        count = iter(range(1_000_000))

        @RUNS
        @given(programs(), programs())
        def check(before: str, after: str) -> None:
            live = load(f"m{next(count)}")
            go_there_and_undo(live, before, after)
            assert live.keeps_its_objects_of(before, after)

        check()


def test_an_edited_process_does_what_a_fresh_one_does_and_can_go_back() -> None:
    with living() as load:
        count = iter(range(1_000_000))

        @RUNS
        @given(programs(), programs())
        def check(before: str, after: str) -> None:
            number = next(count)
            live, fresh = load(f"live{number}"), load(f"fresh{number}")
            go_there_and_back(live, fresh, before, after)

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


# -- several modules, and classes that come of each other ------------------------------------------

LEVELS = ("A", "B", "C")
METHODS = ("m", "n")
PROBE_SEVERAL = """
import json
def called(function):
    try: return function()
    except Exception as error: return type(error).__name__
def of_objects(objects):
    told = [[called(lambda: getattr(each, name)()) for name in ("m", "n")] for each in objects]
    return json.dumps(told)
def of_names(module, *names):
    return json.dumps([called(lambda: getattr(module, name)()) for name in names])
"""


@st.composite
def hierarchies(draw: st.DrawFn) -> str:
    """Return three classes, each a subclass of the one before, with methods here or there."""
    parts = []
    for level, base in zip(LEVELS, ("", "(A)", "(B)"), strict=True):
        methods = [
            f"    def {name}(self):\n        return ['{level}', {draw(st.integers(0, 1))}"
            + (f", *super().{name}()]\n" if draw(st.booleans()) else "]\n")
            for name in METHODS
            if draw(st.booleans())
        ]
        parts.append(f"class {level}{base}:\n" + ("".join(methods) or "    pass\n"))
    return "\n".join(parts)


def test_methods_that_move_in_a_hierarchy_are_found_by_objects_that_live() -> None:
    with living() as load, living() as load_fresh:
        count = iter(range(1_000_000))

        @RUNS
        @given(hierarchies(), hierarchies())
        def check(before: str, after: str) -> None:
            name = f"m{next(count)}"
            live, fresh = load(name), load_fresh(name)
            live.load(before)
            live.run(
                f"{PROBE_SEVERAL}\nobjects = [each() for each in ({name}.A, {name}.B, {name}.C)]"
            )
            at_first = live.run("of_objects(objects)")
            fresh.load(after)
            fresh.run(
                f"{PROBE_SEVERAL}\nobjects = [each() for each in ({name}.A, {name}.B, {name}.C)]"
            )
            live.edit(after)
            assert live.run("of_objects(objects)") == fresh.run("of_objects(objects)")
            live.edit(before)
            assert live.run("of_objects(objects)") == at_first

        check()


@st.composite
def homes(draw: st.DrawFn) -> tuple[str, str]:
    """Return two modules: what is defined in the one, or under another name, or in the other."""
    base, user = [f"K = {draw(st.integers(0, 1))}\n"], []
    for name in NAMES:
        number, kind = draw(st.integers(0, 2)), draw(st.sampled_from(["function", "class"]))
        home = draw(st.sampled_from(["base", "renamed", "module", "user"]))
        own = f"{name}_other" if home == "renamed" else name
        text = f"def {own}():\n    return [{number}]\n"
        if kind == "class":
            text = f"class {own}(list):\n    def __init__(self):\n        self.append({number})\n"
        (user if home == "user" else base).append(text)
        if home == "module":
            user.append(f"import BASE\ndef {name}():\n    return BASE.{name}()\n")
        elif home != "user":
            user.append(f"from BASE import {own} as {name}\n")
    return "\n".join(base), "\n".join(
        [*user, "from BASE import K\ndef constant():\n    return K\n"]
    )


def test_definitions_that_move_between_modules_or_are_renamed_are_found_where_they_are_used() -> (
    None
):
    with living() as load:
        count = iter(range(1_000_000))

        def pair(name: str) -> Pair:
            return Pair(load(f"base_{name}"), load(name))

        @RUNS
        @given(homes(), homes())
        def check(before: tuple[str, str], after: tuple[str, str]) -> None:
            number = next(count)
            live, fresh = pair(f"live{number}"), pair(f"fresh{number}")
            go_there_and_back(live, fresh, before, after)

        check()


def test_definitions_that_move_or_are_renamed_are_undone() -> None:
    with living() as load:
        count = iter(range(1_000_000))

        @RUNS
        @given(homes(), homes())
        def check(before: tuple[str, str], after: tuple[str, str]) -> None:
            name = f"m{next(count)}"
            go_there_and_undo(Pair(load(f"base_{name}"), load(name)), before, after)

        check()


class Pair:
    """Two modules in a live process, of which the second imports the first."""

    def __init__(self, base: Program, user: Program) -> None:
        self._base = base
        self._user = user

    def load(self, texts: tuple[str, str]) -> None:
        """Import the modules with these texts."""
        base, user = self._named(texts)
        self._base.write(base)
        self._user.load(user)
        self._user.run(PROBE_SEVERAL)

    def edit(self, texts: tuple[str, str]) -> None:
        """Redefine what changed in both, as one step."""
        base, user = self._named(texts)
        self._base.write(base)
        self._user.edit(user, self._base)

    def undo(self) -> None:
        """Undo the last edit."""
        self._user.undo()

    def does(self) -> str:
        """Return what everything does that the second module has."""
        names = (*NAMES, "constant")
        return self._user.run(f"of_names({self._user.name}, *{names!r})")

    def _named(self, texts: tuple[str, str]) -> list[str]:
        return [text.replace("BASE", self._base.name) for text in texts]
