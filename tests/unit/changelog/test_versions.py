"""The versions of a definition, told from the entries of the log."""

from __future__ import annotations

import pytest

from relive.changelog.entries import Change, Defined, Entry, Outcome
from relive.changelog.versions import versions

FILE = "/w/m.py"


def text(number: int, name: str = "f") -> str:
    return f"def {name}():\n    return {number}"


def document(number: int) -> str:
    return f"import x\n\n{text(number)}\n\n\nclass C:\n    def m(self):\n        return {number}\n"


class Log:
    """Entries in the making."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, change: Change, status: str = "ok", *definitions: Defined) -> Log:
        number = len(self.entries) + 1
        outcome = None if status == "none" else Outcome(status, definitions=definitions)  # type: ignore[arg-type]
        self.entries.append(Entry("s", number, 1, float(number), change, outcome))
        return self

    def redefine(
        self, number: int, before: int | None, name: str | None = None, outcome: str = "redefined"
    ) -> Log:
        done = Defined(FILE, "f", "function", outcome, None if before is None else text(before))
        return self.add(Change("redefine", FILE, document=document(number), name=name), "ok", done)

    def evaluate(self, number: int, status: str = "ok") -> Log:
        change = Change("evaluate", FILE, text(number), line=7, document=document(number))
        return self.add(change, status)

    def undo(self, before: int) -> Log:
        done = Defined(FILE, "f", "function", "redefined", text(before))
        return self.add(Change("undo"), "ok", done)


def told(log: Log, running: int | None = None) -> list[tuple[str, str | None]]:
    now = None if running is None else (text(running), 2)
    found = versions(log.entries, FILE, "f", now)
    return [(each.text[-1], each.entry and each.entry.id) for each in found]


CASES = {
    # name: (log, what runs, the versions, newest first)
    "nothing is logged": (Log(), 1, [("1", None)]),
    "nothing is logged and nothing runs": (Log(), None, []),
    "redefined": (
        Log().redefine(2, 1).redefine(3, 2, "f"),
        3,
        [("3", "s:2"), ("2", "s:1"), ("1", None)],
    ),
    "evaluated": (Log().evaluate(1).evaluate(2), 2, [("2", "s:2"), ("1", "s:1")]),
    "the same again is one": (Log().evaluate(1).evaluate(1), 1, [("1", "s:1")]),
    "there and back is three": (
        Log().evaluate(1).evaluate(2).evaluate(1),
        1,
        [("1", "s:3"), ("2", "s:2"), ("1", "s:1")],
    ),
    "what failed or never ended is none": (
        Log().evaluate(1).evaluate(2, "error").evaluate(3, "none"),
        1,
        [("1", "s:1")],
    ),
    "what was refused is none": (
        Log().evaluate(1).redefine(2, None, outcome="refused"),
        1,
        [("1", "s:1")],
    ),
    "undone": (
        Log().redefine(2, 1).undo(2),
        1,
        [("1", "s:2"), ("2", "s:1"), ("1", None)],
    ),
    "undone and redefined": (
        Log().redefine(2, 1).undo(2).redefine(3, 1),
        3,
        [("3", "s:3"), ("1", "s:2"), ("2", "s:1"), ("1", None)],
    ),
    "undone, and then something else": (
        Log().redefine(2, 1).undo(2).add(Change("evaluate", FILE, "x = 1")),
        1,
        [("1", "s:2"), ("2", "s:1"), ("1", None)],
    ),
    "a new process has loaded another text": (
        Log().redefine(2, 1).redefine(4, 3),
        4,
        [("4", "s:2"), ("3", None), ("2", "s:1"), ("1", None)],
    ),
    "a new process runs what no entry knows": (
        Log().redefine(2, 1),
        5,
        [("5", None), ("2", "s:1"), ("1", None)],
    ),
    "removed and added again": (
        Log().redefine(2, 2, outcome="removed").redefine(3, None, outcome="added"),
        3,
        [("3", "s:2"), ("2", None)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_text_that_ran_is_a_version(case: str) -> None:
    log, running, expected = CASES[case]
    assert told(log, running) == expected


def test_a_version_knows_where_it_stood() -> None:
    found = versions(Log().redefine(2, None, outcome="added").evaluate(3).entries, FILE, "f")
    assert [each.line for each in found] == [7, 2]


def test_a_method_is_found_in_the_class_that_was_redefined() -> None:
    done = Defined(FILE, "C.m", "method", "redefined")
    log = Log().add(Change("redefine", FILE, document=document(2), name="C"), "ok", done)
    found = versions(log.entries, FILE, "C.m")
    assert [each.text for each in found] == ["    def m(self):\n        return 2"]


def test_another_file_of_a_step_tells_its_own_text() -> None:
    change = Change("redefine", "/w/other.py", document="", others=((FILE, document(2)),))
    log = Log().add(change, "ok", Defined(FILE, "f", "function", "redefined", text(1)))
    assert told(log) == [("2", "s:1"), ("1", None)]
    assert versions(log.entries, "/w/other.py", "f") == []
