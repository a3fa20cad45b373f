"""Kept values over LSP: what a result says, running anyway, the action that marks, forgetting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.driver import Client, place

TEXT = "import time\n\n\nat = time.perf_counter_ns()  # relive: keep\n\nother = [\n    1,\n]\n"
INVOKED, AUTOMATIC = 1, 2


@pytest.fixture
def uri(client: Client, tmp_path: Path) -> str:
    return client.open(tmp_path / "job.py", TEXT)


def evaluate(client: Client, uri: str, **more: Any) -> tuple[dict[str, Any], str]:
    """Evaluate the form that is marked; return what is told of keeping it, and its value."""
    where = {"uri": uri, "scope": "form", "position": place(TEXT, "at =")}
    answer = client.execute("relive.evaluate", {**where, **more})
    assert answer["status"] == "ok"
    return answer["results"][-1]["kept"], answer["results"][-1]["value"]["text"]


def actions(client: Client, uri: str, mark: str, trigger: int = INVOKED) -> list[dict[str, Any]]:
    at = place(TEXT, mark)
    found = client.call(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": uri},
            "range": {"start": at, "end": at},
            "context": {
                "diagnostics": [],
                "triggerKind": trigger,
                "only": ["refactor.relive.keep"],
            },
        },
    )
    return list(found)


def test_a_value_is_kept_taken_run_anyway_and_forgotten(client: Client, uri: str) -> None:
    stored, first = evaluate(client, uri)
    assert stored["state"] == "stored"
    assert stored["at"].endswith("+00:00")
    client.execute("relive.restart", {})
    taken, again = evaluate(client, uri)
    assert (taken["state"], again) == ("taken", first)
    assert (taken["at"], taken["tookMs"]) == (stored["at"], stored["tookMs"])
    anew, second = evaluate(client, uri, anew=True)
    assert anew["state"] == "stored"
    assert second != first
    assert client.execute("relive.forgetKept", {}) == {"removed": 1}
    assert client.execute("relive.forgetKept", {"uri": uri}) == {"removed": 0}
    assert evaluate(client, uri)[0]["state"] == "stored"


def test_what_is_not_marked_says_nothing_of_it(client: Client, uri: str) -> None:
    where = {"uri": uri, "scope": "form", "position": place(TEXT, "other")}
    assert "kept" not in client.execute("relive.evaluate", where)["results"][-1]


def test_the_action_marks_a_form_and_takes_the_mark_away(client: Client, uri: str) -> None:
    [mark] = actions(client, uri, "other")
    assert mark["title"] == "Keep the value of other"
    assert mark["edit"]["changes"][uri] == [
        {
            "range": {"start": place(TEXT, "other"), "end": place(TEXT, "other")},
            "newText": "# relive: keep\n",
        }
    ]
    [unmark] = actions(client, uri, "at =")
    assert unmark["title"] == "Keep this value no longer"
    [edit] = unmark["edit"]["changes"][uri]
    assert edit["newText"] == ""


@pytest.mark.parametrize(
    ("mark", "trigger"), [("import", INVOKED), ("\nat =", INVOKED), ("other", AUTOMATIC)]
)
def test_there_is_no_action(client: Client, uri: str, mark: str, trigger: int) -> None:
    """For what is never kept, where no form is, and nothing for the bulb on every line."""
    assert actions(client, uri, mark, trigger) == []
