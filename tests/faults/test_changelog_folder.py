"""J7, J9, J17: the folder the change log is in: shared, gone, moved, not ours, without locks."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.changelogs import KEY
from relive.changelog.disk import NAME
from relive.changelog.entries import Change, Outcome
from relive.changelog.history import History
from relive.changelog.log import ChangeLog
from relive.changelog.policy import Policy

OTHER_DAEMON = f"""
import sys
from relive.changelog.log import ChangeLog
from relive.changelog.entries import Change
log = ChangeLog(sys.argv[1], key={KEY!r})
log.begin_life("3.12")
for text in sys.stdin:
    log.record(Change("evaluate", text=text.strip()))
    print(log.id, flush=True)
"""


@pytest.fixture(params=["never", "soon", "before"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChangeLog]:
    log = ChangeLog(tmp_path, Policy(sync=request.param), key=KEY)
    log.begin_life("3.12")
    yield log
    log.close()
    log.wait()


def ask(log: ChangeLog, text: str = "1", file: str = "a.py") -> int:
    number = log.record(Change("evaluate", str(log.folder / file), text, document=f"{text}\n"))
    if number:
        log.outcome(number, Outcome("ok"))
    return number


def texts(folder: Path) -> list[str | None]:
    """Return the code in the log of a folder, newest first."""
    return [entry.change.text for entry in History(folder, key=KEY).newest()]


def test_j7_two_daemons_write_side_by_side_and_the_lock_tells_who_lives(log: ChangeLog) -> None:
    ask(log, "ours 1")
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_DAEMON, log.folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdin
    assert other.stdout
    for text in ("theirs 1", "theirs 2"):
        print(text, file=other.stdin, flush=True)
        session = other.stdout.readline().strip()
    ask(log, "ours 2")
    assert sorted(map(str, texts(log.folder))) == ["ours 1", "ours 2", "theirs 1", "theirs 2"]
    history = History(log.folder, key=KEY)
    assert {each.id: each.alive for each in history.sessions()} == {log.id: True, session: True}
    assert history.recoverable(log.id) is None
    other.kill()
    other.communicate()
    assert {each.id: each.alive for each in history.sessions()} == {log.id: True, session: False}
    life = history.recoverable(log.id)
    assert (life.session, life.entries) == (session, 2)


@pytest.mark.parametrize("gone", ["", "changes", "sessions", "changes/a.py.d"])
def test_j9_what_is_deleted_while_a_session_writes_is_made_again(log: ChangeLog, gone: str) -> None:
    ask(log, "before")
    log.end_life("died")
    log.begin_life("3.13")
    shutil.rmtree(log.folder / NAME / gone)
    for text in ("after 1", "after 2"):
        assert ask(log, text)
        assert log.problem is None
    assert texts(log.folder)[:2] == ["after 2", "after 1"]
    (session,) = History(log.folder, key=KEY).sessions()
    assert (session.alive, session.lives[-1].python) == (True, "3.13")
    assert session.lives[-1].entries == 2
    assert (log.folder / NAME / ".gitignore").exists()


def test_j9_a_folder_that_was_moved_is_begun_anew_and_can_be_read_where_it_is(
    log: ChangeLog, tmp_path: Path
) -> None:
    ask(log, "before")
    moved = tmp_path / "moved"
    moved.mkdir()
    (log.folder / NAME).rename(moved / NAME)
    ask(log, "after")
    assert texts(log.folder) == ["after"]
    assert texts(moved) == ["before"]
    assert History(moved, key=KEY).newest()[0].change.file == str(moved / "a.py")


@pytest.mark.parametrize(
    "link", [NAME, f"{NAME}/sessions", f"{NAME}/changes", f"{NAME}/changes/a.py.d"]
)
def test_j9_no_link_is_followed(log: ChangeLog, tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (log.folder / link).parent.mkdir(parents=True, exist_ok=True)
    (log.folder / link).symlink_to(elsewhere)
    assert ask(log) == 0
    assert "is a link" in str(log.problem)
    assert not any(elsewhere.iterdir())
    (log.folder / link).unlink()
    assert ask(log) == 2  # the first one is missing, and told
    assert log.problem is None


def test_j9_a_file_that_is_a_link_is_not_read(log: ChangeLog, tmp_path: Path) -> None:
    ask(log)
    (path,) = (log.folder / NAME / "sessions").iterdir()
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    history = History(log.folder, key=KEY)
    assert history.newest() == []
    assert history.problem


@pytest.mark.parametrize("whose", [NAME, f"{NAME}/sessions"])
def test_j9_a_folder_of_somebody_else_is_not_written_to(
    log: ChangeLog, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    (log.folder / whose).mkdir(parents=True)
    theirs = (log.folder / whose).stat().st_ino
    real = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        found = real(descriptor)
        owner = found.st_uid + (found.st_ino == theirs)
        return os.stat_result((*found[:4], owner, *found[5:]))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fstat", fstat)
        assert ask(log) == 0
        assert "belongs to another user" in str(log.problem)
    assert not [each for each in (log.folder / NAME).rglob("*") if each.suffix == ".log"]


def test_j9_a_folder_that_cannot_be_written_is_told(
    log: ChangeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mkdir(*args: object, **named: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patched:
        patched.setattr(os, "mkdir", mkdir)
        assert ask(log) == 0
        assert log.problem == "changes are not logged: Read-only file system"
        told: list[str | None] = []
        log.when_safe(0, told.append)
        assert told == [log.problem]
    assert ask(log) == 2  # the first one is missing, and told


def test_j9_a_file_in_the_folder_s_place_is_told(log: ChangeLog) -> None:
    (log.folder / NAME).write_text("mine")
    assert ask(log) == 0
    assert "is a link or no folder" in str(log.problem)
    assert (log.folder / NAME).read_text() == "mine"


def test_j16_only_the_user_can_read_it(log: ChangeLog) -> None:
    ask(log)
    for path in (log.folder / NAME, *(log.folder / NAME).rglob("*")):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


@pytest.mark.parametrize("runs", [True, False])
def test_j17_without_locks_the_process_tells_who_lives(
    log: ChangeLog, monkeypatch: pytest.MonkeyPatch, runs: bool
) -> None:
    def flock(*args: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    if not runs:
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        monkeypatch.setattr(os, "getpid", lambda: ended.pid)
    assert ask(log)
    assert log.problem is None
    (session,) = History(log.folder, key=KEY).sessions()
    assert session.alive is runs


def test_files_of_all_kinds_have_a_history_of_their_own(log: ChangeLog, tmp_path: Path) -> None:
    files = [
        None, "untitled:Untitled-1", "untitled:Untitled-2", "/elsewhere/a.py", "/elsewhere/b/a.py",
        str(log.folder / "a.py"), str(log.folder / "pkg" / "a.py"), str(log.folder / ("ä" * 120 + ".py")),
        str(log.folder / "sp ace" / "\udcff.py"), str(log.folder / "(scratch)"), str(log.folder / ".." / "up.py"), str(log.folder),
    ]  # fmt: skip
    for number, file in enumerate(files, 1):
        assert log.record(Change("evaluate", file, "1", document=f"{number}")) == number
        assert log.problem is None
    history = History(log.folder, key=KEY)
    assert [entry.change.file for entry in history.newest()] == files[::-1]
    for number, file in enumerate(files[1:], 2):
        assert [entry.number for entry in history.newest(file)] == [number]
