"""The names of processes over LSP: `relive.modules`, `relive.variables`, `relive.deleteName`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.driver import Client, RequestError

TEXT = "import json\n\nx = [1, 2]\n\n\ndef f(a): return x\n\n\n\ny = f(0)\n"


def listed(client: Client, **asked: Any) -> dict[str, dict[str, Any]]:
    answer = client.execute("relive.variables", {"start": 0, "count": 100, **asked})
    return {each["name"]: each for each in answer["items"]}


def test_the_names_of_a_module_and_the_forms_that_set_them(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "some_names.py", TEXT)
    assert listed(client, uri=uri) == {}
    client.execute("relive.evaluate", {"uri": uri, "scope": "file"})
    found = listed(client, uri=uri)
    assert list(found) == ["x", "y", "f", "json"]
    assert found["x"] == {
        "name": "x",
        "text": "[1, 2]",
        "type": "list",
        "ref": found["x"]["ref"],
        "children": True,
        "setBy": {"uri": uri, "range": line_range(2, 10)},
        "kind": "value",
        "size": "2 items",
        "length": 2,
    }
    top = {"line": 0, "character": 0}
    client.change(uri, {"range": {"start": top, "end": top}, "text": "# first\n"})
    assert listed(client, uri=uri)["y"]["setBy"]["range"] == line_range(10, 8)
    (module,) = (
        each for each in client.execute("relive.modules", {})["items"] if each["uri"] == uri
    )
    assert (module["name"], module["names"]) == ("some_names", 4)
    assert list(listed(client, parent=module["ref"], uri=uri, filter="J")) == ["json"]
    (first, second) = listed(client, parent=found["x"]["ref"], uri=uri).values()
    assert (first["name"], second["text"], second["setBy"]) == ("[0]", "2", None)


def line_range(line: int, end: int) -> dict[str, Any]:
    return {"start": {"line": line, "character": 0}, "end": {"line": line, "character": end}}


def test_an_imported_module_tells_which_form_binds_a_name(client: Client, tmp_path: Path) -> None:
    (tmp_path / "brought_in.py").write_text("a = 1\na = 2\n")
    uri = client.open(tmp_path / "brought_in.py", "a = 1\na = 2\n")
    other = client.open(tmp_path / "bringing.py", "import brought_in\n")
    client.execute("relive.evaluate", {"uri": other, "scope": "file"})
    assert listed(client, uri=uri)["a"]["setBy"] == {"uri": uri, "range": line_range(1, 5)}


def test_a_name_is_deleted_and_what_used_it_is_stale(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "deleting.py", "x = 1\ny = x + 1\n")
    client.execute("relive.evaluate", {"uri": uri, "scope": "file", "token": "t"})
    after = len(client.timeline)
    answer = client.execute("relive.deleteName", {"uri": uri, "name": "x"})
    assert answer["status"] == "ok"
    stale = client.wait_for_notification("relive/stale", after=after)
    assert "x" in str(stale)
    assert list(listed(client, uri=uri)) == ["y"]
    (entry, *_) = client.execute("relive.history", {"uri": uri})
    assert entry["text"] == "del x"
    with pytest.raises(RequestError, match="no name 'x'"):
        client.execute("relive.deleteName", {"uri": uri, "name": "x"})
    client.execute("relive.evaluateText", {"uri": uri, "text": "globals()['a b'] = 1"})
    client.execute("relive.deleteName", {"uri": uri, "name": "a b"})
    assert list(listed(client, uri=uri)) == ["y"]


def test_names_start_no_process(fresh_client: Client) -> None:
    assert fresh_client.execute("relive.modules", {}) == {"items": []}
    assert fresh_client.execute("relive.variables", {})["items"] == []
    with pytest.raises(RequestError, match="No frame is held"):
        fresh_client.execute("relive.variables", {"frame": 0})
    assert fresh_client.execute("relive.session", {})["pid"] is None
    gone = fresh_client.execute("relive.variables", {"parent": "1:1"})
    assert "Evaluate the code again" in gone["gone"]
