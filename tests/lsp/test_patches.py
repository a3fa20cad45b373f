"""`relive.patches` and `relive.revertPatch`, and where else a patch shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, RequestError, place, span

LIBRARY = """\
def f():
    return 1


class C:
    def m(self):
        return 2
"""


class Library:
    """A library outside the workspace, imported, with its file open in the editor."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        client.answers_to["workspace/codeLens/refresh"] = lambda _: None
        self.file = folder / "lib.py"
        self.file.write_text(LIBRARY, encoding="utf-8")
        load = f"import sys; sys.path.append({str(folder)!r}); import lib; held = lib.f"
        client.execute("relive.evaluateText", {"text": load})
        after = len(client.timeline)
        self.uri = client.open(self.file, LIBRARY)
        wait_for_refresh(client, after)

    def patch(self, old: str, new: str, name: str) -> dict[str, Any]:
        """Edit the text, unsaved, and redefine."""
        self.client.change(self.uri, {"range": span(LIBRARY, old), "text": new})
        return self.client.execute("relive.redefine", {"uri": self.uri, "name": name})

    def value(self, text: str) -> str:
        answer = self.client.execute("relive.evaluateText", {"text": text})
        return answer["results"][-1]["value"]["text"]

    def patches(self, **argument: Any) -> list[dict[str, Any]]:
        return self.client.execute("relive.patches", argument)["items"]

    def lenses(self) -> dict[str, str]:
        found = self.client.call("textDocument/codeLens", {"textDocument": {"uri": self.uri}})
        return {each["command"]["arguments"][0]["name"]: each["command"]["title"] for each in found}

    def actions(self, mark: str, trigger: int = 1) -> list[dict[str, Any]]:
        at = place(LIBRARY, mark)
        return self.client.call(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": self.uri},
                "range": {"start": at, "end": at},
                "context": {"diagnostics": [], "triggerKind": trigger},
            },
        )


@pytest.fixture
def library(start_client: StartClient, tmp_path: Path) -> Library:
    client = start_client()
    (tmp_path / "workspace").mkdir()
    client.initialize(tmp_path / "workspace", options={"settings": {"codeLens": "definitions"}})
    return Library(client, tmp_path)


def wait_for_refresh(client: Client, after: int) -> None:
    client.wait_for(lambda m: m.get("method") == "workspace/codeLens/refresh", "refresh", after)


def test_a_patch_is_listed_and_reverted(library: Library) -> None:
    receipt = library.patch("return 1", "return 100", "f")
    assert receipt["definitions"][0]["patch"] == "patched"
    expected = {
        "uri": library.uri,
        "name": "f",
        "kind": "function",
        "line": 0,
        "original": "def f():\n    return 1",
        "running": "def f():\n    return 100",
    }
    assert library.patches() == [expected]
    assert library.value("held()") == "100"

    receipt = library.client.execute("relive.revertPatch", {"uri": library.uri, "name": "f"})
    assert (receipt["status"], receipt["error"]) == ("ok", None)
    (change,) = receipt["definitions"]
    assert (change["name"], change["outcome"], change["patch"]) == ("f", "redefined", "reverted")
    assert library.value("held()") == "1"
    assert library.patches() == []
    assert library.file.read_text(encoding="utf-8") == LIBRARY


def test_its_line_is_where_it_stands_in_the_document_now(library: Library) -> None:
    library.patch("return 2", "return 200", "C.m")
    top = {"line": 0, "character": 0}
    library.client.change(
        library.uri, {"range": {"start": top, "end": top}, "text": "# new\n"}, version=3
    )
    assert [(each["name"], each["line"]) for each in library.patches()] == [("C.m", 6)]


@pytest.mark.parametrize("argument", ["position", "file", "nothing"])
def test_what_is_reverted_can_be_said_in_several_ways(library: Library, argument: str) -> None:
    library.patch("return 1", "return 100", "f")
    arguments = {
        "position": {"uri": library.uri, "position": place(LIBRARY, "return 1")},
        "file": {"uri": library.uri},
        "nothing": {},
    }
    library.client.execute("relive.revertPatch", arguments[argument])
    assert library.value("held()") == "1"


