"""What is held over LSP: its frames, text that runs in them, and having it go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from failing_job import CALL, JOB
from lsp.driver import Client, RequestError, place

TEXT = f"{JOB}\n\n{CALL}\n"
FAILING = 'return item["n"] * factor'


def settings(client: Client, hold: str) -> None:
    client.notify(
        "workspace/didChangeConfiguration", {"settings": {"relive": {"holdErrors": hold}}}
    )


@pytest.fixture
def uri(client: Client, tmp_path: Path) -> Iterator[str]:
    settings(client, "workspace")
    yield client.open(tmp_path / "job.py", TEXT)
    settings(client, "off")


def evaluate(client: Client, uri: str, mark: str, **more: Any) -> dict[str, Any]:
    return client.evaluate(uri, "form", position=place(TEXT, mark), **more)


def frames(client: Client, uri: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.execute("relive.frames", {"uri": uri})["items"]
    return items


def resume(client: Client, uri: str, action: str, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.execute("relive.resume", {"action": action, "uri": uri, **more})
    return answer


def edit(client: Client, uri: str, old: str, new: str) -> None:
    start, end = place(TEXT, old), place(TEXT, old, end=True)
    client.change(uri, {"range": {"start": start, "end": end}, "text": new})


def shown(answer: dict[str, Any]) -> list[str]:
    return [each["value"]["text"] for each in answer["results"] if each["value"]]


def test_what_is_held_is_told_and_goes_on_in_the_edited_text(client: Client, uri: str) -> None:
    answer = evaluate(client, uri, "x =", token="first")
    assert (answer["status"], answer["error"]["type"]) == ("held", "KeyError")
    state = client.execute("relive.session", {"uri": uri})
    assert (state["state"], state["holds"]) == ("held", [answer["hold"]])
    scale, run, top = frames(client, uri)
    assert (scale["name"], scale["frame"], scale["range"]["start"]) == (
        "scale",
        0,
        place(TEXT, FAILING),
    )
    assert [(each["name"], each["text"]) for each in scale["locals"]] == [
        ("item", "{'m': 2}"),
        ("factor", "10"),
    ]
    assert (run["name"], run["range"]["start"]) == ("run", place(TEXT, "out.append"))
    assert (top["uri"], top["document"], top["canRestart"]) == (uri, uri, False)

    where = {"start": place(TEXT, "items:"), "end": place(TEXT, ":\n        print")}
    inside = client.evaluate(uri, "selection", range=where)
    assert (inside["inside"], shown(inside)[0][:10]) == ("a held frame of run", "[{'n': 1},")
    text = client.execute("relive.evaluateText", {"text": "item", "uri": uri, "frame": 0})
    assert shown(text) == ["{'m': 2}"]

    edit(client, uri, "def scale", "# above\n\ndef scale")
    assert frames(client, uri)[0]["range"]["start"]["line"] == 4
    edit_line = {"start": {"line": 4, "character": 4}, "end": {"line": 4, "character": 29}}
    client.change(
        uri, {"range": edit_line, "text": FAILING.replace('["n"]', '.get("n", 2)')}, version=3
    )
    redefined = client.execute("relive.redefine", {"uri": uri, "name": "scale"})
    assert redefined["status"] == "ok"
    # The call of it that is held does not go on as it is: nothing is said of that.
    assert "reason" not in redefined["definitions"][0]
    point = client.execute("relive.resumePoint", {"uri": uri})
    assert (point["certain"], point["range"]["start"]) == (True, {"line": 4, "character": 4})
    rest = resume(client, uri, "retryStatement", confirmed=False)
    assert (rest["status"], rest["id"]) == ("ok", answer["id"])
    assert shown(rest)[-1].startswith("[10, ")
    assert frames(client, uri) == []
    told = client.seen("relive/result")
    assert [each["token"] for each in told if each["result"]["range"]["start"]["line"] > 10][
        -1:
    ] == ["first"]


NESTED = """\
def outer(n):
    def inner(k):
        return 1 / k

    return inner(n)


outer(0)
"""


def test_each_frame_has_the_lines_of_its_function_as_the_text_is_edited(
    client: Client, uri: str, tmp_path: Path
) -> None:
    uri = client.open(tmp_path / "nested.py", NESTED)
    answer = client.evaluate(uri, "form", position=place(NESTED, "outer(0)"))
    assert answer["status"] == "held"
    above = {"line": 0, "character": 0}
    client.change(uri, {"range": {"start": above, "end": above}, "text": "# above\n"})
    inner, outer, top = frames(client, uri)
    lines = [(each["start"]["line"], each["end"]["line"]) for each in function_ranges(inner, outer)]
    assert lines == [(2, 3), (1, 5)]
    assert "function" not in top
    assert resume(client, uri, "abandon")["status"] == "error"


def function_ranges(*held: dict[str, Any]) -> list[dict[str, Any]]:
    return [each["function"] for each in held]


def test_what_cannot_be_done_is_said_and_held_still(client: Client, uri: str) -> None:
    with pytest.raises(RequestError, match="Nothing is held"):
        resume(client, uri, "retryStatement")
    evaluate(client, uri, "x =")
    with pytest.raises(RequestError, match="cannot be worked out"):
        resume(client, uri, "return", value="nowhere")
    edit(client, uri, FAILING, "other = item\n    more = other\n    return more")
    client.execute("relive.redefine", {"uri": uri, "name": "scale"})
    with pytest.raises(RequestError, match="not certain"):
        resume(client, uri, "retryStatement", confirmed=False)
    chosen = place(TEXT, "factor = 10")
    point = client.execute("relive.resumePoint", {"uri": uri, "position": chosen})
    assert point["range"]["start"] == chosen
    assert shown(resume(client, uri, "return", value="7"))[0] == "[10, 7, {'n': 3}]"


def test_an_interrupt_abandons_and_the_failing_line_stays_told(client: Client, uri: str) -> None:
    evaluate(client, uri, "x =", token="first")
    assert client.execute("relive.interrupt", {"uri": uri}) == {"interrupted": True}
    told = client.wait_for_notification("relive/evaluated")
    assert (told["token"], told["evaluation"]["status"]) == ("first", "error")
    assert client.execute("relive.session", {"uri": uri})["state"] == "idle"
    assert frames(client, uri) == []


def test_a_loop_at_top_level_goes_on_in_the_text_as_it_is_edited(
    client: Client, uri: str, tmp_path: Path
) -> None:
    loop = "seen = []\nfor n in iter([4, 0, 2]):\n    seen.append(8 // n)\n"
    steps = client.open(tmp_path / "steps.py", loop)
    answer = client.evaluate(steps, "file")
    assert (answer["status"], answer["error"]["type"]) == ("held", "ZeroDivisionError")
    wrong = {"start": place(loop, "8 // n"), "end": place(loop, "8 // n", end=True)}
    client.change(steps, {"range": wrong, "text": "n + 1"})
    point = client.execute("relive.resumePoint", {"uri": steps})
    assert (point["certain"], point["range"]["start"]) == (True, {"line": 2, "character": 4})
    assert resume(client, steps, "retryStatement", confirmed=False)["status"] == "ok"
    seen = client.execute("relive.evaluateText", {"text": "list(seen)", "uri": steps})
    assert shown(seen) == ["[2, 1, 3]"]
