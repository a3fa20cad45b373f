"""J1, J2, J10: logs that were cut, changed, lost in part, or written by a later Relive."""

from __future__ import annotations

from random import Random

import pytest

from fakes.disks import SimulatedDisk
from faults.changelogs import KEY, Work, simulated
from relive.changelog import segments
from relive.changelog.history import History
from relive.changelog.lines import Damage, Seal, line_of, read_back, read_lines
from relive.changelog.policy import Policy

ENTRIES = 30
SEAL = Seal(KEY, "log")
RECORDS = [{"entry": number, "text": "x" * (number % 7) + "\n é"} for number in range(1, 40)]
LOG = b"".join(line_of(record, SEAL) for record in RECORDS)


def records(data: bytes) -> list[dict[str, object]]:
    return [each for each in read_lines(data, SEAL) if not isinstance(each, Damage)]


def test_j1_a_log_that_is_cut_at_any_byte_has_all_records_before() -> None:
    for cut in range(len(LOG)):
        found = records(LOG[:cut])
        whole = LOG[:cut].count(b"\n")
        assert found == RECORDS[:whole]
        assert [*read_back(LOG[:cut], SEAL)] == found[::-1]
        (torn,) = [d for d in read_lines(LOG[:cut], SEAL) if isinstance(d, Damage)] or [None]
        assert (torn is None) == (cut == 0 or LOG[cut - 1 : cut] == b"\n")
        assert torn is None or (torn.torn and torn.end == cut)


@pytest.mark.parametrize("seed", range(3))
def test_j2_no_bit_that_flips_goes_unseen(seed: int) -> None:
    random = Random(seed)
    for _ in range(1000):
        at, bit = random.randrange(len(LOG)), 1 << random.randrange(8)
        data = bytearray(LOG)
        data[at] ^= bit
        found = [*read_lines(bytes(data), SEAL)]
        assert sum(isinstance(each, Damage) for each in found) == 1
        good = [each for each in found if not isinstance(each, Damage)]
        hurt = [each for each in RECORDS if each not in good]
        assert good == [each for each in RECORDS if each not in hurt]
        assert len(hurt) in (1, 2)  # two, when it was the end of a line


@pytest.mark.parametrize("start", [0, 100, 1000])
@pytest.mark.parametrize("length", [1, 700, 10_000])
@pytest.mark.parametrize("filler", [b"\0", b"\n", b"x"])
def test_j2_what_comes_after_damage_is_read(start: int, length: int, filler: bytes) -> None:
    data = LOG[:start] + filler * length + LOG[start + length :]
    good = records(data)
    assert good == [each for each in RECORDS if each in good]
    untouched = LOG[:start].count(b"\n") + LOG[start + length :].count(b"\n")
    assert len(good) >= untouched - 1


def test_what_another_key_or_another_log_has_sealed_is_not_read() -> None:
    assert records(b"".join(line_of(each, Seal(b"o" * 32, "log")) for each in RECORDS)) == []
    assert records(b"".join(line_of(each, Seal(KEY, "other")) for each in RECORDS)) == []


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> tuple[SimulatedDisk, Work]:
    """A session in several segments, which has ended without a word."""
    monkeypatch.setattr(segments, "ROTATE_AT", 1000)
    disk, work = simulated(Policy(sync="never"), 5)
    for _ in range(ENTRIES):
        assert work.ask()
    for path in disk.files("sessions"):
        disk._files[path].locked = False
    return disk, work


def histories(disk: SimulatedDisk) -> list[str]:
    return sorted(path for path in disk.files("changes") if "(scratch)" not in path)


def test_j2_damage_in_any_file_loses_no_other_entry_and_is_told(
    worked: tuple[SimulatedDisk, Work],
) -> None:
    disk, work = worked
    assert len(histories(disk)) > 4
    for path in histories(disk):
        data = bytes(disk._files[path].data)
        lines = data.split(b"\n")
        middle = len(lines) // 2
        at = len(b"\n".join(lines[:middle])) + 60
        disk.damage(path, at, b"~~~")
        read = History(work.log.folder, disk=disk, key=KEY).entries(work.log.id, 1)
        work.check_true(read.entries, set())
        assert list(read.damage or {}) == [path]
        hurt = b'"entry"' in lines[middle] or b'"outc' in lines[middle]
        assert hurt
        assert read.missing == (b'"entry"' in lines[middle])
        assert len(read.entries) == ENTRIES - read.missing
        disk.damage(path, at, data[at : at + 3])


