"""What is told of definitions: their states, who is told of another one, and what is left of old."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from lsp.driver import Client, span

TEXT = """\
class C:
    __slots__ = ("a",)

    def m(self):
        return 1

@staticmethod
def f():
    def inner():
        pass
    return 1

def count():
    for n in range(9):
        yield n
"""
NAMES = ["C", "C.m", "f", "count"]


@pytest.fixture
def uri(client: Client, tmp_path: Path) -> str:
    return client.open(tmp_path / "told.py", TEXT)


def states(client: Client, uri: str) -> dict[str, Any]:
    return {
        each["name"]: each for each in client.execute("relive.definitions", {"uri": uri})["items"]
    }


def news(client: Client, uri: str, after: int) -> dict[str, Any]:
    """Wait until the client is told of other states, and return them."""
    client.wait_for_notification("relive/definitions", lambda told: uri in told["uris"], after)
    return states(client, uri)


def wait_for(client: Client, uri: str, name: str, **wanted: Any) -> dict[str, Any]:
    """Wait for news until a definition is as `wanted`."""
    while True:
        after = len(client.timeline)
        found: dict[str, Any] = states(client, uri).get(name, {})
        if all(found.get(key) == value for key, value in wanted.items()):
            return found
        client.wait_for_notification("relive/definitions", lambda told: uri in told["uris"], after)


def load(client: Client, uri: str) -> None:
    client.evaluate(uri, "file")
    wait_for(client, uri, "count", state="in sync")


def test_before_anything_has_run_nothing_is_loaded(fresh_client: Client, tmp_path: Path) -> None:
    client = fresh_client
    found = states(client, client.open(tmp_path / "told.py", TEXT))
    assert {name: each["state"] for name, each in found.items()} == dict.fromkeys(
        NAMES, "not loaded"
    )
    assert [found[name]["kind"] for name in NAMES] == ["class", "method", "function", "function"]
    assert found["f"]["range"] == span(
        TEXT, TEXT[TEXT.index("@static") : TEXT.index("\n\ndef count")]
    )
    assert found["f"]["header"] == {"line": 7, "character": 0}
    assert client.execute("relive.session", {})["pid"] is None


def test_their_states_follow_edits_and_redefinitions(client: Client, uri: str) -> None:
    load(client, uri)
    after = len(client.timeline)
    client.change(uri, {"range": span(TEXT, "return 1\n\n@"), "text": "return 2\n\n@"})
    found = news(client, uri, after)
    assert {name: found[name]["state"] for name in NAMES} == {
        "C": "in sync",
        "C.m": "edited",
        "f": "in sync",
        "count": "in sync",
    }
    client.execute("relive.redefine", {"uri": uri, "name": "C.m"})
    wait_for(client, uri, "C.m", state="in sync")
    client.execute("relive.restart", {})
    wait_for(client, uri, "C.m", state="not loaded")


def test_edits_that_change_no_state_are_no_news(client: Client, uri: str) -> None:
    load(client, uri)
    after = len(client.timeline)
    client.change(uri, {"range": span(TEXT, "class C"), "text": "\n\nclass C"})
    client.change(uri, {"range": span("\n\n" + TEXT, "yield n"), "text": "yield -n"})
    news(client, uri, after)
    told = [m for m in client.timeline[after:] if m.get("method") == "relive/definitions"]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("old", "new", "name", "asked", "reason"),
    [
        (
            '("a",)',
            '("a", "b")',
            "C",
            {"name": "C"},
            "cannot be changed while 1 object of it is alive",
        ),
        ("@staticmethod", "@missing", "f", {}, "NameError: name 'missing' is not defined"),
        (
            "return 1\n\n@",
            "return (\n\n@",
            "C.m",
            {"name": "C.m"},
            "SyntaxError: '(' was never closed",
        ),
    ],
)
def test_a_text_that_was_tried_in_vain_has_failed(
    client: Client, uri: str, old: str, new: str, name: str, asked: Any, reason: str
) -> None:
    load(client, uri)
    client.execute("relive.evaluateText", {"text": "kept = C()", "uri": uri})
    client.change(uri, {"range": span(TEXT, old), "text": new})
    client.execute("relive.redefine", {"uri": uri, **asked})
    found = wait_for(client, uri, name, state="failed")
    assert reason in found["reason"]

    edited = TEXT.replace(old, new)
    client.change(uri, {"range": span(edited, new), "text": old})
    assert "reason" not in wait_for(client, uri, name, state="in sync")


def test_a_branch_that_was_not_taken_is_not_loaded_and_not_edited(
    client: Client, tmp_path: Path
) -> None:
    text = (
        "if True:\n    def f():\n        return 1\nelse:\n    def f():\n        return 2\n"
        "try:\n    import nothing_of_that_name\n    class C:\n        def m(self):\n            return 1\n"
        "except ImportError:\n    class C:\n        a = 1\n        def m(self):\n            return 2\n"
        "def count():\n    pass\n"
    )
    uri = client.open(tmp_path / "branches.py", text)
    load(client, uri)
    assert _in_order(client, uri) == [
        ("f", "in sync"),
        ("f", "not loaded"),
        ("C", "not loaded"),
        ("C.m", "not loaded"),
        ("C", "in sync"),
        ("C.m", "in sync"),
        ("count", "in sync"),
    ]
    after = len(client.timeline)
    client.change(uri, {"range": span(text, "return 1"), "text": "return 3"})
    news(client, uri, after)
    assert _in_order(client, uri)[:2] == [("f", "edited"), ("f", "not loaded")]
    edited, after = text.replace("return 1", "return 3", 1), len(client.timeline)
    client.change(uri, {"range": span(edited, "return 2\ndef"), "text": "return 4\ndef"})
    news(client, uri, after)
    assert _in_order(client, uri)[3:6:2] == [("C.m", "not loaded"), ("C.m", "edited")]


@pytest.mark.parametrize(
    "text",
    [
        "class C:\n  if False:\n    def m(self):\n      return 1\n"
        "  else:\n    def m(self):\n      return 2\n",
        "class C:\n  try:\n    import nothing_of_that_name\n    @property\n"
        "    def m(self):\n      return 1\n"
        "  except ImportError:\n    @property\n    def m(self):\n      return 2\n",
        "for n in range(1):\n  if n:\n    def m():\n      return 1\n"
        "  else:\n    def m():\n      return 2\n",
    ],
)
def test_in_a_class_and_in_a_loop_too_a_branch_that_was_not_taken_is_not_loaded(
    client: Client, tmp_path: Path, text: str
) -> None:
    text += "def count():\n    pass\n"
    uri = client.open(tmp_path / "inside.py", text)
    load(client, uri)

    def methods() -> list[str]:
        return [state for name, state in _in_order(client, uri) if name.endswith("m")]

    assert methods() == ["not loaded", "in sync"]
    edited, after = text.replace("return 2", "return 4"), len(client.timeline)
    client.change(uri, {"text": edited})
    news(client, uri, after)
    assert methods() == ["not loaded", "edited"]
    client.execute("relive.redefine", {"uri": uri, "scope": "file"})
    wait_for(client, uri, "C.m" if "class" in text else "m", state="in sync")
    assert methods() == ["not loaded", "in sync"]
    client.change(uri, {"text": edited.replace("return 1", "return 3")})
    assert methods() == ["not loaded", "in sync"]


def _in_order(client: Client, uri: str) -> list[tuple[str, str]]:
    told = client.execute("relive.definitions", {"uri": uri})["items"]
    return [(each["name"], each["state"]) for each in told]


def test_an_old_body_that_waits_is_told_until_it_has_ended(client: Client, uri: str) -> None:
    load(client, uri)
    client.execute("relive.evaluateText", {"text": "going = count(); next(going)", "uri": uri})
    client.change(uri, {"range": span(TEXT, "yield n"), "text": "yield -n"})
    client.execute("relive.redefine", {"uri": uri, "name": "count"})
    found = wait_for(client, uri, "count", state="old body running")
    assert found["running"] == ["generator waiting at line 15 of the old text"]
    client.execute("relive.evaluateText", {"text": "going.close()", "uri": uri})
    assert "running" not in wait_for(client, uri, "count", state="in sync")


def test_an_old_body_that_ends_by_itself_is_noticed(
    client: Client, uri: str, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    text = (
        "import threading\nbegun = threading.Event()\n\n"
        f"def wait():\n    begun.set()\n    open({str(gate)!r}).read()\n"
    )
    client.change(uri, {"text": text})
    client.evaluate(uri, "file")
    started = 'threading.Thread(target=wait, name="waiter").start(); begun.wait()'
    client.execute("relive.evaluateText", {"text": started, "uri": uri})
    client.change(uri, {"range": span(text, "    open"), "text": "    return open"})
    client.execute("relive.redefine", {"uri": uri, "name": "wait"})
    found = wait_for(client, uri, "wait", state="old body running")
    assert found["running"] == ["thread 'waiter', at line 6 of the old text"]
    gate.write_text("")
    wait_for(client, uri, "wait", state="in sync")


def test_files_that_are_loaded_and_not_open_are_told_of_when_all_are_asked_for(
    fresh_client: Client, tmp_path: Path
) -> None:
    client = fresh_client
    uri = client.open(tmp_path / "told.py", TEXT)
    other = tmp_path / "other.py"
    other.write_text("def g():\n    return 1\n")
    assert {each["uri"] for each in client.execute("relive.definitions", {})["items"]} == {uri}
    client.execute("relive.evaluateText", {"text": "import other", "uri": uri})
    after = len(client.timeline)
    client.execute("relive.definitions", {})
    there = other.as_uri()
    client.wait_for_notification("relive/definitions", lambda told: there in told["uris"], after)
    assert states(client, there)["g"]["state"] == "in sync"
    assert there in {each["uri"] for each in client.execute("relive.definitions", {})["items"]}


PATCHED = """\
class A:
    def m(self):
        return 1

