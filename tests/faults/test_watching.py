"""Whatever happens to files and to those who watch them, definitions end up as the files are."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lsp.conftest import StartClient
from lsp.driver import DEADLINE_S, Client
from lsp.projects import HIGH, LOW, Project, outcomes
from relive.lsp.watching.observer import FolderObserver

BLIND = Path(__file__).with_name("blind_daemon.py")


@pytest.fixture
def project(fresh_client: Client, tmp_path: Path) -> Project:
    return Project(fresh_client, tmp_path)


def blind_project(start_client: StartClient, folder: Path, fault: str) -> Project:
    client = start_client((sys.executable, str(BLIND), fault))
    client.answers_to["client/registerCapability"] = lambda _: None
    client.initialize(folder)
    return Project(client, folder)


@pytest.mark.parametrize("limit", ["ENOSPC", "EMFILE"])
def test_W1_no_more_watches(start_client: StartClient, tmp_path: Path, limit: str) -> None:
    project = blind_project(start_client, tmp_path, limit)
    client = project.client
    notice = client.wait_for_notification("window/showMessage")
    assert "a limit is met" in client.log()
    assert "cannot watch" in notice["message"]
    assert "the system's limit" in notice["message"]

    asked = client.wait_for(lambda m: m.get("method") == "client/registerCapability", "question")
    [registration] = asked["params"]["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"
    low = project.write("low.py", LOW.replace("return 1\n", "return 5\n"))
    changes = [{"uri": low.as_uri(), "type": 2}]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    assert outcomes(project.news()) == {"f": "redefined"}

    project.open("high.py")  # is looked at from now on, without a word from the editor
    client.execute("relive.restart", {})
    project.run("import low, high\nkept = high.C()")
    assert project.value("kept.m()") == "5"
    project.write("high.py", HIGH.replace("f()", "f() + 1"))
    assert set(outcomes(project.news())) == {"C", "C.m"}
    assert project.value("kept.m()") == "6"
    assert len(client.seen("window/showMessage")) == 1


def test_W3_two_writes_within_one_tick_of_the_clock(project: Project) -> None:
    path = project.folder / "low.py"
    before = path.stat()
    for number in ("2", "3"):
        path.write_text(LOW.replace("return 1\n", f"return {number}\n"), encoding="utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_mtime_ns == before.st_mtime_ns
        assert path.stat().st_size == before.st_size
        assert outcomes(project.news()) == {"f": "redefined"}
        assert project.value("alias()") == number


class SlowWriter:
    """Writes a file piece by piece, until told to come to an end; what is there always parses."""

    def __init__(self, path: Path, begin: str, end: str) -> None:
        self._path = path
        self._begin = begin
        self._end = end
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> SlowWriter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        self._enough.set()
        self._thread.join()

    def _write(self) -> None:
        with self._path.open("w", encoding="utf-8") as file:
            file.write(self._begin)
            while not self._enough.wait(0.002):
                file.write("#")
                file.flush()
            file.write(self._end)


def test_W4_a_file_that_is_written_slowly(project: Project) -> None:
    """Taken half-written, it would have lost `g`."""
    rest = "\n\ndef g():\n    return 10\n"
    with SlowWriter(project.folder / "low.py", "def f():\n    return 7  #", rest) as writer:
        project.write("high.py", HIGH.replace("f()", "f() + 1"))
        assert set(outcomes(project.news())) == {"C", "C.m"}
        assert project.value("alias(), kept.m()") == "(1, 2)"
        writer.end()
        assert outcomes(project.news()) == {"f": "redefined"}
    assert project.value("alias(), kept.m()") == "(7, 8)"


CHECKOUT = """\
import os, sys
folder, number = sys.argv[1:]
for n in range(500):
    path = os.path.join(folder, f"m{n}.py")
    os.unlink(path)
    with open(path, "w") as file:
        file.write(f"print('ran')\\ndef f():\\n    return {number}\\n")
"""


def test_W5_a_branch_switch_of_500_files_is_one_step(project: Project) -> None:
    package = project.folder / "pkg"
    package.mkdir()
    for n in range(500):
        text = "print('ran')\ndef f():\n    return 1\n"
        (package / f"m{n}.py").write_text(text, encoding="utf-8")
    project.run(
        "import importlib\nevery = [importlib.import_module(f'pkg.m{n}').f for n in range(500)]"
    )
    client = project.client
    evaluations = client.execute("relive.session", {})["evaluations"]
    printed = len(client.seen("relive/output"))
    subprocess.run([sys.executable, "-c", CHECKOUT, str(package), "2"], check=True)
    news = project.news()
    changed = news["redefinition"]["definitions"]
    assert len(changed) == 500
    assert {each["outcome"] for each in changed} == {"redefined"}
    assert client.execute("relive.session", {})["evaluations"] == evaluations
    assert project.value("{f() for f in every}") == "{2}"
    assert len(client.seen("relive/redefined")) == 1
    assert len(client.seen("relive/output")) == printed


TOUCHES = """\
import os, sys
for n in range(10_000):
    os.utime(sys.argv[1 + n % 2])
"""


def test_W7_a_storm_while_the_worker_is_busy(project: Project) -> None:
    client = project.client
    running = client.command("relive.evaluateText", {"text": "input()\nalias(), kept.m()"})
    question = client.wait_for(lambda m: m.get("method") == "relive/input", "question")
    low = project.write("low.py", LOW.replace("return 1\n", "return 5\n"))
    high = project.write("high.py", HIGH.replace("f()", "f() + 1"))
    subprocess.run([sys.executable, "-c", TOUCHES, str(low), str(high)], check=True)
    assert set(outcomes(project.news())) == {"f", "C", "C.m"}
    client.send({"jsonrpc": "2.0", "id": question["id"], "result": {"text": ""}})
    assert client.result(running)["results"][-1]["value"]["text"] == "(5, 6)"
    assert len(client.seen("relive/redefined")) == 1


def test_W9_the_observers_thread_ends(start_client: StartClient, tmp_path: Path) -> None:
    project = blind_project(start_client, tmp_path, "mortal")
    project.write("low.py", LOW.replace("return 1\n", "return 5\n"))
    assert outcomes(project.news()) == {"f": "redefined"}
    project.write("deadly.py", "")
    project.write("low.py", LOW.replace("return 1\n", "return 6\n"))  # nobody reports it
    assert outcomes(project.news()) == {"f": "redefined"}
    assert "the thread ends" in project.client.log()
    assert "is not watched" in project.client.log()
    project.write("low.py", LOW.replace("return 1\n", "return 7\n"))
    assert outcomes(project.news()) == {"f": "redefined"}
    assert project.value("alias()") == "7"
    assert project.client.seen("window/showMessage") == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells when a file is closed")
def test_writes_to_a_file_that_stays_open_wake_nobody(tmp_path: Path) -> None:
    told: queue.Queue[str] = queue.Queue()
    slow, quick = tmp_path / "slow.py", tmp_path / "quick.py"
    slow.write_text("")
    quick.write_text("")
    observer = FolderObserver(str(tmp_path), told.put)
    observer.start()
    with slow.open("w") as file:
        for _ in range(3):
            print("x = 1", file=file, flush=True)
        quick.write_text("y = 1")
        assert told.get(timeout=DEADLINE_S) == str(quick)
        assert told.empty()
    assert told.get(timeout=DEADLINE_S) == str(slow)
    observer.stop()
