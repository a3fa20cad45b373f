"""Tests found in a text by their names, and what a test can come by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from relive.lsp.testing.project import Project, naming_of
from relive.source.reachable import Import, Reach
from relive.source.tests import Naming, find_tests

TEXT = """\
import unittest

def test_plain(): pass
async def test_later(): pass
def helper(): pass

class TestPlain:
    def test_one(self): pass
    def other(self): pass
    class TestInner:
        def test_two(self): pass

class TestHeir(Base):
    def test_own(self): pass

class Odd(unittest.TestCase):
    def test_odd(self): pass

class Suite(Odd):
    def test_inherits(self): pass

@pytest.fixture
def test_client(): pass

@fixture(scope="module")
async def test_server(): pass

def test_plain(): "the one that runs"

class Holder:
    def test_not_one(self): pass

class Fake(Shop):
    def total(self): pass

class Imported(cases.Base):
    def test_may_be_one(self): pass

def outer():
    def test_inside(): pass
"""


def test_tests_are_found_by_their_names() -> None:
    assert [each.id for each in find_tests(TEXT, Naming())] == [
        "test_plain",
        "test_later",
        "TestPlain::test_one",
        "TestPlain::TestInner::test_two",
        "TestHeir",
        "Odd",
        "Suite",
        "Imported",
    ]
    plain = next(iter(find_tests(TEXT, Naming())))
    assert "the one that runs" in plain.definition.source


def test_names_are_the_project_s() -> None:
    naming = Naming(functions=("check_*",), classes=("Suite",))
    text = (
        "def check_it(): pass\ndef test_it(): pass\nclass Suite:\n    def check_too(self): pass\n"
    )
    assert [each.id for each in find_tests(text, naming)] == ["check_it", "Suite::check_too"]


FILES = {
    "low.py": "def low(): pass\ndef unused(): pass\nRATE = 1\n",
    "mid.py": "from low import low as deep, RATE\ndef mid(): return deep() + RATE\n",
    "shapes.py": (
        "from mid import mid\nclass Base:\n    def __init__(self): self.size = mid()\n"
        "class Square(Base):\n    def area(self): return 1\n    def _inner(self): return 2\n"
    ),
    "registry.py": "import mid\nDEEDS = {'mid': mid.mid}\ndef run(name): return DEEDS[name]()\n",
    "other.py": "def mid(): pass\n",
    "broken.py": "def half(:\n    whole()\n",
    "conftest.py": (
        "import pytest\npytest_plugins = ['plugin']\n"
        "@pytest.fixture(name='short')\ndef _long(): return other.short_one()\n"
        "import other\n@pytest.fixture\ndef ready(): return other.mid()\n"
        "@pytest.fixture(autouse=True)\ndef always(): prepare()\ndef prepare(): pass\n"
    ),
    "test_it.py": (
        "from mid import mid\nimport shapes, registry, broken\n"
        "def test_mid(): mid()\n"
        "def test_class(): shapes.Square()\n"
        "def test_by_registry(): registry.run('mid')\n"
        "def test_patched(monkeypatch): monkeypatch.setattr('shapes.Square', 1)\n"
        "def test_fixture(ready): pass\n"
        "class TestCase:\n    def setup_method(self): helper()\n    def test_a(self): pass\n"
        "    def test_b(self): mid()\n"
        "def helper(): pass\n"
        "def test_short(short): pass\n"
        "def test_plugged(plugged): pass\n"
        "def test_late():\n    pytest.importorskip('late').run()\n"
    ),
    "plugin.py": (
        "import pytest, far\n@pytest.fixture\ndef plugged(): far.reached()\n"
        "@pytest.fixture(autouse=True)\ndef around(): far.always()\n"
    ),
    "far.py": "def reached(): pass\ndef always(): pass\n",
    "late.py": "def run(): pass\n",
}
REACHES = [
    ("test_mid", "low.py", "low", True),
    ("test_mid", "low.py", "RATE", True),
    ("test_mid", "low.py", "unused", False),
    ("test_mid", "shapes.py", "Square.area", False),
    ("test_class", "shapes.py", "Square._inner", True),
    ("test_class", "shapes.py", "Base.__init__", True),
    ("test_class", "low.py", "low", True),
    ("test_by_registry", "mid.py", "mid", True),
    ("test_patched", "shapes.py", "Square.area", True),
    ("test_fixture", "other.py", "mid", True),
    ("test_fixture", "conftest.py", "ready", True),
    ("test_mid", "conftest.py", "ready", False),
    ("test_mid", "conftest.py", "prepare", True),
    ("TestCase.test_a", "test_it.py", "helper", True),
    ("TestCase.test_a", "shapes.py", "Square.area", False),
    ("TestCase.test_b", "low.py", "low", True),
    ("test_mid", "broken.py", "whole", True),
    ("test_mid", "elsewhere.py", "mid", False),
    ("test_short", "conftest.py", "_long", True),
    ("test_short", "other.py", "short_one", True),
    ("test_mid", "conftest.py", "_long", False),
    ("test_plugged", "far.py", "reached", True),
    ("test_mid", "far.py", "reached", False),
    ("test_mid", "far.py", "always", True),
    ("test_late", "late.py", "run", True),
]


def _find(_file: str, imported: Import) -> Iterable[str]:
    name = f"{imported[1].replace('.', '/')}.py"
    return [name] if name in FILES else []


@pytest.mark.parametrize(("test", "file", "name", "reached"), REACHES)
def test_what_a_test_reaches(test: str, file: str, name: str, reached: bool) -> None:
    reach = Reach(FILES.__getitem__, _find, lambda _: ["conftest.py"])
    assert reach.of("test_it.py", test).has(file, name) == reached


SETTINGS = [
    ({}, Naming()),
    ({"pytest.ini": "[pytest]\npython_files = check_*.py\n"}, Naming(files=("check_*.py",))),
    (
        {"setup.cfg": "[tool:pytest]\npython_classes = Suite Spec\ntestpaths =\n  a\n  b\n"},
        Naming(classes=("Suite", "Spec"), folders=("a", "b")),
    ),
    ({"tox.ini": "[tox]\nenvlist = py\n"}, Naming()),
    ({"pytest.ini": "[pytest]\npythonpath = lib python\n"}, Naming(path=("lib", "python"))),
    (
        {"pytest.ini": "[pytest]\n", "tox.ini": "[pytest]\npython_files = x.py\n"},
        Naming(),
    ),
]


@pytest.mark.parametrize(("files", "naming"), SETTINGS)
def test_the_project_s_settings_are_read(
    tmp_path: Path, files: dict[str, str], naming: Naming
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert naming_of(tmp_path) == naming


def test_settings_in_toml(tmp_path: Path) -> None:
    pytest.importorskip("tomllib", reason="Python 3.10 has none")
    text = "[tool.pytest.ini_options]\npython_functions = ['check']\ntestpaths = 'checks'\n"
    (tmp_path / "pyproject.toml").write_text(text)
    assert naming_of(tmp_path) == Naming(functions=("check",), folders=("checks",))


def test_tests_are_looked_for_where_pytest_looks(tmp_path: Path) -> None:
    for name in ("tests/test_a.py", "src/pkg/test_b.py", ".tox/test_c.py", "env/lib/test_d.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("def test_it(): pass\n")
    (tmp_path / "env" / "pyvenv.cfg").touch()
    project = Project(tmp_path, {})
    assert [each.id for each in project.tests()] == [
        "src/pkg/test_b.py::test_it",
        "tests/test_a.py::test_it",
    ]


def test_modules_are_found_in_the_layouts_of_projects(tmp_path: Path) -> None:
    texts = {
        "pytest.ini": "[pytest]\npythonpath = lib\n",
        "lib/deep.py": "def low(): pass\n",
        "packages/one/src/one.py": "import deep\ndef mid(): deep.low()\n",
        "packages/one/tests/test_one.py": "import one\ndef test_it(): one.mid()\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    project = Project(tmp_path, {})
    (test,) = project.tests()
    assert project.reaches(test, str(tmp_path / "packages/one/src/one.py"), "mid")
    assert project.reaches(test, str(tmp_path / "lib/deep.py"), "low")
