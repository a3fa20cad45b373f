"""Lines of input for user code, asked of the client."""

from __future__ import annotations

from typing import Any

import pytest

from lsp.driver import Client, Message


def run(client: Client, code: str) -> int:
    return client.command("relive.evaluateText", {"text": code})


def question(client: Client) -> Message:
    return client.wait_for(lambda m: m.get("method") == "relive/input", "question")


def last_value(client: Client, request_id: int) -> Any:
    answer = client.result(request_id)
    assert answer["status"] == "ok", answer["error"]
    return answer["results"][-1]["value"]["text"]


def test_the_client_is_asked_with_the_prompt(client: Client) -> None:
    client.answers_to["relive/input"] = lambda params: {"text": params["prompt"] + "Ada\U0001f600"}
    running = run(client, "input('Name? ')")
    assert last_value(client, running) == "'Name? Ada\U0001f600'"
    asked = question(client)["params"]
    assert asked == {"id": client.result(running)["id"], "prompt": "Name? ", "password": False}


def test_several_lines_are_asked_one_by_one(client: Client) -> None:
    lines = iter(["one", "two"])
    client.answers_to["relive/input"] = lambda _: {"text": next(lines)}
    assert last_value(client, run(client, "[input(), input()]")) == "['one', 'two']"


def test_what_stands_for_the_standard_input_is_read_by_input_too(client: Client) -> None:
    code = "import io, sys\nkept, sys.stdin = sys.stdin, io.StringIO('typed\\n')\n"
    code += "try:\n    line = input('Name? ')\nfinally:\n    sys.stdin = kept\nline"
    assert last_value(client, run(client, code)) == "'typed'"
    assert client.seen("relive/input") == []


def test_a_password_is_asked_as_one(client: Client) -> None:
    client.answers_to["relive/input"] = lambda params: {"text": str(params["password"])}
    assert last_value(client, run(client, "import getpass; getpass.getpass('Key: ')")) == "'True'"


def test_null_is_the_end_of_input(client: Client) -> None:
    client.answers_to["relive/input"] = lambda _: {"text": None}
    assert client.result(run(client, "input()"))["error"]["type"] == "EOFError"


def test_an_answer_that_does_not_fit_is_the_end_of_input(client: Client) -> None:
    client.answers_to["relive/input"] = lambda _: {"text": 5}
    assert client.result(run(client, "input()"))["error"]["type"] == "EOFError"


def test_a_client_that_cannot_ask_is_the_end_of_input(client: Client) -> None:
    running = run(client, "input()")
    error = {"code": -32601, "message": "no such method"}
    client.send({"jsonrpc": "2.0", "id": question(client)["id"], "error": error})
    assert client.result(running)["error"]["type"] == "EOFError"


def test_an_interrupt_withdraws_the_question(client: Client) -> None:
    running = run(client, "input('Name? ')")
    asked = question(client)["id"]
    client.execute("relive.interrupt", {})
    assert client.result(running)["status"] == "interrupted"
    assert client.wait_for_notification("$/cancelRequest") == {"id": asked}
    client.send({"jsonrpc": "2.0", "id": asked, "result": {"text": "too late"}})
    assert last_value(client, run(client, "1 + 1")) == "2"


def test_a_restart_withdraws_the_question(client: Client) -> None:
    running = run(client, "input('Name? ')")
    asked = question(client)["id"]
    client.execute("relive.restart", {})
    assert client.result(running)["status"] == "died"
    assert client.wait_for_notification("$/cancelRequest") == {"id": asked}


@pytest.mark.parametrize("asks", ["input('Name? ')", "import getpass; getpass.getpass()"])
def test_cancelling_interrupts_what_asked(client: Client, asks: str) -> None:
    client.answers_to["relive/input"] = lambda _: {"text": None, "cancelled": True}
    assert client.result(run(client, asks))["status"] == "interrupted"
    assert last_value(client, run(client, "1 + 1")) == "2"


def test_what_asked_may_handle_being_cancelled(client: Client) -> None:
    client.answers_to["relive/input"] = lambda _: {"text": None, "cancelled": True}
    code = "try: input('> ')\nexcept KeyboardInterrupt: went_on = True\nwent_on"
    assert last_value(client, run(client, code)) == "True"


@pytest.mark.parametrize("name", ["getpass", "unix_getpass", "fallback_getpass"])
def test_no_function_of_getpass_asks_a_terminal(client: Client, name: str) -> None:
    client.answers_to["relive/input"] = lambda params: {"text": str(params["password"])}
    code = f"import getpass, sys; getpass.{name}('Key: ', stream=sys.stderr)"
    assert last_value(client, run(client, code)) == "'True'"


def test_libraries_ask_the_client_too(client: Client) -> None:
    client.answers_to["relive/input"] = lambda params: {"text": f"{params['password']}"}
    code = "import click\n[click.prompt('Key', hide_input=True), click.prompt('Name')]"
    assert last_value(client, run(client, code)) == "['True', 'False']"
