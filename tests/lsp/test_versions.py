"""`relive.undo`, `relive.versions`, `relive.redefineTo` and `relive.compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, RequestError

TEXT = (
    "import other\n\n\ndef f():\n    return 1\n\n\nclass C:\n    def m(self):\n        return 1\n"
)


class Project:
    """Two files, the first of which is open and imported."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.file = folder / "m.py"
        self.other = folder / "other.py"
        self.file.write_text(TEXT)
        self.other.write_text("def g():\n    return 1\n")
        self.uri = client.open(self.file, TEXT)
        self.text = TEXT
        self.value("import m")

    def edit(self, old: str, new: str) -> None:
        """Edit the open document; nothing is saved."""
        self.text = self.text.replace(old, new)
        self.client.change(self.uri, {"text": self.text})

    def redefine(self, name: str, old: str, new: str) -> dict[str, Any]:
        self.edit(old, new)
        return self.client.execute("relive.redefine", {"uri": self.uri, "name": name})

    def value(self, text: str) -> str:
        answer = self.client.execute("relive.evaluateText", {"text": text})
        assert answer["status"] == "ok", answer["error"]
        value = answer["results"][-1]["value"]
        return "" if value is None else value["text"]

    def undo(self) -> dict[str, Any]:
        return self.client.execute("relive.undo", {"uri": self.uri})

    def compare(self, **argument: Any) -> list[tuple[str, str, str | None, str | None]]:
        told = self.client.execute("relive.compare", argument)
        assert told["unreadable"] == []
        return [
            (Path(each["uri"]).name, each["name"], each["running"], each["disk"])
            for each in told["items"]
        ]


@pytest.fixture
def project(start_client: StartClient, workspace: Path) -> Project:
    client = start_client()
    client.initialize(workspace)
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    return Project(client, workspace)


def test_an_undo_tells_what_it_was_and_where_its_definitions_stand(project: Project) -> None:
    first = project.redefine("f", "return 1\n\n", "return 2\n\n")
    assert first["definitions"][0]["before"] == "def f():\n    return 1"
    project.edit("def f", "# moved\ndef f")
    told = project.undo()
    assert (told["status"], told["left"]) == ("ok", 0)
    assert told["undone"] == "the redefinition of 'f' in m.py"
    change = told["definitions"][0]
    assert (change["uri"], change["name"], change["outcome"]) == (project.uri, "f", "redefined")
    assert change["range"]["start"] == {"line": 4, "character": 0}
    assert project.value("m.f()") == "1"
    refused = project.undo()
    assert refused["status"] == "refused"
    assert "nothing to undo" in refused["definitions"][0]["reason"]


def test_process_and_disk_are_compared_in_all_files_that_are_loaded(project: Project) -> None:
    assert project.compare() == []
    project.redefine("C.m", "        return 1\n", "        return 2\n")
    project.other.write_text("def g():\n    return 1\n\n\ndef h():\n    return 0\n")
    project.client.execute("relive.evaluateText", {"text": "def new(): pass", "uri": project.uri})
    found = project.compare()
    assert ("m.py", "new", "def new(): pass", None) in found
    assert (
        "m.py",
        "C.m",
        "    def m(self):\n        return 2",
        "    def m(self):\n        return 1",
    ) in found
    assert {each[:2] for each in found} <= {("m.py", "new"), ("m.py", "C.m"), ("other.py", "h")}
    assert {each[0] for each in project.compare(uri=project.uri)} == {"m.py"}


def test_a_file_that_cannot_be_compared_is_named(project: Project) -> None:
    project.file.write_text("def f(:\n")
    told = project.client.execute("relive.compare", {"uri": project.uri})
    assert told == {"items": [], "unreadable": [project.uri]}


def versions(project: Project, **argument: Any) -> list[dict[str, Any]]:
    told = project.client.execute("relive.versions", {"uri": project.uri, **argument})
    assert (told["uri"], told["name"]) == (project.uri, argument.get("name", "f"))
    return told["items"]


def said(items: list[dict[str, Any]]) -> list[tuple[str, str, str | None, bool, bool]]:
    return [
        (each["text"][-1], each["origin"], each["kind"], each["running"], each["inFile"])
        for each in items
    ]


def test_each_text_that_ran_is_a_version_and_can_be_run_again(project: Project) -> None:
    project.redefine("f", "return 1\n\n", "return 2\n\n")
    project.edit("def f", "# moved\ndef f")
    project.redefine("f", "return 2\n\n", "return 3\n\n")
    project.undo()
    items = versions(project, position={"line": 4, "character": 1})
    assert said(items) == [
        ("2", "command", "undo", True, False),
        ("3", "command", "redefine", False, True),
        ("2", "command", "redefine", False, False),
        ("1", "loaded", None, False, False),
    ]
    assert [each["line"] for each in items[1:]] == [4, 3, 3]
    third = {"uri": project.uri, "name": "f", "entry": items[1]["entry"]}
    told = project.client.execute("relive.redefineTo", third)
    assert told["definitions"][0]["outcome"] == "redefined"
    assert told["definitions"][0]["range"]["start"]["line"] == 4
    assert project.value("m.f()") == "3"
    project.client.execute("relive.redefineTo", {"uri": project.uri, "name": "f"})
    assert project.value("m.f()") == "1"
    line = project.value("import inspect; inspect.getsource(m.f)")
    assert line == repr("def f():\n    return 1\n")


def test_a_definition_that_is_gone_from_the_file_can_be_brought_back(project: Project) -> None:
    project.redefine("f", "return 1\n\n", "return 2\n\n")
    project.edit("def f():\n    return 2\n", "")
    project.client.execute("relive.redefine", {"uri": project.uri})
    assert project.value("hasattr(m, 'f')") == "False"
    items = versions(project, name="f")
    assert said(items) == [
        ("2", "command", "redefine", False, False),
        ("1", "loaded", None, False, False),
    ]
    project.client.execute(
        "relive.redefineTo", {"uri": project.uri, "name": "f", "entry": items[0]["entry"]}
    )
    assert project.value("m.f()") == "2"


def test_what_has_no_versions_says_so(project: Project) -> None:
    assert versions(project, name="never") == []
    unknown = {"uri": project.uri, "name": "f", "entry": "none:1"}
    with pytest.raises(RequestError, match="no version of 'f'"):
        project.client.execute("relive.redefineTo", unknown)
    with pytest.raises(RequestError, match="`name` or a `position`"):
        project.client.execute("relive.versions", {"uri": project.uri})