def test_only_the_file_that_is_asked_about(library: Library, tmp_path: Path) -> None:
    library.patch("return 1", "return 100", "f")
    assert [each["name"] for each in library.patches(uri=library.uri)] == ["f"]
    assert library.patches(uri=(tmp_path / "other.py").as_uri()) == []


def test_a_library_that_is_not_open_can_be_reverted(library: Library) -> None:
    library.patch("return 1", "return 100", "f")
    library.client.notify("textDocument/didClose", {"textDocument": {"uri": library.uri}})
    (patch,) = library.patches()
    assert (patch["uri"], patch["line"]) == (library.file.as_uri(), 0)
    library.client.execute("relive.revertPatch", {"uri": patch["uri"], "name": "f"})
    assert library.value("held()") == "1"


def test_a_definition_that_is_not_patched_is_refused(library: Library) -> None:
    receipt = library.client.execute("relive.revertPatch", {"uri": library.uri, "name": "C.m"})
    assert receipt["status"] == "refused"
    assert "no patch" in receipt["definitions"][0]["reason"]


def test_a_name_without_its_file_is_an_error_that_says_so(library: Library) -> None:
    with pytest.raises(RequestError, match="uri"):
        library.client.execute("relive.revertPatch", {"name": "f"})


def test_lenses_say_what_is_patched(library: Library) -> None:
    after = len(library.client.timeline)
    library.patch("return 1", "return 100", "f")
    wait_for_refresh(library.client, after)
    assert library.lenses() == {
        "f": "redefine · in sync · patched",
        "C": "redefine · in sync",
        "C.m": "redefine · in sync",
    }
    after = len(library.client.timeline)
    library.client.execute("relive.revertPatch", {})
    wait_for_refresh(library.client, after)
    assert library.lenses()["f"] == "redefine · edited"


@pytest.mark.parametrize("trigger", [1, 2], ids=["invoked", "automatic"])
def test_the_code_action_reverts_the_definition_it_names(library: Library, trigger: int) -> None:
    after = len(library.client.timeline)
    library.patch("return 1", "return 100", "f")
    wait_for_refresh(library.client, after)
    actions = {each["title"]: each for each in library.actions("return 1", trigger)}
    command = actions["Revert patch of 'f'"]["command"]
    assert command["command"] == "relive.revertPatch"
    library.client.execute(command["command"], command["arguments"][0])
    assert library.value("held()") == "1"
    assert "Revert" not in str(library.actions("return 2"))


def test_without_a_session_nothing_is_patched_and_nothing_starts(client: Client) -> None:
    assert client.execute("relive.patches", {}) == {"items": []}
    receipt = client.execute("relive.revertPatch", {})
    assert (receipt["status"], receipt["definitions"]) == ("ok", [])


def test_a_restart_forgets_patches(library: Library) -> None:
    library.patch("return 1", "return 100", "f")
    library.client.execute("relive.restart", {})
    assert library.patches() == []


@pytest.mark.parametrize(
    ("folder", "is_patch"), [("elsewhere", False), ("site-packages", True)], ids=str
)
def test_what_is_evaluated_from_a_file_outside_is_the_users_own_unless_it_is_installed(
    start_client: StartClient, tmp_path: Path, folder: str, is_patch: bool
) -> None:
    for name in ("workspace", folder):
        (tmp_path / name).mkdir()
    client = start_client()
    client.initialize(tmp_path / "workspace")
    file = tmp_path / folder / "sample.py"
    text = "def f():\n    return 1\n"
    file.write_text(text, encoding="utf-8")
    uri = client.open(file, text)
    assert client.evaluate(uri, "file")["status"] == "ok"
    one = {"range": span(text, "1"), "text": "2"}
    client.change(uri, one)
    receipt = client.execute("relive.redefine", {"uri": uri, "name": "f"})
    assert receipt["definitions"][0]["outcome"] == "redefined"
    assert bool(client.execute("relive.patches", {})["items"]) is is_patch
