"""Evaluating parts of documents: what runs, where its results are, what is told meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, Message, RequestError, place, span

REFUSED, CANCELLED = -32803, -32800
AT_START = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


def values(answer: Message) -> list[str | None]:
    return [result["value"] and result["value"]["text"] for result in answer["results"]]


def ranges(answer: Message) -> list[Message]:
    return [result["range"] for result in answer["results"]]


# -- scopes --------------------------------------------------------------------------------------

PROGRAM = """\
import math
radius = 2

def area(r):
    return math.floor(math.pi * r * r)

area(radius)
area(10)

if __name__ == "__main__":
    print("main")
"""


@pytest.fixture
def program(client: Client, tmp_path: Path) -> str:
    return client.open(tmp_path / "program.py", PROGRAM)


def test_form_runs_the_statement_at_the_cursor(client: Client, program: str) -> None:
    answer = client.evaluate(program, "form", position=place(PROGRAM, "2"))
    assert answer["status"] == "ok"
    assert answer["module"] == "program"
    assert values(answer) == ["2"]
    assert ranges(answer) == [span(PROGRAM, "radius = 2")]


def test_form_runs_what_it_needs_first_and_says_so(client: Client, program: str) -> None:
    answer = client.evaluate(program, "form", position=place(PROGRAM, "area(10)"))
    assert [result["origin"] for result in answer["results"]] == [
        "dependency",
        "dependency",
        "requested",
    ]
    assert values(answer)[-1] == "314"


def test_selection_runs_each_statement_in_it(client: Client, program: str) -> None:
    selected = span(PROGRAM, "radius = 2", "area(10)\n")
    answer = client.evaluate(program, "selection", range=selected)
    assert values(answer)[-2:] == ["12", "314"]
    assert ranges(answer)[-2:] == [span(PROGRAM, "area(radius)"), span(PROGRAM, "area(10)")]


def test_selection_of_a_part_of_a_line_is_an_expression(client: Client, program: str) -> None:
    answer = client.evaluate(program, "selection", range=span(PROGRAM, "r * r"))
    assert answer["error"]["missing"] is None
    assert answer["error"]["message"] == "name 'r' is not defined"
    answer = client.evaluate(program, "selection", range=span(PROGRAM, "10"))
    assert (values(answer), ranges(answer)) == (["10"], [span(PROGRAM, "10")])


def test_to_here_runs_all_up_to_the_cursor(client: Client, program: str) -> None:
    answer = client.evaluate(program, "toHere", position=place(PROGRAM, "area(radius)", end=True))
    assert len(answer["results"]) == 4
    assert values(answer)[-1] == "12"


def test_file_runs_all(client: Client, program: str) -> None:
    answer = client.evaluate(program, "file")
    assert len(answer["results"]) == 5
    assert values(answer)[3:5] == ["12", "314"]


def printed(client: Client, uri: str, scope: str, **more: Any) -> str:
    return "".join(chunk["text"] for chunk in client.evaluate(uri, scope, **more)["output"])


def test_the_main_guard_runs_only_when_it_was_pointed_at(client: Client, program: str) -> None:
    guard, below = place(PROGRAM, 'print("main")'), {"line": 99, "character": 0}
    assert printed(client, program, "file") == ""
    assert printed(client, program, "toHere", position=below) == ""
    assert printed(client, program, "toHere", position=guard) == "main\n"
    assert printed(client, program, "form", position=guard) == "main\n"
    whole = {"start": place(PROGRAM, "if __name__"), "end": below}
    assert printed(client, program, "selection", range=whole) == "main\n"


@pytest.mark.parametrize(
    ("scope", "where", "sentence"),
    [
        ("form", {"position": {"line": 2, "character": 0}}, "No statement at the cursor"),
        ("selection", {"range": span(PROGRAM, "\n\ndef", "\n\n")}, "The selection holds no code"),
        ("toHere", {"position": {"line": 0, "character": 0}}, "No statement up to the cursor"),
        ("cell", {"position": {"line": 0, "character": 0}}, "Cells begin at lines such as `# %%`"),
        ("file", {}, "The file holds no code"),
    ],
)
def test_nothing_to_run_is_refused_with_what_to_do(
    client: Client, scope: str, where: Message, sentence: str
) -> None:
    text = PROGRAM if scope in ("form", "selection") else "# nothing yet\n\n"
    uri = client.open("untitled:Untitled-1", text)
    with pytest.raises(RequestError, match=sentence) as caught:
        client.evaluate(uri, scope, **where)
    assert caught.value.code == REFUSED


@pytest.mark.parametrize(("scope", "needs"), [("form", "position"), ("selection", "range")])
def test_a_scope_without_its_place_is_refused(
    client: Client, program: str, scope: str, needs: str
) -> None:
    with pytest.raises(RequestError, match=needs):
        client.evaluate(program, scope)


def test_a_file_that_is_not_open_is_refused(client: Client, tmp_path: Path) -> None:
    uri = (tmp_path / "closed.py").as_uri()
    with pytest.raises(RequestError, match=r"closed\.py is not open") as caught:
        client.evaluate(uri, "file")
    assert caught.value.code == REFUSED


# -- text and places -----------------------------------------------------------------------------


def test_unsaved_text_counts(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "saved.py"
    file.write_text("x = 'on disk'\nx\n", encoding="utf-8")
    uri = client.open(file, "x = 'as opened'\nx\n")
    client.change(uri, {"range": span("x = 'as opened'", "as opened"), "text": "as edited"})
    answer = client.evaluate(uri, "toHere", position={"line": 1, "character": 0})
    assert values(answer)[-1] == "'as edited'"


ODD = "a = 1\r\ns = '\U0001f600\f\u2028\x85'; t = len(s)\r\n1 / 0\r\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-32"])
def test_places_are_right_with_crlf_emoji_and_false_line_ends(
    start_client: StartClient, tmp_path: Path, encoding: str
) -> None:
    client = start_client()
    capabilities = client.initialize(tmp_path, encodings=[encoding])
    assert capabilities["positionEncoding"] == encoding
    units = {"utf-16": ("utf-16-le", 2), "utf-8": ("utf-8", 1), "utf-32": ("utf-32-le", 4)}
    name, size = units[encoding]
    line = ODD.split("\r\n")[1]
    begin = len(line[: line.index("t =")].encode(name)) // size
    uri = client.open(tmp_path / "odd.py", ODD)
    answer = client.evaluate(uri, "form", position={"line": 1, "character": begin + 1})
    assert values(answer) == ["4"] or answer["error"]["type"] == "NameError"
    answer = client.evaluate(uri, "file")
    assert ranges(answer)[2] == {
        "start": {"line": 1, "character": begin},
        "end": {"line": 1, "character": begin + len("t = len(s)")},
    }
    assert values(answer)[2] == "4"
    assert answer["error"]["range"]["start"]["line"] == 2


def test_edits_keep_the_text_right_past_false_line_ends(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "odd.py", ODD)
    end = {"line": 2, "character": 5}
    client.change(uri, {"range": {"start": {"line": 2, "character": 4}, "end": end}, "text": "4"})
    answer = client.evaluate(uri, "form", position={"line": 2, "character": 0})
    assert values(answer) == ["0.25"]


def test_an_untitled_document_has_a_module_too(client: Client) -> None:
    uri = client.open("untitled:Untitled-1", "x = 20\nx + 1\n1 / 0\n")
    answer = client.evaluate(uri, "file")
    assert values(answer) == ["20", "21"]
    assert answer["error"]["frames"][-1]["uri"] == uri
    assert answer["error"]["frames"][-1]["line"] == 2


def test_results_and_lines_are_those_of_the_document_as_it_stands(
    client: Client, tmp_path: Path
) -> None:
    text = "before = 1\nname = input()\n1 / 0\n"
    uri = client.open(tmp_path / "moving.py", text)

    def edit_then_answer(_: Any) -> Message:
        client.change(uri, {"range": AT_START, "text": "# 1\n# 2\n"})
        return {"text": "typed"}

    client.answers_to["relive/input"] = edit_then_answer
    answer = client.evaluate(uri, "file", token="moving")
    assert [found["start"]["line"] for found in ranges(answer)] == [2, 3]
    assert answer["error"]["range"]["start"]["line"] == 4
    assert answer["error"]["frames"][-1]["line"] == 4
    told = [(params["version"], params["result"]) for params in client.seen("relive/result")]
    assert [(version, one["range"]["start"]["line"]) for version, one in told] == [(1, 0), (2, 3)]
    assert answer["version"] == 2


# -- errors --------------------------------------------------------------------------------------

FAILING = """\
def divide(a):
    return a / 0

