"""`relive.complete`, `relive.signature` and `relive.describe`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsp.driver import Client

_MOST_ASKED = 200
"""Each answer may take as long as one who writes waits."""

TEXT = "class A:\n    def __init__(self, n): self.late = n\n    def m(self, a, *, b=1): 'Doc.'\nx = A(3)\n"


def asked(client: Client, name: str, marked: str, **more: Any) -> dict[str, Any]:
    """Ask about the place of `|` in a text."""
    before = marked[: marked.index("|")]
    lines = before.split("\n")
    position = {"line": len(lines) - 1, "character": len(lines[-1].encode("utf-16-le")) // 2}
    text = marked.replace("|", "")
    answer: dict[str, Any] = client.execute(name, {"text": text, "position": position, **more})
    return answer


def test_what_the_process_knows_of_a_text(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "live_names.py", TEXT)
    nothing = asked(client, "relive.complete", "x.la|", uri=uri)
    assert [each for each in nothing["items"] if each["from"] == "live"] == []
    client.execute("relive.evaluate", {"uri": uri, "scope": "file"})
    found = asked(client, "relive.complete", "'😀', x.la|", uri=uri)
    assert {**found, "incomplete": False} == {
        "items": [{"label": "late", "kind": "value", "detail": "int", "from": "live"}],
        "incomplete": False,
        "busy": False,
        "range": {"start": {"line": 0, "character": 8}, "end": {"line": 0, "character": 10}},
    }
    (signature,) = asked(client, "relive.signature", "x.m(1, b=|", uri=uri)["signatures"]
    assert signature == {
        "label": "m(a, *, b=1)",
        "parameters": ["a", "*", "b=1"],
        "doc": "Doc.",
        "from": "live",
        "activeParameter": 2,
    }
    described = asked(client, "relive.describe", "print(x.la|te)", uri=uri)
    assert described["found"]["text"] == "3"
    assert described["range"]["start"]["character"] == 6
    assert asked(client, "relive.describe", "1 + | 2", uri=uri)["found"] is None


def read_of(client: Client, marked: str, **more: Any) -> dict[str, list[Any]]:
    """Return what the text tells of how it can go on, once it is read, by where that is known from."""
    for _ in range(_MOST_ASKED):
        found = asked(client, "relive.complete", marked, **more)
        if not found["incomplete"]:
            told: dict[str, list[Any]] = {"live": [], "static": []}
            for each in found["items"]:
                told[each["from"]].append(each["label"])
            return {**told, "range": [found["range"]["start"], found["range"]["end"]]}
    raise AssertionError("the text is never read")


def test_what_only_the_text_tells_comes_after_what_the_process_knows(client: Client) -> None:
    client.execute("relive.evaluateText", {"text": "import os\nlive_one = 1"})
    told = read_of(client, "def live_two(): pass\nlive_|")
    assert (told["live"], told["static"]) == (["live_one"], ["live_two"])
    dotted = read_of(client, "os.path.joi|")
    assert (dotted["live"], dotted["static"]) == (["join"], [])
    imported = read_of(client, "from textwrap import ded|")
    assert (imported["live"], imported["static"]) == ([], ["dedent"])
    assert imported["range"][0]["character"] == len("from textwrap import ")
    assert read_of(client, "'a b'.split().appe|")["static"] == ["append"]
    assert read_of(client, "# live_|")["static"] == []


def test_a_busy_process_is_not_asked(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "busy_names.py", "x = 1\ninput()\n")
    number = client.command("relive.evaluate", {"uri": uri, "scope": "file"})
    question = client.wait_for(lambda item: item.get("method") == "relive/input", "input")
    found = asked(client, "relive.complete", "x.re|", uri=uri)
    assert found["busy"]
    assert asked(client, "relive.signature", "x(|", uri=uri)["busy"]
    assert asked(client, "relive.describe", "x|", uri=uri)["busy"]
    client.send({"jsonrpc": "2.0", "id": question["id"], "result": {"text": "a"}})
    assert client.result(number)["status"] == "ok"


def once_read(client: Client, name: str, marked: str, **more: Any) -> dict[str, Any]:
    """Return an answer that was not late: of an idle process, with the text read."""
    for _ in range(_MOST_ASKED):
        answer = asked(client, name, marked, **more)
        if not answer["incomplete"] and not answer["busy"]:
            return answer
    raise AssertionError("the text is never read")


def test_what_has_not_run_is_told_by_its_text(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "unloaded.py"
    file.write_text('def price(n: int, *, rate=3):\n    "What it costs."\n\n\nclass Shop: pass\n')
    more = {"uri": file.as_uri()}
    client.execute("relive.evaluateText", {"text": "1"})
    (told,) = once_read(client, "relive.signature", "price(1, rate=|", **more)["signatures"]
    assert told == {
        "label": "price(n: int, *, rate=3)",
        "parameters": ["n: int", "*", "rate=3"],
        "doc": "What it costs.",
        "from": "static",
        "activeParameter": 2,
    }
    found = once_read(client, "relive.describe", "1 + pri|ce", **more)
    assert (found["found"]["from"], found["found"]["kind"]) == ("static", "function")
    assert (found["found"]["text"], found["found"]["signature"]) == ("def price", told["label"])
    assert found["range"]["start"]["character"] == 4
    described = once_read(client, "relive.describe", "shop = Shop()\nshop|", **more)["found"]
    assert (described["text"], described["type"]) == ("shop = Shop()", "Shop")
    assert once_read(client, "relive.describe", "nowhere|", **more)["found"] is None
    client.open(file, file.read_text())
    client.execute("relive.evaluateText", {"text": "price", **more})  # which has it run first
    (told,) = once_read(client, "relive.signature", "price(|", **more)["signatures"]
    assert (told["label"], told["from"]) == ("price(n, *, rate=3)", "live")


def test_keys_are_written_with_their_quotes(client: Client) -> None:
    client.execute("relive.evaluateText", {"text": "d = {'a b': 1, 7: 2}"})
    items = asked(client, "relive.complete", "d[|")["items"]
    assert [(each["label"], each.get("insert")) for each in items] == [("a b", "'a b'"), ("7", "7")]


def test_keys_in_quotes_are_written_as_text_there(client: Client) -> None:
    """A key that ends the quotes, or another key than the one that was chosen, would be wrong."""
    client.execute(
        "relive.evaluateText", {"text": """d = {"a'b": 1, 'c"d': 2, "e\\n": 3, 7: 4, "7": 5}"""}
    )

    def written(marked: str) -> list[str]:
        return [each["insert"] for each in asked(client, "relive.complete", marked)["items"]]

    assert written("d['|") == ["a\\'b", 'c"d', "e\\n", "7"]
    assert written('d["|') == ["a'b", 'c\\"d', "e\\n", "7"]
    assert written("d[|") == ['"a\'b"', "'c\"d'", "'e\\n'", "7", "'7'"]


def test_the_parameter_that_is_due(client: Client) -> None:
    client.execute("relive.evaluateText", {"text": "def f(a, *rest, b=1, **more): pass"})

    def due(marked: str) -> Any:
        (told,) = asked(client, "relive.signature", marked)["signatures"]
        return told["parameters"][told["activeParameter"]]

    assert due("f(1, 2, 3, |") == "*rest"
    assert due("f(1, b=|") == "b=1"
    assert due("print(|") == "*args"
    assert due("open(|") == "file"


def test_asking_about_names_starts_no_process(fresh_client: Client) -> None:
    assert not asked(fresh_client, "relive.complete", "xy|")["busy"]
    nothing = {"signatures": [], "busy": False, "incomplete": False}
    assert asked(fresh_client, "relive.signature", "def xy(): pass\nxy(|") == nothing
    assert asked(fresh_client, "relive.describe", "xy = 1\nxy|")["found"] is None
    assert fresh_client.execute("relive.session", {})["pid"] is None


EDITED = """\
import json
from beside_it import helper

