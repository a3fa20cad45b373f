"""Settings: how they are read, and when they apply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, place
from relive.lsp.configuration import Configuration
from relive.session.settings import Settings

IN_AN_EDITOR = Settings(terminal=True, staleness=True, hold_errors="workspace")
"""What an editor gets that says nothing: its output view shows colours and progress bars."""


def read(settings: Any) -> Configuration:
    configuration = Configuration()
    configuration.start({"settings": settings})
    return configuration


@pytest.mark.parametrize(
    "settings",
    [
        {
            "results": {"maxLength": 7, "hoverMaxLength": 70},
            "evaluate": {"dependencies": "none"},
            "output": {"terminal": False},
        },
        {
            "results.maxLength": 7,
            "results.hoverMaxLength": 70,
            "evaluate.dependencies": "none",
            "output.terminal": False,
        },
    ],
)
def test_nested_and_dotted_names_are_read(settings: Any) -> None:
    chosen = {"result_max_length": 7, "hover_max_length": 70, "dependencies": "none"}
    expected = replace(IN_AN_EDITOR, **chosen, terminal=False)
    assert read(settings).session == expected


@pytest.mark.parametrize(
    "settings",
    [
        None,
        "no object",
        {"results": 5},
        {"results": {"maxLength": "wide"}},
        {"results": {"maxLength": 0}},
        {"results": {"maxLength": True}},
        {"evaluate": {"dependencies": "some"}},
        {"evaluate": {"dependencies": ["all"]}},
        {"repr": {"timeBudgetMs": -1}},
        {"output": {"terminal": "yes"}},
    ],
)
def test_what_does_not_fit_is_as_if_it_were_not_there(settings: Any) -> None:
    assert read(settings).session == IN_AN_EDITOR


@pytest.mark.parametrize(
    ("settings", "chosen"),
    [
        ({}, ("manual", True)),
        ({"redefineOnSave": "all", "redefineOnDiskChange": False}, ("all", False)),
        ({"redefineOnSave": "off"}, ("off", True)),
        ({"redefineOnSave": "sometimes", "redefineOnDiskChange": "no"}, ("manual", True)),
        ({"redefineOnSave": True, "redefineOnDiskChange": 0}, ("manual", True)),
    ],
)
def test_what_redefines_without_a_command(settings: Any, chosen: tuple[str, bool]) -> None:
    found = read(settings)
    assert (found.redefine_on_save, found.redefine_on_disk_change) == chosen


@pytest.mark.parametrize("options", [None, [], {"interpreter": ""}, {"interpreter": 5}, {}])
def test_without_an_interpreter_it_is_our_own(options: Any) -> None:
    configuration = Configuration()
    configuration.start(options)
    assert configuration.interpreter is None


def test_a_setting_applies_from_the_next_evaluation_on(client: Client, tmp_path: Path) -> None:
    text = "def f(): return 'x' * 500\nf()\n"
    uri = client.open(tmp_path / "long.py", text)
    where = place(text, "f()\n")

    def shown() -> Any:
        result = client.evaluate(uri, "form", position={**where, "line": 1, "character": 0})
        return result["results"][-1]["value"]

    assert len(shown()["text"]) <= 100
    settings = {"relive": {"results": {"maxLength": 20, "hoverMaxLength": 50}}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    value = shown()
    assert value["truncated"]
    assert len(value["text"]) <= 20
    assert len(value["detail"]) <= 50
    client.notify("workspace/didChangeConfiguration", {"settings": {"relive": {}}})
    assert len(shown()["text"]) > 20
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    assert shown()["truncated"]


def test_dependencies_can_be_switched_off(start_client: StartClient, tmp_path: Path) -> None:
    client = start_client()
    settings = {"evaluate": {"dependencies": "none"}}
    client.initialize(tmp_path, options={"interpreter": None, "settings": settings})
    uri = client.open(tmp_path / "needing.py", "def f(): pass\nf()\n")
    answer = client.evaluate(uri, "form", position={"line": 1, "character": 0})
    assert answer["error"]["type"] == "NameError"


def test_folders_have_interpreters_of_their_own() -> None:
    configuration = Configuration()
    own = {"file:///shops/one": "/one/python", "file:///shops/two": None, "file:///shops/odd": 3}
    configuration.start({"interpreter": "/usr/python", "interpreters": own})
    asked = [configuration.interpreter_of(folder) for folder in ("/shops/one", "/shops/two", None)]
    assert asked == ["/one/python", None, "/usr/python"]
    assert configuration.interpreter_of("/shops/odd") is None
    assert configuration.interpreter_of("/shops/other") == "/usr/python"
