"""The session as a whole: interrupt, restart, death, several of them, and what is told of it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, Message, wait_for_end_of


def value(client: Client, code: str, **more: Any) -> str | None:
    answer = client.execute("relive.evaluateText", {"text": code, **more})
    assert answer["status"] == "ok", answer["error"]
    text = answer["results"][-1]["value"]["text"]
    return None if text is None else str(text)


def states(client: Client) -> list[str]:
    told = [params["state"] for params in client.seen("relive/session")]
    return [state for n, state in enumerate(told) if n == 0 or told[n - 1] != state]


def test_asking_for_the_session_starts_nothing(fresh_client: Client) -> None:
    session = fresh_client.execute("relive.session", {})
    assert (session["state"], session["pid"], session["generation"]) == ("idle", None, 0)
    assert fresh_client.execute("relive.interrupt", {}) == {"interrupted": False}
    assert fresh_client.seen("relive/session") == []


def test_the_first_evaluation_starts_it(fresh_client: Client) -> None:
    pid = int(value(fresh_client, "import os; os.getpid()") or 0)
    session = fresh_client.execute("relive.session", {})
    assert (session["state"], session["pid"], session["generation"]) == ("idle", pid, 1)
    assert (session["evaluations"], session["queued"]) == (1, 0)
    assert states(fresh_client)[0] == "starting"
    assert states(fresh_client)[-2:] == ["busy", "idle"]


def test_interrupt_ends_what_runs(client: Client) -> None:
    running = client.command("relive.evaluateText", {"text": "while True: pass", "token": "loop"})
    client.wait_for_notification("relive/session", lambda params: params["state"] == "busy")
    waiting = client.command("relive.evaluateText", {"text": "'never'"})
    assert client.execute("relive.interrupt", {}) == {"interrupted": True}
    assert client.result(running)["status"] == "interrupted"
    assert client.result(waiting)["status"] == "interrupted"
    assert value(client, "1 + 1") == "2"


def test_restart_forgets_and_ends_what_runs(client: Client) -> None:
    old = client.execute("relive.session", {})
    value(client, "kept = 1")
    running = client.command("relive.evaluateText", {"text": "while True: pass"})
    client.wait_for_notification("relive/session", lambda params: params["state"] == "busy")
    new = client.execute("relive.restart", {})
    assert new["state"] == "idle"
    assert new["generation"] == old["generation"] + 1
    assert client.result(running)["status"] == "died"
    wait_for_end_of(old["pid"])
    answer = client.execute("relive.evaluateText", {"text": "kept"})
    assert answer["error"]["type"] == "NameError"


def test_stop_ends_the_process_and_the_next_evaluation_starts_another(client: Client) -> None:
    value(client, "kept = 1")
    old = client.execute("relive.session", {})
    running = client.command("relive.evaluateText", {"text": "while True: pass"})
    client.wait_for_notification("relive/session", lambda params: params["state"] == "busy")
    stopped = client.execute("relive.stop", {})
    assert (stopped["state"], stopped["pid"], stopped.get("reason")) == ("idle", None, None)
    assert client.result(running)["status"] == "died"
    wait_for_end_of(old["pid"])
    answer = client.execute("relive.evaluateText", {"text": "kept"})
    assert answer["error"]["type"] == "NameError"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os._exit(3)", "exited with status 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    ],
)
def test_a_worker_that_dies_is_told_of_and_replaced(client: Client, code: str, reason: str) -> None:
    client.configure(checkpoints="off")
    answer = client.execute("relive.evaluateText", {"text": code})
    assert answer["status"] == "died"
    assert reason in answer["error"]["message"]
    dead = client.wait_for_notification("relive/session", lambda p: p["state"] == "dead")
    assert reason in dead["reason"]
    assert client.execute("relive.session", {})["state"] == "dead"
    assert value(client, "'alive'") == "'alive'"


def test_a_worker_killed_from_outside_while_idle(client: Client) -> None:
    client.configure(checkpoints="off")
    pid = client.execute("relive.session", {})["pid"]
    os.kill(pid, signal.SIGKILL)
    dead = client.wait_for_notification("relive/session", lambda p: p["state"] == "dead")
    assert "SIGKILL" in dead["reason"]


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "exit()", "raise KeyboardInterrupt"])
def test_asking_to_exit_ends_only_the_evaluation(client: Client, code: str) -> None:
    pid = client.execute("relive.session", {})["pid"]
    assert client.execute("relive.evaluateText", {"text": code})["status"] != "ok"
    assert value(client, "import os; os.getpid()") == str(pid)


def test_output_between_evaluations_belongs_to_none(client: Client) -> None:
    code = (
        "import os, threading\n"
        "go = os.pipe()\n"
        "late = lambda: (os.read(go[0], 1), print('late', flush=True))\n"
        "threading.Thread(target=late).start()\n"
    )
    client.execute("relive.evaluateText", {"text": code})
    client.execute("relive.evaluateText", {"text": "os.write(go[1], b'.')"})
    found = client.wait_for_notification("relive/output", lambda p: "late" in p["text"])
    assert found["stream"] == "stdout"


# -- several folders -----------------------------------------------------------------------------


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    folders = [tmp_path / "one", tmp_path / "two", tmp_path / "two" / "inner"]
    for folder in folders:
        folder.mkdir()
        (folder / "here.py").write_text(f"name = {folder.name!r}\n", encoding="utf-8")
    return folders


def evaluate_in(client: Client, folder: Path, text: str) -> Message:
    uri = client.open(folder / "asking.py", text)
    answer = client.evaluate(uri, "file")
    assert answer["status"] == "ok", answer["error"]
    return answer


def test_each_folder_has_a_session_of_its_own(
    start_client: StartClient, folders: list[Path], tmp_path: Path
) -> None:
    client, own = start_client(), tmp_path / "python"
    own.symlink_to(sys.executable)
    client.initialize(*folders, options={"interpreters": {folders[0].as_uri(): str(own)}})
    text = "import os, here\n[here.name, os.path.basename(os.getcwd()), os.getpid()]\n"
    answers = [evaluate_in(client, folder, text) for folder in folders]
    found = [eval(answer["results"][-1]["value"]["text"]) for answer in answers]
    assert [each[:2] for each in found] == [["one", "one"], ["two", "two"], ["inner", "inner"]]
    assert len({pid for _, _, pid in found}) == 3
    told = {params["folder"] for params in client.seen("relive/session")}
    assert told == {folder.as_uri() for folder in folders}
    last = client.execute("relive.session", {})
    assert last["pid"] == found[2][2]
    first = client.execute("relive.session", {"uri": (folders[0] / "any.py").as_uri()})
    assert first["pid"] == found[0][2]
    assert (first["python"], last["python"]) == (str(own), sys.executable)


def test_another_interpreter_is_taken_by_a_restart_of_its_folder_alone(
    start_client: StartClient, folders: list[Path], tmp_path: Path
) -> None:
    client, other = start_client(), tmp_path / "python"
    other.symlink_to(sys.executable)
    one, two, unused = folders
    client.initialize(*folders)
    pids = [
        evaluate_in(client, folder, "kept = 1\nimport os\nos.getpid()\n") for folder in (one, two)
    ]
    before = [each["results"][-1]["value"]["text"] for each in pids]
    chosen = {each.as_uri(): str(other) for each in (two, unused)}
    client.execute("relive.interpreters", {"interpreter": None, "interpreters": chosen})

    def session(folder: Path) -> Message:
        return client.execute("relive.session", {"uri": folder.as_uri()})

    assert "otherPython" not in session(one)
    offered = session(two)
    assert (offered["python"], offered["otherPython"]) == (sys.executable, str(other))
    assert value(client, "kept", uri=(two / "asking.py").as_uri()) == "1"
    session(one)  # the session used last
    new = client.execute("relive.restart", {"uri": two.as_uri()})
    assert (new["python"], new.get("otherPython")) == (str(other), None)
    assert str(new["pid"]) not in before
    assert str(session(one)["pid"]) == before[0]
    assert value(client, "kept", uri=(one / "asking.py").as_uri()) == "1"
    evaluate_in(client, unused, "1\n")
    assert session(unused)["python"] == str(other)


def test_process_and_disk_are_compared_of_the_folder_that_is_named(
    start_client: StartClient, folders: list[Path]
) -> None:
    client, (one, two, _) = start_client(), folders
    client.initialize(one, two, options={"settings": {"redefineOnDiskChange": False}})
    for folder in two, one:
        file = folder / "shop.py"
        file.write_text("def price(): return 1\n", encoding="utf-8")
        uri = client.open(file, file.read_text(encoding="utf-8"))
        assert client.evaluate(uri, "file")["status"] == "ok"
        file.write_text("def price(): return 2\n", encoding="utf-8")
    for folder in one, two:
        told = client.execute("relive.compare", {"uri": folder.as_uri()})
        assert [each["uri"] for each in told["items"]] == [(folder / "shop.py").as_uri()]


def test_a_session_whose_interpreter_did_not_start_has_another_chance_with_another(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    client.initialize(tmp_path, options={"interpreter": "/bin/false"})
    assert client.execute("relive.evaluateText", {"text": "1"})["status"] == "died"
    assert client.execute("relive.session", {})["state"] == "dead"
    for chosen, state in ("/bin/false", "dead"), (sys.executable, "idle"):
        client.execute("relive.interpreters", {"interpreter": chosen, "interpreters": {}})
        session = client.execute("relive.session", {})
        assert (session["state"], session["python"]) == (state, chosen)
        assert "otherPython" not in session
    assert value(client, "1 + 1") == "2"


def test_another_interpreter_is_not_taken_by_a_rewind(fresh_client: Client, tmp_path: Path) -> None:
    client, other = fresh_client, tmp_path / "python"
    other.symlink_to(sys.executable)
    client.configure(checkpoints="off")
    value(client, "kept = 1")
    last = client.execute("relive.evaluateText", {"text": "kept = 2"})
    client.execute("relive.interpreters", {"interpreter": str(other), "interpreters": {}})
    again = client.execute("relive.rewind", {"evaluation": last["id"]})
    assert (again["python"], again["otherPython"]) == (sys.executable, str(other))
    assert value(client, "kept") == "1"


def test_a_folder_that_is_closed_takes_its_session_along(
    start_client: StartClient, folders: list[Path]
) -> None:
    client = start_client()
    client.initialize(folders[0])
    added = {"uri": folders[1].as_uri(), "name": "two"}
    changed = "workspace/didChangeWorkspaceFolders"
    client.notify(changed, {"event": {"added": [added], "removed": []}})
    answer = evaluate_in(client, folders[1], "import os\nos.getpid()\n")
    pid = int(answer["results"][-1]["value"]["text"])
    client.notify(changed, {"event": {"added": [], "removed": [added]}})
    wait_for_end_of(pid)
    assert client.execute("relive.session", {})["pid"] is None


def test_interrupt_of_one_folder_leaves_the_others(
    start_client: StartClient, folders: list[Path]
) -> None:
    client = start_client()
    client.initialize(*folders[:2])
    running = []
    for folder in folders[:2]:
        uri = client.open(folder / "busy.py", "print('at it', flush=True)\nwhile True: pass\n")
        running.append(client.command("relive.evaluate", {"uri": uri, "scope": "file"}))
        client.wait_for_notification("relive/result", lambda p, uri=uri: p["uri"] == uri)
    uri = (folders[0] / "busy.py").as_uri()
    assert client.execute("relive.interrupt", {"uri": uri}) == {"interrupted": True}
    assert client.result(running[0])["status"] == "interrupted"
    assert client.responses(running[1]) == []
    assert client.execute("relive.interrupt", {}) == {"interrupted": True}
    assert client.result(running[1])["status"] == "interrupted"


# -- how it is started -----------------------------------------------------------------------------


def test_an_interpreter_that_is_not_there_is_told_of(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    missing = str(tmp_path / "no" / "python")
    client.initialize(tmp_path, options={"interpreter": missing})
    for _ in range(2):
        answer = client.execute("relive.evaluateText", {"text": "1"})
        assert answer["status"] == "died"
        assert missing in answer["error"]["message"]
    session = client.execute("relive.session", {})
    assert (session["state"], session["python"]) == ("dead", missing)
    assert missing in session["reason"]
    assert client.execute("relive.restart", {})["state"] == "dead"


def test_without_a_folder_it_works_where_the_document_is(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    client.initialize()
    answer = evaluate_in(client, tmp_path, "import os\nos.getcwd()\n")
    assert answer["results"][-1]["value"]["text"] == repr(str(tmp_path.resolve()))


def test_it_can_work_in_the_folder_of_the_document(
    start_client: StartClient, folders: list[Path]
) -> None:
    client = start_client()
    client.initialize(folders[1], options={"settings": {"session": {"cwd": "fileDirectory"}}})
    answer = evaluate_in(client, folders[2], "import os\nos.getcwd()\n")
    assert answer["results"][-1]["value"]["text"] == repr(str(folders[2].resolve()))


def test_code_that_does_not_stop_is_told_of_and_its_process_can_be_ended(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    client.initialize(tmp_path)
    # From `here` on it is in C code, where nothing looks for interrupts.
    lost = r"sum(itertools.chain(map(os.write, [1], [b'here\n']), range(10**12)))"
    text = f"import itertools, os\n\ndef total():\n    return {lost}\n\ntotal()\n"
    uri = client.open(tmp_path / "shop.py", text)
    running = client.command("relive.evaluate", {"uri": uri, "scope": "file", "token": "t"})
    waiting = client.command("relive.evaluateText", {"text": "'never'"})
    client.wait_for_notification("relive/output", lambda p: "here" in p["text"])
    assert client.execute("relive.interrupt", {"uri": uri}) == {"interrupted": True}
    assert client.result(waiting)["status"] == "interrupted"
    told = client.wait_for_notification("relive/unresponsive")
    assert (told["uri"], told["token"]) == (uri, "t")
    assert "shop.py line 4 (total)" in told["message"]
    assert told["frames"][-1] == {
        "uri": uri,
        "name": "total",
        "line": 3,
        "text": f"return {lost}",
        "own": True,
    }
    assert client.execute("relive.session", {})["unresponsive"] == told["message"]
    end = {"uri": uri, "id": told["id"], "terminate": True}
    assert client.execute("relive.interrupt", end) == {"interrupted": True}
    answer = client.result(running)
    assert answer["status"] == "died"
    assert "ended on request" in answer["error"]["message"]
    assert client.execute("relive.interrupt", end) == {"interrupted": False}
    assert value(client, "1 + 1") == "2"


def test_a_flood_that_never_ends_keeps_nobody_waiting(client: Client) -> None:
    """Requests are answered in the midst of it, and it is interrupted as anything else."""
    flood = "while True: print('x' * 1000)"
    running = client.command("relive.evaluateText", {"text": flood, "token": "flood"})
    client.wait_for_notification("relive/output", lambda p: "output cut at" in p["text"])
    for _ in range(20):
        assert client.execute("relive.session", {})["state"] == "busy"
    assert client.responses(running) == []
    assert client.execute("relive.interrupt", {}) == {"interrupted": True}
    answer = client.result(running)
    assert answer["status"] == "interrupted"
    assert answer["outputDropped"] > 0
    told = sum(len(p["text"]) for p in client.seen("relive/output") if p.get("token") == "flood")
    assert told < 1_001_000
    assert value(client, "1 + 1") == "2"
