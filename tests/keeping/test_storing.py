"""Files of kept values: whole or not there, bounded, and read only if they are the user's own."""

from __future__ import annotations

import os
import pickle
import stat
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest

from keeping.conftest import Project
from relive.changelog.key import derived, user_key
from relive.session.keeping import forget

JOB = "import time\nat = [time.perf_counter_ns()]  # relive: keep\n"


@pytest.fixture
def kept(fast_project: Project) -> Path:
    """The file of a value that was stored."""
    assert fast_project.keep("job.py", JOB).state == "stored"
    (file,) = fast_project.kept.glob("*.kept")
    return file


def test_only_the_user_can_read_what_is_kept(fast_project: Project, kept: Path) -> None:
    folder = fast_project.folder / ".relive"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (folder / ".gitignore").read_text() == "*\n"


class _Marker:
    """Leaves a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.mkdir, (self._path,)


HEAD = b"relive kept 1\n"


def forged(kept: Path, marker: Path, key: bytes) -> bytes:
    """Return a file as Relive would write it, with a payload and another key."""
    content = kept.read_bytes()[len(HEAD) + 32 :]
    size = 8 + int.from_bytes(content[:8], "big")
    head, data = (
        content[:size],
        pickle.dumps({"names": {"at": _Marker(marker)}, "value": 1, "chance": {}}),
    )
    code = blake2b(digest_size=32, key=key)
    for piece in (HEAD, kept.stem.encode(), len(head).to_bytes(8, "big"), head, data):
        code.update(piece)
    return HEAD + code.digest() + head + data


def _own_key() -> bytes:
    return derived(user_key(), "kept values")


def _write(content: bytes) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(content) and None


def _moved_and_linked(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")


def _flipped(at: int) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[at] ^= 1
        file.write_bytes(content)

    return spoil


SPOILED: dict[str, Callable[[Path], object]] = {
    "empty": _write(b""),
    "no code": lambda file: file.write_bytes(HEAD + bytes(32)),
    "only the head": _write(HEAD),
    "truncated by one": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "truncated by half": lambda file: file.write_bytes(
        file.read_bytes()[: file.stat().st_size // 2]
    ),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"."),
    "a bit of the version": _flipped(12),
    "a bit of the code": _flipped(20),
    "a bit of the size": _flipped(len(HEAD) + 32 + 7),
    "a bit of the conditions": _flipped(len(HEAD) + 32 + 30),
    "a bit of the value": _flipped(-2),
    "a link": _moved_and_linked,
    "open to the group": lambda file: file.chmod(0o640),
    "open to all": lambda file: file.chmod(0o604),
    "a pipe": lambda file: (file.unlink(), os.mkfifo(file, 0o600)),
    "a folder": lambda file: (file.unlink(), file.mkdir(0o700)),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_file_that_is_not_as_it_was_written_is_not_taken(
    fast_project: Project, kept: Path, how: str
) -> None:
    before = fast_project.value("job.py", "at")
    SPOILED[how](kept)
    told = fast_project.keep("job.py", JOB)
    assert told.state != "taken"
    assert told.reason
    assert fast_project.value("job.py", "at") != before
    if told.state == "stored":
        assert fast_project.keep("job.py", JOB).state == "taken", "what was damaged is written anew"


KEYS = {
    "another user's key": lambda: derived(bytes(32), "kept values"),
    "the key for another purpose": lambda: derived(user_key(), "log"),
    "the user's key itself": user_key,
}


def test_the_forgery_would_work_with_the_right_key(
    fast_project: Project, kept: Path, tmp_path: Path
) -> None:
    """Else the tests below would prove nothing."""
    kept.write_bytes(forged(kept, tmp_path / "marker", _own_key()))
    assert fast_project.keep("job.py", JOB).state == "taken"
    assert (tmp_path / "marker").exists()


@pytest.mark.parametrize("key", KEYS)
def test_a_forged_file_is_never_unpickled(
    fast_project: Project, kept: Path, tmp_path: Path, key: str
) -> None:
    kept.write_bytes(forged(kept, tmp_path / "marker", KEYS[key]()))
    told = fast_project.keep("job.py", JOB)
    assert told.state == "stored"
    assert "not written by Relive for you" in (told.reason or "")
    assert not (tmp_path / "marker").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("which", ["the file", "the folder"])
def test_what_belongs_to_another_user_is_never_unpickled(
    fast_project: Project, kept: Path, tmp_path: Path, which: str
) -> None:
    kept.write_bytes(forged(kept, tmp_path / "marker", _own_key()))
    os.chown(kept if which == "the file" else kept.parent, 12345, -1)
    told = fast_project.keep("job.py", JOB)
    assert told.state != "taken"
    assert "another user" in (told.reason or "")
    assert not (tmp_path / "marker").exists()


def test_a_value_under_another_ones_name_is_not_taken(fast_project: Project, kept: Path) -> None:
    other = "x = [1]  # relive: keep\n"
    assert fast_project.keep("other.py", other).state == "stored"
    (theirs,) = set(fast_project.kept.glob("*.kept")) - {kept}
    theirs.write_bytes(kept.read_bytes())
    told = fast_project.keep("other.py", other)
    assert told.state == "stored"
    assert fast_project.value("other.py", "x") == "[1]"


def test_without_a_key_that_can_be_trusted_nothing_is_kept(
    fast_project: Project, state_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    user_key()
    (tmp_path / "state" / "relive" / "key").chmod(0o644)
    told = fast_project.keep("job.py", JOB)
    assert told.state == "refused"
    assert "chmod 600" in (told.reason or "")


LARGE = "data = bytes(@size << 20)  # relive: keep\n"


def test_what_is_too_large_says_so(fast_project: Project) -> None:
    fast_project.limit(2)
    told = fast_project.keep("job.py", LARGE.replace("@size", "3"))
    assert told.state == "refused"
    assert "more than 2 MB" in (told.reason or "")
    assert list(fast_project.kept.iterdir()) == [] if fast_project.kept.exists() else True


def test_what_is_large_is_kept_whole(fast_project: Project) -> None:
    job = "import os\ndata = os.urandom(1 << 20) * 128  # relive: keep\n"
    assert fast_project.keep("job.py", job).state == "stored"
    mark = "__import__('zlib').crc32(data), len(data)"
    first = fast_project.value("job.py", mark)
    fast_project.restart()
    assert fast_project.keep("job.py", job).state == "taken"
    assert fast_project.value("job.py", mark) == first


OBSTACLES: dict[str, Callable[[Path], object]] = {
    "a file in the folder's place": lambda folder: (folder / "kept").write_text(""),
    "a folder that is a link": lambda folder: (folder / "kept").symlink_to(folder),
    "a folder open to others": lambda folder: (
        (folder / "kept").mkdir(0o777) or (folder / "kept").chmod(0o777)
    ),
}


@pytest.mark.parametrize("what", OBSTACLES)
def test_where_nothing_can_be_kept_says_why(fast_project: Project, what: str) -> None:
    fast_project.keep("first.py", "def f(): pass  # relive: keep\n")
    OBSTACLES[what](fast_project.folder / ".relive")
    told = fast_project.keep("job.py", JOB)
    assert told.state == "refused"
    assert str(fast_project.kept) in (told.reason or "")
    assert fast_project.value("job.py", "len(at)") == "1"


def test_a_folder_of_relives_that_is_a_link_is_refused(
    fast_project: Project, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir(0o700)
    (fast_project.folder / ".relive").symlink_to(tmp_path / "elsewhere")
    told = fast_project.keep("job.py", JOB)
    assert told.state == "refused"
    assert ".relive" in (told.reason or "")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_was_used_longest_ago_makes_room(fast_project: Project) -> None:
    fast_project.limit(4)
    jobs = {name: f"{name} = bytes(1 << 20)  # relive: keep\n" for name in "abcd"}

    def keep(name: str, used_ago: int) -> str:
        state = fast_project.keep(f"{name}.py", jobs[name]).state
        newest = max(fast_project.kept.glob("*.kept"), key=lambda file: file.stat().st_mtime)
        moment = newest.stat().st_mtime - used_ago
        os.utime(newest, (moment, moment))
        return state

    assert [keep(*each) for each in (("a", 90), ("b", 80), ("c", 70))] == ["stored"] * 3
    assert keep("a", 60) == "taken", "which counts as used"
    assert keep("d", 50) == "stored"
    assert [keep(*each) for each in (("a", 40), ("c", 30), ("b", 20))] == [
        "taken",
        "taken",
        "stored",
    ]


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
data = bytes(1 << 20)  # relive: keep
"""


