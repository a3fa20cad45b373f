"""Going back over LSP: what would be undone is told, then done, and its results are stale."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lsp.driver import Client, RequestError, place, span
from lsp.test_definitions import wait_for

WAYS = {"replay": "off"}
if sys.platform == "linux":
    WAYS["checkpoint"] = "auto"
"""How the state is gone back to, by what the setting says."""

TEXT = """import pathlib

x = 0

x += 1

pathlib.Path("note.txt").write_text("kept")

x
"""


def test_what_is_undone_is_told_and_its_results_are_stale(client: Client, tmp_path: Path) -> None:
    client.configure(checkpoints="auto", rewind={"watchActs": True})
    uri = client.open(tmp_path / "back.py", TEXT)

    def evaluate(mark: str) -> dict:
        return client.evaluate(uri, "form", position=place(TEXT, mark))

    evaluate("x = 0")
    first = evaluate("x += 1")
    for _ in range(4):
        last = evaluate("x += 1")
    wrote = evaluate("pathlib.Path")
    assert wrote["status"] == "ok"
    offer = client.execute("relive.rewindOffer", {"evaluation": first["id"], "uri": uri})
    assert offer["discards"] == 6
    assert (offer["label"], offer["knownAs"]) == ("x += 1", [first["id"]])
    assert client.execute("relive.rewindOffer", {"uri": uri})["evaluation"] == wrote["id"]
    assert any("note.txt" in each and "not undone" in each for each in offer["warnings"])
    former = client.execute("relive.session", {"uri": uri})
    rewound = client.execute("relive.rewind", {"evaluation": first["id"], "uri": uri})
    assert rewound["generation"] == former["generation"] + 1
    assert rewound["rewinds"] == former["rewinds"] + 1
    assert "failed" not in rewound["rewind"]
    assert any("note.txt" in each for each in rewound["rewind"]["warnings"])
    stale = client.wait_for_notification("relive/stale")
    assert f"{last['id']}:1" in stale["results"]
    assert set(stale["reasons"]) == {"rewound to before this"}
    assert evaluate("x\n")["results"][0]["value"]["text"] == "0"
    client.execute("relive.undoEvaluation", {"uri": uri})
    with pytest.raises(RequestError, match="not of the process"):
        client.execute("relive.rewind", {"evaluation": last["id"], "uri": uri})


def test_what_ran_again_is_known_by_its_former_numbers(client: Client, tmp_path: Path) -> None:
    client.notify(
        "workspace/didChangeConfiguration", {"settings": {"relive": {"checkpoints": "off"}}}
    )
    text = "x = 0\n\nx += 1\n\n1 / (x - 1)\n"
    uri = client.open(tmp_path / "again.py", text)

    def evaluate(mark: str) -> dict:
        return client.evaluate(uri, "form", position=place(text, mark))

    first, second, failing = (evaluate(each) for each in ("x = 0", "x += 1", "1 / (x"))
    assert failing["status"] == "error"
    offer = client.execute("relive.rewindOffer", {"uri": uri})
    assert (offer["by"], offer["again"]) == ("replay", ["x = 0", "x += 1"])
    client.execute("relive.undoEvaluation", {"uri": uri})
    stale = client.wait_for_notification("relive/stale")
    assert stale["results"] == [f"{failing['id']}:1"]  # by that name its error is shown
    offer = client.execute("relive.rewindOffer", {"uri": uri})
    assert second["id"] in offer["knownAs"]
    assert offer["evaluation"] != second["id"]
    client.execute("relive.rewind", {"evaluation": first["id"], "uri": uri})
    names = {f"{each['id']}:1" for each in (first, second)}
    client.wait_for_notification("relive/stale", lambda told: names <= set(told["results"]))


@pytest.mark.parametrize("checkpoints", ["auto", "off"])
def test_what_stays_is_true_again_and_goes_on_being_watched(
    checkpoints: str, client: Client, tmp_path: Path
) -> None:
    client.notify(
        "workspace/didChangeConfiguration",
        {"settings": {"relive": {"checkpoints": checkpoints, "results": {"staleness": "on"}}}},
    )
    text = "x = 1\n\nx + 1\n\nx = 2\n"
    uri = client.open(tmp_path / f"watched_{checkpoints}.py", text)

    def evaluate(line: int) -> dict:
        position = {"line": line, "character": 0}
        return client.evaluate(uri, "form", position=position)

    evaluate(0)
    shown = f"{evaluate(2)['id']}:1"
    spoils = client.execute("relive.evaluateText", {"text": "x = 5", "uri": uri})
    client.wait_for_notification("relive/stale", lambda told: shown in told["results"])
    client.execute("relive.rewind", {"evaluation": spoils["id"], "uri": uri})
    client.wait_for_notification("relive/fresh", lambda told: shown in told["results"])
    client.execute("relive.evaluateText", {"text": "x = 6", "uri": uri})
    client.wait_for_notification("relive/stale", lambda told: shown in told["results"])


MENDED = """import pathlib

