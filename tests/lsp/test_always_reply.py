"""Each request has exactly one answer, whatever the message, the handler or the result.

The ids in the tests' names are those of the faults: P8 parameters that do not decode, P10 numbers
that JSON has not, P11 lone surrogates, P12 data that looks like a message, P18 malformed messages,
D3 features that fail, D15 what is logged.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, RequestError
from relive.lsp.frames import frame

PARSE_ERROR, INVALID_REQUEST, NO_METHOD = -32700, -32600, -32601
INVALID_PARAMS, INTERNAL_ERROR = -32602, -32603
NOT_INITIALIZED, FAILED, CANCELLED = -32002, -32803, -32800

FAULTY_DAEMON = (sys.executable, str(Path(__file__).with_name("faulty_daemon.py")))


@pytest.fixture(scope="module")
def faulty(start_shared_client: StartClient) -> Client:
    faulty = start_shared_client(FAULTY_DAEMON)
    faulty.expects_defects = True
    faulty.initialize()
    return faulty


@pytest.fixture(scope="module")
def shared(start_shared_client: StartClient) -> Client:
    shared = start_shared_client()
    shared.initialize()
    return shared


def answers_as_ever(client: Client) -> bool:
    return bool(client.execute("relive.session", {})["state"] == "idle")


def error_code(client: Client, request_id: Any, after: int = 0) -> int:
    error = client.response(request_id, after)["error"]
    assert error["message"]
    return int(error["code"])


def had_one_answer(client: Client, request_id: Any) -> bool:
    answers_as_ever(client)  # a second answer would have come before this
    return len(client.responses(request_id)) == 1


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/codeAction", {"textDocument": "no object"}),
        ("textDocument/codeAction", None),
        ("textDocument/codeLens", [1, 2]),
        ("workspace/executeCommand", {}),
        ("workspace/executeCommand", {"command": 5}),
        ("workspace/executeCommand", {"command": "relive.unheard"}),
        ("workspace/executeCommand", {"command": "relive.session", "arguments": [{}, {}]}),
        ("relive/target", {"uri": "file:///a.py", "scope": "everything"}),
        ("relive/target", {"uri": None, "scope": "file"}),
        ("relive/target", "a text"),
    ],
)
def test_P8_parameters_that_do_not_decode(shared: Client, method: str, params: Any) -> None:
    request_id = shared.request(method, params)
    assert error_code(shared, request_id) == INVALID_PARAMS
    assert had_one_answer(shared, request_id)


@pytest.mark.parametrize(
    ("argument", "place"),
    [
        ({}, "params.uri"),
        ({"uri": 5, "scope": "file"}, "params.uri"),
        ({"uri": "file:///a.py"}, "params.scope"),
        ({"uri": "file:///a.py", "scope": "line"}, "params.scope"),
        ({"uri": "file:///a.py", "scope": "form", "position": {"line": "1"}}, "params.position"),
        (
            {"uri": "file:///a.py", "scope": "form", "position": {"line": -1, "character": 0}},
            "params.position",
        ),
        (["no object"], "expected an object"),
    ],
)
def test_P8_a_command_says_which_argument_does_not_fit(
    shared: Client, argument: Any, place: str
) -> None:
    with pytest.raises(RequestError, match=place) as caught:
        shared.execute("relive.evaluate", argument)
    assert caught.value.code == INVALID_PARAMS


def test_P8_initialize_can_be_tried_again(start_client: StartClient, tmp_path: Path) -> None:
    client = start_client()
    with pytest.raises(RequestError, match="params"):
        client.call("initialize", {"processId": "mine"})
    client.initialize(tmp_path)
    assert answers_as_ever(client)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", PARSE_ERROR),
        (b"", PARSE_ERROR),
        (b"\xff\xfe", PARSE_ERROR),
        (b"[" * 100_000, PARSE_ERROR),
        (b"[]", INVALID_REQUEST),
        (b"5", INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "method": 5}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": null, "method": "shutdown"}', INVALID_REQUEST),
        (b'{"jsonrpc": "1.0", "method": "initialized"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": [], "result": 1}', INVALID_REQUEST),
    ],
)
def test_P18_a_malformed_message_harms_nobody(shared: Client, body: bytes, code: int) -> None:
    before = len(shared.timeline)
    shared.send_bytes(frame(body))
    assert error_code(shared, None, before) == code
    assert answers_as_ever(shared)


@pytest.mark.parametrize("request_id", [77, "seventy-seven", 7.5, [7]])
def test_P18_a_malformed_request_is_answered_by_its_id(shared: Client, request_id: Any) -> None:
    shared.send({"id": request_id, "method": "shutdown"})
    assert error_code(shared, request_id) == INVALID_REQUEST
    assert had_one_answer(shared, request_id)


def test_P18_answers_to_nothing_are_dropped(shared: Client) -> None:
    before = shared.responses(None)
    shared.send({"jsonrpc": "2.0", "id": "never asked", "result": 1})
    shared.send({"jsonrpc": "2.0", "id": 5, "error": {"code": 1, "message": "no"}})
    shared.notify("textDocument/didChange", {"textDocument": 1})
    shared.notify("textDocument/didChange", None)
    shared.notify("unheard/of", {})
    shared.notify("$/cancelRequest", {"id": []})
    shared.notify("$/cancelRequest", None)
    assert answers_as_ever(shared)
    assert shared.responses(None) == before


@pytest.mark.parametrize("fault", ["exits", "is_interrupted", "raises", "raises_at_once"])
def test_D3_a_handler_that_raises(faulty: Client, fault: str) -> None:
    request_id = faulty.command(f"faulty.{fault}", {})
    assert error_code(faulty, request_id) == INTERNAL_ERROR
    assert had_one_answer(faulty, request_id)


@pytest.mark.parametrize(
    "fault", ["returns_an_object", "returns_a_circle", "returns_a_huge_number"]
)
def test_D3_a_result_that_does_not_encode(faulty: Client, fault: str) -> None:
    request_id = faulty.command(f"faulty.{fault}", {})
    assert error_code(faulty, request_id) == INTERNAL_ERROR
    assert had_one_answer(faulty, request_id)


def test_P10_numbers_that_json_has_not_go_as_texts(faulty: Client) -> None:
    assert faulty.execute("faulty.returns_numbers", {}) == ["nan", {"inside": "-inf"}, 1.5]


def test_P11_lone_surrogates_arrive(faulty: Client) -> None:
    assert faulty.execute("faulty.returns_surrogates", {}) == "\ud800 \U0001f600 \udfff"


def test_P12_data_that_looks_like_a_message_is_data(faulty: Client) -> None:
    data = {"jsonrpc": "2.0", "id": 1, "method": "exit"}
    assert faulty.execute("faulty.returns_a_message", {}) == data
    faulty.notify("workspace/didChangeConfiguration", {"settings": {"relive": data}})
    with pytest.raises(RequestError, match=r"params\.uri"):
        faulty.execute("relive.evaluate", data)


def test_what_is_printed_in_the_daemon_is_no_message(faulty: Client) -> None:
    assert faulty.execute("faulty.prints", {}) == ""
    assert answers_as_ever(faulty)
    assert "neither is this" in faulty.log()


def test_a_request_before_initialize_is_refused(start_client: StartClient) -> None:
    client = start_client()
    assert error_code(client, client.command("relive.session", {})) == NOT_INITIALIZED


def test_a_second_initialize_is_refused(shared: Client) -> None:
    request_id = shared.request("initialize", {"capabilities": {}, "processId": None})
    assert error_code(shared, request_id) == INVALID_REQUEST


def test_a_request_after_shutdown_is_refused(fresh_client: Client) -> None:
    fresh_client.call("shutdown", None)
    assert error_code(fresh_client, fresh_client.command("relive.session", {})) == INVALID_REQUEST
    fresh_client.notify("exit", None)
    assert fresh_client.wait_for_exit() == 0


def test_a_request_for_an_unknown_method(shared: Client) -> None:
    request_id = shared.request("textDocument/foldingRange", {})
    assert error_code(shared, request_id) == NO_METHOD
    assert had_one_answer(shared, request_id)


def test_D15_messages_are_not_logged(faulty: Client) -> None:
    uri = faulty.open("untitled:a", "SECRET = 1")
    faulty.execute("relive.evaluateText", {"text": "'SECRET'", "uri": uri})
    faulty.request("textDocument/codeLens", {"textDocument": {"uri": ["SECRET"]}})
    faulty.notify("textDocument/didClose", {"SECRET": 1})
    faulty.response(faulty.command("faulty.raises", {"uri": "SECRET"}))
    assert "the reason" in faulty.log()
    assert "SECRET" not in faulty.log()
