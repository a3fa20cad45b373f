"""Statements run by hand, and then the file is redefined, as when it is saved: what is true stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from relive.session.session import Session


class Cells:
    """A file that is run whole, and pieces of it again as its text changes."""

    def __init__(self, session: Session, file: Path, text: str) -> None:
        self.session, self.file = session, file
        file.write_text(text)
        self._evaluate(text)

    def _evaluate(self, text: str) -> str | None:
        done = self.session.evaluate(text, self.file)
        assert done.status == "ok", done.error
        value = done.results[-1].value if done.results else None
        return None if value is None else value.text

    def write(self, text: str) -> None:
        self.file.write_text(text)

    def run(self, *texts: str) -> str | None:
        return [self._evaluate(text) for text in texts][-1]

    def save(self) -> list[str]:
        """Redefine the file; return what that has run or refused."""
        receipt = self.session.redefine(self.file)
        return [f"{each.name} {each.outcome}" for each in receipt.changes]


@pytest.fixture
def cells(long_session: Session, workspace: Path):
    return lambda text: Cells(long_session, workspace / "cells.py", text)


def test_cells_in_another_order_each_run_again_are_no_edit(cells):
    live = cells("# %%\ndata = [1, 2, 3]\n# %%\ndata = [sum(data)]\n# %%\nlabel = 'x'\n")
    live.write("# %%\nlabel = 'x'\n# %%\ndata = [1, 2, 3]\n# %%\ndata = [sum(data)]\n")
    live.run("label = 'x'", "data = [1, 2, 3]", "data = [sum(data)]")
    assert live.save() == []
    assert live.run("data") == "[6]"


def test_a_file_run_whole_is_as_its_text_says(cells):
    live = cells(
        "ran = []\nfor each in 'ab':\n    ran.append(each)\nfor each in 'c':\n    ran.append(each)\n"
        "data = [1]\ndata = data + [2]\n"
    )
    assert live.save() == []
    assert live.run("ran, data") == "(['a', 'b', 'c'], [1, 2])"


def test_a_statement_that_has_come_beside_another_one_of_its_name_leaves_it_as_it_is(cells):
    live = cells("data = [1]\nother = 1\n")
    live.write("data = [1]\ndata = data + [2]\nother = 1\n")
    live.run("data = data + [2]", "data.append(3)")
    assert live.save() == []
    assert live.run("data") == "[1, 2, 3]"


def test_what_was_run_by_hand_in_a_file_with_definitions_is_not_run_again(cells):
    text = "data = [1]\ndef size():\n    return len(data)\nsizes = size()\n"
    live = cells(text)
    live.write(text.replace("[1]", "[1, 2]"))
    live.run("data = [1, 2]", "data.append(3)")
    assert live.save() == []
    assert live.run("data") == "[1, 2, 3]"


def test_cells_that_bind_one_name_keep_what_was_run_last(cells):
    live = cells("step = 3\nearly = step\nstep = 100\n")
    live.run("step = 3")
    assert live.save() == []
    assert live.run("step") == "3"


def test_cells_that_bind_one_name_and_change_places_have_run_by_hand(cells):
    live = cells("step = 3\nmiddle = 1\nstep = 100\n")
    live.write("step = 100\nmiddle = 1\nstep = 3\n")
    live.run("step = 100", "step = 3")
    assert live.save() == []
    assert live.run("step") == "3"


def test_of_texts_tried_by_hand_the_last_is_what_the_next_one_changes(cells):
    text = "def give(value):\n    return value\nvalue = give({})\n"
    live = cells(text.format(1))
    for value in (2, 3):
        live.write(text.format(value))
        live.run(f"value = give({value})")
    live.write(text.format(4))
    assert live.save() == ["line 3 refused"]
    live.write(text.format(3))
    assert live.save() == []
    assert live.run("value") == "3"


def test_what_an_item_was_given_before_it_was_given_something_else_by_hand_is_not_told(cells):
    live = cells("table = {}\ntable['a'] = 1\n")
    live.write("table = {}\ntable['a'] = 2\n")
    live.run("table['a'] = 2")
    assert live.save() == []
    live.write("table = {}\n")
    assert live.save() == ["table['a'] = 2 refused"]


READER = "rate = 1\ndef f():\n    return rate\n"


def test_a_text_that_was_tried_by_hand_and_taken_back_is_an_edit_of_it(cells):
    live = cells(READER)
    live.write(READER.replace("1", "2"))
    live.run("rate = 2")
    assert live.run("f()") == "2"
    live.write(f"{READER}def g(): ...\n")
    assert sorted(live.save()) == ["g added", "line 1 redefined"]
    assert live.run("f()") == "1"


def test_so_is_a_file_that_was_run_whole_with_it(cells):
    live = cells(READER)
    live.write(READER.replace("1", "2"))
    live.run(READER.replace("1", "2"))
    live.write(READER)
    live.save()
    assert live.run("f()") == "1"


def test_so_it_is_after_the_undo_of_another_one(cells):
    live = cells(READER)
    live.write(READER.replace("1", "2"))
    live.run("rate = 2")
    live.write(READER.replace("1", "3"))
    live.save()
    live.session.undo()
    assert live.run("f()") == "2"
    live.write(READER)
    live.save()
    assert live.run("f()") == "1"


def test_of_several_that_bind_a_name_the_last_one_is_an_edit_of_what_was_tried(cells):
    live = cells("step = 3\nlow = step\nstep = 100\n")
    live.write("step = 3\nlow = step\nstep = 50\n")
    live.run("step = 50")
    live.write("step = 3\nlow = step\nstep = 100\nmore = 1\n")
    live.save()
    assert live.run("low, step") == "(3, 100)"