class Fake:
    def m(self):
        return 2

def plain():
    return 1

def by_its_text():
    return 1

by_its_text = len
"""


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("A.m = Fake.m", "A.m", "the function `Fake.m`"),
        ("A.m = lambda self: 3", "A.m", "the function `<lambda>`"),
        ("plain = 5", "plain", "an object of type `int`"),
        (
            "exec('def plain():\\n    return 2')",
            "plain",
            "a function made from a string by `exec`",
        ),
        (
            "plain = type(plain)(plain.__code__, {'__name__': 'other'})",
            "plain",
            "the function `plain` of `other`",
        ),
        ("plain.__code__ = (lambda: 0).__code__", "plain", "the code of `<lambda>`"),
        ("Fake = dict", "Fake", "the class `dict`"),
    ],
)
def test_what_the_program_has_put_in_a_definitions_place_is_told_and_stays(
    client: Client, tmp_path: Path, code: str, name: str, words: str
) -> None:
    uri = client.open(tmp_path / "patched.py", PATCHED)
    client.evaluate(uri, "file")
    wait_for(client, uri, "by_its_text", state="in sync")
    assert {each["state"] for each in states(client, uri).values()} == {"in sync"}
    client.execute("relive.inspect", {"uri": uri, "expression": f"exec({code!r}, globals())"})
    client.evaluate(uri, "form", position=span(PATCHED, "by_its_text = len")["start"])
    found = wait_for(client, uri, name, state="edited")
    why = (
        f"the program has put {words} in its place while it ran, which stays:"
        " have the program take it back, or run the file in a new process"
    )
    assert found["reason"] == why
    (told,) = client.execute("relive.redefine", {"uri": uri, "name": name})["definitions"][:1]
    assert (told["name"], told["outcome"], told["reason"]) == (name, "refused", why)
    states_now = {key: each["state"] for key, each in states(client, uri).items()}
    assert [key for key, state in states_now.items() if state != "in sync"] == [name]


@pytest.mark.skipif(sys.platform != "linux", reason="no checkpoints on this system")
def test_a_copy_that_goes_on_for_a_process_that_ended_is_asked_what_it_holds(
    fresh_client: Client, tmp_path: Path
) -> None:
    client = fresh_client
    client.configure(checkpoints="auto")
    helper = tmp_path / "lent.py"
    helper.write_text("def lend(): return 1\n")
    text = f"import lent\n{TEXT}"
    uri = client.open(tmp_path / "back.py", text)
    load(client, uri)
    client.execute("relive.definitions", {})
    wait_for(client, helper.as_uri(), "lend", state="in sync")
    after = len(client.timeline)
    crash = client.execute("relive.evaluateText", {"text": "import os; os._exit(3)", "uri": uri})
    assert crash["status"] == "died"
    client.wait_for_notification("relive/session", lambda told: "cameBack" in told, after)
    wait_for(client, uri, "count", state="in sync")
    wait_for(client, helper.as_uri(), "lend", state="in sync")
