"""The user's key: made once, whole, closed to others, and never used when it may be another's."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from relive.changelog import key as keys
from relive.changelog.key import LENGTH, NoKey, derived, state_folder, user_key

HOME = os.path.expanduser("~")


def test_it_is_made_once_and_is_the_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "relive"
    made = user_key(folder)
    assert len(made) == LENGTH
    assert user_key(folder) == made
    assert os.listdir(folder) == ["key"]
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_users_have_different_keys(tmp_path: Path) -> None:
    assert user_key(tmp_path / "one") != user_key(tmp_path / "other")


def test_all_who_make_it_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: user_key(tmp_path), range(64)))
    assert len(found) == 1
    assert os.listdir(tmp_path) == ["key"]


def test_the_one_that_came_first_stays_when_another_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the making another process has made one."""
    first = user_key(tmp_path)
    monkeypatch.setattr(keys.os.path, "lexists", lambda path: Path(path).name != "key")
    assert user_key(tmp_path) == first


def test_a_crash_while_it_is_made_leaves_no_half_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(keys.os, "fsync", fail)
        with pytest.raises(NoKey, match="Input/output error"):
            user_key(tmp_path)
    assert os.listdir(tmp_path) == []
    assert len(user_key(tmp_path)) == LENGTH


def _too_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _too_long(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"x")


def _link_to_another(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to(file.with_name("elsewhere"))


def _folder_in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir(mode=0o700)


def _pipe_in_its_place(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


UNFIT = {
    "too short": (_too_short, "damaged"),
    "too long": (_too_long, "damaged"),
    "open to the group": (lambda file: file.chmod(0o640), "chmod 600"),
    "open to all": (lambda file: file.chmod(0o604), "chmod 600"),
    "a link": (_link_to_another, "cannot be used"),
    "a folder": (_folder_in_its_place, "cannot be used"),
    "a pipe": (_pipe_in_its_place, "damaged"),
}


@pytest.mark.parametrize("why", UNFIT)
def test_one_that_cannot_be_trusted_is_refused(tmp_path: Path, why: str) -> None:
    spoil, words = UNFIT[why]
    user_key(tmp_path)
    spoil(tmp_path / "key")
    with pytest.raises(NoKey, match=words):
        user_key(tmp_path)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_one_of_another_user_is_refused(tmp_path: Path) -> None:
    user_key(tmp_path)
    os.chown(tmp_path / "key", 12345, -1)
    with pytest.raises(NoKey, match="another user"):
        user_key(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NoKey, match="cannot be used"):
        user_key(tmp_path / "file" / "relive")


def test_a_key_for_one_purpose_is_none_for_another() -> None:
    key = bytes(range(LENGTH))
    assert len({key, derived(key, "log"), derived(key, "kept values")}) == 3
    assert derived(key, "log") == derived(key, "log")


FOLDERS = [
    ("linux", {"XDG_STATE_HOME": "/state"}, "/state/relive"),
    ("linux", {"XDG_STATE_HOME": "not/absolute"}, f"{HOME}/.local/state/relive"),
    ("linux", {}, f"{HOME}/.local/state/relive"),
    ("darwin", {"XDG_STATE_HOME": "/state"}, f"{HOME}/Library/Application Support/relive"),
    ("win32", {"LOCALAPPDATA": "/local"}, "/local/relive"),
]


@pytest.mark.parametrize(("platform", "environ", "folder"), FOLDERS)
def test_where_it_is(platform: str, environ: dict[str, str], folder: str) -> None:
    assert state_folder(environ, platform) == Path(folder)