limit = 3
divide(1)
limit + nowhere
"""


@pytest.fixture
def failing(client: Client, tmp_path: Path) -> str:
    return client.open(tmp_path / "failing.py", FAILING)


def test_an_error_is_an_answer_with_its_stack(client: Client, failing: str) -> None:
    answer = client.evaluate(failing, "form", position=place(FAILING, "divide(1)"))
    error = answer["error"]
    assert answer["status"] == "held"
    assert (error["type"], error["message"]) == ("ZeroDivisionError", "division by zero")
    assert [(frame["uri"], frame["line"], frame["text"]) for frame in error["frames"]] == [
        (failing, 4, "divide(1)"),
        (failing, 1, "return a / 0"),
    ]
    assert "ZeroDivisionError" in error["traceback"]


def test_lines_of_code_that_moved_since_it_was_loaded(client: Client, failing: str) -> None:
    client.evaluate(failing, "form", position=place(FAILING, "def"))
    client.change(failing, {"range": AT_START, "text": "# above\n\n"})
    answer = client.evaluate(failing, "form", position={"line": 6, "character": 0})
    frames = answer["error"]["frames"]
    assert [(frame["line"], frame["text"]) for frame in frames] == [
        (6, "divide(1)"),
        (3, "return a / 0"),
    ]


def test_lines_of_other_open_documents_that_moved(
    client: Client, failing: str, tmp_path: Path
) -> None:
    (tmp_path / "failing.py").write_text(FAILING.replace("divide(1)\n", "\n"), encoding="utf-8")
    text = "import failing\nfailing.limit\nfailing.divide(2)\n"
    uri = client.open(tmp_path / "caller.py", text)
    client.change(failing, {"range": AT_START, "text": "# above\n\n"})
    client.evaluate(failing, "form", position=place("\n\n" + FAILING, "limit"))
    answer = client.evaluate(uri, "form", position={"line": 2, "character": 0})
    frame = answer["error"]["frames"][-1]
    assert (frame["uri"], frame["line"], frame["text"]) == (failing, 3, "return a / 0")


def test_a_name_that_was_not_assigned_yet_is_pointed_to(client: Client, failing: str) -> None:
    answer = client.evaluate(failing, "selection", range=span(FAILING, "limit + nowhere"))
    assert answer["error"]["missing"] == {"name": "limit", "line": 3}


def test_a_syntax_error_elsewhere_does_not_matter(client: Client, tmp_path: Path) -> None:
    text = "def broken(:\n    pass\n\n1 + 1\nclass Also(\n"
    uri = client.open(tmp_path / "broken.py", text)
    assert values(client.evaluate(uri, "form", position=place(text, "1 + 1"))) == ["2"]


def test_a_syntax_error_inside_has_its_place(client: Client, tmp_path: Path) -> None:
    text = "x = 1\n\ny = = 2\n"
    uri = client.open(tmp_path / "broken.py", text)
    answer = client.evaluate(uri, "form", position=place(text, "y"))
    assert (answer["status"], answer["error"]["type"]) == ("error", "SyntaxError")
    assert answer["error"]["range"]["start"] == {"line": 2, "character": 4}


# -- while it runs -------------------------------------------------------------------------------


def notices(client: Client) -> list[tuple[str, Message]]:
    told = ("relive/progress", "relive/result", "relive/output")
    return [(m["method"], m["params"]) for m in client.timeline if m.get("method") in told]


def test_progress_results_and_output_come_in_order_before_the_answer(
    client: Client, tmp_path: Path
) -> None:
    text = "first = 1\nprint('out')\n"
    uri = client.open(tmp_path / "steps.py", text)
    request_id = client.command(
        "relive.evaluate", {"uri": uri, "scope": "file", "token": "the token"}
    )
    answer = client.result(request_id)
    last = client.place_of(client.response(request_id))
    assert all(item.get("method") != "relive/result" for item in client.timeline[last:])
    told = notices(client)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}}
    kinds = [(name, params.get("state")) for name, params in told if name != "relive/output"]
    assert kinds == [
        ("relive/progress", "queued"),
        ("relive/progress", "running"),
        ("relive/result", None),
        ("relive/progress", "running"),
        ("relive/result", None),
    ]
    assert {params["token"] for _, params in told} == {"the token"}
    assert {params["id"] for _, params in told} == {answer["id"]}
    progress = [params for name, params in told if name == "relive/progress"]
    assert [params["target"] for params in progress] == [whole] * 3
    assert [params["statement"] for params in progress] == [
        None,
        span(text, "first = 1"),
        span(text, "print('out')"),
    ]
    streamed = [params["result"] for name, params in told if name == "relive/result"]
    assert streamed == answer["results"]
    output = "".join(params["text"] for name, params in told if name == "relive/output")
    assert output == "out\n" == "".join(chunk["text"] for chunk in answer["output"])


def test_without_a_token_there_is_none(client: Client, program: str) -> None:
    client.evaluate(program, "file")
    assert all("token" not in params for _, params in notices(client))


def test_a_long_statement_is_told_of_each_second(client: Client, tmp_path: Path) -> None:
    text = "while True: pass\n"
    uri = client.open(tmp_path / "long.py", text)
    request_id = client.command("relive.evaluate", {"uri": uri, "scope": "file"})
    params = client.wait_for_notification("relive/progress", lambda p: p["elapsedMs"] > 1500)
    assert (params["state"], params["statement"]) == ("running", span(text, text.strip()))
    client.execute("relive.interrupt", {})
    assert client.result(request_id)["status"] == "interrupted"
    after = len(client.timeline)
    client.evaluate(client.open(tmp_path / "short.py", "1\n"), "file")
    later = [item for item in client.timeline[after:] if item.get("method") == "relive/progress"]
    assert {item["params"]["uri"] for item in later} == {(tmp_path / "short.py").as_uri()}


def test_evaluations_queue(client: Client, tmp_path: Path) -> None:
    client.answers_to["relive/input"] = lambda _: {"text": ""}
    uri = client.open(tmp_path / "queue.py", "x = [1]\nx.append(input())\nlen(x)\n")
    first = client.command("relive.evaluate", {"uri": uri, "scope": "file", "token": "1"})
    params = {"uri": uri, "scope": "form", "position": {"line": 2, "character": 0}, "token": "2"}
    second = client.command("relive.evaluate", params)
    assert values(client.result(second)) == ["2"]
    places = [client.place_of(client.response(each)) for each in (first, second)]
    assert places == sorted(places)


def test_giving_up_the_request_does_not_end_the_evaluation(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "patient.py", "input()\n'done'\n")
    request_id = client.command("relive.evaluate", {"uri": uri, "scope": "file"})
    question = client.wait_for(lambda m: m.get("method") == "relive/input", "question")
    client.notify("$/cancelRequest", {"id": request_id})
    assert client.response(request_id)["error"]["code"] == CANCELLED
    client.send({"jsonrpc": "2.0", "id": question["id"], "result": {"text": ""}})
    client.wait_for_notification(
        "relive/result", lambda params: params["result"]["value"]["text"] == "'done'"
    )
    client.execute("relive.session", {})
    assert len(client.responses(request_id)) == 1


def test_much_output_arrives_whole(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "loud.py", "for n in range(5000): print(n)\n")
    answer = client.evaluate(uri, "file")
    expected = "".join(f"{n}\n" for n in range(5000))
    assert "".join(chunk["text"] for chunk in answer["output"]) == expected
    assert "".join(params["text"] for params in client.seen("relive/output")) == expected
    assert len(client.seen("relive/output")) < 1000


# -- odd values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("float('nan')", "nan", id="p10-nan"),
        pytest.param("[float('inf')]", "[inf]", id="p10-infinity"),
        pytest.param("'\\ud800'", "'\\ud800'", id="p11-surrogate"),
        pytest.param(
            "{'jsonrpc': '2.0', 'id': 1}", "{'jsonrpc': '2.0', 'id': 1}", id="p12-message"
        ),
    ],
)
def test_odd_values_arrive(client: Client, code: str, expected: str) -> None:
    answer = client.execute("relive.evaluateText", {"text": code})
    assert values(answer) == [expected]


def test_p10_a_huge_number_arrives_cut(client: Client) -> None:
    [result] = client.execute("relive.evaluateText", {"text": "10 ** 5000"})["results"]
    assert result["value"]["type"] == "int"
    assert 0 < len(result["value"]["text"]) <= 100


def test_p11_printed_surrogates_arrive(client: Client) -> None:
    answer = client.execute("relive.evaluateText", {"text": "print('a\\ud800b')"})
    assert answer["status"] in ("ok", "error")
    assert client.execute("relive.evaluateText", {"text": "1"})["status"] == "ok"


# -- text in no document -------------------------------------------------------------------------


def test_text_runs_in_the_module_of_a_document(client: Client, program: str) -> None:
    client.evaluate(program, "form", position=place(PROGRAM, "radius"))
    arguments = {"text": "radius + 1", "uri": program, "token": "text"}
    answer = client.execute("relive.evaluateText", arguments)
    assert (answer["module"], values(answer)) == ("program", ["3"])
    assert ranges(answer) == [span("radius + 1", "radius + 1")]
    told = [params for params in client.seen("relive/result") if params.get("token") == "text"]
    assert [params["uri"] for params in told] == [None]


def test_text_finds_the_definitions_of_its_document(client: Client, program: str) -> None:
    answer = client.execute("relive.evaluateText", {"text": "area(10)", "uri": program})
    assert values(answer)[-1] == "314"
    needed = [item["range"] for item in answer["results"] if item["origin"] == "dependency"]
    assert needed[-1] == span(PROGRAM, "def area", "r * r)")


def test_text_without_a_document_runs_in_the_scratch_module(client: Client) -> None:
    assert values(client.execute("relive.evaluateText", {"text": "x = 1\nx + 1"})) == ["1", "2"]


def test_text_for_a_frame_is_refused_while_none_is_held(client: Client) -> None:
    with pytest.raises(RequestError, match="No frame is held"):
        client.execute("relive.evaluateText", {"text": "1", "frame": 0})
