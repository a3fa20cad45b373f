"""Captured calls by commands: what is kept, code that runs in one, and what is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, RequestError, place

TEXT = """\
factor = 10


def scaled(numbers):
    total = 0
    for number in numbers:
        total += number * factor
    return total


class Box:
    def __init__(self, width):
        self.__width = width

    def area(self, height):
        size = self.__width * height
        return size
"""


class Project:
    """A file that is open and loaded."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        file = folder / "m.py"
        file.write_text(TEXT)
        self.text = TEXT
        self.uri = client.open(file, TEXT)
        assert client.evaluate(self.uri, "file")["status"] == "ok"

    def run(self, text: str, **more: Any) -> dict[str, Any]:
        told: dict[str, Any] = self.client.execute(
            "relive.evaluateText", {"text": text, "uri": self.uri, **more}
        )
        return told

    def capture(self, **which: Any) -> dict[str, Any]:
        told: dict[str, Any] = self.client.execute(
            "relive.captureCalls", {"uri": self.uri, **which}
        )
        return told

    def at(self, code: str) -> dict[str, Any]:
        """Evaluate what the key takes with the caret at some code."""
        return self.client.evaluate(self.uri, "form", position=place(self.text, code))

    def calls(self, name: str | None = None) -> list[dict[str, Any]]:
        told = self.client.execute("relive.captured", {"uri": self.uri, "name": name})
        items: list[dict[str, Any]] = told["items"]
        return items

    def edit(self, old: str, new: str) -> None:
        assert old in self.text
        self.text = self.text.replace(old, new)
        self.client.change(self.uri, {"text": self.text})


