"""The channel to the worker: what is sent arrives, and what a liar sends ends the liar alone."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faults.liars import DONE, RESULT, make_liar
from relive.session.session import Session
from relive.session.shapes import Shapes
from relive.wire import messages as kinds
from relive.wire.frames import Decoder, FrameError, encode

texts = st.text(st.characters(), max_size=20)  # lone surrogates too
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
data = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)
json_data = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
)
messages = st.fixed_dictionaries({"op": texts}, optional={"data": json_data})


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    ends = sorted(cut % (len(stream) + 1) for cut in cuts)
    return [stream[a:b] for a, b in zip([0, *ends], [*ends, len(stream)], strict=True)]


@given(st.lists(messages, max_size=4), st.lists(st.integers(0, 10**6), max_size=8))
def test_messages_arrive_however_the_stream_is_cut(sent: list[Any], cuts: list[int]) -> None:
    decoder = Decoder()
    stream = b"".join(map(encode, sent))
    assert [each for piece in pieces(stream, cuts) for each in decoder.feed(piece)] == sent


@given(st.binary(max_size=200), st.lists(st.integers(0, 10**6), max_size=8))
def test_noise_is_refused_and_nothing_else_happens(noise: bytes, cuts: list[int]) -> None:
    decoder = Decoder(limit=1000)
    try:
        got = [each for piece in pieces(noise, cuts) for each in decoder.feed(piece)]
    except FrameError:
        return
    assert got == []


@given(messages, st.integers(0, 10**6), st.integers(0, 255))
def test_one_wrong_byte_is_refused_or_gives_another_message(
    message: Any, place: int, byte: int
) -> None:
    frame = bytearray(encode(message))
    frame[place % len(frame)] = byte
    try:
        got = list(Decoder(limit=10**6).feed(bytes(frame)))
    except FrameError:
        return
    assert all(isinstance(each["op"], str) for each in got)


CHANNELS = {
    "worker": Shapes(kinds.FROM_WORKER),
    "control": Shapes(kinds.FROM_CONTROL),
    "warden": Shapes(kinds.FROM_WARDEN),
}
GOOD = {
    "worker": [DONE | {"id": 1}, {"op": "result", "id": 1, "result": RESULT}],
    "control": [
        {"op": "loaded", "id": 1, "answer": ["a"]},
        {"op": "patches", "id": 1, "answer": None},
    ],
    "warden": [{"op": "started", "pid": 1}],
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_good_messages_pass(channel: str) -> None:
    for message in GOOD[channel]:
        CHANNELS[channel].check(message)


def mutations(value: Any) -> st.SearchStrategy[Any]:
    """Give values like this one with one thing in it that is another."""
    here = data
    if isinstance(value, dict) and value:
        inside = st.sampled_from(sorted(value)).flatmap(
            lambda key: mutations(value[key]).map(lambda new: {**value, key: new})
        )
        without = st.sampled_from(sorted(value)).map(
            lambda key: {name: each for name, each in value.items() if name != key}
        )
        more = st.tuples(texts, data).map(lambda pair: {**value, pair[0]: pair[1]})
        return here | inside | without | more
    if isinstance(value, list) and value:
        inside = st.integers(0, len(value) - 1).flatmap(
            lambda n: mutations(value[n]).map(lambda new: [*value[:n], new, *value[n + 1 :]])
        )
        return here | inside
    return here


@pytest.mark.parametrize("channel", CHANNELS)
@given(drawn=st.data())
def test_any_other_shape_is_a_typed_error(channel: str, drawn: Any) -> None:
    good = drawn.draw(st.sampled_from(GOOD[channel]))
    message = drawn.draw(mutations(good))
    if isinstance(message, dict) and isinstance(message.get("op"), str):
        with contextlib.suppress(FrameError):  # any other error would be one of ours
            CHANNELS[channel].check(message)


@settings(max_examples=settings().max_examples // 4)
@given(
    lies=st.lists(
        mutations(DONE)
        | mutations({"op": "result", "id": "@id", "result": RESULT})
        | st.binary(max_size=60).map(lambda b: {"bytes": b.hex()}),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_a_worker_says_its_evaluation_has_one_answer(
    tmp_path_factory: pytest.TempPathFactory, lies: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("liar")
    answers: list[Any] = []
    # What is no answer is followed by one that is, so that there is an end to wait for.
    with Session(make_liar(folder, [*map(sendable, lies), DONE]), folder) as session:
        answers.append(session.evaluate("1"))
        assert session.info().state in ("idle", "busy", "dead")
    assert answers[0].status in ("ok", "error", "interrupted", "died")
    assert answers[0].to_json()


def sendable(lie: Any) -> Any:
    """Return the lie as JSON has it: what it has not goes as bytes."""
    if isinstance(lie, dict) and set(lie) == {"bytes"}:
        return lie
    return {"bytes": encode(lie).hex()} if isinstance(lie, dict) and "@id" not in str(lie) else lie
