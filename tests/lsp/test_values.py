"""`relive.inspect`, the `relive.value…` commands and what is told of pictures."""

from __future__ import annotations

from typing import Any

import pytest

from lsp.driver import Client


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
