"""Redefinition on save: what changed follows, what was not asked to run does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import AFTER_DELAY, FOCUS_OUT, MANUAL, Client, span

TEXT = """\
import collections

class Counter:
    step = 1

    def up(self):
        return self.step

def double(x):
    return x * 2

counter = Counter()
alias = double
"""


@pytest.fixture
def uri(client: Client, tmp_path: Path) -> str:
    """A document that is evaluated, by a daemon with the settings as they are by default."""
    client.notify("workspace/didChangeConfiguration", {"settings": {"relive": {}}})
    uri = client.open(tmp_path / "counting.py", TEXT)
    assert client.evaluate(uri, "file")["status"] == "ok"
    return uri


def rewrite(client: Client, uri: str, *changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    client.change(uri, {"text": text})
    return text


def value(client: Client, uri: str, code: str) -> Any:
    answer = client.execute("relive.evaluateText", {"text": code, "uri": uri})
    assert answer["status"] == "ok", answer["error"]
    return answer["results"][-1]["value"]["text"]


def test_saving_redefines_what_changed_and_says_where(client: Client, uri: str) -> None:
    text = rewrite(client, uri, ("return self.step", "return self.step + 10"), ("x * 2", "x * 7"))
    client.save(uri)
    news = client.wait_for_notification("relive/redefined")
    assert (news["origin"], news["uris"]) == ("save", [uri])
    assert news["redefinition"]["status"] == "ok"
    found = {each["name"]: each for each in news["redefinition"]["definitions"]}
    assert {name: each["outcome"] for name, each in found.items()} == {
        "Counter": "redefined",
        "Counter.up": "redefined",
        "double": "redefined",
    }
    assert found["Counter.up"]["range"] == span(text, "def up(self):")
    assert value(client, uri, "counter.up(), alias(1)") == "(11, 7)"


def test_what_is_asked_right_after_saving_finds_it_done(client: Client, uri: str) -> None:
    rewrite(client, uri, ("x * 2", "x * 9"))
    client.save(uri)
    assert value(client, uri, "alias(1)") == "9"


SETTINGS = [
    ("manual", MANUAL, True),
    ("manual", None, True),
    ("manual", AFTER_DELAY, False),
    ("manual", FOCUS_OUT, False),
    ("all", AFTER_DELAY, True),
    ("all", FOCUS_OUT, True),
    ("off", MANUAL, False),
]


@pytest.mark.parametrize(("setting", "reason", "redefines"), SETTINGS)
def test_which_saves_redefine_is_a_setting(
    client: Client, uri: str, setting: str, reason: int | None, redefines: bool
) -> None:
    settings = {"relive": {"redefineOnSave": setting}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    rewrite(client, uri, ("x * 2", "x * 3"))
    client.save(uri, reason)
    assert value(client, uri, "alias(1)") == ("3" if redefines else "2")


def test_the_reason_of_one_save_is_not_that_of_the_next(client: Client, uri: str) -> None:
    rewrite(client, uri, ("x * 2", "x * 3"))
    client.save(uri, AFTER_DELAY)
    assert value(client, uri, "alias(1)") == "2"
    client.save(uri, None)
    assert value(client, uri, "alias(1)") == "3"


def test_a_save_that_changes_nothing_is_no_news(client: Client, uri: str) -> None:
    rewrite(client, uri, ("import collections", "import collections  # a comment\n"))
    client.save(uri)
    rewrite(client, uri, ("x * 2", "x * 3"))
    client.save(uri)
    news = client.wait_for_notification("relive/redefined")
    assert [each["name"] for each in news["redefinition"]["definitions"]] == ["double"]


def test_a_syntax_error_is_told_at_its_place_and_changes_nothing(client: Client, uri: str) -> None:
    text = rewrite(client, uri, ("x * 2", "x *"), ("return self.step", "return 5"))
    client.save(uri)
    news = client.wait_for_notification("relive/redefined")
    error = news["redefinition"]["error"]
    assert (news["redefinition"]["status"], error["type"]) == ("error", "SyntaxError")
    line = text.split("\n").index("    return x *")
    assert error["range"]["start"]["line"] == line
    assert value(client, uri, "counter.up(), alias(1)") == "(1, 2)"
    assert client.seen("window/showMessage") == []


def test_nothing_starts_a_process(fresh_client: Client, tmp_path: Path) -> None:
    uri = fresh_client.open(tmp_path / "a.py", "print('ran')\n")
    fresh_client.save(uri)
    assert fresh_client.execute("relive.session", {"uri": uri})["generation"] == 0
    assert fresh_client.seen("relive/redefined") == []


def test_no_process_is_started_in_the_place_of_one_that_ended(client: Client, uri: str) -> None:
    client.configure(checkpoints="off")
    client.execute("relive.restart", {})
    assert client.evaluate(uri, "file")["status"] == "ok"
    client.execute("relive.evaluateText", {"text": "import os; os._exit(3)"})
    before = client.execute("relive.session", {})
    rewrite(client, uri, ("x * 2", "x * 3"))
    client.save(uri)
    assert client.execute("relive.session", {}) == before
    assert client.seen("relive/redefined") == []


def test_a_file_that_is_not_loaded_is_left_alone(client: Client, uri: str, tmp_path: Path) -> None:
    other = client.open(tmp_path / "other.py", "def f(:\nprint('ran')\n")
    client.save(other)
    assert value(client, uri, "__import__('sys').modules.get('other')") == "None"
    assert client.seen("relive/redefined") == []
    assert client.seen("relive/output") == []


def test_what_was_never_evaluated_does_not_run(fresh_client: Client, tmp_path: Path) -> None:
    """Only a part of the file has run; the rest would fail, and is not the save's to try."""
    client = fresh_client
    text = "import enum\n\n@enum.unique\nclass C(enum.Enum):\n    A = 1\n\ndef f():\n    return 1\n"
    uri = client.open(tmp_path / "partly.py", text)
    client.evaluate(uri, "form", position={"line": 6, "character": 0})
    client.change(uri, {"text": text.replace("return 1", "return 2") + "print('ran')\n"})
    client.save(uri)
    news = client.wait_for_notification("relive/redefined")
    assert news["redefinition"]["status"] == "ok"
    assert [each["name"] for each in news["redefinition"]["definitions"]] == ["f"]
    assert value(client, uri, "f(), 'C' in globals()") == "(2, False)"


