"""Redefining over LSP: from unsaved text, while what uses the old code lives on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.driver import Client, Message, RequestError, place, span

TEXT = """\
class Counter:
    step = 1

    def __init__(self):
        self.n = 0

    def up(self):
        self.n += 1
        return self.n

def double(x):
    return x * 2

counter = Counter()
alias = double
"""


@pytest.fixture
def uri(client: Client, tmp_path: Path) -> str:
    """A document that is evaluated, and never saved."""
    uri = client.open(tmp_path / "counting.py", TEXT)
    assert client.evaluate(uri, "file")["status"] == "ok"
    return uri


def edit(client: Client, uri: str, old: str, new: str) -> None:
    client.change(uri, {"range": span(TEXT, old), "text": new})


def value(client: Client, uri: str, code: str) -> Any:
    answer = client.execute("relive.evaluateText", {"text": code, "uri": uri})
    assert answer["status"] == "ok", answer["error"]
    return answer["results"][-1]["value"]["text"]


def changes(receipt: Message) -> list[tuple[str, str, str]]:
    return [(item["name"], item["kind"], item["outcome"]) for item in receipt["definitions"]]


def test_a_live_instance_follows_an_unsaved_method(client: Client, uri: str) -> None:
    assert value(client, uri, "counter.up()") == "1"
    edit(client, uri, "self.n += 1", "self.n += 10")
    where = place(TEXT, "self.n += 1")
    receipt = client.execute("relive.redefine", {"uri": uri, "position": where})
    assert (receipt["status"], receipt["error"]) == ("ok", None)
    assert changes(receipt) == [("Counter.up", "method", "redefined")]
    assert receipt["definitions"][0]["functionsUpdated"] >= 1
    assert value(client, uri, "counter.up()") == "11"


def test_an_alias_follows_a_function_redefined_by_name(client: Client, uri: str) -> None:
    edit(client, uri, "x * 2", "x * 200")
    receipt = client.execute("relive.redefine", {"uri": uri, "name": "double"})
    assert changes(receipt) == [("double", "function", "redefined")]
    assert value(client, uri, "alias(1)") == "200"


def test_without_a_place_all_that_changed_is_redefined(client: Client, uri: str) -> None:
    edit(client, uri, "x * 2", "x * 20")
    edit(client, uri, "self.n += 1", "self.n += 5")
    for arguments in ({"uri": uri}, {"uris": [uri]}):
        receipt = client.execute("relive.redefine", arguments)
        assert receipt["status"] == "ok"
    assert value(client, uri, "alias(1), counter.up()") == "(20, 5)"


def test_the_cursor_in_a_method_never_means_its_class(client: Client, uri: str) -> None:
    edit(client, uri, "step = 1", "step = 2")
    where = place(TEXT, "self.n = 0")
    receipt = client.execute("relive.redefine", {"uri": uri, "position": where})
    assert [item["name"] for item in receipt["definitions"]] in ([], ["Counter.__init__"])
    assert value(client, uri, "counter.step") == "1"


def test_a_receipt_says_where_each_definition_stands(client: Client, uri: str) -> None:
    edit(client, uri, "x * 2", "x * 20")
    edit(client, uri, "self.n += 1", "self.n += 5")
    client.change(uri, {"range": span(TEXT, "alias = double"), "text": "alias = len"}, version=4)
    receipt = client.execute("relive.redefine", {"uri": uri})
    found = {each["name"]: (each["uri"], each["range"]) for each in receipt["definitions"]}
    for name, line in [
        ("double", "def double(x):"),
        ("Counter.up", "def up(self):"),
        ("line 15", "alias = double"),
    ]:
        where = {"start": place(TEXT, line), "end": place(TEXT, line, end=True)}
        if name == "line 15":
            where["end"]["character"] -= len("double") - len("len")
        assert found[name] == (uri, where)


def test_a_syntax_error_leaves_all_as_it_was(client: Client, uri: str) -> None:
    edit(client, uri, "return x * 2", "return x *")
    receipt = client.execute("relive.redefine", {"uri": uri, "name": "double"})
    assert (receipt["status"], receipt["definitions"]) == ("error", [])
    assert receipt["error"]["type"] == "SyntaxError"
    assert receipt["error"]["range"]["start"]["line"] == 11
    assert value(client, uri, "alias(1)") == "2"


def test_a_syntax_error_elsewhere_does_not_matter(client: Client, uri: str) -> None:
    edit(client, uri, "x * 2", "x * 3")
    edit(client, uri, "self.n = 0", "self.n = = 0")
    receipt = client.execute("relive.redefine", {"uri": uri, "name": "double"})
    assert receipt["status"] == "ok"
    assert value(client, uri, "alias(1)") == "3"


def test_redefining_beside_a_running_evaluation(client: Client, uri: str) -> None:
    client.change(uri, {"range": span(TEXT, "alias = double"), "text": "input()\nalias(1)"})
    params = {"start": {"line": 14, "character": 0}, "end": {"line": 16, "character": 0}}
    running = client.command("relive.evaluate", {"uri": uri, "scope": "selection", "range": params})
    question = client.wait_for(lambda m: m.get("method") == "relive/input", "question")
    edit(client, uri, "x * 2", "x * 7")
    receipt = client.execute("relive.redefine", {"uri": uri, "name": "double"})
    assert receipt["status"] == "ok"
    client.send({"jsonrpc": "2.0", "id": question["id"], "result": {"text": ""}})
    assert client.result(running)["results"][-1]["value"]["text"] == "7"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"position": {"line": 13, "character": 0}}, "No function at the cursor"),
        ({"position": {"line": 1, "character": 0}}, "No function at the cursor"),
        ({"uri": None}, "needs a `uri`"),
        ({"uri": "file:///nowhere.py"}, "is not open"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    client: Client, uri: str, arguments: Any, sentence: str
) -> None:
    with pytest.raises(RequestError, match=sentence):
        client.execute("relive.redefine", {"uri": uri, **arguments})


def test_several_files_are_one_step(fresh_client: Client, tmp_path: Path) -> None:
    client = fresh_client
    low, high, idle = (tmp_path / f"{name}.py" for name in ("low", "high", "idle"))
    low.write_text("def f(): return 1\ndef gone(): pass\n", encoding="utf-8")
    high.write_text("from low import f\ndef g(): return f()\n", encoding="utf-8")
    idle.write_text("print('not loaded')\n", encoding="utf-8")
    client.execute("relive.evaluateText", {"text": "import high, low\ng = high.g"})
    uri = client.open(high, high.read_text(encoding="utf-8"))
    client.change(uri, {"text": "from low import f, new\ndef g(): return f() + new()\n"})
    low.write_text("def f(): return 2\ndef new(): return 10\n", encoding="utf-8")
    receipt = client.execute("relive.redefine", {"uris": [uri, low.as_uri(), idle.as_uri()]})
    outcomes = {each["name"]: each["outcome"] for each in receipt["definitions"]}
    assert outcomes == {"f": "redefined", "new": "added", "g": "redefined", "gone": "removed"}
    places = {each["name"]: (each["uri"], each.get("range")) for each in receipt["definitions"]}
    assert places["g"] == (
        uri,
        span("\ndef g(): return f() + new()", "def g(): return f() + new()"),
    )
    assert places["new"][1]["start"] == {"line": 1, "character": 0}
    assert places["gone"] == (low.as_uri(), None)
    answer = client.execute("relive.evaluateText", {"text": "g()"})
    assert answer["results"][0]["value"]["text"] == "12"
    low.unlink()
    receipt = client.execute("relive.redefine", {"uris": [low.as_uri()]})
    assert {each["outcome"] for each in receipt["definitions"]} == {"removed"}
