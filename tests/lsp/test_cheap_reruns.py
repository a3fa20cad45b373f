"""Stale results that run again by themselves: those alone that can act on nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, place


class Live:
    """A file whose cheap results run again by themselves."""

    def __init__(self, client: Client, folder: Path, text: str) -> None:
        self.client, self.folder, self.text = client, folder, text
        self.uri = client.open(folder / "m.py", text)
        self.evaluated = client.evaluate(self.uri, "file")

    def edit(self, old: str, new: str) -> None:
        assert old in self.text
        self.text = self.text.replace(old, new, 1)
        self.client.change(self.uri, {"text": self.text})

    def evaluate(self, code: str) -> dict[str, Any]:
        return self.client.evaluate(self.uri, "form", position=place(self.text, code))

    def ran_by_itself(self) -> list[str]:
        """Return the lines that ran again, up to the one for which everything else waits."""
        self.text += "last_of_all = mark\nlast_of_all\n"
        self.client.change(self.uri, {"text": self.text})
        self.client.execute("relive.evaluateText", {"uri": self.uri, "text": "mark = 1"})
        self.evaluate("last_of_all = ")
        self.evaluate("last_of_all\n")
        self.client.execute("relive.evaluateText", {"uri": self.uri, "text": "mark = 2"})
        self.client.wait_for_notification("relive/evaluated", lambda told: _gave(told) == "2")
        lines = self.text.split("\n")
        told = [each["evaluation"] for each in self.client.seen("relive/evaluated")]
        starts = [one["range"]["start"]["line"] for each in told for one in each["results"]]
        return [lines[each] for each in starts if "last_of_all" not in lines[each]]


def _gave(told: Any) -> str | None:
    results = told["evaluation"]["results"]
    return results[0]["value"]["text"] if results and results[0]["value"] else None


@pytest.fixture
def client(start_client: StartClient, workspace: Path) -> Client:
    client = start_client()
    settings = {"results": {"rerunStale": "cheap"}, "holdErrors": "evaluated"}
    client.initialize(workspace, options={"settings": settings})
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    return client


RATE = ("rate = 1", "rate = 'made'")


@pytest.mark.parametrize(
    ("text", "edit", "ran"),
    [
        pytest.param(
            "rate = 1\ntotal = str(rate)\nopen('made', 'a').write(total) if rate != 1 else 0\n",
            RATE,
            ["total = str(rate)"],
            id="what comes of it and acts",
        ),
        pytest.param(
            "import os\nrate = 1\n\n\ndef start():\n    os.path.exists(seen) and os.mkdir('made')\n"
            "    return 'x'\n\n\nseen = 'none'\ntotal = start()\ntotal = total + str(rate)\ntotal\n"
            "seen = '.'\n",
            RATE,
            [],
            id="what made a value that is added to",
        ),
        pytest.param(
            "from os import mkdir as hash\n\nrate = 'first'\nhash(rate)\n",
            ("rate = 'first'", "rate = 'made'"),
            [],
            id="a name of a built-in",
        ),
        pytest.param(
            "from os import mkdir\n\nrate = 'first'\n\n\ndef each(hash, given):\n"
            "    return hash(given)\n\n\neach(mkdir, rate)\n",
            ("rate = 'first'", "rate = 'made'"),
            [],
            id="a parameter called as a built-in is",
        ),
        pytest.param(
            "rate = 1\ntotal = 10\ntotal = total + len(str(rate))\n",
            RATE,
            [],
            id="what would have values that are true made anew",
        ),
        pytest.param(
            "rate = 1\nname = str(rate)\nsize = len(name)\nsize\n",
            RATE,
            ["name = str(rate)", "size = len(name)", "size"],
            id="all of several",
        ),
    ],
)
def test_only_what_acts_on_nothing_runs_by_itself(
    client: Client, workspace: Path, text: str, edit: tuple[str, str], ran: list[str]
) -> None:
    live = Live(client, workspace, text)
    live.edit(*edit)
    live.evaluate(edit[1])
    assert live.ran_by_itself() == ran
    assert not (workspace / "made").exists()


def test_a_function_whose_name_stands_for_another_one_is_not_called(
    client: Client, workspace: Path
) -> None:
    live = Live(client, workspace, "def make(x):\n    return x\n\n\n# here\nmake('made')\n")
    live.edit("# here", "from os import mkdir as make")
    live.evaluate("from os")
    assert live.ran_by_itself() == []
    assert not (workspace / "made").exists()


def test_what_the_process_runs_counts_and_not_what_the_text_says_by_now(
    client: Client, workspace: Path
) -> None:
    body = "    open('made', 'a').write('x')\n"
    live = Live(client, workspace, f"rate = 1\n\n\ndef net():\n{body}    return rate\n\n\nnet()\n")
    live.edit(body, "")
    live.edit(*RATE)
    live.evaluate("rate = ")
    assert live.ran_by_itself() == []
    assert (workspace / "made").read_text() == "x"


def test_what_was_edited_is_not_run(client: Client, workspace: Path) -> None:
    live = Live(client, workspace, "rate = 1\ntotal = 10\ntotal = total + rate\ntotal\n")
    live.edit("total = 10", "total = 99")
    live.edit("rate = 1", "rate = 5")
    live.evaluate("rate = ")
    assert live.ran_by_itself() == []


def test_an_error_is_not_held_and_passes_as_its_cause_does(client: Client, workspace: Path) -> None:
    live = Live(client, workspace, "rate = 1\ntotal = 4 // rate\ntotal\n")
    live.edit("rate = 1", "rate = 0")
    live.evaluate("rate = ")
    failed = client.wait_for_notification("relive/evaluated")["evaluation"]
    assert (failed["status"], failed["error"]["type"]) == ("error", "ZeroDivisionError")
    live.edit("rate = 0", "rate = 2")
    live.evaluate("rate = ")
    assert live.ran_by_itself() == ["total = 4 // rate", "total"]
    assert client.execute("relive.inspect", {"uri": live.uri, "expression": "total"})["text"] == "2"


def test_it_waits_until_nothing_else_is_to_run(client: Client, workspace: Path) -> None:
    live = Live(client, workspace, "rate = 1\ntotal = rate + 1\nother = 2\n")
    live.edit("rate = 1", "rate = 5")
    both = [
        {"uri": live.uri, "scope": "form", "position": place(live.text, code)}
        for code in ("rate = ", "other")
    ]
    for request in [client.command("relive.evaluate", each) for each in both]:
        client.result(request)
    again = client.wait_for_notification("relive/evaluated")
    assert _gave(again) == "6"
    assert len(client.seen("relive/evaluated")) == 1


def test_undoing_undoes_what_was_asked_for(client: Client, workspace: Path) -> None:
    live = Live(client, workspace, "rate = 1\ntotal = rate + 1\n")
    live.edit("rate = 1", "rate = 5")
    live.evaluate("rate = ")
    client.wait_for_notification("relive/evaluated")
    client.execute("relive.undoEvaluation", {"uri": live.uri})
    value = client.execute("relive.inspect", {"uri": live.uri, "expression": "(rate, total)"})
    assert value["text"] == "(1, 2)"


def test_no_name_is_taken_away_for_it(client: Client, workspace: Path) -> None:
    wrapped = "def g(x=rate): return x\ng = mark(g)\nh = g\n"
    live = Live(client, workspace, f"rate = 1\ndef mark(f): return f\n{wrapped}")
    live.edit("rate = 1", "rate = 2")
    live.evaluate("rate = 2")
    assert live.ran_by_itself() == []
    has = {"uri": live.uri, "text": "'g' in globals() and g is h"}
    answer = client.execute("relive.evaluateText", has)
    assert answer["results"][0]["value"]["text"] == "True"