def test_an_added_call_is_left_to_the_user_and_named(client: Client, uri: str) -> None:
    text = rewrite(client, uri, ("alias = double\n", "alias = double\nLIMIT = 3\nprint('ran')\n"))
    client.save(uri)
    news = client.wait_for_notification("relive/redefined")
    outcomes = {each["name"]: each["outcome"] for each in news["redefinition"]["definitions"]}
    assert outcomes == {"line 14": "redefined", "line 15": "refused"}
    assert value(client, uri, "LIMIT") == "3"
    assert client.seen("relive/output") == []
    assert news["redefinition"]["definitions"][1]["range"] == span(text, "print('ran')")


def test_a_loop_that_runs_on_follows_a_save(client: Client, uri: str) -> None:
    code = "x = 1\nwhile alias(1) == 2: x = input()\nalias(1)"
    running = client.command("relive.evaluateText", {"text": code, "uri": uri})
    question = client.wait_for(lambda m: m.get("method") == "relive/input", "question")
    rewrite(client, uri, ("x * 2", "x * 4"))
    client.save(uri)
    client.wait_for_notification("relive/redefined")
    client.send({"jsonrpc": "2.0", "id": question["id"], "result": {"text": ""}})
    assert client.result(running)["results"][-1]["value"]["text"] == "4"


def test_lenses_are_right_afterwards(start_client: StartClient, tmp_path: Path) -> None:
    client = start_client()
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    client.initialize(tmp_path, options={"settings": {"codeLens": "definitions"}})
    uri = client.open(tmp_path / "counting.py", TEXT)
    client.evaluate(uri, "file")
    rewrite(client, uri, ("x * 2", "x * 3"))
    client.save(uri)
    client.wait_for_notification("relive/redefined")

    def in_sync() -> bool:
        after = len(client.timeline)
        found = client.call("textDocument/codeLens", {"textDocument": {"uri": uri}})
        if {lens["command"]["title"] for lens in found} == {"redefine · in sync"}:
            return True
        client.wait_for(lambda m: m.get("method") == "workspace/codeLens/refresh", "refresh", after)
        return False

    assert in_sync() or in_sync()  # what is known of the image comes a moment after the news