def test_a_disk_that_takes_no_more_is_told_and_has_no_half_file(fast_project: Project) -> None:
    told = fast_project.keep("job.py", FULL)
    assert told.state == "refused"
    assert "too large" in (told.reason or "").lower()
    assert list(fast_project.kept.iterdir()) == []
    assert fast_project.value("job.py", "len(data)") == "1048576"


def test_what_was_left_by_a_crash_is_no_value_and_goes(fast_project: Project, kept: Path) -> None:
    left = kept.with_name("0123456789abcdef.new")
    left.write_bytes(kept.read_bytes()[:50])
    assert fast_project.keep("job.py", JOB).state == "taken"
    os.utime(left, (1, 1))
    assert fast_project.keep("other.py", "x = [1]  # relive: keep\n").state == "stored"
    assert not left.exists()


CRASH = """
import os
class Dies:
    def __reduce__(self):
        os._exit(9)
made = Dies()  # relive: keep
"""


def test_a_process_that_dies_while_it_stores_leaves_no_value(fast_project: Project) -> None:
    assert fast_project.evaluate("job.py", CRASH).status == "died"
    assert not list(fast_project.folder.glob(".relive/kept/*.kept"))
    assert fast_project.keep("other.py", "x = [1]  # relive: keep\n").state == "stored"


