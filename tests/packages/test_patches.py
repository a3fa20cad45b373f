"""Patching installed libraries: what is listed, and that all of it can be brought back."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import MAX_WAIT_S
from relive.session.answers import Evaluation
from relive.session.definition_answers import Patch, Redefinition
from relive.session.events import OutputReady
from relive.session.session import Session

LIBRARY = """\
import functools

LIMIT = 3


def twice(n):
    return n * 2


@functools.lru_cache
def cached(n):
    return n


class Box:
    size = 1

    def __init__(self, content):
        self.content = content

    def open(self):
        return self.content

    @property
    def weight(self):
        return self.size

    @weight.setter
    def weight(self, value):
        self.size = value
"""


def value(evaluation: Evaluation) -> str:
    assert evaluation.status == "ok", evaluation.error
    last = evaluation.results[-1].value
    assert last is not None
    return last.text


class Library:
    """A module outside the workspace, imported; its text as a person edits it, unsaved."""

    def __init__(self, session: Session, file: Path) -> None:
        self.session, self.file = session, file
        self.text = self.on_disk = file.read_text()

    def run(self, code: str) -> str:
        return value(self.session.evaluate(code))

    def edit(self, old: str, new: str, name: str | None) -> Redefinition:
        assert self.text.count(old) == 1, old
        self.text = self.text.replace(old, new)
        return self.session.redefine(self.file, self.text, name)

    def patched(self) -> list[str]:
        return [patch.name for patch in self.session.patches().items]


@pytest.fixture
def library(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library of a few definitions, with an instance and aliases held."""
    file = tmp_path_factory.mktemp("elsewhere") / "lib.py"
    file.write_text(LIBRARY)
    live = Library(session, file)
    live.run(f"import sys; sys.path.append({str(file.parent)!r}); import lib; lib.LIMIT")
    live.run("from lib import twice as alias, Box; box = Box(7); held = box.open; held()")
    return live


def installed(session: Session, module: str) -> Library:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    session.evaluate(f"import {module}")
    return Library(session, Path(spec.origin))


def outcomes(receipt: Redefinition) -> dict[str, tuple[str, str | None]]:
    return {each.name: (each.outcome, each.patch) for each in receipt.definitions}


def test_a_patch_is_listed_with_both_texts_and_reverted_in_place(library: Library) -> None:
    receipt = library.edit("return n * 2", "return n * 20", "twice")
    assert outcomes(receipt) == {"twice": ("redefined", "patched")}
    assert library.session.patches().items == (
        Patch(
            file=str(library.file),
            name="twice",
            kind="function",
            line=5,
            original="def twice(n):\n    return n * 2",
            running="def twice(n):\n    return n * 20",
        ),
    )
    assert library.run("alias(1)") == "20"
    receipt = library.session.revert_patch(library.file, "twice")
    assert outcomes(receipt) == {"twice": ("redefined", "reverted")}
    assert library.run("alias(1), alias is lib.twice") == "(2, True)"
    assert library.patched() == []
    assert library.file.read_text() == library.on_disk


