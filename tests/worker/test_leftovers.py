"""What redefinitions leave behind: told as long as it is there, and kept alive by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from relive.session.definition_answers import LiveDefinitions
from relive.session.session import Session
from relive.session.viewing import LeftoversView

DEFINED = """\
import threading
from dataclasses import dataclass

class Plain:
    def __init__(self, a):
        self.a = a

@dataclass
class Fielded:
    a: int = 1

class Data:
    size: int = 1

def count():
    for n in range(9):
        yield n

def wait(begun, end):
    begun.set()
    end.wait()

async def later():
    return 1

class Slotted:
    __slots__ = ("a",)
"""
SET_UP = """\
plains, fielded, data = [Plain(1), Plain(2)], Fielded(), Data()
going = count(); next(going)
waiting = later()
begun, end = threading.Event(), threading.Event()
thread = threading.Thread(target=wait, args=(begun, end), name="waiter"); thread.start(); begun.wait()
slotted, table = Slotted(), {"class": Slotted}
"""


class Program:
    """A file that is loaded, edited and redefined."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.file = str(folder / "leaving.py")
        self.text = DEFINED
        self.heard: dict[str, LiveDefinitions] = {}
        (folder / "leaving.py").write_text(DEFINED)
        self.run(DEFINED)
        self.run(SET_UP)

    def run(self, text: str) -> Any:
        answer = self.session.evaluate(text, file=self.file)
        assert answer.status == "ok", answer.error
        return answer.results[-1].value

    def edit(self, old: str, new: str, name: str) -> None:
        self.text = self.text.replace(old, new)
        told = self.session.redefine(self.file, source=self.text, name=name)
        assert told.status == "ok", told

    @property
    def left(self) -> LiveDefinitions:
        """All there is, which is what the news to what was heard last come to."""
        told, news = self.ask({})[self.file], self.ask(self.heard)
        self.heard = news
        assert (news[self.file], news[self.file].revision) == (told, told.revision)
        return told

    def ask(self, known: dict[str, LiveDefinitions]) -> dict[str, LiveDefinitions]:
        ask = partial(self.session.submit_definitions, [self.file], known)
        told: dict[str, LiveDefinitions] = self.session._wait(ask)
        return told

    def listed(self, name: str) -> list[tuple[str, str]]:
        found = self.session._look(LeftoversView(self.file, name))
        assert found.total == len(found.items)
        return [(each.value.text, each.why) for each in found.items]

    def end(self) -> None:
        self.run("going.close(); waiting.close(); end.set(); thread.join(); None")


@pytest.fixture
def program(lasting_session: Session, tmp_path: Path) -> Iterator[Program]:
    program = Program(lasting_session, tmp_path)
    yield program
    program.end()


def test_whoever_began_before_goes_on_with_the_old_body_and_is_told_until_it_ends(
    program: Program,
) -> None:
    assert program.left.running == {}
    program.edit("yield n", "yield -n", "count")
    program.edit("end.wait()", "end.wait() and None", "wait")
    program.edit("async def later():\n    return 1", "async def later():\n    return 2", "later")
    told = program.left.running
    assert told["count"] == ["generator waiting at line 17 of the old text"]
    assert told["wait"] == ["thread 'waiter', at line 21 of the old text"]
    assert told["later"] == ["coroutine waiting at line 23 of the old text"]
    program.end()
    assert program.left.running == {}


def test_a_generator_that_runs_while_it_is_redefined_is_told_when_it_waits(
    program: Program,
) -> None:
    """It is a thread's then, and nobody's frame later."""
    program.text += "\ndef between():\n    begun.set()\n    end.wait()\n    yield 1\n    yield 2\n"
    assert (
        program.session.redefine(program.file, source=program.text, name="between").status == "ok"
    )
    program.run("one, got = between(), []; begun.clear()")
    program.run("def step(): got.append(next(one))")
    program.run('runs = threading.Thread(target=step, name="runner"); runs.start(); begun.wait()')
    program.edit("yield 1", "yield 3", "between")
    (told,) = program.left.running["between"]
    assert told.startswith("thread 'runner', at line ")
    program.run("end.set(); runs.join()")
    (told,) = program.left.running["between"]
    assert told.startswith("generator waiting at line ")
    program.run("one.close()")
    assert program.left.running == {}


def test_a_text_that_is_live_again_has_no_old_bodies(program: Program) -> None:
    program.edit("yield n", "yield -n", "count")
    program.session.undo()
    assert program.left.running == {}


FORGET = "\n1\n2\n3\nimport gc; gc.collect()"
"""The three latest values are held by `_`, `__` and `___`."""
MADE_BEFORE = {
    # what is changed: (old text, new text, name redefined, those that have old objects)
    "constructor": ("self.a = a", "self.a = -a", "Plain", {"Plain": 2, "Plain.__init__": 2}),
    "constructor alone": (
        "self.a = a",
        "self.a = -a",
        "Plain.__init__",
        {"Plain": 2, "Plain.__init__": 2},
    ),
    "constructor that is gone": (
        "    def __init__(self, a):\n        self.a = a\n",
        "    a = 1\n",
        "Plain",
        {"Plain": 2, "Plain.__init__": 2},
    ),
    "field": ("    a: int = 1", "    a: int = 1\n    b: int = 2", "Fielded", {"Fielded": 1}),
    "new method": ("class Data:", "class Data:\n    def m(self): pass\n", "Data", {}),
    "data that objects look up": ("size: int = 1", "size: int = 2", "Data", {}),
}


@pytest.mark.parametrize("case", MADE_BEFORE)
def test_objects_made_before_are_counted_while_they_live(program: Program, case: str) -> None:
    old, new, name, counts = MADE_BEFORE[case]
    program.edit(old, new, name)
    program.run("more = [each() for each in (Data, Fielded)]")
    assert program.left.old_instances == counts
    program.run(f"del more{FORGET}")
    program.session.undo()
    assert program.left.old_instances == {}
    program.session.redefine(program.file, source=program.text, name=name)
    assert program.left.old_instances.keys() >= counts.keys()
    program.run(f"del plains, fielded{FORGET}")
    assert program.left.old_instances == {}


def test_objects_made_before_are_listed(program: Program) -> None:
    program.edit("    a: int = 1", "    a: int = 1\n    b: int = 2", "Fielded")
    program.run("new = Fielded(3)")
    assert program.listed("Fielded") == [("Fielded(a=1, b=2)", "made before")]
    assert program.listed("count") == []


def test_what_holds_a_class_that_was_replaced_is_listed(program: Program) -> None:
    """Its objects hold the former one, when its statement has to run anew."""
    assert program.left.holders == {}
    program.run('class Slotted:\n    __slots__ = ("b",)\n')
    assert program.left.holders == {"Slotted": 2}
    listed = program.listed("Slotted")
    assert sorted(text[:8] for text, _ in listed) == ["<leaving", "{'class'"]
    assert {why for _, why in listed} == {"holds a replaced object"}
    program.run(f"del slotted, table['class']{FORGET}")
    assert program.left.holders == {}
