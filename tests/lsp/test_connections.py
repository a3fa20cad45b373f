"""Several connections to one daemon: one session, each with its own documents, none in another's way."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, Joined, span, wait_for_end_of
from lsp.joining import pid_of, serving, socket_of

TEXT = "rate = 2\nprice = rate * 21\nprice\n"

Join = Callable[..., Joined]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def first_of_module(start_shared_client: StartClient, folder: Path) -> Client:
    client = start_shared_client()
    client.initialize(folder)
    return client


@pytest.fixture
def first(first_of_module: Client) -> Client:
    """The editor that has started the daemon, over pipes."""
    first_of_module.start_over()
    return first_of_module


@pytest.fixture
def join(first: Client, folder: Path) -> Iterator[Join]:
    """Joins the daemon of `first`; an editor, or a console."""
    joined: list[Joined] = []

    def start(**options: Any) -> Joined:
        client = Joined(first._stderr, socket_of(first))
        client.initialize(folder, options=options)
        joined.append(client)
        return client

    yield start
    for each in joined:
        each.leave()


def text_of(answer: Any) -> str:
    assert answer["status"] == "ok", answer["error"]
    text = answer["results"][-1]["value"]["text"]
    assert isinstance(text, str)
    return text


def of_other(client: Client, method: str = "relive/evaluated") -> Any:
    """Return the first that was told of what another connection has asked for."""
    return client.wait_for_notification(
        method, lambda params: (params.get("token") or "").startswith("other:")
    )


def gate(folder: Path) -> tuple[str, Callable[[], None]]:
    """Return code that says `waiting` and goes on once it is let."""
    path = folder / f"gate-{os.urandom(4).hex()}"
    os.mkfifo(path)
    return f"print('waiting')\nopen({str(path)!r}).read()", lambda: path.write_text("go")


# -- one session ----------------------------------------------------------------------------------


def test_a_console_has_the_editors_session(first: Client, join: Join, folder: Path) -> None:
    uri = first.open(folder / "shop.py", TEXT)
    first.evaluate(uri, "file")
    console = join(console=True)
    state = console.wait_for_notification("relive/session")
    assert state["pid"] == first.execute("relive.session", {})["pid"]
    answer = console.execute("relive.evaluateText", {"text": "price + 1", "uri": uri})
    assert text_of(answer) == "43"
    asked = first.wait_for_notification("relive/asked")
    assert (asked["text"], asked["uri"], asked["range"]) == ("price + 1", uri, None)
    told = of_other(first)
    assert (told["uri"], told["token"]) == (None, asked["token"])
    assert told["evaluation"]["results"][-1]["value"]["text"] == "43"


def test_what_an_editor_evaluates_is_told_with_its_place(
    first: Client, join: Join, folder: Path
) -> None:
    console = join(console=True)
    uri = first.open(folder / "shop.py", TEXT)
    first.evaluate(uri, "form", position={"line": 1, "character": 0}, token="own")
    asked = console.wait_for_notification("relive/asked")
    assert (asked["uri"], asked["text"]) == (uri, "price = rate * 21")
    assert asked["range"]["start"] == {"line": 1, "character": 0}
    assert asked["token"] == of_other(console, "relive/progress")["token"]
    assert not [each for each in first.seen("relive/asked") if each["token"] == asked["token"]]
    assert {each["token"] for each in first.seen("relive/progress")} == {"own"}


def test_results_stand_in_the_documents_of_both(first: Client, join: Join, folder: Path) -> None:
    uri = first.open(folder / "shop.py", TEXT)
    second = join()
    second.open(folder / "shop.py", TEXT)
    second.execute("relive.queue", {})  # it is open by now
    first.evaluate(uri, "file")
    assert of_other(second)["uri"] == uri
    result = of_other(second, "relive/result")["result"]
    begin = {"line": 0, "character": 0}
    second.change(uri, {"range": {"start": begin, "end": begin}, "text": "# a line above\n"})
    answer = second.evaluate(uri, "form", position=begin | {"line": 1})  # runs it again
    assert answer["results"][0]["range"]["start"]["line"] == 1
    first.evaluate(uri, "selection", range={"start": begin, "end": {"line": 1, "character": 0}})
    changed = {"start": {"line": 0, "character": 7}, "end": {"line": 0, "character": 8}}
    first.change(uri, {"range": changed, "text": "3"})
    first.evaluate(uri, "form", position=begin)
    for each in (first, second):
        stale = each.wait_for_notification("relive/stale")
        assert stale["uri"] == uri
        assert result["id"] not in stale["results"]  # it was replaced


def test_one_who_joins_midway_is_told_what_runs(first: Client, join: Join, folder: Path) -> None:
    code, let_go = gate(folder)
    running = first.command("relive.evaluateText", {"text": f"{code}\n40 + 2"})
    first.wait_for_notification("relive/output", lambda params: "waiting" in params["text"])
    console = join(console=True)
    assert console.wait_for_notification("relive/asked")["text"].endswith("40 + 2")
    let_go()
    assert text_of(first.result(running)) == "42"
    assert text_of(of_other(console)["evaluation"]) == "42"


def test_one_who_opens_the_file_midway_is_told_where_it_runs(
    first: Client, join: Join, folder: Path
) -> None:
    code, let_go = gate(folder)
    text = f"if True:\n    {code.replace(chr(10), '; ')}\n"
    uri = first.open(folder / "midway.py", text)
    number = first.command("relive.evaluate", {"uri": uri, "scope": "file"})
    first.wait_for_notification("relive/output", lambda params: "waiting" in params["text"])
    second = join()
    assert of_other(second, "relive/progress")["uri"] is None
    second.open(folder / "midway.py", "# a line above\n" + text)
    told = second.wait_for_notification("relive/progress", lambda params: params["uri"])
    assert (told["state"], told["statement"]["start"]["line"]) == ("running", 1)
    let_go()
    assert of_other(second, "relive/result")["result"]["range"]["start"]["line"] == 1
    assert of_other(second)["uri"] == uri
    first.result(number)


def test_what_is_held_goes_on_for_all(first: Client, join: Join, folder: Path) -> None:
    first.notify(
        "workspace/didChangeConfiguration",
        {"settings": {"relive": {"holdErrors": "evaluated"}}},
    )
    second = join()
    uri = first.open(folder / "held.py", "def f(x):\n    return 1 / x\n\nf(0)\n")
    assert first.evaluate(uri, "file", token="own")["status"] == "held"
    assert of_other(second)["evaluation"]["status"] == "held"
    answer = second.execute("relive.resume", {"action": "return", "value": "'mended'"})
    assert text_of(answer) == "'mended'"
    told = first.wait_for_notification("relive/evaluated", lambda params: params["token"] == "own")
    assert text_of(told["evaluation"]) == "'mended'"
    first.notify("workspace/didChangeConfiguration", {"settings": {"relive": {}}})


def test_a_window_that_comes_back_is_told_what_is_held(tmp_path: Path) -> None:
    file, text = tmp_path / "held.py", "def f(x):\n    return 1 / x\n\nf(0)\n"
    with serving(tmp_path, keep_s=60) as served:
        window = served.join(tmp_path)
        held = window.evaluate(window.open(file, text), "file")
        exit_at_once(window)
        window.hang_up()
        again = served.join(tmp_path)
        told = again.wait_for_notification("relive/session", lambda params: params.get("holds"))
        assert (told["state"], told["holds"]) == ("held", [held["hold"]])
        uri = again.open(file, text)
        frames = again.execute("relive.frames", {"uri": uri})["items"]
        places = [(each["name"], each["uri"], each["range"]["start"]["line"]) for each in frames]
        assert places == [("f", uri, 1), ("<module>", uri, 3)]
        goes_on = {"action": "return", "value": "'mended'", "uri": uri}
        assert text_of(again.execute("relive.resume", goes_on)) == "'mended'"
        again.execute("relive.shutDown", {})
        again.hang_up()


# -- input ----------------------------------------------------------------------------------------


def test_input_is_asked_of_the_one_that_asked_for_the_code(first: Client, join: Join) -> None:
    console = join(console=True)
    console.answers_to["relive/input"] = lambda _: {"text": "console"}
    first.answers_to["relive/input"] = lambda _: {"text": "editor"}
    for client, name in ((first, "editor"), (console, "console")):
        answer = client.execute("relive.evaluateText", {"text": "input()"})
        assert text_of(answer) == repr(name)
    assert len(first.seen("relive/input")) == len(console.seen("relive/input")) == 1


def test_input_asked_of_one_that_is_gone_is_asked_of_another(first: Client, join: Join) -> None:
    console = join(console=True)
    console.command("relive.evaluateText", {"text": "input('Name? ')"})
    console.wait_for_notification("relive/input")
    first.answers_to["relive/input"] = lambda params: {"text": params["prompt"] + "Ada"}
    console.hang_up()
    assert text_of(of_other(first)["evaluation"]) == "'Name? Ada'"


# -- connections end ------------------------------------------------------------------------------


def test_an_evaluation_outlives_the_connection_that_asked(
    first: Client, join: Join, folder: Path
) -> None:
    code, let_go = gate(folder)
    console = join(console=True)
    console.command("relive.evaluateText", {"text": f"{code}\nx = 6 * 7\nx"})
    console.wait_for_notification("relive/output", lambda params: "waiting" in params["text"])
    console.hang_up()
    let_go()
    assert text_of(of_other(first)["evaluation"]) == "42"


def shut_down(client: Joined) -> None:
    client.call("shutdown", None)
    client.notify("exit", None)
    client.wait_until_hung_up()


def exit_at_once(client: Joined) -> None:
    client.notify("exit", None)
    client.wait_until_hung_up()


def send_garbage(client: Joined) -> None:
    client.send_bytes(b"Content-Length: soon\r\n\r\n{}")
    client.wait_until_hung_up()


def close_the_folder(client: Joined) -> None:
    folders = [{"uri": each, "name": "closed"} for each in client.folders]
    event = {"event": {"added": [], "removed": folders}}
    client.notify("workspace/didChangeWorkspaceFolders", event)
    client.wait_for_notification("relive/session", lambda params: params["pid"] is None)


@pytest.mark.parametrize("end", [shut_down, exit_at_once, send_garbage, close_the_folder])
def test_the_end_of_one_is_not_that_of_others(
    first: Client, join: Join, end: Callable[[Joined], None]
) -> None:
    first.execute("relive.evaluateText", {"text": "x = 42"})
    pid = first.execute("relive.session", {})["pid"]
    second = join()
    end(second)
    assert text_of(first.execute("relive.evaluateText", {"text": "x"})) == "42"
    assert first.execute("relive.session", {})["pid"] == pid


def test_one_that_does_not_read_keeps_nobody_waiting(first: Client, join: Join) -> None:
    console = join(console=True)
    console.stop_reading()
    for _ in range(16):  # each evaluation's output is bounded by itself
        first.execute("relive.evaluateText", {"text": "print('x' * 900_000)"})
    last = first.execute("relive.evaluateText", {"text": "'the end'"})
    console.go_on_reading()
    console.wait_for_notification(
        "relive/evaluated", lambda params: params["evaluation"]["id"] == last["id"]
    )
    said = "".join(each["text"] for each in console.seen("relive/output"))
    assert "characters of output are left out here" in said
    assert len(said) < 12 * 900_000
    assert len("".join(each["text"] for each in first.seen("relive/output"))) > 16 * 900_000


# -- what nobody asks for -------------------------------------------------------------------------


def test_a_file_that_changes_is_followed_once_and_by_who_is_left(
    start_client: StartClient, tmp_path: Path
) -> None:
    file = tmp_path / "shop.py"
    file.write_text("def total(): return 1\n")
    with serving(tmp_path) as served:
        editor, other = served.join(tmp_path), served.join(tmp_path)
        uri = editor.open(file, file.read_text())
        editor.evaluate(uri, "file")
        editor.wait_for_notification("relive/session", lambda params: params["state"] == "idle")
        file.write_text("def total(): return 2\n")
        editor.wait_for_notification("relive/redefined")
        assert not other.seen("relive/redefined")
        editor.hang_up()
        text = {"text": "total()", "uri": uri}
        assert text_of(other.execute("relive.evaluateText", text)) == "2"
        file.write_text("def total(): return 3\n")
        other.wait_for_notification("relive/redefined")
        assert text_of(other.execute("relive.evaluateText", text)) == "3"
        other.hang_up()


# -- a daemon that nobody has started over pipes --------------------------------------------------


def test_a_session_waits_for_who_comes_back(tmp_path: Path) -> None:
    code, let_go = gate(tmp_path)
    with serving(tmp_path, keep_s=60) as served:
        window = served.join(tmp_path)
        pid = pid_of(window)
        window.command("relive.evaluateText", {"text": f"{code}\nname = input('Name? ')\nname"})
        window.wait_for_notification("relive/output", lambda params: "waiting" in params["text"])
        window.hang_up()  # as when a window is loaded anew
        let_go()
        again = served.join(tmp_path)
        again.answers_to["relive/input"] = lambda params: {"text": params["prompt"] + "Ada"}
        assert text_of(of_other(again)["evaluation"]) == "'Name? Ada'"
        assert again.execute("relive.session", {})["pid"] == pid
        again.execute("relive.shutDown", {})
        wait_for_end_of(pid)
        again.hang_up()


def test_a_connection_that_drops_is_joined_again_with_what_came_meanwhile(tmp_path: Path) -> None:
    code, let_go = gate(tmp_path)
    file, text = tmp_path / "shop.py", f"rate = 2\n{code}\nrate * 21\n1 / 0\n"
    with serving(tmp_path, keep_s=60) as served:
        window = served.join(tmp_path)
        uri = window.open(file, text)
        window.command("relive.evaluate", {"uri": uri, "scope": "file"})
        window.wait_for_notification("relive/output", lambda params: "waiting" in params["text"])
        pid = window.execute("relive.session", {})["pid"]
        window.send_bytes(b"Content-Length: 100\r\n\r\n{")  # it drops in the midst of a word
        window.hang_up()
        let_go()
        again = served.join(tmp_path)
        again.open(file, text)
        again.execute("relive.evaluateText", {"text": "'after it'", "uri": uri})
        shown = again.execute("relive.shown", {"uri": uri})["results"]
        by_line = {each["range"]["start"]["line"]: each for each in shown}
        assert by_line[0]["result"]["value"]["text"] == "2"
        assert by_line[3]["result"]["value"]["text"] == "42"
        assert by_line[4]["error"]["type"] == "ZeroDivisionError"
        assert again.execute("relive.session", {})["pid"] == pid
        again.execute("relive.shutDown", {})
        again.hang_up()


@pytest.mark.parametrize("keep_s", [0.0, 0.5])
def test_it_ends_once_the_last_has_left(tmp_path: Path, keep_s: float) -> None:
    """At once, or when nobody has come for as long as it is kept: `test_host.py` has the clock."""
    with serving(tmp_path, keep_s) as served:
        first, second = served.join(tmp_path), served.join(tmp_path)
        pid = pid_of(first)
        first.hang_up()
        assert pid_of(second) == pid
        second.hang_up()
        wait_for_end_of(pid)
    assert not os.path.exists(served.socket)


def test_a_daemon_stays_while_somebody_has_joined(
    start_client: StartClient, tmp_path: Path
) -> None:
    editor = start_client()
    editor.initialize(tmp_path)
    pid = pid_of(editor)
    console = Joined(editor._stderr, socket_of(editor))
    console.initialize(tmp_path, options={"console": True})
    editor.call("shutdown", None)
    editor.notify("exit", None)
    assert pid_of(console) == pid
    console.hang_up()
    assert editor.wait_for_exit() == 0
    wait_for_end_of(pid)


def test_two_who_evaluate_at_once_are_both_answered(first: Client, join: Join) -> None:
    clients = [first, join(), join(console=True)]
    answers: dict[int, list[str]] = {}

    def evaluate(number: int) -> None:
        client = clients[number]
        asked = [
            client.command("relive.evaluateText", {"text": f"{number} * 100 + {each}"})
            for each in range(20)
        ]
        answers[number] = [text_of(client.result(each)) for each in asked]

    threads = [threading.Thread(target=evaluate, args=(n,)) for n in range(len(clients))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == {n: [str(n * 100 + each) for each in range(20)] for n in range(3)}


# -- what stands ----------------------------------------------------------------------------------

STANDS = """rate = 2
price = rate * 21
price
1 / 0
print("seen")
"""


def test_a_window_that_comes_back_is_told_what_stands(tmp_path: Path) -> None:
    code, let_go = gate(tmp_path)
    file = tmp_path / "shop.py"
    with serving(tmp_path, keep_s=60) as served:
        window = served.join(tmp_path)
        uri = window.open(file, STANDS)
        for line in (0, 1, 2):
            window.evaluate(uri, "form", position={"line": line, "character": 0})
        window.evaluate(uri, "form", position={"line": 3, "character": 0})
        window.change(uri, {"range": span(STANDS, "2"), "text": "3"})
        window.evaluate(uri, "form", position={"line": 0, "character": 0})
        window.wait_for_notification("relive/stale")
        late = f"import threading\n{code}\nprint('late', end='')"
        window.command("relive.evaluateText", {"text": late})
        window.wait_for_notification("relive/output", lambda params: "waiting" in params["text"])
        exit_at_once(window)
        window.hang_up()
        let_go()

        again = served.join(tmp_path)
        state = again.wait_for_notification("relive/session", lambda params: params["pid"])
        if state["state"] == "busy":
            of_other(again)
        text = "# a line above\n" + STANDS.replace("2", "3", 1)
        again.open(file, text)
        told = again.execute("relive.shown", {})
        values = {
            each["range"]["start"]["line"]: each["result"] and each["result"]["value"]["text"]
            for each in told["results"]
        }
        assert values == {1: "3", 2: "42", 3: "42", 4: None}
        stale = {each["range"]["start"]["line"]: each["stale"] for each in told["results"]}
        assert (stale[1], stale[4]) == (None, None)
        assert "`rate`" in stale[2]
        (failed,) = (each for each in told["results"] if each["result"] is None)
        assert failed["error"]["type"] == "ZeroDivisionError"
        assert failed["error"]["frames"][-1]["line"] == 4
        diagnosed = again.wait_for_notification("textDocument/publishDiagnostics")
        assert diagnosed["diagnostics"][0]["range"]["start"]["line"] == 4
        heard = [*told["output"], *again.seen("relive/output")]
        assert "late" in "".join(each["text"] for each in heard)
        assert again.execute("relive.shown", {})["output"] == []
        again.change(uri, {"range": span(text, "rate * 21"), "text": "rate * 14"})
        begin = {"line": 2, "character": 0}
        again.evaluate(uri, "form", position=begin)
        shown = again.execute("relive.shown", {"uri": uri})["results"]
        assert next(each for each in shown if each["range"]["start"] == begin)["stale"] is None
        again.execute("relive.restart", {})
        assert again.execute("relive.shown", {})["results"] == []
        again.execute("relive.shutDown", {})
        again.hang_up()


@pytest.mark.parametrize("checkpoints", ["off", "auto"])
def test_a_window_that_comes_back_is_told_what_the_process_ended_in(
    tmp_path: Path, checkpoints: str
) -> None:
    file, text = tmp_path / "crash.py", "kept = [41]\nkept and __import__('os')._exit(3)\n"
    with serving(tmp_path, keep_s=60) as served:
        window = served.join(tmp_path, options={"settings": {"checkpoints": checkpoints}})
        uri = window.open(file, text)
        window.evaluate(uri, "form", position={"line": 0, "character": 0})
        window.execute("relive.evaluateText", {"text": "True", "uri": uri})
        window.evaluate(uri, "form", position={"line": 1, "character": 0})
        window.leave()

        again = served.join(tmp_path)
        again.open(file, text)
        shown = again.execute("relive.shown", {"uri": uri})["results"]
        (ended,) = (each for each in shown if each["result"] is None)
        assert (ended["range"]["start"]["line"], ended["died"]) == (1, True)
        assert ended["stale"] is None
        assert "exited with status 3" in ended["error"]["message"]
        assert again.seen("textDocument/publishDiagnostics") == []
        again.execute("relive.shutDown", {})
        again.hang_up()
