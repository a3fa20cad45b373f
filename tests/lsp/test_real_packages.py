"""Redefining inside installed libraries over LSP, from text that is nowhere saved, objects alive."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from lsp.driver import Client


def file_of(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


def shown(client: Client, code: str) -> str:
    answer = client.execute("relive.evaluateText", {"text": code})
    assert answer["status"] == "ok", answer["error"]
    text: str = answer["results"][-1]["value"]["text"]
    return text


LIBRARIES = {
    "requests": (
        "requests.models",
        "import requests\nr = requests.Response()\nr.status_code = 503\nr.ok",
        "        except HTTPError:\n            return False\n        return True",
        "        except HTTPError:\n            return 'so what'\n        return True",
        "Response.ok",
        "r.ok",
        "'so what'",
    ),
    "networkx": (
        "networkx.algorithms.cluster",
        "import networkx as nx\nG = nx.complete_graph(4)\nt = nx.triangles\nt(G, 0)",
        "            return next(_triangles_and_degree_iter(G, nodes))[2] // 2\n",
        "            return next(_triangles_and_degree_iter(G, nodes))[2] // 2 + 1000\n",
        "triangles",
        "t(G, 0), nx.triangles(G, 0)",
        "(1003, 1003)",
    ),
    "rich": (
        "rich.text",
        "from rich.text import Text\ntext = Text('hello')\nlength = text.__len__\nlength()",
        "        return self._length\n\n    def __bool__",
        "        return self._length * 10\n\n    def __bool__",
        "Text.__len__",
        "len(text), length()",
        "(50, 50)",
    ),
}


@pytest.mark.parametrize("case", LIBRARIES.values(), ids=LIBRARIES.keys())
def test_a_live_object_of_a_library_follows(client: Client, case: tuple[str, ...]) -> None:
    module, setup, old, new, name, probe, expected = case
    shown(client, setup)
    file = file_of(module)
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    uri = client.open(file, text)
    client.change(uri, {"text": text.replace(old, new)})
    line = text[: text.index(old)].count("\n")
    here = client.evaluate(uri, "form", position={"line": 0, "character": 0})
    assert here["module"] == module
    receipt = client.execute(
        "relive.redefine", {"uri": uri, "position": {"line": line, "character": 8}}
    )
    assert [each["name"] for each in receipt["definitions"]] == [name]
    assert receipt["status"] == "ok"
    assert shown(client, probe) == expected
    assert file.read_text(encoding="utf-8") == text
