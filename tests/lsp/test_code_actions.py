"""Redefining from the light bulb: which actions stand where, and why one cannot apply."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, Message, place, span

TEXT = """\
def f():
    return 1

class C:
    def m(self):
        return 2

kept = C()
"""
INVOKED, AUTOMATIC = 1, 2


@pytest.fixture
def uri(client: Client, tmp_path: Path) -> str:
    return client.open(tmp_path / "acting.py", TEXT)


def actions(client: Client, uri: str, mark: str, trigger: int = INVOKED, **context: Any) -> Any:
    """Return the actions there, but for that of capturing calls, which every function has."""
    where = place(TEXT, mark)
    found = client.call(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": uri},
            "range": {"start": where, "end": where},
            "context": {"diagnostics": [], "triggerKind": trigger, **context},
        },
    )
    return [each for each in found if not each["kind"].endswith(".capture")]


def load(client: Client, uri: str) -> None:
    """Evaluate the file, and wait until it is known that its module is loaded."""
    client.evaluate(uri, "file")
    wait_for_state(client, uri, "return 2", loaded=True)


def edit(client: Client, uri: str, old: str, new: str) -> None:
    """Replace a text inside a definition, and wait until it is known that another one runs.

    What is known can be from the midst of the evaluation, when the definition was not there yet.
    """
    client.change(uri, {"range": span(TEXT, old), "text": new})
    while not actions(client, uri, old, AUTOMATIC):
        client.execute("relive.session", {})


def wait_for_state(client: Client, uri: str, mark: str, *, loaded: bool) -> None:
    """Ask until the daemon has heard from the process; each question is a message it waits for."""
    while any("not loaded" in reason(each) for each in actions(client, uri, mark)) is loaded:
        client.execute("relive.session", {})


def reason(action: Message) -> str:
    return str(action.get("disabled", {}).get("reason", ""))


def test_a_function(client: Client, uri: str) -> None:
    load(client, uri)
    [action] = actions(client, uri, "return 1")
    assert action["title"] == "Redefine function 'f' in the running process"
    assert action["kind"] == "refactor.relive"
    assert "disabled" not in action
    assert action["command"]["command"] == "relive.redefine"
    assert action["command"]["arguments"] == [{"uri": uri, "name": "f"}]


def test_a_method_and_its_class(client: Client, uri: str) -> None:
    load(client, uri)
    assert [action["title"] for action in actions(client, uri, "return 2")] == [
        "Redefine method 'C.m' in the running process",
        "Redefine class 'C' in the running process",
    ]
    assert [action["title"] for action in actions(client, uri, "class C")] == [
        "Redefine class 'C' in the running process"
    ]


def test_the_command_of_an_action_does_what_it_says(client: Client, uri: str) -> None:
    load(client, uri)
    edit(client, uri, "return 2", "return 22")
    command = actions(client, uri, "return 2")[0]["command"]
    receipt = client.execute(command["command"], command["arguments"][0])
    assert receipt["status"] == "ok"
    answer = client.execute("relive.evaluateText", {"text": "kept.m()", "uri": uri})
    assert answer["results"][-1]["value"]["text"] == "22"


def test_elsewhere_there_is_none(client: Client, uri: str) -> None:
    found = actions(client, uri, "kept")
    assert not [each for each in found if each["kind"] == "refactor.relive"]
    assert actions(client, uri, "\nclass") == []


def test_the_bulb_stands_only_where_something_was_edited(client: Client, uri: str) -> None:
    load(client, uri)
    assert actions(client, uri, "return 1", AUTOMATIC) == []
    edit(client, uri, "return 1", "return 10")
    [action] = actions(client, uri, "return 1", AUTOMATIC)
    assert action["title"] == "Redefine function 'f' in the running process"


def test_all_that_changed_where_something_else_changed_too(client: Client, uri: str) -> None:
    load(client, uri)
    edit(client, uri, "return 2", "return 22")
    assert len(actions(client, uri, "return 2")) == 2  # the method is all that changed
    assert actions(client, uri, "return 1", AUTOMATIC) == []
    *_, action = actions(client, uri, "return 1")
    assert action["title"] == "Redefine all changed definitions of this file in the running process"
    assert action["command"]["arguments"] == [{"uri": uri}]
    client.execute(action["command"]["command"], action["command"]["arguments"][0])
    answer = client.execute("relive.evaluateText", {"text": "kept.m()", "uri": uri})
    assert answer["results"][-1]["value"]["text"] == "22"


@pytest.mark.parametrize(
    ("only", "count"),
    [
        (["refactor"], 1),
        (["refactor.relive"], 1),
        (["quickfix", "refactor"], 1),
        (["refactor.rel"], 0),
        (["refactor.extract"], 0),
        (["quickfix"], 0),
        ([], 0),
    ],
)
def test_kinds_that_were_not_asked_for_are_left_out(
    client: Client, uri: str, only: list[str], count: int
) -> None:
    assert len(actions(client, uri, "return 1", only=only)) == count


def test_no_process_yet(fresh_client: Client, tmp_path: Path) -> None:
    uri = fresh_client.open(tmp_path / "acting.py", TEXT)
    [action] = actions(fresh_client, uri, "return 1")
    assert "No process is running yet" in reason(action)
    assert fresh_client.execute("relive.session", {})["pid"] is None


def test_a_process_that_has_ended(client: Client, uri: str) -> None:
    client.configure(checkpoints="off")
    load(client, uri)
    client.execute("relive.evaluateText", {"text": "import os; os._exit(3)"})
    client.wait_for_notification("relive/session", lambda params: params["state"] == "dead")
    [action] = actions(client, uri, "return 1")
    assert "exited with status 3" in reason(action)


def test_a_file_that_is_not_loaded(client: Client, uri: str) -> None:
    [action] = actions(client, uri, "return 1")
    assert "not loaded" in reason(action)
    load(client, uri)
    client.execute("relive.restart", {})
    wait_for_state(client, uri, "return 1", loaded=False)
    [action] = actions(client, uri, "return 1")
    assert "not loaded" in reason(action)


def test_a_client_that_cannot_show_reasons_gets_what_applies(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    client.call("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    uri = client.open(tmp_path / "acting.py", TEXT)
    assert actions(client, uri, "return 1") == []