def step(n):
    return n + 1

x = 0

x += 1

y = [step(x), unknown]

seen = [x, y]
"""


def test_what_was_tried_often_counts_once_with_what_has_been_mended(
    client: Client, tmp_path: Path
) -> None:
    client.notify(
        "workspace/didChangeConfiguration", {"settings": {"relive": {"checkpoints": "auto"}}}
    )
    text = MENDED
    uri = client.open(tmp_path / "here.py", text)

    def evaluate(mark: str) -> dict:
        return client.evaluate(uri, "form", position=place(text, mark))

    def edit(old: str, new: str) -> None:
        nonlocal text
        start = place(text, old)
        end = {**start, "character": start["character"] + len(old)}
        client.change(uri, {"range": {"start": start, "end": end}, "text": new})
        text = text.replace(old, new)

    def rerun(mark: str) -> dict:
        return client.execute("relive.rerunFromHere", {"uri": uri, "position": place(text, mark)})

    with pytest.raises(RequestError, match="not been evaluated"):
        rerun("x += 1")
    for mark in ("def step", "x = 0", "x += 1", "x += 1"):
        evaluate(mark)
    client.execute("relive.evaluateText", {"text": "typed = x", "uri": uri})
    failed = evaluate("y = [")
    assert failed["status"] == "error"
    edit("n + 1", "n + 10")
    client.execute("relive.redefine", {"uri": uri, "position": place(text, "n + 10")})
    edit("x += 1", "x += 2")
    evaluate("seen")
    where = {"uri": uri, "position": place(text, "x += 2")}
    offer = client.execute("relive.rerunOffer", where)
    assert offer["back"]["label"] == "x += 1"  # as it was when it ran
    followed = ["typed = x", "y = [step(x), unknown]", "seen = [x, y]"]
    assert offer["runs"] == ["redefine step", "x += 2", *followed]

    stopped = rerun("x += 2")  # what fails again stops it
    assert [each["status"] for each in stopped["ran"]] == ["ok", "ok", "error"]
    assert stopped["left"] == ["seen = [x, y]"]
    edit("unknown", "typed")
    failed = stopped["ran"][-1]["id"]
    since = {"uri": uri, "evaluation": failed, "failed": True}
    mended = client.execute("relive.rerunFromHere", since)
    assert [each["status"] for each in mended["ran"]] == ["ok"]
    evaluate("seen")
    evaluate("x += 2")
    once = rerun("x += 2")
    assert [each["status"] for each in once["ran"]] == ["ok"] * 4
    assert "failed" not in once["session"]["rewind"]
    told = client.execute("relive.evaluateText", {"text": "x, seen, typed", "uri": uri})
    assert told["results"][0]["value"]["text"] == "(2, [2, [12, 2]], 2)"


OFTEN = """x = 1

# %%
x += 1
y = x

