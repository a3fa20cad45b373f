"""What a client gets that knows LSP alone, and none of the messages of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, Message, RequestError, place, span
from relive.lsp.configuration import Configuration

TEXT = """\
rate = 6
rate * 7

def area(side):
    return side * side

print("printed", area(2))
"""
FAILING = "def half(n):\n    return n / 0\n\nhalf(4)\n"


REFRESHES = ("codeLens", "inlayHint")


def begin(client: Client, folder: Path, plain: Any, **text_document: Any) -> Message:
    """Say hello as such a client; return what the server can do."""
    answer_refreshes(client)
    workspace = {each: {"refreshSupport": True} for each in REFRESHES}
    capabilities = {"workspace": workspace, "textDocument": text_document}
    return client.initialize(folder, options={"plain": plain}, only=capabilities)


def answer_refreshes(client: Client) -> None:
    for each in REFRESHES:
        client.answers_to[f"workspace/{each}/refresh"] = lambda _: None


@pytest.fixture(scope="module")
def daemon_of_module(
    start_shared_client: StartClient, tmp_path_factory: pytest.TempPathFactory
) -> Client:
    client = start_shared_client()
    begin(client, tmp_path_factory.mktemp("workspace"), plain=True)
    return client


@pytest.fixture
def client(daemon_of_module: Client) -> Client:
    daemon_of_module.start_over()
    answer_refreshes(daemon_of_module)
    return daemon_of_module


def do(client: Client, command: str, **argument: Any) -> None:
    assert client.execute("relive.do", {"command": command, "argument": argument}) is None


def lenses(client: Client, uri: str) -> dict[int, str]:
    found = client.call("textDocument/codeLens", {"textDocument": {"uri": uri}})
    return {each["range"]["start"]["line"]: each["command"]["title"] for each in found}


def actions(client: Client, uri: str, range_: Message) -> dict[str, Message]:
    params = {"textDocument": {"uri": uri}, "range": range_, "context": {"diagnostics": []}}
    return {each["title"]: each for each in client.call("textDocument/codeAction", params)}


def press(client: Client, action: Message) -> None:
    """Carry an action out as a client does that knows no command of ours."""
    command = action["command"]
    assert client.execute(command["command"], command["arguments"][0]) is None


def said(client: Client, text: str, after: int = 0) -> str:
    told = client.wait_for_notification(
        "window/showMessage", lambda params: text in params["message"], after
    )
    return str(told["message"])


def wait_for_refresh(client: Client, after: int) -> None:
    client.wait_for(lambda m: m.get("method") == "workspace/codeLens/refresh", "refresh", after)


def test_values_stand_at_their_lines_and_nothing_comes_that_it_does_not_know(
    client: Client, tmp_path: Path
) -> None:
    uri = client.open(tmp_path / "values.py", TEXT)
    assert lenses(client, uri) == {}
    do(client, "relive.evaluate", uri=uri, scope="file")
    assert said(client, "printed") == "printed 4"
    assert lenses(client, uri) == {0: "=> 6", 1: "=> 42", 3: "✓", 6: "=> None"}
    assert client.seen("window/logMessage")[0]["message"] == "printed 4\n"
    methods = {str(item.get("method", "")) for item in client.timeline}
    assert not {method for method in methods if method.startswith("relive/")}


def test_a_value_says_that_it_is_not_true_any_more(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "stale.py", TEXT)
    client.evaluate(uri, "file")
    client.evaluate(uri, "form", position=place(TEXT, "rate"))
    assert lenses(client, uri)[1] == "=> 42"

    after = len(client.timeline)
    client.change(uri, {"range": span(TEXT, "6"), "text": "60"})
    wait_for_refresh(client, after)
    assert lenses(client, uri)[0] == "=> 6 · stale: edited since"
    client.evaluate(uri, "form", position=place(TEXT, "rate"))
    assert lenses(client, uri)[1].startswith("=> 42 · stale: ")


def test_a_definition_that_was_redefined_is_what_runs(client: Client, tmp_path: Path) -> None:
    text = "@staticmethod\ndef f():\n    return 1\n\nclass C:\n    def m(self): return 2\n\nf()\n"
    uri = client.open(tmp_path / "redefined.py", text)
    client.evaluate(uri, "file")
    client.change(uri, {"range": span(text, "1"), "text": "3"})
    client.change(uri, {"range": span(text, "2"), "text": "4"})
    edited = "✓ · stale: edited since"
    assert [lenses(client, uri)[line] for line in (0, 4)] == [edited, edited]

    client.save(uri)
    after = len(client.timeline)
    while edited in lenses(client, uri).values():
        wait_for_refresh(client, after)
        after = len(client.timeline)
    assert [lenses(client, uri)[line] for line in (0, 4)] == ["✓", "✓"]


def test_the_value_is_in_the_hover(client: Client, tmp_path: Path) -> None:
    text = "list(range(60))\nother = 1\n"
    uri = client.open(tmp_path / "hover.py", text)
    client.evaluate(uri, "file")
    asked = {"textDocument": {"uri": uri}, "position": place(text, "range")}
    told = client.call("textDocument/hover", asked)
    assert ", 58, 59]\nlist" in told["contents"]["value"]
    assert told["range"] == span(text, "list(range(60))")
    nothing = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 0}}
    assert client.call("textDocument/hover", nothing) is None


@pytest.mark.parametrize(
    ("title", "begin", "end", "values"),
    [
        ("Evaluate the selection", "rate * 7", "rate * 7", {1: "=> 42"}),
        ("Evaluate this statement", "rate", None, {0: "=> 6"}),
        ("Evaluate to here", "rate * 7", None, {0: "=> 6", 1: "=> 42"}),
        ("Evaluate this file", "return", None, {0: "=> 6", 1: "=> 42", 3: "✓", 6: "=> None"}),
    ],
)
def test_code_is_evaluated_by_code_actions(
    client: Client, tmp_path: Path, title: str, begin: str, end: str | None, values: dict[int, str]
) -> None:
    uri = client.open(tmp_path / "actions.py", TEXT)
    start = place(TEXT, begin)
    if title == "Evaluate the selection":
        client.evaluate(uri, "form", position=place(TEXT, "rate"))
    range_ = {"start": start, "end": place(TEXT, end, end=True) if end else start}
    press(client, actions(client, uri, range_)[title])
    client.execute("relive.evaluateText", {"text": "1"})  # it waits for its turn
    assert values.items() <= lenses(client, uri).items()


def test_what_a_block_caret_stands_on_is_not_what_is_meant_first(
    client: Client, tmp_path: Path
) -> None:
    uri = client.open(tmp_path / "block_caret.py", TEXT)

    def first_of(line: int, start: int, end: int) -> list[str]:
        ends = ({"line": line, "character": each} for each in (start, end))
        titles = actions(client, uri, dict(zip(("start", "end"), ends, strict=True)))
        return list(titles)[:2]

    assert first_of(0, 0, 1) == ["Evaluate this statement", "Evaluate the selection"]
    assert first_of(0, 0, 4) == ["Evaluate the selection", "Evaluate this statement"]
    assert first_of(0, 4, 5) == ["Evaluate this statement", "Evaluate to here"]  # on a blank


def test_a_redefinition_says_its_receipt_and_is_undone(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "receipts.py", TEXT)
    client.evaluate(uri, "file")
    client.change(uri, {"range": span(TEXT, "side * side"), "text": "2 * side"})
    here = span(TEXT, "return")
    title = "Redefine function 'area' in the running process"
    while title not in actions(client, uri, here):  # until the daemon has heard what is loaded
        client.execute("relive.session", {})
    press(client, actions(client, uri, here)[title])
    assert said(client, "redefined area").startswith("✓ redefined area")
    press(client, actions(client, uri, here)["Undo the last redefinition"])
    assert "in the process, not in the file: area" in said(client, "undone")
    answer = client.execute("relive.evaluateText", {"text": "area(5)", "uri": uri})
    assert answer["results"][0]["value"]["text"] == "25"


def test_what_follows_a_save_says_its_receipt(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "saved.py", TEXT)
    client.evaluate(uri, "file")
    client.change(uri, {"range": span(TEXT, "side * side"), "text": "3 * side"})
    client.save(uri)
    assert said(client, "redefined").startswith("✓ redefined area")


def test_what_is_held_goes_on_from_a_code_action(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "held.py", FAILING)
    do(client, "relive.evaluate", uri=uri, scope="file")
    said(client, "ZeroDivisionError")
    here = span(FAILING, "half(4)")
    diagnosed = client.seen("textDocument/publishDiagnostics")[-1]["diagnostics"]
    assert [each["range"]["start"]["line"] for each in diagnosed] == [1]
    client.change(uri, {"range": span(FAILING, "/ 0"), "text": "/ 2"})
    client.execute("relive.redefine", {"uri": uri})
    found = actions(client, uri, here)
    retry = next(title for title in found if title.startswith("Retry from the failing"))
    after = len(client.timeline)
    press(client, found[retry])
    wait_for_refresh(client, after)
    client.execute("relive.evaluateText", {"text": "1"})
    assert lenses(client, uri)[3] == "=> 2.0"


def test_what_cannot_be_done_is_said(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "refused.py", "\n\n")
    do(client, "relive.evaluate", uri=uri, scope="form", position={"line": 0, "character": 0})
    assert "No statement at the cursor" in said(client, "No statement")
    with pytest.raises(RequestError, match="parameters do not fit"):
        client.execute("relive.do", {"command": "relive.evaluate", "argument": {"scope": "form"}})
    with pytest.raises(RequestError, match="takes another command"):
        client.execute("relive.do", {"command": "relive.do", "argument": {}})


def test_code_that_asks_for_input_finds_its_end_and_the_user_is_told(
    client: Client, tmp_path: Path
) -> None:
    uri = client.open(tmp_path / "asks.py", "input('name? ')\n")
    answer = client.evaluate(uri, "file")
    assert answer["error"]["type"] == "EOFError"
    assert "(name?)" in said(client, "cannot ask")


def test_what_runs_stands_at_its_line_and_can_be_interrupted(
    client: Client, tmp_path: Path
) -> None:
    text = "import threading\nthreading.Event().wait()\n"
    uri = client.open(tmp_path / "runs.py", text)
    client.evaluate(uri, "form", position=place(text, "import"))
    client.command(
        "relive.evaluate", {"uri": uri, "scope": "form", "position": {"line": 1, "character": 0}}
    )
    wait_for_refresh(client, len(client.timeline))
    assert lenses(client, uri)[1].startswith("runs · ")
    press(client, actions(client, uri, span(text, "wait"))["Interrupt what runs"])
    said(client, "Interrupted")


@pytest.mark.parametrize(
    ("plain", "is_plain", "way"),
    [
        (True, True, None),
        ("hints", True, "hints"),
        ("diagnostics", True, "diagnostics"),
        (False, False, None),
        ("posters", False, None),
        ([], False, None),
        (None, False, None),
    ],
)
def test_how_a_client_says_that_it_is_one(plain: Any, is_plain: bool, way: str | None) -> None:
    configuration = Configuration()
    configuration.start({"plain": plain})
    assert (configuration.is_plain, configuration.shows_values) == (is_plain, way)


def test_values_are_hints_where_the_client_shows_those(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    can = begin(client, tmp_path, True, inlayHint={})
    assert "inlayHintProvider" in can
    uri = client.open(tmp_path / "hints.py", TEXT)
    client.evaluate(uri, "file")
    asked = {"textDocument": {"uri": uri}, "range": span(TEXT, "rate", "area")}
    hints = client.call("textDocument/inlayHint", asked)
    assert [(each["position"], each["label"]) for each in hints] == [
        (place(TEXT, "rate = 6", end=True), "=> 6"),
        (place(TEXT, "rate * 7", end=True), "=> 42"),
    ]
    assert lenses(client, uri) == {}


def test_values_are_diagnostics_beside_errors_if_so_chosen(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    can = begin(client, tmp_path, "diagnostics", inlayHint={})
    assert "inlayHintProvider" not in can
    text = TEXT + FAILING
    uri = client.open(tmp_path / "diagnostics.py", text)
    client.evaluate(uri, "file")
    error, hint = 1, 4

    def found(params: Any) -> dict[tuple[int, int], str]:
        told = params["diagnostics"]
        return {(each["range"]["end"]["line"], each["severity"]): each["message"] for each in told}

    failing = place(text, "/ 0")["line"], error
    told = client.wait_for_notification(
        "textDocument/publishDiagnostics",
        lambda params: failing in found(params) and len(found(params)) == 6,
    )
    assert found(told)[0, hint] == "=> 6"
    assert found(told)[failing].startswith("ZeroDivisionError")