@pytest.fixture(scope="module")
def project(start_shared_client: StartClient, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("captures")
    client = start_shared_client()
    client.initialize(folder)
    return Project(client, folder)


@pytest.fixture(autouse=True)
def nothing_is_captured(project: Project) -> None:
    """Whatever other tests of the same process have left: they run in any order."""
    project.client.execute("relive.stopCapturing", {})


def values(answer: dict[str, Any]) -> list[str]:
    assert answer["status"] == "ok", answer["error"]
    return [each["value"]["text"] for each in answer["results"] if each["value"]]


def test_a_call_is_kept_and_told_of(project: Project) -> None:
    """Its arguments, what lines assigned, and its result, at the lines of the document."""
    told = project.capture(position=place(TEXT, "total += "))
    assert (told["name"], told["capturing"]) == ("scaled", True)
    after = len(project.client.timeline)
    assert values(project.run("scaled([1, 2, 3])")) == ["60"]
    news = project.client.wait_for_notification("relive/captured", after=after)
    assert news == {"uri": project.uri, "name": "scaled"}
    call = project.calls("scaled")[-1]
    assert call["arguments"] == [{"name": "numbers", "text": "[1, 2, 3]"}]
    assert (call["result"], call["outdated"]) == ("60", False)
    lines = {each["line"]: each for each in call["lines"]}
    total = lines[place(TEXT, "total += ")["line"]]
    assert total["values"] == [{"name": "total", "text": "60", "first": "10"}]
    assert total["count"] == 3


def test_code_of_the_body_runs_in_the_latest_call(project: Project) -> None:
    """The key takes the statement at the caret; a selection and `return` run there too."""
    project.capture(name="scaled")
    project.run("scaled([4])")
    answer = project.at("return total")
    assert values(answer) == ["40"]
    assert answer["inside"] == f"captured call {project.calls('scaled')[-1]['call']} of scaled"
    assert values(project.at("total = 0")) == ["0"], "rebinds the copy that is kept"
    assert values(project.at("return total")) == ["0"]
    start = place(TEXT, "number * factor")
    end = {**start, "character": start["character"] + len("number * factor")}
    selected = project.client.evaluate(project.uri, "selection", range={"start": start, "end": end})
    assert values(selected) == ["40"]


def test_text_runs_in_the_call_that_is_named(project: Project) -> None:
    project.capture(name="scaled")
    project.run("scaled([5]); scaled([6])")
    first, second = project.calls("scaled")[-2:]
    assert values(project.run("[each + total for each in numbers]", call=first["call"])) == ["[55]"]
    assert values(project.run("total", call=second["call"])) == ["60"]
    position = place(TEXT, "return total")
    answer = project.client.evaluate(project.uri, "form", position=position, call=first["call"])
    assert values(answer) == ["50"]


def test_a_call_runs_again(project: Project) -> None:
    """With its arguments, and the function as it is now."""
    project.capture(name="Box.area")
    project.run("Box(3).area(4)")
    call = project.calls("Box.area")[-1]
    assert values(project.run("self.__width + size", call=call["call"])) == ["15"]
    project.edit("size = self.__width * height", "size = self.__width * height + 1")
    project.client.execute("relive.redefine", {"uri": project.uri, "name": "Box.area"})
    again = {"call": call["call"], "uri": project.uri}
    assert values(project.client.execute("relive.runAgain", again)) == ["13"]
    before, after = project.calls("Box.area")[-2:]
    assert (before["outdated"], after["outdated"]) == (True, False)
    project.edit("height + 1", "height")
    project.client.execute("relive.redefine", {"uri": project.uri, "name": "Box.area"})


def test_lines_follow_the_document(project: Project) -> None:
    """Lines above are moved with; a text that is edited is told to be another."""
    project.capture(name="scaled")
    project.run("scaled([7])")
    line = project.calls("scaled")[-1]["lines"][0]["line"]
    project.edit("def scaled", "# one more line\ndef scaled")
    call = project.calls("scaled")[-1]
    assert (call["lines"][0]["line"], call["outdated"]) == (line + 1, False)
    project.edit("total = 0", "total = 1")
    assert project.calls("scaled")[-1]["outdated"]
    project.edit("total = 1", "total = 0")
    project.edit("# one more line\n", "")


def test_without_a_call_a_missing_variable_says_how_to_get_one(project: Project) -> None:
    project.client.execute("relive.stopCapturing", {"uri": project.uri})
    start = place(project.text, "size = ")
    end = {**start, "character": start["character"] + len("size = self")}
    selected = {"start": {**start, "character": end["character"] - len("self")}, "end": end}
    answer = project.client.evaluate(project.uri, "selection", range=selected)
    assert answer["error"]["type"] == "NameError"
    assert "Capture Calls of This Function" in answer["error"]["notes"][-1]
    assert "inside" not in answer


def test_a_new_process_captures_on(project: Project) -> None:
    """What it is to capture is the session's; the calls were the process's."""
    project.capture(name="scaled")
    project.run("scaled([8])")
    assert project.calls("scaled")
    project.client.execute("relive.restart", {})
    assert project.calls("scaled") == []
    project.client.evaluate(project.uri, "file")
    project.run("scaled([9])")
    assert [each["result"] for each in project.calls("scaled")] == ["90"]


def test_what_is_not_captured_any_more_is_gone(project: Project) -> None:
    project.capture(name="scaled")
    project.run("scaled([1])")
    number = project.calls("scaled")[-1]["call"]
    told = project.client.execute("relive.stopCapturing", {})
    assert told == {"items": [], "functions": []}
    answer = project.run("total", call=number)
    assert answer["status"] == "error"
    assert "not kept any more" in answer["error"]["message"]
    with pytest.raises(RequestError, match="not kept any more"):
        project.client.execute("relive.runAgain", {"call": number, "uri": project.uri})


def test_the_light_bulb_begins_and_ends_it(project: Project) -> None:
    where = place(project.text, "total = 0")

    def titles() -> list[str]:
        found = project.client.call(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": project.uri},
                "range": {"start": where, "end": where},
                "context": {"diagnostics": [], "only": ["refactor.relive.capture"]},
            },
        )
        return [each["title"] for each in found]

    assert titles() == ["Capture calls of 'scaled'"]
    project.capture(name="scaled")
    assert titles() == ["Stop capturing calls of 'scaled'"]
    project.client.execute("relive.stopCapturing", {})


def test_where_there_is_no_function_nothing_is_captured(project: Project) -> None:
    with pytest.raises(RequestError, match="No function at the cursor"):
        project.capture(position=place(TEXT, "factor"))