def test_two_sessions_store_the_same_at_once(fast_project: Project) -> None:
    other = Project(fast_project.folder, fast_project.session.info().python)
    try:
        job = "made = [0] * 1000000  # relive: keep\n"
        (fast_project.folder / "job.py").write_text(job)
        answers = [each.begin("job.py", job) for each in (fast_project, other)]
        kept = [answer.result(60).results[-1].kept for answer in answers]
        assert {each.state for each in kept if each} <= {"stored", "taken"}
        assert len(list(fast_project.kept.iterdir())) == 1
        assert [each.keep("job.py", job).state for each in (fast_project, other)] == ["taken"] * 2
    finally:
        other.close()


INTERRUPTED = """
import os, sys, signal
class Slow:
    def __reduce__(self):
        print("storing", file=sys.__stderr__, flush=True)
        while True:
            pass
made = [Slow()]  # relive: keep
after = 1
"""


def test_an_interrupt_while_it_is_stored_keeps_what_was_made(fast_project: Project) -> None:
    answer = fast_project.begin("job.py", INTERRUPTED)
    fast_project.heard("storing")
    assert fast_project.session.interrupt()
    answer = answer.result(60)
    assert answer.status == "interrupted"
    assert answer.results[-1].kept is not None
    assert answer.results[-1].kept.state == "refused"
    assert "interrupted" in (answer.results[-1].kept.reason or "")
    assert fast_project.value("job.py", "len(made)") == "1"
    assert fast_project.value("job.py", "'after' in globals()") == "False"
    assert not list(fast_project.kept.glob("*")) if fast_project.kept.exists() else True


def test_all_can_be_forgotten(fast_project: Project, kept: Path) -> None:
    (kept.parent / "note.txt").write_text("somebody else's")
    assert fast_project.session.forget_kept() == 1
    assert os.listdir(kept.parent) == ["note.txt"]
    assert forget(fast_project.folder) == 0
    assert fast_project.keep("job.py", JOB).state == "stored"


def test_a_folder_that_is_a_link_is_left_alone(
    fast_project: Project, tmp_path: Path, kept: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    kept.parent.rename(elsewhere)
    kept.parent.symlink_to(elsewhere)
    assert forget(fast_project.folder) == 0
    assert (elsewhere / kept.name).exists()
    told = fast_project.keep("job.py", JOB)
    assert told.state == "refused"
    assert "not what Relive has put there" in (told.reason or "")