class A:
    def told(self, a): pass

x = A()
setattr(x, "hidden", 1)
data = {"told": 1}
data.update(k=1)
setattr(x, "call", lambda first, second=2: None)
"""


def in_editor(client: Client, uri: str, text: str, marked: str, method: str) -> Any:
    """Put the text and the marked line into the document, and ask about the place of `|`."""
    line, character = text.count("\n"), marked.index("|")
    client.change(uri, {"text": text + marked.replace("|", "")})
    position = {"line": line, "character": character}
    return client.call(
        f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": position}
    )


def until_read(client: Client, uri: str, marked: str) -> list[str]:
    """Ask until the text is read: before, an editor is told to ask again."""
    for _ in range(_MOST_ASKED):
        told = in_editor(client, uri, EDITED, marked, "completion")
        if not told["isIncomplete"]:
            return [each["label"] for each in told["items"]]
    raise AssertionError("the text is never read")


def until_told(client: Client, uri: str, marked: str, method: str, text: str = EDITED) -> Any:
    """Ask until there is an answer, which there is once the text is read."""
    for _ in range(_MOST_ASKED):
        told = in_editor(client, uri, text, marked, method)
        if told is not None:
            return told
    raise AssertionError("the text is never read")


def test_the_editor_is_told_what_the_text_does_not_tell(
    fresh_client: Client, tmp_path: Path
) -> None:
    tmp_path.joinpath("beside_it.py").write_text("def helper(one, two): pass\n")
    client, uri = fresh_client, fresh_client.open(tmp_path / "shown.py", EDITED)
    configure = {"settings": {"relive": {"names": "live"}}}
    client.notify("workspace/didChangeConfiguration", configure)
    assert in_editor(client, uri, EDITED, "x.|", "completion") is None
    client.change(uri, {"text": EDITED})
    client.execute("relive.evaluate", {"uri": uri, "scope": "file"})
    assert until_read(client, uri, "x.|") == ["hidden", "call"]
    assert until_read(client, uri, "x.to|") == []
    assert until_read(client, uri, "data[|") == ["k"]
    told = in_editor(client, uri, EDITED, "data[|", "completion")["items"]
    assert [each["textEdit"]["newText"] for each in told] == ["'k'"]
    assert until_read(client, uri, 'f(data["|"], 1)') == ["k"]
    hover = in_editor(client, uri, EDITED, "data|", "hover")
    assert "'k': 1}" in hover["contents"]["value"]
    assert in_editor(client, uri, EDITED, "A|", "hover") is None
    signature = until_told(client, uri, "x.call(1, |", "signatureHelp")
    assert signature["signatures"][0]["label"] == "<lambda>(first, second=2)"
    assert signature["activeParameter"] == 1
    for call in ("x.told(|", "A(|", "helper(|", "json.dumps(|"):
        assert in_editor(client, uri, EDITED, call, "signatureHelp") is None
    configure["settings"]["relive"]["names"] = "all"
    client.notify("workspace/didChangeConfiguration", configure)
    assert until_read(client, uri, "x.to|") == ["told"]
    told = until_told(client, uri, "x.told(|", "signatureHelp")
    assert told["signatures"][0]["label"] == "told(a)"
    client.notify("workspace/didChangeConfiguration", {"settings": {"relive": {}}})
    assert in_editor(client, uri, EDITED, "x.|", "completion") is None
    assert in_editor(client, uri, EDITED, "x|", "hover") is None


def test_an_editor_with_no_other_server_is_told_all(fresh_client: Client, tmp_path: Path) -> None:
    text = 'def later(a, b):\n    "Says so."\n\nx = later\nkeys = {"one": 1}\n'
    client, uri = fresh_client, fresh_client.open(tmp_path / "alone.py", text)
    client.configure(names="all")
    client.execute("relive.evaluateText", {"text": "keys = {'one': 1, 'two': 2}", "uri": uri})
    signature = until_told(client, uri, "later(1, |", "signatureHelp", text)
    assert signature["signatures"][0]["label"] == "later(a, b)"
    assert signature["activeParameter"] == 1
    hover = until_told(client, uri, "later|", "hover", text)["contents"]["value"]
    assert hover == "```python\nlater(a, b)\n```\n\nSays so\\.\n\nfunction — static"
    for marked, label in (("lat|", "later"), ("keys['tw|", "two"), ("keys['on|", "one")):
        for _ in range(_MOST_ASKED):
            told = in_editor(client, uri, text, marked, "completion")
            if not told["isIncomplete"]:
                break
        assert [each["label"] for each in told["items"]] == [label]
