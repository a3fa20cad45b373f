"""The daemon: it starts or says why not, each request is answered, and several clients do not meet.

D3 and D15 are in `tests/lsp/test_always_reply.py`, D7 and D8 in the end-to-end tests, the edits of D9 in `tests/fuzz`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import INTERPRETERS, MAX_WAIT_S
from lsp.conftest import StartClient
from lsp.driver import Client

SERVER = Path(__file__).parents[2] / "server"

BROKEN = {
    "missing": "raise ModuleNotFoundError('no pygls')",
    "cut off": "def begun(",
    "of another version": "raise AttributeError('it has no such thing')",
    "ends": "raise SystemExit(0)",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_D6_a_library_that_is_broken_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "pygls.py").write_text(text)
    run = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import relive.__main__ as m; sys.exit(m.main([]))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", run],
        capture_output=True,
        text=True,
        timeout=MAX_WAIT_S,
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "not installed whole" in done.stderr
    assert "set it up again" in done.stderr


@pytest.mark.skipif("3.9" not in INTERPRETERS, reason="there is no CPython 3.9 here")
def test_D6_a_python_that_is_too_old_is_told_in_one_line() -> None:
    done = subprocess.run(
        [INTERPRETERS["3.9"], "-I", str(SERVER / "launch.py")],
        capture_output=True,
        text=True,
        timeout=MAX_WAIT_S,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "needs Python 3.10 or newer" in done.stderr
    assert "relive.daemon.path" in done.stderr


def test_D9_edits_of_what_is_not_there_and_beyond_the_end(
    fresh_client: Client, tmp_path: Path
) -> None:
    uri = (tmp_path / "a.py").as_uri()
    fresh_client.change(uri, {"text": "never opened"})
    far = {"line": 10**6, "character": 10**6}
    fresh_client.open(tmp_path / "a.py", "1\n")
    fresh_client.change(uri, {"range": {"start": far, "end": far}, "text": "+ 1"})
    fresh_client.change(
        uri, {"range": {"start": far, "end": {"line": 0, "character": 0}}, "text": "2 + 3"}
    )
    answer = fresh_client.evaluate(uri, "file")
    assert answer["results"][-1]["value"]["text"] == "5"
    fresh_client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    fresh_client.change(uri, {"text": "closed"})
    refused = fresh_client.response(
        fresh_client.command("relive.evaluate", {"uri": uri, "scope": "file"})
    )
    assert "is not open" in refused["error"]["message"]


def test_D9_a_document_that_is_opened_twice_is_as_it_was_opened_last(
    fresh_client: Client, tmp_path: Path
) -> None:
    uri = fresh_client.open(tmp_path / "a.py", "1")
    fresh_client.change(uri, {"text": "2"}, version=7)
    fresh_client.open(tmp_path / "a.py", "3")
    assert fresh_client.evaluate(uri, "file")["results"][-1]["value"]["text"] == "3"


def test_D10_two_windows_on_one_folder_have_a_process_each(
    start_client: StartClient, tmp_path: Path
) -> None:
    pids = set()
    for count in range(2):
        client = start_client()
        client.initialize(tmp_path)
        uri = client.open(
            tmp_path / "same.py", f"window = {count}\nimport os\n[window, os.getpid()]\n"
        )
        answer = client.evaluate(uri, "file")
        window, pid = eval(answer["results"][-1]["value"]["text"])
        assert window == count
        pids.add(pid)
    assert len(pids) == 2
