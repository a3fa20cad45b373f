"""Nothing that is said on a channel, by the worker or by the client, harms more than its sender.

P10, P12 and P18 for the client's side are in `tests/lsp/test_always_reply.py`.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from faults.liars import DONE, RESULT, VALUE, make_liar
from faults.sessions import goes_on, printed
from lsp.conftest import StartClient
from lsp.driver import Client
from lsp.frames_corpus import BODIES, STREAM
from relive.lsp.frames import FrameReader
from relive.session.answers import Evaluation
from relive.session.session import Session
from relive.wire.frames import Decoder, FrameError, encode


def told(make_session: Any, workspace: Path, main: list[Any], **more: Any) -> Evaluation:
    """Return what an evaluation is answered with whose worker tells these lies."""
    session: Session = make_session(make_liar(workspace, main, **more))
    answer = session.evaluate("1")
    session.close()
    return answer


# -- the worker's descriptors ---------------------------------------------------------------------


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)], ids=str)
def test_P2_user_code_closes_standard_descriptors(
    fast_session: Session, closed: tuple[int, ...]
) -> None:
    fast_session.evaluate(f"import os, sys\nfor fd in {closed}: os.close(fd)")
    given = fast_session.evaluate("print('out'); print('err', file=sys.stderr); input")
    assert (printed(given), printed(given, "stderr").splitlines()[-1]) == ("out\n", "err")
    for fd in closed:
        assert f"[descriptor {fd} was closed" in printed(given, "stderr")
    assert printed(fast_session.evaluate("_ = os.system('echo child')")) == "child\n"
    assert goes_on(fast_session)


def test_P2_a_descriptor_that_is_led_elsewhere_stays_there(
    fast_session: Session, workspace: Path
) -> None:
    fast_session.evaluate("import os\nlog = open('log', 'w')\n_ = os.dup2(log.fileno(), 1)")
    assert printed(fast_session.evaluate("print('in the log')")) == ""
    assert (workspace / "log").read_text() == "in the log\n"


def test_P3_the_channels_are_closed_while_the_process_lives(fast_session: Session) -> None:
    given = fast_session.evaluate("import os\nos.closerange(3, 4096)\nwhile True: pass")
    assert given.status == "died"
    assert given.error is not None
    assert "connection" in given.error.message
    assert fast_session.info().state == "dead"
    assert goes_on(fast_session, generation=2)


# -- a worker that lies ---------------------------------------------------------------------------

FALSE = {
    "P4 noise": {"bytes": "deadbeef" * 50},
    "P4 an endless message": {"bytes": "726c7602ffffffff"},
    "P4 no object": {"bytes": encode([1, 2]).hex()},
    "P4 not UTF-8": {"bytes": "726c760200000002c328"},
    "P4 not JSON": {"bytes": "726c7602000000017b"},
    "P4 deeper than anything": {"bytes": "726c7602000186a0" + "5b" * 100_000},
    "unknown kind": {"op": "exec", "id": "@id", "code": "1"},
    "a kind of the daemon's": {"op": "evaluate", "id": "@id"},
    "of the other channel": {"op": "loaded", "id": "@id", "answer": []},
    "a field too few": {key: DONE[key] for key in DONE if key != "module"},
    "a field too many": {**DONE, "more": 1},
    "S7 of another request": {**DONE, "id": 999},
    "S7 of a request without number": {**DONE, "id": None},
    "another kind of answer": {
        "op": "redefined",
        "undoable": False,
        "id": "@id",
        "changes": [],
        "left_out": [],
        "error": None,
    },
    "a status that is none": {**DONE, "status": "died"},
    "no list": {**DONE, "results": {}},
    "no text": {**DONE, "module": 5},
    "no kind of keeping": {**DONE, "results": [{**RESULT, "kept": {"state": "kept"}}]},
    "no place": {**DONE, "results": [{**RESULT, "span": [0, 0]}]},
    "a truth value for a number": {**DONE, "results": [{**RESULT, "span": [0, 0, 0, True]}]},
    "P10 no number": {"bytes": encode({**DONE, "id": 1, "seconds": float("nan")}).hex()},
    "P10 a number beyond any editor": {**DONE, "results": [{**RESULT, "span": [0, 0, 0, 2**70]}]},
    "an answer nobody asked for": {
        "op": "value_text",
        "id": "@id",
        "gone": None,
        "problem": None,
        "answer": {"text": "1", "truncated": False},
    },
    "a picture of no shape": {
        "op": "display",
        "id": "@id",
        "span": None,
        "ref": None,
        "displays": [{"mime": "image/png"}],
    },
    "a value of no shape": {**DONE, "results": [{**RESULT, "value": "1"}]},
}


@pytest.mark.parametrize("lie", FALSE.values(), ids=FALSE)
def test_P4_a_lie_ends_the_worker_that_tells_it(
    make_session: Any, workspace: Path, lie: Any
) -> None:
    session = make_session(make_liar(workspace, [lie]))
    answer = session.evaluate("1")
    assert answer.status == "died"
    assert answer.error is not None
    assert "sent what is no message" in answer.error.message
    assert session.info().state == "dead"


def test_P4_a_lie_on_the_control_channel(make_session: Any, workspace: Path) -> None:
    lie = {"op": "loaded", "id": 77, "answer": []}
    assert told(make_session, workspace, [], control=[lie]).status == "died"


def test_P15_of_two_ends_the_first_counts_and_the_second_ends_the_worker(
    make_session: Any, workspace: Path
) -> None:
    second = {**DONE, "status": "interrupted"}
    session = make_session(make_liar(workspace, [DONE, second]))
    assert session.evaluate("1").status == "ok"
    again = session.evaluate("1")  # of the same worker, or of the next, which lies as well
    assert again.status in ("ok", "died")
    assert session.info().evaluations == 2


def test_P15_a_result_after_the_end(make_session: Any, workspace: Path) -> None:
    late = {"op": "result", "id": "@id", "result": RESULT}
    answer = told(make_session, workspace, [DONE, late])
    assert (answer.status, len(answer.results)) == ("ok", 1)


def test_P16_a_worker_of_another_version(make_session: Any, workspace: Path) -> None:
    answer = told(make_session, workspace, [DONE], hello={"protocol": 1})
    assert answer.status == "died"
    assert answer.error is not None
    assert "another version of Relive; reload the window" in answer.error.message


def test_S7_texts_are_cut_and_frames_name_files_only(make_session: Any, workspace: Path) -> None:
    frame = {
        "name": "f" * 30_000,
        "line": -5,
        "text": "x" * 30_000,
        "place": None,
        "span": [0, -1, 0, 2],
        "own": True,
        "locals_omitted": -1,
        "omitted": -1,
        "locals": [{"name": "n", "text": "t", "truncated": False}] * 300,
    }
    names = ["command:workbench.action.quit", "https://example.org/a.py", "../a.py", "/etc/passwd"]
    told_of_all = {
        "type": "E" * 10**6,
        "message": "m" * 10**6,
        "frames": [{**frame, "file": name} for name in names] * 100,
        "notes": ["n" * 10**6] * 2,
        "omitted": -1,
    }
    belonging = [(-1, "cause"), (0, "member"), (99, "cause"), (4, "context"), (2, "member")]
    error = {
        **told_of_all,
        "linked": [{**told_of_all, "frames": [], "of": of, "how": how} for of, how in belonging],
        "traceback": "t" * 10**6,
        "span": None,
        "name": None,
    }
    long = {**VALUE, "text": "1" * 10**6, "detail": "1" * 10**6, "type": "T" * 10**6}
    kept = {"state": "refused", "reason": "r" * 10**6, "at": 1e15, "seconds": -1.0}
    result = {**RESULT, "value": long, "kept": kept}
    lie = {**DONE, "status": "error", "error": error, "results": [result]}
    answer = told(make_session, workspace, [lie])
    assert answer.status == "error"
    shown = answer.results[0].value
    assert shown is not None
    assert (len(shown.text), shown.truncated, len(shown.type)) == (100, True, 25_000)
    assert len(shown.detail or "") <= 10_200
    told_of_keeping = answer.results[0].kept
    assert told_of_keeping is not None
    assert (len(told_of_keeping.reason or ""), told_of_keeping.at) == (25_000, None)
    assert answer.error is not None
    assert {item.to_json()["uri"] for item in answer.error.frames} == {None, "file:///etc/passwd"}
    assert {item.line for item in answer.error.frames} == {0}
    assert len(answer.error.frames) <= 200
    assert max(len(item.text) for item in answer.error.frames) <= 25_000
    assert {(item.range, item.omitted) for item in answer.error.frames} == {(None, 0)}
    assert max(len(item.locals) for item in answer.error.frames) <= 200
    assert [each.relation for each in answer.error.exceptions] == ["member"]
    assert [each.relation for each in answer.error.exceptions[0].exceptions] == ["member"]
    assert answer.error.causes == ()


# -- messages however they are cut ------------------------------------------------------------------

MESSAGES = [
    {"op": "hello"},
    {"op": "é\U0001f600\ud800", "text": "x" * 300},
    {"op": "", "n": [None, 1.5, {}]},
]


@pytest.mark.parametrize("size", [*range(1, 24), 400])
def test_P6_a_message_may_come_in_any_pieces(size: int) -> None:
    stream = b"".join(map(encode, MESSAGES))
    decoder = Decoder()
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert [each for piece in pieces for each in decoder.feed(piece)] == MESSAGES


def test_P6_a_message_may_be_cut_anywhere() -> None:
    stream = b"".join(map(encode, MESSAGES))
    for cut in range(len(stream) + 1):
        decoder = Decoder()
        halves = (stream[:cut], stream[cut:])
        assert [each for half in halves for each in decoder.feed(half)] == MESSAGES


def test_P6_a_clients_message_may_be_cut_anywhere() -> None:
    for cut in range(len(STREAM) + 1):
        reader = FrameReader()
        halves = (STREAM[:cut], STREAM[cut:])
        assert [body for half in halves for body in reader.feed(half)] == BODIES


def test_P6_a_stream_that_lost_its_place_is_noticed_at_once() -> None:
    whole = encode(MESSAGES[0])
    for lost in range(1, len(whole)):
        with pytest.raises(FrameError):
            list(Decoder().feed(whole[lost:] + whole))


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 7, 4095])
def test_P7_characters_cut_between_reads(fast_session: Session, chunk: int) -> None:
    text = "é€😀" * 2000
    code = "import os\ndata = {!r}.encode()\nfor n in range(0, len(data), {}): _ = os.write(1, data[n : n + {}])"
    assert printed(fast_session.evaluate(code.format(text, chunk, chunk))) == text


# -- values that look like something else ------------------------------------------------------------

ODD = {
    "P10 nan": ("[float('nan'), float('-inf')]", "[nan, -inf]"),
    "P12 like a message": (
        "{'jsonrpc': '2.0', 'id': 1, 'method': 'exit'}",
        "{'jsonrpc': '2.0', 'id': 1, 'method': 'exit'}",
    ),
    "P12 like one of ours": ("{'op': 'done', 'id': 1}", "{'op': 'done', 'id': 1}"),
    "P11 a surrogate": ("'\\ud800'", "'\\ud800'"),
    "P11 a surrogate unescaped": (
        "class S:\n    def __repr__(self): return '<\\udc80>'\nS()",
        "<\udc80>",
    ),
}


@pytest.mark.parametrize(("code", "shown"), ODD.values(), ids=ODD)
def test_odd_values_arrive_as_they_are(fresh_client: Client, code: str, shown: str) -> None:
    answer = fresh_client.execute("relive.evaluateText", {"text": code})
    assert answer["results"][-1]["value"]["text"] == shown


def test_P10_a_number_of_five_thousand_digits(session: Session) -> None:
    given = session.evaluate("10 ** 5000")
    assert given.status == "ok"
    assert given.results[0].value is not None
    assert goes_on(session)


def test_P11_surrogates_go_through_every_way(fresh_client: Client, tmp_path: Path) -> None:
    named = tmp_path / "odd\udc80.txt"
    code = (
        "import os, sys\nprint('\\ud800')\nsys.stderr.write('\\udfff')\n"
        f"os.close(os.open({str(named)!r}, os.O_CREAT))\n[n for n in os.listdir('.') if 'odd' in n]"
    )
    answer = fresh_client.execute("relive.evaluateText", {"text": code})
    assert answer["status"] == "ok"
    assert answer["results"][-1]["value"]["text"] == "['odd\\udc80.txt']"
    assert [chunk["text"].strip() for chunk in answer["output"]] == ["\\ud800", "\\udfff"]
    error = fresh_client.execute("relive.evaluateText", {"text": "raise ValueError('\\ud800')"})
    assert error["error"]["message"] == "\ud800"
    source = fresh_client.execute("relive.evaluateText", {"text": "x = '\ud800'"})
    assert source["error"]["type"] == "UnicodeEncodeError"


# -- who no longer waits ---------------------------------------------------------------------------


def test_P14_an_answer_for_someone_who_gave_up_is_dropped(fresh_client: Client) -> None:
    code = "import os\nprint('begun', flush=True)\n_ = [None for _ in iter(lambda: os.path.exists('go'), True)]\n'late'"
    running = fresh_client.command("relive.evaluateText", {"text": code})
    fresh_client.wait_for_notification("relive/output", lambda p: "begun" in p["text"])
    fresh_client.notify("$/cancelRequest", {"id": running})
    assert fresh_client.response(running)["error"]["code"] == -32800
    waiting = fresh_client.command("relive.evaluateText", {"text": "2"})
    fresh_client.execute("relive.interrupt", {})
    fresh_client.result(waiting)
    assert fresh_client.execute("relive.evaluateText", {"text": "3"})["status"] == "ok"
    assert len(fresh_client.responses(running)) == 1


def test_P14_an_answer_to_a_question_that_was_withdrawn(fresh_client: Client) -> None:
    asking = fresh_client.command("relive.evaluateText", {"text": "input('who? ')"})
    question = fresh_client.wait_for(lambda m: m.get("method") == "relive/input", "question")
    fresh_client.execute("relive.interrupt", {})
    assert fresh_client.result(asking)["status"] == "interrupted"
    fresh_client.send({"jsonrpc": "2.0", "id": question["id"], "result": {"text": "too late"}})
    assert fresh_client.execute("relive.evaluateText", {"text": "4"})["status"] == "ok"


def test_P18_every_kind_of_nonsense_from_the_client(start_client: StartClient) -> None:
    client = start_client()
    client.initialize()
    pieces = [None, 5, [], "x", {"jsonrpc": "1.0"}, {"jsonrpc": "2.0", "method": 7}]
    for count, message in enumerate(itertools.chain(pieces, [[each] for each in pieces])):
        client.send(message)
        assert client.execute("relive.session", {})["state"] == "idle", count
