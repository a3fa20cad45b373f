"""The client's messages: malformed, out of order, cancelled, for documents that are not there.

A good message is changed in one place: the length, the JSON, the method, the parameters, the id. The
daemon goes on, answers each request that has an id once, and answers a good one afterwards.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lsp.conftest import StartClient
from lsp.driver import Client
from relive.lsp.frames import frame

OPEN, CLOSED, NEVER = "untitled:open", "untitled:closed", "file:///never/opened.py"
TEXT = "x = 1\ny = '😀é'\ndef f():\n    return x\nf()\n"

numbers = st.integers(-5, 2**70) | st.sampled_from([0, 1, 2**31, 2**31 - 1])
texts = st.text(max_size=20)
data = st.recursive(
    st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)
uris = st.sampled_from([OPEN, CLOSED, NEVER, "", "command:quit", "file://\x00", "file:///a%zz"])
positions = st.fixed_dictionaries({"line": st.integers(0, 9), "character": st.integers(0, 40)})
ranges = st.fixed_dictionaries({"start": positions, "end": positions})
documents = st.fixed_dictionaries({"uri": uris})
versioned = st.fixed_dictionaries({"uri": uris, "version": st.integers(-3, 9)})
scopes = st.sampled_from(["selection", "form", "cell", "toHere", "file", "nothing"])
targets = st.fixed_dictionaries(
    {"uri": uris, "scope": scopes}, optional={"position": positions, "range": ranges}
)
names = st.sampled_from(["f", "x", "g", "", "f.f"]) | texts


def command(name: str, arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(arguments).map(lambda drawn: {"command": name, "arguments": list(drawn)})


REQUESTS: dict[str, st.SearchStrategy[Any]] = {
    "relive/target": targets,
    "textDocument/codeLens": st.fixed_dictionaries({"textDocument": documents}),
    "textDocument/codeAction": st.fixed_dictionaries(
        {
            "textDocument": documents,
            "range": ranges,
            "context": st.just({"diagnostics": []}),
        }
    ),
    "workspace/executeCommand": st.one_of(
        command("relive.evaluate", targets),
        command("relive.evaluateText", st.fixed_dictionaries({"text": texts, "uri": uris})),
        command("relive.redefine", st.fixed_dictionaries({"uri": uris, "name": names})),
        command("relive.redefine", st.fixed_dictionaries({"uris": st.lists(uris, max_size=3)})),
        command("relive.session", st.fixed_dictionaries({}, optional={"uri": uris})),
        command("relive.interrupt", st.fixed_dictionaries({}, optional={"uri": uris})),
    ),
}
changes = st.fixed_dictionaries({"text": texts}, optional={"range": ranges})
items = st.fixed_dictionaries(
    {"uri": uris, "languageId": st.just("python"), "version": st.integers(0, 9), "text": texts}
)
NOTIFICATIONS: dict[str, st.SearchStrategy[Any]] = {
    "textDocument/didOpen": st.fixed_dictionaries({"textDocument": items}),
    "textDocument/didChange": st.fixed_dictionaries(
        {"textDocument": versioned, "contentChanges": st.lists(changes, max_size=3)}
    ),
    "textDocument/didClose": st.fixed_dictionaries({"textDocument": documents}),
    "textDocument/didSave": st.fixed_dictionaries({"textDocument": documents}),
    "workspace/didChangeConfiguration": st.fixed_dictionaries({"settings": data}),
    "workspace/didChangeWatchedFiles": st.fixed_dictionaries(
        {"changes": st.lists(st.fixed_dictionaries({"uri": uris, "type": st.integers(0, 4)}))}
    ),
    "$/cancelRequest": st.fixed_dictionaries({"id": st.integers(0, 300) | texts}),
    "$/setTrace": st.fixed_dictionaries({"value": texts}),
}


def of(table: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[tuple[str, Any]]:
    return st.sampled_from(sorted(table)).flatmap(
        lambda method: st.tuples(st.just(method), table[method])
    )


@pytest.fixture(scope="module")
def client(start_shared_client: StartClient) -> Client:
    client = start_shared_client()
    client.initialize()
    return client


def start_afresh(client: Client) -> None:
    client.timeline.clear()
    for uri in (OPEN, CLOSED):
        client.open(uri, TEXT)
    client.notify("textDocument/didClose", {"textDocument": {"uri": CLOSED}})


def goes_on(client: Client) -> bool:
    """Whether a good request is answered, after all that came before it."""
    client.open(OPEN, TEXT)
    answer = client.execute("relive.evaluate", {"uri": OPEN, "scope": "file"})
    return bool(answer["results"][-1]["value"]["text"] == "1")


def had_one_answer(client: Client, request_id: Any) -> bool:
    client.response(request_id)
    return len(client.responses(request_id)) == 1


@given(messages=st.lists(of(REQUESTS) | of(NOTIFICATIONS), min_size=1, max_size=6))
def test_D9_any_messages_in_any_order(client: Client, messages: list[tuple[str, Any]]) -> None:
    start_afresh(client)
    asked = []
    for method, params in messages:
        if method in REQUESTS:
            asked.append(client.request(method, params))
        else:
            client.notify(method, params)
    assert goes_on(client)
    assert all(had_one_answer(client, request_id) for request_id in asked)


def mutated(value: Any) -> st.SearchStrategy[Any]:
    """Give values like this one, with another thing in one place of it."""
    if isinstance(value, dict) and value:
        return data | st.sampled_from(sorted(value)).flatmap(
            lambda key: mutated(value[key]).map(lambda new: {**value, key: new})
        )
    if isinstance(value, list) and value:
        return data | mutated(value[0]).map(lambda new: [new, *value[1:]])
    return data


@given(drawn=st.data())
def test_P18_a_request_with_something_else_in_one_place(client: Client, drawn: Any) -> None:
    method, params = drawn.draw(of(REQUESTS))
    start_afresh(client)
    request_id = client.request(method, drawn.draw(mutated(params)))
    assert had_one_answer(client, request_id)
    assert goes_on(client)


@given(drawn=st.data())
def test_P18_a_message_with_another_id_method_or_version(client: Client, drawn: Any) -> None:
    method, params = drawn.draw(of(REQUESTS) | of(NOTIFICATIONS))
    message = {"jsonrpc": "2.0", "id": "mine", "method": method, "params": params}
    key = drawn.draw(st.sampled_from(sorted(message)))
    message[key] = drawn.draw(data.filter(lambda value: value not in ("exit", "shutdown")))
    start_afresh(client)
    client.send(message)
    assert goes_on(client)
    if key not in ("id", "jsonrpc"):
        assert had_one_answer(client, "mine")


@given(body=st.binary(max_size=60), place=st.integers(0, 200), byte=st.integers(0, 255))
def test_P18_a_body_that_is_no_message(client: Client, body: bytes, place: int, byte: int) -> None:
    start_afresh(client)
    client.send_bytes(frame(body))
    good = bytearray(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "none"}).encode())
    good[place % len(good)] = byte
    client.send_bytes(frame(bytes(good)))
    assert goes_on(client)


@settings(max_examples=settings().max_examples // 4)
@given(
    before=st.integers(0, 3),
    pieces=st.lists(st.integers(1, 400), max_size=6),
    code=st.sampled_from(["1", "1 / 0", "print('x' * 10_000)", "input()"]),
)
def test_P14_requests_that_are_cancelled_at_any_moment(
    client: Client, before: int, pieces: list[int], code: str
) -> None:
    start_afresh(client)
    client.answers_to["relive/input"] = lambda _: {"text": None}
    asked = [client.command("relive.evaluateText", {"text": code}) for _ in range(before + 1)]
    cancel = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": asked[-1]}}
    stream = frame(json.dumps(cancel).encode())
    for size in pieces:  # the stream comes in pieces, too
        client.send_bytes(stream[:size])
        stream = stream[size:]
    client.send_bytes(stream)
    assert goes_on(client)
    assert all(had_one_answer(client, request_id) for request_id in asked)
