"""Failing lines as diagnostics: where they stand, how long, and what can be done about them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, Message, place, span

PUBLISH = "textDocument/publishDiagnostics"
SHOP = """import json

def ratio(part, whole):
    return part / whole

def share(parts):
    return [ratio(part, sum(parts)) for part in parts]

share([1, -1])
other = 1
"""


class Editor:
    """A client that has one document open, and what it is told about it."""

    def __init__(self, client: Client, file: Path, text: str) -> None:
        self.client = client
        self.file = file
        self.text = text
        self.uri = client.open(file, text)
        self._version = 1

    def run(self, mark: str, scope: str = "form", **more: Any) -> Message:
        """Run the form at `mark`."""
        position = place(self.text, mark)
        return self.client.evaluate(self.uri, scope, position=position, **more)

    def edit(self, old: str, new: str) -> None:
        """Replace a piece of the text."""
        self._version += 1
        change = {"range": span(self.text, old), "text": new}
        self.text = self.text.replace(old, new, 1)
        self.client.change(self.uri, change, version=self._version)

    def told(self, accepts: Callable[[list[Message]], bool], after: int = 0) -> list[Message]:
        """Wait for diagnostics of the document that `accepts`, and return them."""
        params = self.client.wait_for_notification(
            PUBLISH, lambda p: p["uri"] == self.uri and accepts(p["diagnostics"]), after
        )
        found: list[Message] = params["diagnostics"]
        return found

    @property
    def now(self) -> list[Message]:
        """The diagnostics last told."""
        told = [p for p in self.client.seen(PUBLISH) if p["uri"] == self.uri]
        found: list[Message] = told[-1]["diagnostics"] if told else []
        return found

    def actions(self, mark: str, only: str = "quickfix") -> list[Message]:
        range_ = {"start": place(self.text, mark), "end": place(self.text, mark)}
        params = {
            "textDocument": {"uri": self.uri},
            "range": range_,
            "context": {"diagnostics": [], "only": [only]},
        }
        found: list[Message] = self.client.call("textDocument/codeAction", params)
        return found


@pytest.fixture
def shop(client: Client, tmp_path: Path) -> Editor:
    return Editor(client, tmp_path / "shop.py", SHOP)


@pytest.fixture
def failed(shop: Editor) -> Editor:
    """An editor in which `share` has failed."""
    assert shop.run("share([1", token="t")["status"] == "held"
    return shop


def test_the_failing_line_has_a_diagnostic_before_the_answer_comes(failed: Editor) -> None:
    (found,) = failed.now
    assert found["message"] == "ZeroDivisionError: division by zero"
    assert (found["source"], found["severity"]) == ("Relive", 1)
    assert found["range"] == span(SHOP, "part / whole")
    related = found["relatedInformation"]
    lines = [each["location"]["range"]["start"]["line"] for each in related]
    assert lines[0] == lines[-1] - 2 == 6
    assert related[-1]["message"] == "in <module>: share([1, -1])"
    timeline = failed.client.timeline
    published = next(n for n, item in enumerate(timeline) if item.get("method") == PUBLISH)
    answered = next(n for n, item in enumerate(timeline) if "frames" in str(item.get("result")))
    assert published < answered


def test_frames_carry_places_and_values(shop: Editor) -> None:
    error = shop.run("share([1")["error"]
    last = error["frames"][-1]
    assert last["own"] is True
    assert last["range"] == span(SHOP, "part / whole")
    assert last["locals"] == [
        {"name": "part", "text": "1", "truncated": False},
        {"name": "whole", "text": "0", "truncated": False},
    ]
    assert (error["causes"], error["exceptions"]) == ([], [])


def gone(editor: Editor, after: int) -> None:
    editor.told(lambda found: found == [], after)
    editor.client.wait_for_notification("relive/resolved", lambda p: p["token"] == "t", after)


def _edit(editor: Editor) -> None:
    editor.edit("part / whole", "part / (whole or 1)")


def _run_it(editor: Editor) -> None:
    editor.run("def ratio")


def _run_what_led_to_it(editor: Editor) -> None:
    editor.edit("[1, -1]", "[1, 1]")
    assert editor.run("share([1")["status"] == "ok"


def _redefine(editor: Editor) -> None:
    editor.edit("def ratio(part, whole):", "def ratio(part, whole, digits=2):")
    editor.client.execute("relive.redefine", {"uri": editor.uri, "name": "ratio"})


def _restart(editor: Editor) -> None:
    editor.client.execute("relive.restart", {})
    editor.client.execute("relive.evaluateText", {"text": "1", "uri": editor.uri})


def _close(editor: Editor) -> None:
    editor.client.notify("textDocument/didClose", {"textDocument": {"uri": editor.uri}})


def _dismiss(editor: Editor) -> None:
    editor.client.execute("relive.dismiss", {"tokens": ["other"]})
    assert editor.now
    editor.client.execute("relive.dismiss", {"tokens": ["t"]})


@pytest.mark.parametrize(
    "end",
    [_edit, _run_it, _run_what_led_to_it, _redefine, _restart, _close, _dismiss],
    ids=lambda end: end.__name__.strip("_"),
)
def test_it_goes_when_something_is_done_about_it(
    failed: Editor, end: Callable[[Editor], None]
) -> None:
    after = len(failed.client.timeline)
    end(failed)
    gone(failed, after)


def test_it_stays_when_other_code_is_run_or_edited(failed: Editor) -> None:
    after = len(failed.client.timeline)
    failed.run("other = ")
    failed.edit("other = 1", "other = 2")
    failed.client.execute("relive.evaluateText", {"text": "1", "uri": failed.uri})
    failed.edit("import json\n", "import json\nimport os\n\n")
    (found,) = failed.told(lambda found: found[0]["range"]["start"]["line"] == 5, after)
    assert found["range"] == span(failed.text, "part / whole")
    lines = [each["location"]["range"]["start"]["line"] for each in found["relatedInformation"]]
    assert lines[-1] == 10
    assert not failed.client.seen("relive/resolved")


def test_a_second_failure_takes_the_place_of_the_first(failed: Editor) -> None:
    assert failed.run("share([1", token="u")["status"] == "held"
    assert [each["data"]["token"] for each in failed.now] == ["u"]


PLACES = {
    "a syntax error": ("x = 1\ny = = 2\n", "y =", "= 2", "SyntaxError"),
    "the innermost own line, not the library's": (
        "import json\ndef load():\n    return json.loads('{')\n\nload()\n",
        "load()\n",
        "json.loads('{')",
        "JSONDecodeError",
    ),
    "generated code stands in no document": (
        "exec('1 / 0')\n",
        "exec",
        "exec('1 / 0')",
        "ZeroDivisionError",
    ),
    "columns as the editor counts them": (
        "def f(a):\n    return '🦊' + a['🦊']\n\nf({})\n",
        "f({})",
        "a['🦊']",
        "KeyError",
    ),
}


@pytest.mark.parametrize(("text", "run", "marked", "type_"), PLACES.values(), ids=PLACES)
def test_where_it_stands(
    client: Client, tmp_path: Path, text: str, run: str, marked: str, type_: str
) -> None:
    editor = Editor(client, tmp_path / "a.py", text)
    scope = "file" if type_ == "SyntaxError" else "form"
    start = text.rindex(run)
    line = text[:start].count("\n")
    answer = client.evaluate(editor.uri, scope, position={"line": line, "character": 0})
    assert answer["error"]["type"] == type_
    (found,) = editor.now
    assert found["range"]["start"] == place(text, marked)
    if type_ != "SyntaxError":
        assert found["range"]["end"] == place(text, marked, end=True)


def test_a_line_that_no_longer_says_what_ran_has_none(shop: Editor) -> None:
    shop.run("other = ", scope="toHere")
    shop.edit("part / whole", "part // whole")
    assert shop.run("share([1")["status"] == "held"
    shop.edit("share([1, -1])", "share([2, -2])")
    shop.client.timeline.clear()
    text = "share([1, -1])"
    answer = shop.client.execute("relive.evaluateText", {"text": text, "uri": shop.uri})
    assert answer["status"] == "held"
    (found,) = shop.now
    assert found["range"]["start"]["line"] in (3, 6)


def test_what_led_to_it_is_told_beside_it(client: Client, tmp_path: Path) -> None:
    text = "def f():\n    try:\n        1 / 0\n    except ArithmeticError as e:\n        raise KeyError('k') from e\n\nf()\n"
    editor = Editor(client, tmp_path / "a.py", text)
    editor.run("f()\n")
    (found,) = editor.now
    last = found["relatedInformation"][-1]
    assert last["message"] == "raised from ZeroDivisionError: division by zero"
    assert last["location"]["range"] == span(text, "1 / 0")


def test_another_open_file_has_it_where_the_failing_line_is(
    fresh_client: Client, tmp_path: Path
) -> None:
    client = fresh_client
    helper = "def fail():\n    return [][1]\n"
    (tmp_path / "helper.py").write_text(helper)
    other = Editor(client, tmp_path / "helper.py", helper)
    main = Editor(client, tmp_path / "main.py", "import helper\nhelper.fail()\n")
    assert main.run("helper.fail")["status"] == "held"
    (found,) = other.now
    assert found["range"]["start"]["line"] == 1
    after = len(client.timeline)
    _close(other)
    other.told(lambda told: told == [], after)


def test_a_redefinition_that_fails_is_told_until_it_is_tried_again(shop: Editor) -> None:
    shop.run("def share")
    shop.edit("def share(parts):", "@missing\ndef share(parts):")
    again = {"uri": shop.uri, "name": "share"}
    assert shop.client.execute("relive.redefine", again)["status"] == "error"
    (found,) = shop.told(lambda found: len(found) == 1)
    assert found["message"].startswith("Not redefined: NameError")
    assert found["range"] == span(shop.text, "missing")
    shop.client.execute("relive.evaluateText", {"text": "missing = id", "uri": shop.uri})
    after = len(shop.client.timeline)
    assert shop.client.execute("relive.redefine", again)["status"] == "ok"
    shop.told(lambda found: found == [], after)


def test_it_can_be_tried_again_from_the_light_bulb(failed: Editor) -> None:
    for mark in ("part / whole", "share([1"):
        retry = failed.actions(mark)[0]
        assert (retry["title"], retry["kind"]) == ("Retry: evaluate line 9", "quickfix")
        command = retry["command"]
        answer = failed.client.result(
            failed.client.request(
                "workspace/executeCommand",
                {
                    "command": command["command"],
                    "arguments": command["arguments"],
                },
            )
        )
        assert answer["error"]["type"] == "ZeroDivisionError"
    assert failed.actions("other = ") == []
    assert failed.actions("part / whole", only="refactor.relive.extract") == []


def test_frames_are_gone_to_where_the_client_can_show_them(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    client.initialize(tmp_path, shows_documents=True)
    client.answers_to["window/showDocument"] = lambda _: {"success": True}
    editor = Editor(client, tmp_path / "shop.py", SHOP)
    editor.run("share([1")
    titles = [each["title"] for each in editor.actions("part / whole")]
    assert titles[1:] == ["Go to the code that was run: line 9 in <module>"]
    action = editor.actions("share([1")[1]
    assert action["title"] == "Go to the failing line: line 4 in ratio"
    command = action["command"]
    client.execute(command["command"], command["arguments"][0])
    shown = next(item for item in client.timeline if item.get("method") == "window/showDocument")
    assert shown["params"]["uri"] == editor.uri
    assert shown["params"]["selection"] == span(SHOP, "part / whole")


def test_sessions_of_other_folders_have_their_own(
    start_client: StartClient, tmp_path: Path
) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    client = start_client()
    client.initialize(*folders)
    one, two = (Editor(client, folder / "shop.py", SHOP) for folder in folders)
    for editor in (one, two):
        assert editor.run("share([1", token="t")["status"] == "held"
    two.run("def ratio")
    client.execute("relive.restart", {"uri": two.uri})
    two.told(lambda found: found == [])
    assert len(one.now) == 1
