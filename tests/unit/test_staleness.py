"""Which results are stale, and what is run again for them: with traces made by hand."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import pytest

from relive.session.rerunning import plan
from relive.session.staleness import Staleness
from relive.session.units import DefinitionChanged, NameBound, Trace, Unit
from relive.source.positions import Position
from relive.wire.fingerprints import fingerprint


class Texts:
    """Texts whose lines are statements; a line that runs again replaces what it was."""

    def __init__(self) -> None:
        self.lines: dict[str, tuple[str, int]] = {}
        """By unit: the file and the line; one without is in no text."""
        self.last: dict[tuple[str, int], str] = {}

    def of(self, unit: Unit) -> tuple[Hashable, Position] | None:
        place = self.lines.get(unit.id)
        return None if place is None else (place[0], (place[1], 0))

    def replaced(self, unit: Unit) -> Iterable[str]:
        here = self.lines.get(unit.id)
        if here is None:
            return []
        former, self.last[here] = self.last.get(here), unit.id
        return [] if former is None else [former]

    def forget(self) -> None:
        self.last = {}


class Script:
    """Runs lines: `line: text | reads > writes ! changed @ ran`, names by blanks."""

    def __init__(self) -> None:
        self.texts = Texts()
        self.staleness = Staleness(self.texts)
        self._number = 0

    def run(self, line: int | None, text: str, touches: str = "", file: str = "m.py") -> str:
        self._number += 1
        number = f"{self._number}:1"
        if line is not None:
            self.texts.lines[number] = (file, line)
        self.staleness.ran(Unit(number, text, _trace(touches, file), file))
        return number

    def redefine(self, name: str, before: str | None, now: str | None, **more: str) -> None:
        outcome = "redefined" if before and now else "added" if now else "removed"
        kind = "method" if "." in name else "function"
        marks = [None if each is None else fingerprint(each) for each in (before, now)]
        key = (more.get("file", "m.py"), name)
        self.staleness.redefined([DefinitionChanged(key, kind, outcome, *marks)])

    @property
    def stale(self) -> dict[int, str]:
        """By line, 1-based: why."""
        return {
            self.texts.lines[unit.id][1] + 1: self.staleness.reason(unit)
            for unit in self.staleness.stale()
            if unit.id in self.texts.lines
        }

    def again(self, **obstacles: str) -> tuple[list[int], dict[int, str]]:
        """The lines that are run again, and those that are left."""

        def line(unit: Unit) -> int:
            place = self.texts.lines.get(unit.id)
            return 0 if place is None else place[1] + 1

        def obstacle(unit: Unit) -> str | None:
            return obstacles.get(
                f"line{line(unit)}", None if line(unit) else "it stands in no file"
            )

        made = plan(self.staleness, self.staleness.stale(), obstacle)
        return [line(unit) for unit in made.run], {line(u): why for u, why in made.left.items()}


def _trace(touches: str, file: str) -> Trace:
    parts: dict[str, set[tuple[str | None, str]]] = {"|": set(), ">": set(), "!": set(), "@": set()}
    kind = "|"
    for word in touches.split():
        if word in parts:
            kind = word
        else:
            where, _, name = word.rpartition(":")
            parts[kind].add((where or file, name))
    return Trace(*(frozenset(parts[each]) for each in "|>!@"))


@pytest.fixture
def script() -> Script:
    return Script()


def test_what_came_of_a_name_is_stale_when_that_is_assigned_again(script: Script) -> None:
    script.run(0, "rate = 0.2", "> rate")
    script.run(1, "net = 100 * rate", "rate > net")
    script.run(2, "net + 1", "net")
    script.run(3, "other", "other")
    assert script.stale == {}
    script.run(0, "rate = 0.3", "> rate")
    assert script.stale == {
        2: "`rate` was assigned again",
        3: "`net` is stale: `rate` was assigned again",
    }
    script.run(1, "net = 100 * rate", "rate > net")
    assert script.stale == {3: "`net` was assigned again"}
    script.run(2, "net + 1", "net")
    assert script.stale == {}


def test_the_same_plain_value_again_is_no_other_value(script: Script) -> None:
    script.run(0, "rate = 0.2", "> rate")
    script.run(1, "rate * 2", "rate")
    script.run(0, "rate = 0.2", "> rate")
    assert script.stale == {}
    script.run(0, "rate = 0.3", "> rate")
    assert script.stale
    script.run(0, "rate = 0.2", "> rate")
    assert script.stale == {}
    script.run(0, "rate = load()", "load > rate")
    script.run(0, "rate = load()", "load > rate")
    assert script.stale == {2: "`rate` was assigned again"}


def test_what_stands_above_is_not_concerned(script: Script) -> None:
    script.run(0, "x = 1", "> x")
    script.run(1, "x + 1", "x")
    script.run(2, "x = 2", "> x")
    script.run(3, "x + 1", "x")
    assert script.stale == {}
    script.run(2, "x = 3", "> x")
    assert script.stale == {4: "`x` was assigned again"}
    script.run(3, "x + 1", "x")
    script.run(0, "x = 5", "> x")
    assert script.stale == {2: "`x` was assigned again"}  # line 4 has it from line 3


def test_who_ran_out_of_order_is_judged_by_what_it_saw(script: Script) -> None:
    script.run(3, "x = 2", "> x")
    script.run(1, "x + 1", "x")
    script.run(3, "x = 3", "> x")
    assert script.stale == {2: "`x` was assigned again"}


def test_typed_code_counts(script: Script) -> None:
    script.run(0, "x = 1", "> x")
    script.run(1, "x + 1", "x")
    script.run(None, "x = 7", "> x")
    assert script.stale == {2: "`x` was assigned again"}
    script.run(1, "x + 1", "x")
    script.run(None, "x.append(1)", "x ! x")
    assert script.stale == {2: "`x` was changed in place by code that stands in no file"}


def test_changes_in_place_are_a_chain(script: Script) -> None:
    script.run(0, "rows = []", "> rows")
    script.run(1, "rows.append(1)", "rows ! rows")
    script.run(2, "len(rows)", "rows")
    script.run(3, "rows.append(2)", "rows ! rows")
    script.run(4, "len(rows)", "rows")
    assert script.stale == {}
    script.run(1, "rows.append(9)", "rows ! rows")
    assert script.stale == {
        3: "`rows` was changed in place by line 2",
        4: "`rows` was changed in place by line 2",
        5: "`rows` is stale: `rows` was changed in place by line 2",
    }
    assert script.again() == ([1, 2, 3, 4, 5], {})


def test_a_line_that_no_longer_gives_a_name_takes_its_readers_with_it(script: Script) -> None:
    script.run(0, "x = 1", "> x")
    script.run(1, "x + 1", "x")
    script.run(0, "y = 1", "> y")
    assert script.stale == {2: "`x` is not made by line 1 any more"}


def test_a_definition_that_is_redefined_to_its_former_text_makes_true_again(script: Script) -> None:
    one, two = "def net(a):\n    return a", "def net(a):\n    return a + 1"
    script.run(0, "net(1)", "net @ net")
    script.run(1, "later()", "o.py:later @ o.py:later net")
    script.run(2, "other()", "other @ other")
    first = script.staleness.verdicts()
    assert not first
    script.redefine("net", one, two)
    why = "function `net` was redefined"
    assert script.stale == {1: why, 2: why}
    assert script.staleness.verdicts().stale == {"1:1": why, "2:1": why}
    assert not script.staleness.verdicts()
    script.redefine("net", two, one)
    assert script.stale == {}
    assert set(script.staleness.verdicts().fresh) == {"1:1", "2:1"}


def test_a_definition_that_is_evaluated_is_known_by_its_text(script: Script) -> None:
    script.run(0, "def f():\n    return 1", "> f")
    script.run(1, "f()", "f @ f")
    script.run(0, "def f():\n    return 1", "> f")
    assert script.stale == {}
    script.run(0, "def f():\n    return 2", "> f")
    assert script.stale == {2: "function `f` was redefined"}
    script.redefine("f", "def f():\n    return 2", "def f():\n    return 1")
    assert script.stale == {}


def test_what_the_header_of_a_definition_uses_counts_with_its_text(script: Script) -> None:
    text = "def f(a=x):\n    return a"
    script.run(0, "x = 1", "> x")
    script.run(1, text, "x > f")
    script.run(2, "f()", "f @ f")
    script.run(0, "x = 2", "> x")
    assert set(script.stale) == {2, 3}
    script.run(1, text, "x > f")
    assert script.stale == {3: "function `f` was redefined"}


CLASS = (
    "class C:\n    def m(self):\n        return 1\n\n    def __repr__(self):\n        return 'C'"
)


@pytest.mark.parametrize(
    ("name", "before", "now", "stale"),
    [
        ("C.m", "def m(self): return 1", "def m(self): return 2", {4, 5}),
        ("C.__repr__", "def a(): 1", "def a(): 2", {2, 3, 4, 5}),
        ("C.new", None, "def new(self): 1", set()),
        ("C.m", None, "def m(self): 1", {4, 5}),
        ("C.m", "def m(self): 1", None, {4, 5}),
        ("C", "class C: 1", "class C: 2", {2, 3, 4, 5}),
        ("other", "def other(): 1", "def other(): 2", set()),
    ],
)
def test_what_a_change_in_a_class_concerns(
    script: Script, name: str, before: str | None, now: str | None, stale: set[int]
) -> None:
    script.run(0, CLASS, "> C")
    script.run(1, "c = C()", "C > c")
    script.run(2, "c", "c")
    script.run(3, "c.m()", "c @ C.m")
    script.run(4, "C.m.__doc__", "C")
    script.redefine(name, before, now)
    assert set(script.stale) == stale


def test_names_of_other_files_count(script: Script) -> None:
    script.run(0, "rate = 1", "> rate", file="o.py")
    script.run(0, "o.rate", "o o.py:rate")
    script.run(0, "rate = 2", "> rate", file="o.py")
    assert script.stale == {1: "`rate` was assigned again"}


def test_values_that_a_redefinition_assigns(script: Script) -> None:
    script.run(0, "RATE = 1", "> RATE")
    script.run(1, "RATE", "RATE")
    script.run(2, "OTHER", "OTHER")
    rate, other = ("m.py", "RATE"), ("m.py", "OTHER")
    script.staleness.bound([NameBound(rate, "int 1", "int 2"), NameBound(other, "int 3")])
    assert script.stale == {2: "`RATE` was assigned again", 3: "`OTHER` was assigned again"}
    script.staleness.bound([NameBound(rate, "int 2", "int 1"), NameBound(other, None, "int 3")])
    assert script.stale == {}


def test_a_chain_costs_its_length(script: Script) -> None:
    def chain(length: int) -> int:
        long = Script()
        long.run(0, "x0 = 1", "> x0")
        for number in range(1, length):
            long.run(number, f"x{number} = f(x{number - 1})", f"x{number - 1} > x{number}")
        long.run(0, "x0 = 2", "> x0")
        assert len(long.stale) == length - 1
        assert long.again()[0] == list(range(2, length + 1))
        for number in range(1, length):
            long.run(number, f"x{number} = f(x{number - 1})", f"x{number - 1} > x{number}")
        assert long.stale == {}
        return long.staleness.steps

    assert chain(1000) <= 2.2 * chain(500)


def test_a_statement_that_writes_thousands_of_names_costs_their_number() -> None:
    def asked(names: int) -> int:
        class Counting(Trace):
            times = 0

            @property
            def adds_to(self) -> frozenset[tuple[str | None, str]]:
                Counting.times += 1
                return super().adds_to

        wide = Counting(writes=frozenset(("m.py", f"n{number}") for number in range(names)))
        Staleness(Texts()).ran(Unit("1:1", "fill(globals())", wide, "m.py"))
        return Counting.times

    assert asked(2_000) == asked(2), "what is the same for all names is worked out once"


def test_one_who_comes_of_thousands_of_names_is_told_of_once(script: Script) -> None:
    names = " ".join(f"n{number}" for number in range(2_000))
    script.run(0, "fill(globals())", f"> {names}")
    total = script.run(1, "total = sum(globals().values())", f"| {names} > total")
    script.run(2, "total", "| total")
    before = script.staleness.steps
    script.run(0, "fill(globals())", f"> {names}")
    assert list(script.stale) == [2, 3]
    assert script.staleness.steps - before < 3 * 2_000
    unit = script.staleness.unit(total)
    assert unit is not None
    reason = script.staleness.reason(unit)
    assert reason.count(";") == 10
    assert reason.endswith("; and 1990 more")


# -- running again ---------------------------------------------------------------------------------


def test_rule_2_what_adds_to_a_value_runs_with_all_that_made_it(script: Script) -> None:
    script.run(0, "step = 1", "> step")
    script.run(1, "x = 0", "> x")
    script.run(2, "x += step", "x step > x")
    script.run(3, "x", "x")
    script.run(0, "step = 2", "> step")
    assert script.again() == ([2, 3, 4], {})


def test_rules_3_and_4_what_is_overwritten_is_made_again_and_then_restored(script: Script) -> None:
    script.run(0, "x = 1", "> x")
    script.run(1, "a = f(x)", "x f > a @ f")
    script.run(2, "x = 2", "> x")
    script.run(3, "x", "x")
    script.redefine("f", "def f(x): 1", "def f(x): 2")
    assert script.again() == ([1, 2, 3], {})


def test_what_cannot_run_again_is_left_and_what_needs_it(script: Script) -> None:
    script.run(None, "rows = []", "> rows")
    script.run(1, "rows.append(step)", "rows step ! rows")
    script.run(2, "len(rows)", "rows")
    script.run(3, "step", "step")
    script.staleness.bound([NameBound(("m.py", "step"))])
    ran, left = script.again()
    assert ran == [4]
    assert left == {
        0: "it stands in no file",
        2: "it needs what code that stands in no file gave, which cannot run again: it stands in "
        "no file",
        3: "it needs what line 2 gave, which cannot run again: it stands in no file",
    }
    assert script.again(line4="its text is gone")[1][4] == "its text is gone"


def test_files_run_one_after_the_other(script: Script) -> None:
    script.run(5, "a", "a o.py:b > c")
    script.run(2, "b = step", "step > b", file="o.py")
    script.run(5, "a", "a o.py:b > c")
    script.run(6, "c", "c")
    script.staleness.bound([NameBound(("o.py", "step"))])
    made = plan(script.staleness, script.staleness.stale(), lambda _: None)
    assert [script.texts.lines[each.id] for each in made.run] == [
        ("o.py", 2),
        ("m.py", 5),
        ("m.py", 6),
    ]


def test_random_numbers_count_once_they_have_a_seed(script: Script) -> None:
    script.run(1, "draw()", "draw random:random ! random:random")
    script.run(2, "draw()", "draw random:random ! random:random")
    script.run(1, "draw()", "draw random:random ! random:random")
    assert script.stale == {}
    script.run(0, "seed(1)", "seed > random:random")
    script.run(1, "draw()", "draw random:random ! random:random")
    script.run(2, "draw()", "draw random:random ! random:random")
    script.run(0, "seed(2)", "seed > random:random")
    assert set(script.stale) == {2, 3}
    assert script.again() == ([1, 2, 3], {})


def test_without_a_text_what_was_made_last_counts(script: Script) -> None:
    script.run(None, "rows = []", "> rows")
    script.run(None, "rows.append(step)", "rows step ! rows")
    script.run(None, "rows = [1]", "> rows")
    script.run(None, "rows.append(step)", "rows step ! rows")
    script.staleness.bound([NameBound(("m.py", "step"))])
    last = script.staleness.units()[-1]
    made = plan(script.staleness, [last], lambda _: None)
    assert [each.text for each in made.run] == ["rows = [1]", "rows.append(step)"]


@pytest.mark.parametrize(("base", "expected"), [("def size", set()), ("def new", {2})])
def test_a_new_method_concerns_what_ran_the_one_that_it_hides(
    script: Script, base: str, expected: set[int]
) -> None:
    name = base.split()[1]
    script.run(0, f"class B:\n    {base}(self):\n        return 1\n\n\nclass C(B): pass", "> B C")
    script.run(0, f"class B:\n    {base}(self):\n        return 1", "> B")
    script.run(1, "measure(c)", f"c C measure @ B.{name}")
    script.redefine("C.new", None, "def new(self): 2")
    assert set(script.stale) == expected


def test_what_has_just_run_is_not_stale_by_what_it_spoilt_itself(script: Script) -> None:
    script.run(0, "c = C()", "C > c")
    script.run(1, "c.step()", "c ! c")
    script.run(2, "alias()", "c ! c")
    script.run(1, "c.double()", "c")
    assert script.stale == {3: "`c` is not made by line 2 any more"}


def test_what_a_file_above_all_has_is_as_it_was_for_what_stands_above_its_change(
    script: Script,
) -> None:
    """A package is imported before what is in it, by no statement: nobody has given its names."""
    script.run(0, "len(CALLS)", "| other.py:CALLS")
    script.run(1, "record(1)", "| other.py:CALLS ! other.py:CALLS")
    script.run(2, "len(CALLS)", "| other.py:CALLS")
    assert script.stale == {}
    script.run(1, "record(1)", "| other.py:CALLS ! other.py:CALLS")
    assert list(script.stale) == [3]
    script.run(0, "len(CALLS)", "| other.py:CALLS")
    script.run(2, "len(CALLS)", "| other.py:CALLS")
    script.run(1, "record(1)", "| other.py:CALLS ! other.py:CALLS")
    assert sorted(script.stale) == [1, 3]