EDITS: dict[str, tuple[str, str, str | None, list[str], str, str]] = {
    # name: (old, new, definition, what is patched then, an expression that was true at first)
    "method": ("return self.content", "return 'new'", "Box.open", ["Box.open"], "held()", "7"),
    "class attribute": ("size = 1", "size = 5", "Box", ["Box"], "box.size", "1"),
    "one part of a property": (
        "self.size = value",
        "self.size = 3 * value",
        "Box.weight",
        ["Box.weight"],
        "box.__class__.weight.fset(box, 2); box.size",
        "2",
    ),
    "function behind a cache": (
        "    return n\n",
        "    return -n\n",
        "cached",
        ["cached"],
        "lib.cached(4)",
        "4",
    ),
    "added function": (
        "def twice",
        "def thrice(n):\n    return n * 3\n\n\ndef twice",
        "thrice",
        ["thrice"],
        "hasattr(lib, 'thrice')",
        "False",
    ),
    "added method": (
        "    def open",
        "    def shut(self):\n        pass\n\n    def open",
        "Box.shut",
        ["Box.shut"],
        "hasattr(box, 'shut')",
        "False",
    ),
    "added class, told as one": (
        "def twice",
        "class New:\n    def m(self):\n        pass\n\n\ndef twice",
        None,
        ["New"],
        "hasattr(lib, 'New')",
        "False",
    ),
    "removed function": (
        "def twice(n):\n    return n * 2",
        "",
        None,
        ["twice"],
        "lib.twice(2)",
        "4",
    ),
    "removed method": (
        "    def open(self):\n        return self.content\n",
        "",
        None,
        ["Box.open"],
        "box.open()",
        "7",
    ),
    "class with a new method and attribute": (
        "size = 1",
        "size = 2\n\n    def grow(self):\n        self.size += 1",
        "Box",
        ["Box", "Box.grow"],
        "box.size, hasattr(box, 'grow')",
        "(1, False)",
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("everything", [False, True], ids=["by name", "all at once"])
def test_every_kind_of_patch_can_be_reverted(
    library: Library, edit: tuple[str, str, str | None, list[str], str, str], everything: bool
) -> None:
    old, new, name, patched, probe, original = edit
    receipt = library.edit(old, new, name)
    assert receipt.status == "ok", receipt
    assert library.patched() == patched
    if everything:
        library.session.revert_patch()
    else:
        library.session.revert_patch(library.file, patched[0])
    assert library.patched() == []
    assert library.run(probe) == original
    assert library.run("type(box) is lib.Box, held()") == "(True, 7)"


def test_a_class_is_reverted_with_what_is_patched_inside_it(library: Library) -> None:
    library.edit("return self.content", "return 'new'", "Box.open")
    receipt = library.session.revert_patch(library.file, "Box")
    assert outcomes(receipt) == {"Box.open": ("redefined", "reverted")}
    assert library.run("held()") == "7"


def test_evaluating_a_definition_that_is_live_patches_it(library: Library) -> None:
    library.session.evaluate("def twice(n):\n    return 'evaluated'", library.file)
    assert library.run("alias(1)") == "'evaluated'"
    assert library.patched() == ["twice"]
    library.session.revert_patch(library.file)
    assert library.run("alias(1)") == "2"


def test_what_is_changed_back_by_hand_is_no_patch_any_more(library: Library) -> None:
    library.edit("n * 2", "n * 20", "twice")
    receipt = library.edit("n * 20", "n * 2", "twice")
    assert outcomes(receipt) == {"twice": ("redefined", "reverted")}
    assert library.patched() == []


def test_moving_a_definition_is_no_patch(library: Library) -> None:
    library.edit("def twice", "# a comment\n\n\ndef twice", None)
    assert library.patched() == []


def test_a_saved_patch_is_one_until_the_process_ends(library: Library) -> None:
    library.edit("n * 2", "n * 20", "twice")
    library.file.write_text(library.text)
    library.session.redefine(library.file)
    assert library.patched() == ["twice"]
    library.session.restart()
    assert library.patched() == []
    library.run(f"import sys; sys.path.append({str(library.file.parent)!r}); import lib; lib.LIMIT")
    assert library.run("lib.twice(1)") == "20"
    library.session.redefine(library.file)
    assert library.patched() == []


def test_a_revert_that_fails_changes_nothing(library: Library) -> None:
    library.edit("return n * 2", "return n * 20", "twice")
    library.edit("@functools.lru_cache\n", "", "cached")
    library.run("lib.functools = None")
    receipt = library.session.revert_patch(library.file)
    assert receipt.status == "error"
    assert receipt.error is not None
    assert receipt.error.type == "AttributeError"
    assert library.patched() == ["twice", "cached"]
    assert library.run("alias(1)") == "20"


def test_the_source_that_is_shown_is_the_one_that_runs(library: Library) -> None:
    library.edit("    return n * 2", "    n += 1\n    return n * 20", "twice")
    show = "import inspect; inspect.getsource(lib.twice)"
    assert "n * 20" in library.run(show)
    library.session.revert_patch()
    assert library.run(show) == repr("def twice(n):\n    return n * 2\n")


def test_a_file_of_the_workspace_is_never_patched(fast_session: Session, workspace: Path) -> None:
    file = workspace / "own.py"
    file.write_text("def f(): return 1\n")
    fast_session.evaluate("import own")
    receipt = fast_session.redefine(file, "def f(): return 2\n", "f")
    assert outcomes(receipt) == {"f": ("redefined", None)}
    assert "patch" not in receipt.to_json()["definitions"][0]
    assert fast_session.patches().items == ()
    receipt = fast_session.revert_patch(file, "f")
    assert receipt.status == "refused"
    assert fast_session.evaluate("own.f()").results[-1].value.text == "2"  # type: ignore[union-attr]


def test_what_is_in_no_file_yet_is_never_patched(
    fast_session: Session, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("elsewhere") / "new.py"
    text = "def f(): return 1\n"
    fast_session.evaluate(text, file)
    fast_session.redefine(file, text.replace("1", "2"), "f")
    assert fast_session.patches().items == ()


@pytest.mark.parametrize(
    ("folder", "mark"),
    [
        ("lib/site-packages", None),
        ("dist-packages/inner", None),
        ("env/lib", "env/pyvenv.cfg"),
        ("conda/lib", "conda/conda-meta/history"),
    ],
)
def test_what_is_installed_inside_the_workspace_is_patched(
    fast_session: Session, workspace: Path, folder: str, mark: str | None
) -> None:
    file = workspace / folder / "lib.py"
    for each in filter(None, (file, mark and workspace / mark)):
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_text("")
    file.write_text(LIBRARY)
    fast_session.evaluate(f"import sys; sys.path.append({str(file.parent)!r}); import lib")
    fast_session.redefine(file, LIBRARY.replace("n * 2", "n * 3"), "twice")
    assert [patch.name for patch in fast_session.patches().items] == ["twice"]


def test_patches_of_a_process_that_does_not_run(fast_session: Session) -> None:
    assert fast_session.patches().to_json() == {"items": []}
    assert fast_session.revert_patch().to_json() == {
        "status": "ok",
        "definitions": [],
        "error": None,
    }
    assert fast_session.revert_patch("/nowhere/a.py", "f").status == "refused"
    assert fast_session.info().pid is None
    with pytest.raises(ValueError, match="file"):
        fast_session.revert_patch(name="f")


PACKAGES: dict[str, tuple[str, str, str, str, str, str]] = {
    # name: (module, set-up, definition, old, new, probe)
    "requests": (
        "requests.models",
        "import requests; r = requests.Response(); r.status_code = 503",
        "Response.ok",
        "        except HTTPError:\n            return False\n",
        "        except HTTPError:\n            return 'patched'\n",
        "r.ok",
    ),
    "rich": (
        "rich.text",
        "from rich.text import Text; t = Text('hello'); length = t.__len__",
        "Text.__len__",
        "        return self._length\n\n    def __bool__",
        "        return self._length * 10\n\n    def __bool__",
        "length(), len(t)",
    ),
    "networkx": (
        "networkx.algorithms.cluster",
        "import networkx as nx; G = nx.complete_graph(4); t = nx.triangles",
        "triangles",
        "            return next(_triangles_and_degree_iter(G, nodes))[2] // 2\n",
        "            return 1000\n",
        "t(G, 0), nx.triangles(G, 0)",
    ),
    "standard library": (
        "json.encoder",
        "import json; held = json.dumps",
        "JSONEncoder.encode",
        "        chunks = self.iterencode(o, _one_shot=True)\n",
        "        chunks = ['patched']\n",
        "held([1])",
    ),
}


@pytest.mark.parametrize("case", PACKAGES.values(), ids=PACKAGES)
def test_real_packages_with_live_objects(
    fast_session: Session, case: tuple[str, str, str, str, str, str]
) -> None:
    module, setup, name, old, new, probe = case
    live = installed(fast_session, module)
    fast_session.evaluate(setup)
    original = live.run(probe)
    live.edit(old, new, name)
    patched = live.run(probe)
    assert patched != original
    (patch,) = fast_session.patches().items
    assert (patch.file, patch.name) == (str(live.file), name)
    assert patch.original is not None
    assert patch.original in live.on_disk
    fast_session.revert_patch(patch.file, patch.name)
    assert live.run(probe) == original
    assert live.patched() == []


def test_listing_and_reverting_while_code_runs(
    make_session: Callable[..., Session], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A loop ends when the library's function is again what was loaded."""
    file = tmp_path_factory.mktemp("elsewhere") / "lib.py"
    text = "def going():\n    return False\n"
    file.write_text(text)
    running = threading.Event()
    session = make_session(listener=lambda event: isinstance(event, OutputReady) and running.set())
    session.evaluate(f"import sys; sys.path.append({str(file.parent)!r}); import lib")
    session.redefine(file, text.replace("False", "True"), "going")
    loop = "print('on')\nwhile lib.going(): pass\n"
    answers: list[Evaluation] = []
    thread = threading.Thread(target=lambda: answers.append(session.evaluate(loop)))
    thread.start()
    assert running.wait(MAX_WAIT_S)
    assert [each.name for each in session.patches().items] == ["going"]
    assert outcomes(session.revert_patch()) == {"going": ("redefined", "reverted")}
    thread.join(MAX_WAIT_S)
    assert [each.status for each in answers] == ["ok"]
