"""`relive.inspect`, the `relive.value…` commands and what is told of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.driver import Client, RequestError


def ref_of(client: Client, code: str) -> str:
    answer = client.execute("relive.evaluateText", {"text": code})
    assert answer["status"] == "ok", answer["error"]
    ref: str = answer["results"][-1]["value"]["ref"]
    return ref


def test_the_whole_text_of_a_value(client: Client) -> None:
    ref = ref_of(client, "x = list(range(50_000))")
    told = client.execute("relive.valueText", {"ref": ref})
    whole = repr(list(range(50_000)))
    assert told == {"text": whole, "truncated": False, "length": len(whole)}


def test_a_text_that_is_too_long_says_what_is_missing(client: Client) -> None:
    told = client.execute("relive.valueText", {"ref": ref_of(client, "x = 'é' * 25_000_000")})
    assert told["truncated"]
    assert told["length"] == len(told["text"]) < 25_000_000
    assert "in all" in told["text"][-100:]


@pytest.mark.parametrize("ref", ["", "nothing", "1", "999999:1", "-5:1", "1:1", "²:1"])
def test_a_value_that_is_not_there_is_gone(client: Client, ref: str) -> None:
    assert "Evaluate the code again" in client.execute("relive.valueText", {"ref": ref})["gone"]


def test_asking_for_a_value_starts_no_process(fresh_client: Client) -> None:
    fresh_client.execute("relive.valueText", {"ref": "1:1"})
    assert fresh_client.execute("relive.session", {})["pid"] is None


def test_the_values_of_a_process_are_gone_with_it(client: Client) -> None:
    ref = ref_of(client, "'abc'")
    assert client.execute("relive.valueText", {"ref": ref})["text"] == "'abc'"
    client.execute("relive.restart", {})
    told: dict[str, Any] = client.execute("relive.valueText", {"ref": ref})
    assert "process that had this value has ended" in told["gone"]


PICTURE = "class P:\n    def _repr_svg_(self): return '<svg/>'\nP()\n"


def test_a_picture_is_told_after_its_result_and_before_the_answer(
    client: Client, tmp_path: Path
) -> None:
    uri = client.open(tmp_path / "picture.py", PICTURE)
    after = len(client.timeline)
    argument = {"uri": uri, "scope": "file", "token": "t"}
    answer = client.execute("relive.evaluate", argument)
    told = client.wait_for_notification("relive/display", after=after)
    shown = answer["results"][-1]
    assert told == {
        "id": answer["id"],
        "uri": uri,
        "range": shown["range"],
        "ref": shown["value"]["ref"],
        "displays": [{"mime": "image/svg+xml", "data": "<svg/>", "encoding": "text"}],
        "token": "t",
        "version": 1,
    }
    methods = [each.get("method") for each in client.timeline[after:]]
    results = [n for n, method in enumerate(methods) if method == "relive/result"]
    assert results[-1] < methods.index("relive/display") < len(methods) - 1


def test_every_kind_of_look_at_a_value(client: Client) -> None:
    ref = ref_of(client, "x = [{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'y'}]")
    children = client.execute("relive.valueChildren", {"ref": ref, "start": 1, "count": 1})
    (item,) = children["items"]
    assert (item["name"], item["value"]["text"], item["hasChildren"]) == ("[1]", "{'a': 2, 'b': 'y'}", True)  # fmt: skip
    assert children["total"] == 2
    assert client.execute("relive.valueText", {"ref": item["value"]["ref"]})["text"] == "{'a': 2, 'b': 'y'}"  # fmt: skip
    inner = client.execute("relive.valueChildren", {"ref": ref, "path": [0]})
    assert [each["name"] for each in inner["items"]] == ["['a']", "['b']"]
    sort = {"column": 0, "descending": True}
    assert client.execute("relive.valueTable", {"ref": ref, "count": 1, "sort": sort}) == {
        "columns": [
            {"name": "a", "dtype": "int", "numeric": True},
            {"name": "b", "dtype": "str", "numeric": False},
        ],
        "totalColumns": 2,
        "indexNames": [""],
        "index": [["1"]],
        "rows": [["2", "y"]],
        "total": 2,
    }
    assert client.execute("relive.valueMimes", {"ref": ref}) == {"mimes": []}
    with pytest.raises(RequestError, match="gives no image/png"):
        client.execute("relive.valueMime", {"ref": ref, "mime": "image/png"})


def test_an_expression_is_inspected_in_the_module_of_a_file(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "inspected.py", "x = [1]\n")
    with pytest.raises(RequestError, match="NameError: name 'x' is not defined"):
        client.execute("relive.inspect", {"uri": uri, "expression": "x"})
    client.execute("relive.evaluate", {"uri": uri, "scope": "file"})
    told = client.execute("relive.inspect", {"uri": uri, "expression": "x"})
    assert (told["text"], told["total"], told["hasChildren"]) == ("[1]", 1, True)
    assert [each["name"] for each in told["children"]] == ["[0]"]


def test_a_look_waits_for_what_runs_and_can_be_cancelled(client: Client) -> None:
    """And is too small to be told of: the session does not become busy with it."""
    ref = ref_of(client, "import sys\nx = [1]")
    after = len(client.timeline)
    running = client.command("relive.evaluateText", {"text": "print('here')\nsys.stdin.readline()"})
    client.wait_for_notification("relive/output", after=after)
    question = client.wait_for(lambda each: each.get("method") == "relive/input", "input", after)
    kept = client.command("relive.valueText", {"ref": ref})
    dropped = client.command("relive.valueText", {"ref": ref})
    client.notify("$/cancelRequest", {"id": dropped})
    assert client.response(dropped)["error"]["message"] == "The request was cancelled."
    assert client.execute("relive.session", {})["queued"] == 0
    client.send({"jsonrpc": "2.0", "id": question["id"], "result": {"text": "go"}})
    assert client.result(kept)["text"] == "[1]"
    assert client.result(running)["status"] == "ok"


def test_a_look_waits_on_when_what_runs_is_interrupted(client: Client) -> None:
    """Nobody has begun it: views ask by themselves, and would tell of having been refused."""
    ref = ref_of(client, "import time\nx = [1]")
    after = len(client.timeline)
    running = client.command("relive.evaluateText", {"text": "print('here')\ntime.sleep(600)"})
    client.wait_for_notification("relive/output", after=after)
    look = client.command("relive.valueText", {"ref": ref})
    waiting = client.command("relive.evaluateText", {"text": "1"})
    client.wait_for(lambda each: queued(each) == 1, "an evaluation that waits", after)
    assert client.execute("relive.interrupt", {})["interrupted"]
    assert client.result(running)["status"] == "interrupted"
    assert client.result(waiting)["status"] == "interrupted"
    assert client.result(look)["text"] == "[1]"


def queued(message: dict[str, Any]) -> int:
    """Return how much waits, if a message tells of a session."""
    return message["params"]["queued"] if message.get("method") == "relive/session" else 0


def test_a_look_that_runs_on_is_cancelled(client: Client) -> None:
    code = (
        "import time\nclass S:\n    def _repr_html_(self):\n"
        "        print('here')\n        time.sleep(600)\ns = S()\ns"
    )
    ref = ref_of(client, code)
    after = len(client.timeline)
    asked = client.command("relive.valueMime", {"ref": ref, "mime": "text/html"})
    client.wait_for_notification("relive/output", after=after)
    client.notify("$/cancelRequest", {"id": asked})
    assert client.response(asked)["error"]["message"] == "The request was cancelled."
    assert client.execute("relive.evaluateText", {"text": "1"})["status"] == "ok"
    states = [each["params"]["state"] for each in client.timeline[after:] if each.get("method") == "relive/session"]  # fmt: skip
    assert states.count("busy") == 1


def test_a_look_at_a_value_whose_process_dies_meanwhile(client: Client) -> None:
    code = "import os\nclass S:\n    def _repr_html_(self): os._exit(3)\ns = S()\ns"
    ref = ref_of(client, code)
    told = client.execute("relive.valueMime", {"ref": ref, "mime": "text/html"})
    assert "process that had this value has ended" in told["gone"]