def test_j2_a_segment_that_is_gone_loses_its_entries_alone(
    worked: tuple[SimulatedDisk, Work],
) -> None:
    disk, work = worked
    lost = histories(disk)[1]
    count = disk._files[lost].data.count(b'"entry"')
    disk.lose(lost)
    read = History(work.log.folder, disk=disk, key=KEY).entries(work.log.id, 1)
    work.check_true(read.entries, set())
    assert read.missing == count > 0


@pytest.mark.parametrize("line", range(6))
def test_j2_entries_are_found_whatever_of_the_session_s_own_log_is_damaged(
    worked: tuple[SimulatedDisk, Work], line: int
) -> None:
    disk, work = worked
    (path,) = disk.files("sessions")
    lines = bytes(disk._files[path].data).split(b"\n")
    assert len(lines) == 7  # heading, session, life, three histories, and nothing more
    disk.damage(path, len(b"\n".join(lines[:line])) + 50, b"~~~")
    history = History(work.log.folder, disk=disk, key=KEY)
    life = history.recoverable()
    assert life is not None
    assert (life.number, life.entries) == (1, ENTRIES)
    read = history.entries(work.log.id, 1)
    assert len(read.entries) == ENTRIES
    work.check_true(read.entries, set(work.given))


def test_a_session_s_log_that_is_all_damaged_is_listed_as_such(
    worked: tuple[SimulatedDisk, Work],
) -> None:
    disk, work = worked
    (path,) = disk.files("sessions")
    disk.damage(path, 0, b"~" * 10_000)
    history = History(work.log.folder, disk=disk, key=KEY)
    (session,) = history.sessions()
    assert (session.lives, session.problem) == ((), "it is damaged")
    assert history.recoverable() is None


def spoil(data: bytearray, random: Random) -> None:
    at = random.randrange(len(data) + 1)
    match random.randrange(4):
        case 0 if at < len(data):
            data[at] ^= 1 << random.randrange(8)
        case 1:
            del data[at : at + random.randrange(1, 200)]
        case 2:
            data[at:at] = random.randbytes(50)
        case _:
            data[at : at + 600] = bytes(600)


@pytest.mark.parametrize("seed", range(8))
def test_j2_whatever_is_done_to_the_files_nothing_false_is_told(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(segments, "ROTATE_AT", 800)
    random = Random(seed)
    disk, work = simulated(Policy(sync="never"), seed)
    for _ in range(3):
        for _ in range(10):
            assert work.ask()
        work.log.end_life("died")
        work.log.begin_life("3.13")
    work.log.close()
    whole = {path: bytes(disk._files[path].data) for path in disk._files}
    missing = 0
    for _ in range(10):
        for path in random.choices([*whole], k=random.choice([1, 3, 20])):
            spoil(disk._files[path].data, random)
        history = History(work.log.folder, disk=disk, key=KEY)
        for life in (life for session in history.sessions() for life in session.lives):
            read = history.entries(life.session, life.number)
            work.check_true(read.entries, set())
            missing += read.missing
        assert history.problem is None
        for path, data in whole.items():
            disk._files[path].data[:] = data
    assert missing


@pytest.mark.parametrize("number", [0, 1])
def test_j10_the_log_of_a_newer_relive_is_told_and_left_alone(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(segments, "FORMAT", segments.FORMAT + number)
    disk, work = simulated(Policy(sync="never"))
    work.ask()
    work.log.close()
    before = {path: bytes(disk._files[path].data) for path in disk.files("sessions")}
    monkeypatch.undo()
    history = History(work.log.folder, disk=disk, key=KEY)
    (session,) = history.sessions()
    told = "it was written by a newer Relive" if number else None
    assert (session.problem, len(session.lives)) == (told, 1 - number)
    assert before == {path: bytes(disk._files[path].data) for path in disk.files("sessions")}
