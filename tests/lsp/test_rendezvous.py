"""Where daemons are found: the user's alone, never through a link, and nothing dead stays there."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lsp.conftest import StartClient
from lsp.driver import DEADLINE_S, Joined, wait_for_end_of
from lsp.joining import pid_of, serving, socket_of
from relive.lsp import rendezvous, transport
from relive.lsp.rendezvous import NoRendezvousError, Place
from relive.lsp.transport import SocketConnection


@pytest.fixture
def runtime(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what runs, in which nothing is yet."""
    folder = tmp_path_factory.mktemp("run")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def place(runtime: Path) -> Iterator[Place]:
    place = Place()
    place.tell([])
    yield place
    place.close()


def mode_of(path: str | Path) -> int:
    return stat.S_IMODE(os.lstat(path).st_mode)


# -- whose it is ----------------------------------------------------------------------------------


def test_S5_only_the_user_can_look_into_it(runtime: Path, place: Place) -> None:
    assert mode_of(runtime / "relive") == 0o700
    assert {each.name: mode_of(each) for each in (runtime / "relive").iterdir()} == {
        f"{os.getpid()}.json": 0o600,
        f"{os.getpid()}.sock": 0o600,
    }


def a_link(path: Path) -> None:
    (path.parent / "elsewhere").mkdir(mode=0o700)
    path.symlink_to(path.parent / "elsewhere")


def a_file(path: Path) -> None:
    path.write_text("")


def open_to_others(path: Path) -> None:
    path.mkdir()
    path.chmod(0o755)


def somebody_elses(path: Path) -> None:
    path.mkdir(mode=0o700)
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(path, 12345, 12345)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (a_link, "is no folder, or a link to one"),
        (a_file, "is no folder"),
        (open_to_others, "chmod 700"),
        (somebody_elses, "is another user's"),
    ],
)
def test_S5_a_folder_that_others_may_have_made_is_refused(
    runtime: Path, make: Callable[[Path], None], words: str
) -> None:
    make(runtime / "relive")
    with pytest.raises(NoRendezvousError, match=words):
        Place()
    with pytest.raises(NoRendezvousError, match=words):
        rendezvous.find()
    command = [sys.executable, "-m", "relive", "serve"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_S5_a_daemon_goes_on_where_nobody_can_join(
    start_client: StartClient, runtime: Path, tmp_path: Path
) -> None:
    a_link(runtime / "relive")
    client = start_client()
    client.initialize(tmp_path)
    assert pid_of(client)
    assert client.stop() == 0
    assert "no console can join" in client.log()
    assert not list((runtime / "elsewhere").iterdir())


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_S5_another_user_is_not_let_in_though_the_folder_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        place = Place()
        for each, mode in ((runtime, 0o755), (f"{runtime}/relive", 0o755), (place.socket, 0o666)):
            os.chmod(each, mode)
        with socket.socket(socket.AF_UNIX) as stranger:
            os.seteuid(12345)
            try:
                stranger.connect(place.socket)
            finally:
                os.seteuid(0)
            assert place.accept() is None
        place.close()


# -- what is found --------------------------------------------------------------------------------


def test_a_daemon_says_what_it_is_until_it_ends_however_it_does(
    start_client: StartClient, tmp_path: Path, runtime: Path
) -> None:
    (tmp_path / "inner").mkdir()
    client, other = start_client(), start_client()
    client.initialize(tmp_path)
    other.initialize(tmp_path / "inner")
    sockets = {socket_of(client), socket_of(other)}
    found = {each.pid: each for each in rendezvous.find()}
    assert {each.socket for each in found.values()} == sockets
    own = found[client.process.pid]
    assert (own.folders, own.socket) == ([str(tmp_path)], socket_of(client))
    assert own.is_ours
    assert set(map(str, rendezvous.around(tmp_path / "inner"))) == set(map(str, found.values()))
    assert rendezvous.around(tmp_path.parent) == []
    other.stop()
    joined = Joined(tmp_path / "log", own.socket)
    joined.initialize(tmp_path)
    pid = pid_of(client)
    client.process.send_signal(signal.SIGKILL)
    client.wait_for_exit()
    wait_for_end_of(pid)
    joined.wait_until_hung_up()
    joined.leave()
    assert len(list((runtime / "relive").iterdir())) == 2
    assert rendezvous.find() == []
    assert not list((runtime / "relive").iterdir())


def test_one_of_another_version_is_found_and_not_joined(runtime: Path, place: Place) -> None:
    entry = runtime / "relive" / f"{os.getpid()}.json"
    data = json.loads(entry.read_text())
    entry.write_text(json.dumps({**data, "version": "0.0.9", "folders": ["/"]}))
    (found,) = rendezvous.find()
    assert not found.is_ours
    assert rendezvous.around(Path("/")) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": 1}', "\0"])
def test_an_entry_that_cannot_be_read_is_nobodys(runtime: Path, place: Place, text: str) -> None:
    (runtime / "relive" / "1.json").write_text(text)
    assert [each.pid for each in rendezvous.find()] == [os.getpid()]


def test_a_number_that_another_has_is_left_to_it(runtime: Path, place: Place) -> None:
    """Processes of several containers may have the same number, and one folder."""
    other = Place()
    other.tell([])
    assert Path(other.socket).name == f"{os.getpid()}-1.sock"
    assert {each.socket for each in rendezvous.find()} == {place.socket, other.socket}
    other.close()
    assert [each.socket for each in rendezvous.find()] == [place.socket]


def test_the_path_of_a_socket_is_never_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("deep" * 20) / ("er" * 20)
    deep.mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with serving(tmp_path) as served:
        assert len(served.socket) < 100
        (found,) = rendezvous.find()
        assert found.socket == served.socket
        served.join(tmp_path).leave()
    assert not os.path.exists(served.socket)


def test_without_a_folder_for_what_runs_it_is_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert rendezvous.folder() == tmp_path / ".cache" / "relive" / "run"
    assert mode_of(rendezvous.folder()) == 0o700


def test_where_there_are_no_such_sockets_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendezvous, "IS_POSSIBLE", False)
    with pytest.raises(NoRendezvousError, match="no Unix sockets"):
        Place()


def test_who_only_looks_is_no_connection(tmp_path: Path, runtime: Path) -> None:
    with serving(tmp_path, keep_s=60) as served:
        rendezvous.find()
        rendezvous.connect(served.socket).close()
        joined = served.join(tmp_path)
        asked = joined.execute("relive.evaluateText", {"text": "1"})
        assert asked["status"] == "ok"
        joined.execute("relive.shutDown", {})
        joined.leave()


# -- one that does not read -----------------------------------------------------------------------


def test_one_that_reads_nothing_at_all_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_MOST_WAITING", 1_000_000)
    ours, theirs = socket.socketpair()

    async def serve() -> None:
        connection, lost = SocketConnection(ours), asyncio.Event()
        connection.start(asyncio.get_running_loop(), lambda _: None, lost.set)
        for _ in range(40):
            connection.write(b"x" * 100_000)
        await asyncio.wait_for(lost.wait(), DEADLINE_S)
        connection.close()

    asyncio.run(serve())
    assert ours.fileno() == -1
    theirs.close()
