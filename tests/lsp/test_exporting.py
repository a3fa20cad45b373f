"""Exports and imports over LSP."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from lsp.driver import Client, RequestError, place

TEXT = """class Table:
    def _repr_html_(self):
        return "<b>rows</b>"


unused = 1

prices = [3, 4]

prices.append(5)

total = sum(prices)

total

Table()
"""


@pytest.fixture
def uri(client: Client, tmp_path: Path) -> str:
    return client.open(tmp_path / "sums.py", TEXT)


def test_a_session_is_told_as_a_program_and_as_a_notebook(
    client: Client, uri: str, tmp_path: Path
) -> None:
    with pytest.raises(RequestError, match="Nothing has run"):
        client.execute("relive.exportSession", {"format": "py", "uri": uri})
    answer = client.evaluate(uri, "file")
    assert answer["status"] == "ok"
    told = client.execute("relive.exportSession", {"format": "py", "uri": uri})
    assert told["name"].endswith(".py")
    assert (told["statements"], told["leftOut"]) == (7, [])
    assert run(told["text"], "print(total)", tmp_path) == "12"
    told = client.execute("relive.exportSession", {"format": "ipynb", "uri": uri})
    notebook = nbformat.reads(told["text"], as_version=4)
    nbformat.validate(notebook)
    data = notebook.cells[-1].outputs[0].data
    assert data["text/html"] == "<b>rows</b>"


def test_chosen_results_come_with_what_they_need(client: Client, uri: str, tmp_path: Path) -> None:
    answer = client.evaluate(uri, "file")
    by_line = {each["range"]["start"]["line"]: each["id"] for each in answer["results"]}
    chosen = [by_line[TEXT[: TEXT.index("\ntotal\n")].count("\n") + 1]]
    params = {"format": "py", "results": chosen, "uri": uri}
    told = client.execute("relive.exportResults", params)
    assert "unused" not in told["text"]
    assert "class Table" not in told["text"]
    assert run(told["text"], "print(total)", tmp_path) == "12"
    told = client.execute("relive.exportResults", {**params, "format": "ipynb"})
    notebook = nbformat.reads(told["text"], as_version=4)
    assert notebook.cells[-1].outputs[-1].data["text/plain"] == "12"
    with pytest.raises(RequestError, match="None of these results"):
        client.execute("relive.exportResults", {**params, "results": ["99:1"]})


def test_a_notebook_is_imported_beside_it_and_nothing_is_overwritten(
    client: Client, tmp_path: Path
) -> None:
    cells = [{"cell_type": "code", "metadata": {}, "source": "%time\nx = 6 * 7\nx"}]
    notebook = tmp_path / "first.ipynb"
    notebook.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}))
    told = client.execute("relive.importNotebook", {"uri": notebook.as_uri()})
    assert (told["name"], told["cells"], told["comments"]) == ("first.py", 1, 1)
    assert not (tmp_path / "first.py").exists()
    (tmp_path / "first.py").write_text("mine\n")
    told = client.execute("relive.importNotebook", {"uri": notebook.as_uri(), "save": True})
    saved = tmp_path / "first-1.py"
    assert told["uri"] == saved.as_uri()
    assert (tmp_path / "first.py").read_text() == "mine\n"
    uri = client.open(saved, saved.read_text())
    answer = client.evaluate(uri, "cell", position=place(told["text"], "x = 6"))
    assert answer["results"][-1]["value"]["text"] == "42"
    with pytest.raises(RequestError, match="cannot be imported"):
        client.execute("relive.importNotebook", {"uri": saved.as_uri()})
    with pytest.raises(RequestError, match="cannot be read: No such file"):
        client.execute("relive.importNotebook", {"uri": (tmp_path / "none.ipynb").as_uri()})


def run(text: str, more: str, folder: Path) -> str:
    """Run a program and what follows, and return what it prints."""
    file = folder / "exported_program.py"
    file.write_text(f"{text}\n{more}\n")
    told = subprocess.run([sys.executable, file], check=True, capture_output=True, text=True)
    return told.stdout.strip()
