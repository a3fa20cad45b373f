"""What is recorded is read back, by whom it may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from relive.changelog.entries import Change, Defined, Outcome, parsed_id
from relive.changelog.history import History
from relive.changelog.log import ChangeLog

KEY = b"k" * 32


@pytest.fixture
def log(tmp_path: Path) -> ChangeLog:
    log = ChangeLog(tmp_path, key=KEY)
    log.begin_life("3.12")
    return log


def recorded(log: ChangeLog, change: Change, outcome: Outcome | None = None) -> int:
    number = log.record(change)
    assert log.problem is None
    if outcome is not None:
        log.outcome(number, outcome)
    return number


def history(log: ChangeLog) -> History:
    return History(log.folder, key=KEY)


def test_entries_come_back_as_they_were_recorded(log: ChangeLog) -> None:
    file, other = str(log.folder / "pkg" / "mod.py"), str(log.folder / "b.py")
    made = Defined(file, "f", "function", "redefined", before="def f(): 0")
    given = [
        (Change("evaluate", file, "x = '\ud800 é'", 3, 4, "a\n" * 9 + "é", origin="python"), None),
        (Change("evaluate", None, "1 + 1"), Outcome("ok", 1.5, module="m")),
        (
            Change("redefine", file, None, document="a\n" * 9, name="f", at_line=7),
            Outcome("partial", 2, "E: no", "m", (made,)),
        ),
        (
            Change(
                "redefine",
                file,
                document="q",
                others=((other, "b"), ("/x/y.py", "c")),
                unasked=True,
                origin="save",
            ),
            Outcome("died"),
        ),
        (
            Change(
                "evaluate",
                "untitled:One",
                "2",
                document="2",
                detached=True,
                guard=False,
                of="s:1",
                origin="replay",
            ),
            Outcome("cancelled"),
        ),
    ]
    for change, outcome in given:
        recorded(log, change, outcome)
    log.end_life("died", "it was killed")
    read = history(log).entries(log.id, 1)
    assert [(each.change, each.outcome) for each in read.entries] == given
    assert [each.number for each in read.entries] == [1, 2, 3, 4, 5]
    assert not read.missing
    assert not read.damage
    log.close()


def test_entries_are_told_newest_first_across_files_and_page_by_page(log: ChangeLog) -> None:
    files = [str(log.folder / name) for name in ("a.py", "b.py", "a.py", "c.py", "a.py")]
    for file in files:
        recorded(log, Change("evaluate", file, "1", document="1"))
    found = history(log)
    assert [each.number for each in found.newest()] == [5, 4, 3, 2, 1]
    assert [each.number for each in found.newest(files[0], 2)] == [5, 3]
    assert [each.number for each in found.newest(limit=2, before=f"{log.id}:4")] == [3, 2]
    assert found.entry(f"{log.id}:2").change.file == files[1]
    assert found.entry(f"{log.id}:9") is None
    log.close()


def test_sessions_side_by_side_are_told_by_time_and_page_by_page(log: ChangeLog) -> None:
    beside, after = (ChangeLog(log.folder, key=KEY) for _ in range(2))
    logs = [log, beside, log, beside, beside, log, after]
    for number, each in enumerate(logs):
        recorded(each, Change("evaluate", str(log.folder / "a.py"), f"{number}"))
    for each in (log, beside, after):
        each.close()
    found = history(log)
    every = found.newest()
    at = [(entry.at, entry.number) for entry in every]
    assert sorted(entry.change.text for entry in every) == [str(n) for n in range(7)]
    assert [time for time, _ in at] == sorted((time for time, _ in at), reverse=True)
    for file in (None, str(log.folder / "a.py")):
        paged, page = [], found.newest(file, 2)
        while page:
            paged += page
            page = found.newest(file, 2, before=page[-1].id)
        assert [entry.id for entry in paged] == [entry.id for entry in every]


def test_a_step_of_several_files_is_in_the_history_of_each(log: ChangeLog) -> None:
    one, two = str(log.folder / "one.py"), str(log.folder / "two.py")
    recorded(log, Change("redefine", one, document="first", others=((two, "second"),)))
    found = history(log)
    assert found.newest(one)[0].change.document_of(one) == "first"
    assert found.newest(two)[0].change.document_of(two) == "second"
    assert found.newest(two)[0].change.file == one
    log.close()


def test_the_life_that_ended_by_itself_is_recoverable_until_it_is_dealt_with(
    log: ChangeLog,
) -> None:
    recorded(log, Change("evaluate", text="1"))
    assert history(log).recoverable() is None  # it is alive
    log.end_life("died", "it was killed")
    assert history(log).recoverable() is None  # its own session asks
    life = history(log).recoverable(log.id)
    assert (life.session, life.number, life.entries, life.reason) == (log.id, 1, 1, "it was killed")
    log.mark(life.session, life.number, "dismissed")
    assert history(log).recoverable(log.id) is None
    log.close()


def test_a_life_that_was_ended_on_request_is_not_offered(log: ChangeLog) -> None:
    recorded(log, Change("evaluate", text="1"))
    log.end_life("restarted")
    log.begin_life("3.12")
    recorded(log, Change("evaluate", text="2"))
    assert [each.change.text for each in history(log).entries(log.id, 2).entries] == ["2"]
    log.close()
    lives = history(log).sessions()[0].lives
    assert [(each.entries, each.how) for each in lives] == [(1, "restarted"), (1, None)]


def test_a_log_of_somebody_else_is_not_read(log: ChangeLog) -> None:
    recorded(log, Change("evaluate", text="1"))
    log.close()
    (found,) = History(log.folder, key=b"x" * 32).sessions()
    assert (found.lives, found.problem) == ((), "it was not written by you on this machine")


def test_what_names_an_entry() -> None:
    assert parsed_id("20261126T182501-3f9a2c:14") == ("20261126T182501-3f9a2c", 14)
    assert [parsed_id(bad) for bad in ("", "1", "a:", ":1", "a:-1", "a:²")] == [None] * 6
