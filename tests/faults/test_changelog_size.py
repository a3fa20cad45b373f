"""J11, J12: records that are very large, and very many of them."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

from faults.changelogs import FOLDER, KEY, Work, simulated
from relive.changelog.disk import NAME, LocalDisk
from relive.changelog.entries import Change
from relive.changelog.history import History
from relive.changelog.lines import Seal, line_of
from relive.changelog.log import TOO_LARGE, ChangeLog
from relive.changelog.places import Places
from relive.changelog.policy import Policy
from relive.changelog.redaction import LARGEST
from relive.changelog.segments import ROTATE_AT, segment_path
from relive.session.recovery import evaluations, offered

NEVER = Policy(sync="never")
MILLION = 1_000_000


def test_j11_code_of_100_mb_is_not_copied_and_the_next_entry_is_logged(tmp_path: Path) -> None:
    text = "#" * 100_000_000
    log = ChangeLog(tmp_path, NEVER, key=KEY)
    log.begin_life("3.12")
    told: list[str | None] = []
    tracemalloc.start()
    for change in (Change("evaluate", text="1"), Change("evaluate", "/a.py", "1", document=text)):
        log.when_safe(log.record(change), told.append)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told == [None, TOO_LARGE]
    assert peak < len(text) // 10
    assert log.record(Change("evaluate", text="2")) == 3
    log.close()


def test_j11_the_largest_text_that_is_stored_comes_back(tmp_path: Path) -> None:
    largest = "é" * LARGEST
    log = ChangeLog(tmp_path, NEVER, key=KEY)
    log.begin_life("3.12")
    file = str(tmp_path / "a.py")
    for text in (largest, largest + "x", largest):
        document = text[-LARGEST:]
        assert log.record(Change("evaluate", file, "1", document=document))
    log.close()
    found = History(tmp_path, key=KEY).entries(log.id, 1).entries
    assert [entry.change.document == largest for entry in found] == [True, False, True]
    (folder,) = (tmp_path / NAME / "changes").iterdir()
    assert len([*folder.iterdir()]) == 1  # a long document does not mean a file for each record


def test_j12_to_open_a_million_records_is_to_read_the_last_of_them(tmp_path: Path) -> None:
    """A log of many full segments, all but the last of them under the same file's name many times."""
    log = ChangeLog(tmp_path, NEVER, key=KEY)
    log.begin_life("3.12")
    file = str(tmp_path / "a.py")
    log.record(Change("evaluate", file, "first", document="1"))
    path = f"{Places(tmp_path).history_of(file)}/{log.id}"
    folder = tmp_path / NAME
    full, count = full_segment(path)
    (folder / "full").write_bytes(full)
    last = MILLION // count + 1
    for number in range(1, last):
        os.link(folder / "full", folder / segment_path(path, number))
    numbers = range(MILLION, MILLION + 3)
    ending = b"".join(line_of(entry(number), Seal(KEY, path)) for number in numbers)
    (folder / segment_path(path, last)).write_bytes(ending)
    for session in (folder / "sessions").iterdir():
        session.rename(session.with_suffix(".crashed"))
        session.write_bytes(session.with_suffix(".crashed").read_bytes())  # nobody has locked it

    disk = Reads(tmp_path)
    history = History(tmp_path, disk=disk, key=KEY)
    life = history.recoverable()
    assert life is not None
    assert life.entries == MILLION + 2
    assert evaluations(history, offered(history, None)) == life.entries
    newest = history.newest(limit=50)
    assert [each.number for each in newest[:3]] == [*numbers][::-1]
    assert disk.bytes < 8 * ROTATE_AT
    log.close()


def entry(number: int) -> dict[str, object]:
    return {"entry": number, "life": 1, "at": number, "kind": "evaluate", "text": f"x = {number}"}


def full_segment(log: str) -> tuple[bytes, int]:
    """Return a segment as long as they get, and how many entries it has."""
    seal, size, lines = Seal(KEY, log), 0, []
    while size < ROTATE_AT:
        lines.append(line_of(entry(len(lines) + 2), seal))
        size += len(lines[-1])
    return b"".join(lines), len(lines)


class Reads(LocalDisk):
    """Counts what is read."""

    bytes = 0

    def read(self, path: str) -> bytes:
        data = super().read(path)
        self.bytes += len(data)
        return data


def test_histories_of_many_sessions_are_opened_when_they_are_wanted() -> None:
    disk, _ = simulated(NEVER)
    for seed in range(40):
        work = Work(disk, NEVER, seed=seed)
        for _ in range(5):
            assert work.ask()
        work.log.end_life("closed")
        work.log.close()
        work.log.wait()
    whole = sum(disk.size(path) for path in disk.files("changes"))
    own = sum(disk.size(path) for path in disk.files("sessions"))
    disk.read_bytes = 0
    assert len(History(FOLDER, disk=disk, key=KEY).newest(limit=5)) == 5
    assert disk.read_bytes < own + whole // 4
