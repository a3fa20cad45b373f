"""What files computed as they were imported, once something that they computed it with is edited.

Before 3.12 it is told from their texts, from then on the import was seen to run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import INTERPRETERS, VERSIONS
from lsp.conftest import StartClient
from lsp.driver import Client

BASE = """\
LIMIT = 2
TABLE = {}
COUNT = 0

def load(n):
    return [n] * LIMIT

def keep(name, n):
    global COUNT
    TABLE[name] = load(n)
    COUNT = len(load(n))

class Loader:
    def get(self):
        return 1

def tag(f):
    f.label = "one"
    return f

def rest():
    return 5
"""
MIDDLE = """\
import base
from base import LIMIT, Loader, keep, load, tag

rows = load(3)
keep("a", 1)
globals()["made"] = base.load(1)
fixed = base.rest()
holder = Loader()

class Box:
    inside = load(4)
    def size(self, by=len(load(1))):
        return by

class Smaller(Box):
    pass

def first(of=load(5)):
    return of[0], len(of)

@tag
def named():
    return 2

def double():
    return LIMIT * 2

twice = double()
"""
TOP = """\
from middle import *
from middle import rows as many, Box as Kind
import middle

total = len(many)
inner = Kind.inside[:]
got = middle.holder.get()
own = 3
"""
MAIN = """\
import middle, base, top
from top import total as sum_of, own
middle.rows
base.TABLE
base.COUNT
middle.made
middle.Box.inside
middle.Box().size()
middle.Smaller.inside
middle.first()
sum_of
top.inner
top.got
middle.named.label
middle.twice
middle.fixed
own
base.rest()
"""
OF_LOAD = {
    "middle.rows",
    "base.TABLE",
    "base.COUNT",
    "middle.made",
    "middle.Box.inside",
    "middle.Box().size()",
    "middle.Smaller.inside",
    "middle.first()",
    "sum_of",
    "top.inner",
}
NOT_OF_LOAD = {
    "top.got",
    "middle.named.label",
    "middle.twice",
    "middle.fixed",
    "own",
    "base.rest()",
}


class Shown:
    """The results of a file, and which of them are stale by now."""

    def __init__(self, client: Client, folder: Path, version: str) -> None:
        self.client = client
        self.sees_imports = version not in ("3.9", "3.10", "3.11")
        for name, text in (("base", BASE), ("middle", MIDDLE), ("top", TOP), ("m", MAIN)):
            (folder / f"{name}.py").write_text(text)
        self.base = client.open(folder / "base.py", BASE)
        answer = client.evaluate(client.open(folder / "m.py", MAIN), "file")
        lines = MAIN.split("\n")
        self._code = {
            each["id"]: lines[each["range"]["start"]["line"]] for each in answer["results"]
        }

    def edit(self, old: str, new: str, name: str) -> None:
        assert old in BASE
        self.client.change(self.base, {"text": BASE.replace(old, new)})
        receipt = self.client.execute("relive.redefine", {"uri": self.base, "name": name})
        assert receipt["error"] is None

    def undo(self) -> None:
        self.client.execute("relive.undo", {"uri": self.base})

    @property
    def stale(self) -> set[str]:
        stale: set[str] = set()
        for message in self.client.timeline:
            if message.get("method") == "relive/stale":
                stale.update(message["params"]["results"])
            elif message.get("method") == "relive/fresh":
                stale.difference_update(message["params"]["results"])
        return {self._code[each] for each in stale if "import" not in self._code[each]}


@pytest.fixture(params=VERSIONS)
def shown(request: pytest.FixtureRequest, start_client: StartClient, workspace: Path) -> Shown:
    client = start_client()
    client.initialize(workspace, options={"interpreter": INTERPRETERS[request.param]})
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    return Shown(client, workspace, request.param)


def test_what_other_files_computed_as_they_were_imported_is_stale(shown: Shown) -> None:
    shown.edit("[n] * LIMIT", "[n, n]", "load")
    assert shown.stale >= OF_LOAD
    assert shown.sees_imports or not shown.stale & NOT_OF_LOAD
    shown.undo()
    assert shown.stale == set()
    shown.edit("return 1", "return 7", "Loader.get")
    assert "top.got" in shown.stale
    shown.undo()
    shown.edit('"one"', '"two"', "tag")
    assert "middle.named.label" in shown.stale
    shown.undo()
    assert shown.stale == set()


def test_what_came_of_a_constant_of_another_file_is_stale(shown: Shown, workspace: Path) -> None:
    text = BASE.replace("LIMIT = 2", "LIMIT = 3")
    (workspace / "base.py").write_text(text)
    shown.client.change(shown.base, {"text": text})
    shown.client.save(shown.base)
    shown.client.wait_for_notification("relive/redefined")
    assert shown.stale >= OF_LOAD | {"middle.twice"}