# %%
z = [x, y]
"""
MIXES: dict[str, list[tuple[str, ...]]] = {
    "by itself after its file": [("file",), ("form",), ("form",)],
    "in its file after itself": [("x = 1",), ("form",), ("form",), ("file",)],
    "with what is above, then by itself": [("toHere",), ("form",), ("toHere",), ("form",)],
    "in its cell": [("x = 1",), ("cell",), ("form",), ("cell",), ("cell",)],
    "in its file and its cell": [("file",), ("cell",), ("form",), ("file",), ("cell",)],
    "in selections": [("x = 1", "y = x"), ("x += 1", "z = [x, y]"), ("form",), ("x += 1", "y = x")],
    "in a selection, then in its file": [("x = 1",), ("x += 1", "y = x"), ("file",), ("form",)],
}
"""What is evaluated before it runs from `x += 1`: a scope there, or the text from there to there."""


@pytest.mark.parametrize("by", WAYS)
def test_a_form_counts_once_however_it_was_evaluated(
    by: str, client: Client, tmp_path: Path
) -> None:
    client.configure(checkpoints=WAYS[by])
    for name, mix in MIXES.items():
        uri = client.open(tmp_path / f"{name}.py", OFTEN)
        for first, *last in mix:
            begin = place(OFTEN, first if first in OFTEN else "x += 1")
            if first in OFTEN:
                end = place(OFTEN, last[0] if last else first)
                end["character"] += len(last[0] if last else first)
                answer = client.evaluate(uri, "selection", range={"start": begin, "end": end})
            else:
                answer = client.evaluate(uri, first, position=begin)
            assert answer["status"] == "ok", (name, answer)
        where = {"uri": uri, "position": place(OFTEN, "x += 1")}
        assert client.execute("relive.rerunFromHere", where)["left"] == []
        told = client.execute("relive.evaluateText", {"text": "x", "uri": uri})
        assert told["results"][0]["value"]["text"] == "2", name


@pytest.mark.parametrize("hold", ["off", "workspace"])
def test_a_run_of_the_file_that_did_not_come_to_a_form_is_not_gone_back_before(
    hold: str, client: Client, tmp_path: Path
) -> None:
    """Nor one from before the form was written."""
    client.configure(checkpoints="off", holdErrors=hold)
    text = "x = 1\n\nz = missing\n\nx += 1\n\ny = x\n"
    uri = client.open(tmp_path / f"short_{hold}.py", text)

    def from_here(mark: str) -> tuple[str, str]:
        where = {"uri": uri, "position": place(text, mark)}
        runs: list[str] = client.execute("relive.rerunOffer", where)["runs"]
        assert client.execute("relive.rerunFromHere", where)["left"] == []
        told = client.execute("relive.evaluateText", {"text": "x", "uri": uri})
        return runs[0], told["results"][0]["value"]["text"]

    assert client.evaluate(uri, "file")["status"] in ("error", "held")
    for _ in range(3):
        client.evaluate(uri, "form", position=place(text, "x += 1"))
    assert from_here("x += 1") == ("x += 1", "2")
    client.change(uri, {"text": (text := text.replace("missing", "x"))})
    assert client.evaluate(uri, "file")["status"] == "ok"
    client.change(uri, {"text": (text := text.replace("y = x", "x *= 5\n\ny = x"))})
    for _ in range(3):
        client.evaluate(uri, "form", position=place(text, "x *= 5"))
    assert from_here("x *= 5") == ("x *= 5", "10")
    client.change(uri, {"text": (text := text.replace("x += 1", "x += 2"))})
    client.evaluate(uri, "form", position=place(text, "x += 2"))
    assert from_here("x += 2") == ("x = 1 …", "15")


def test_a_held_run_of_a_file_that_went_on_has_come_to_the_form(
    client: Client, tmp_path: Path
) -> None:
    client.configure(checkpoints="off", holdErrors="workspace")
    text = "x = 1\n\nz = missing\n\nx += 1\n\ny = x\n"
    uri = client.open(tmp_path / "went_on.py", text)
    assert client.evaluate(uri, "file")["status"] == "held"
    client.change(uri, {"text": (text := text.replace("missing", "x"))})
    assert client.execute("relive.resume", {"action": "retryStatement"})["status"] == "ok"
    client.evaluate(uri, "form", position=place(text, "x += 1"))
    where = {"uri": uri, "position": place(text, "x += 1")}
    assert client.execute("relive.rerunFromHere", where)["left"] == []
    told = client.execute("relive.evaluateText", {"text": "x, y", "uri": uri})
    assert told["results"][0]["value"]["text"] == "(2, 2)"


@pytest.mark.parametrize("by", WAYS)
def test_what_was_held_is_held_again_and_goes_on_at_its_code(
    by: str, client: Client, tmp_path: Path
) -> None:
    settings = {"checkpoints": WAYS[by], "holdErrors": "workspace"}
    client.notify("workspace/didChangeConfiguration", {"settings": {"relive": settings}})
    text = "def at(key):\n    return {}[key]\n\ny = at(1)\n"
    uri = client.open(tmp_path / f"held_again_by_{by}.py", text)
    client.evaluate(uri, "form", position=place(text, "def at"))
    held = client.evaluate(uri, "form", position=place(text, "y = at"), token="first")
    assert held["status"] == "held"
    for value in ("5", "6"):
        after = len(client.timeline)
        answer = client.execute("relive.resume", {"action": "return", "value": value})
        assert (answer["status"], answer["results"][0]["value"]["text"]) == ("ok", value)
        assert answer["results"][0]["range"]["start"]["line"] == 3, (value, answer)
        told = client.wait_for_notification("relive/result", after=after)
        assert told["token"] == "first"
        back = client.execute("relive.undoEvaluation", {"uri": uri})
        assert (back["state"], back["rewind"]["by"]) == ("held", by)
        stale = client.wait_for_notification("relive/stale", after=after)
        assert f"{held['id']}:1" in stale["results"]
        (frame, *_) = client.execute("relive.frames", {})["items"]
        assert (frame["uri"], frame["name"]) == (uri, "at")
    back = client.execute("relive.rewind", {"evaluation": held["id"], "uri": uri})
    assert back["state"] == "idle"
    assert client.execute("relive.frames", {})["items"] == []
    with pytest.raises(RequestError, match="Nothing is held"):
        client.execute("relive.resume", {"action": "abandon"})


def test_a_form_runs_from_here_though_what_stood_above_it_is_deleted(
    client: Client, tmp_path: Path
) -> None:
    """It stands now where the deleted one did, and is another one still."""
    text = "a = 1\n\na += 1\n\na *= 10\n\nb = a\n"
    uri = client.open(tmp_path / "gone.py", text)
    for mark in ("a = 1", "a += 1", "a *= 10", "b = a"):
        assert client.evaluate(uri, "form", position=place(text, mark))["status"] == "ok"
    deleted = {"start": place(text, "a *= 10"), "end": place(text, "b = a")}
    client.change(uri, {"range": deleted, "text": ""})
    text = text.replace("a *= 10\n\n", "")

    where = {"uri": uri, "position": place(text, "b = a")}
    offer = client.execute("relive.rerunOffer", where)
    assert (offer["back"]["label"], offer["runs"]) == ("b = a", ["b = a"])
    where = {"uri": uri, "position": place(text, "a += 1")}
    assert client.execute("relive.rerunOffer", where)["runs"] == ["a += 1", "b = a"]
    answer = client.execute("relive.rerunFromHere", where)
    assert [each["status"] for each in answer["ran"]] == ["ok", "ok"]
    told = client.execute("relive.evaluateText", {"text": "a, b", "uri": uri})
    assert told["results"][0]["value"]["text"] == "(2, 2)"


@pytest.mark.parametrize("by", WAYS)
def test_a_redefinition_that_is_undone_is_an_edit_again(
    by: str, client: Client, tmp_path: Path
) -> None:
    settings = {"checkpoints": WAYS[by]}
    client.notify("workspace/didChangeConfiguration", {"settings": {"relive": settings}})
    text = "def f():\n    return 1\n"
    uri = client.open(tmp_path / f"edited_again_by_{by}.py", text)
    client.evaluate(uri, "file")
    first = client.execute("relive.evaluateText", {"text": "x = 1", "uri": uri})
    client.change(uri, {"range": span(text, "1"), "text": "2"})
    client.execute("relive.redefine", {"uri": uri, "name": "f"})
    wait_for(client, uri, "f", state="in sync")
    back = client.execute("relive.rewind", {"evaluation": first["id"], "uri": uri})
    assert back["rewind"]["by"] == by
    wait_for(client, uri, "f", state="edited")


def test_what_nothing_watched_is_said_before_and_after(client: Client, tmp_path: Path) -> None:
    settings = {"checkpoints": "off"}
    client.notify("workspace/didChangeConfiguration", {"settings": {"relive": settings}})
    uri = client.open(tmp_path / "unwatched.py", TEXT)
    client.execute("relive.restart", {"uri": uri})
    client.evaluate(uri, "form", position=place(TEXT, "import pathlib"))
    client.evaluate(uri, "form", position=place(TEXT, "pathlib.Path"))
    offer = client.execute("relive.rewindOffer", {"uri": uri})
    (label,) = offer["unwatched"]
    assert label.startswith('pathlib.Path("note.txt")')
    assert client.execute("relive.undoEvaluation", {"uri": uri})["rewind"]["unwatched"] == [label]
