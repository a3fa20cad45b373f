"""Which forms are taken for the names that another one needs."""

from __future__ import annotations

import pytest

from relive.source.dependencies import Policy, assignment_of, providers
from relive.source.positions import LineTable


def first_lines(text: str, names: str, policy: Policy) -> list[int]:
    return [form.range.start[0] for form in providers(text, names.split(), policy)]


MODULE = """\
import a, b
from c import d as e
import x.y
import x.z
limit = 10
def f(): return limit
class C: pass
def f(): return 2
total = 0
for i in range(3): total += i
total = total + 1
if __name__ == "__main__":
    args = f()
with open("p") as handle: pass
print(later := 1)
"""


@pytest.mark.parametrize(
    ("names", "definitions", "everything"),
    [
        ("", [], []),
        ("a", [0], [0]),
        ("a b", [0], [0]),
        ("e", [1], [1]),
        ("d", [], []),
        ("x", [2, 3], [2, 3]),
        ("f", [7], [7]),
        ("C f a", [0, 6, 7], [0, 6, 7]),
        ("limit", [], [4]),
        ("total", [], [8, 9, 10]),
        ("i", [], [9]),
        ("handle", [], [13]),
        ("later", [], [14]),
        ("args", [], []),
        ("unknown len", [], []),
    ],
)
def test_providers_by_policy(names: str, definitions: list[int], everything: list[int]):
    assert first_lines(MODULE, names, "definitions") == definitions
    assert first_lines(MODULE, names, "all") == everything
    assert first_lines(MODULE, names, "none") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): 1\ndef f(): 2", [1]),
        ("class f: 1\ndef f(): 2", [1]),
        ("import f\ndef f(): 2", [1]),
        ("def f(): 1\nfrom m import f", [1]),
        ("import f\ndef f(): 2\nfrom m import f", [2]),
        ("from m import f\nfrom n import f", [0, 1]),
        ("def f(): 1\nif x:\n  def f(): 2", [0, 1]),
        ("if x:\n  def f(): 1\nif y:\n  def f(): 2", [0, 2]),
        ("if x:\n  def f(): 1\ndef f(): 2", [2]),
        ("if TYPE_CHECKING:\n  from m import f\nelse:\n  f = g()", [0]),
        ("def f(): 1\nif TYPE_CHECKING:\n  from m import f", [0, 1]),
    ],
)
def test_which_of_several_definitions(text: str, expected: list[int]):
    assert first_lines(text, "f", "definitions") == expected


def test_a_definition_and_what_is_made_of_it():
    text = "f = 0\ndef f(): 1\nf = wrap(f)\n"
    assert first_lines(text, "f", "definitions") == [1]
    assert first_lines(text, "f", "all") == [1, 2]


@pytest.mark.parametrize(
    ("block", "names"),
    [
        ("try:\n  import f\nexcept ImportError:\n  f = None", "f"),
        (
            "try:\n  import m\n  HAS_M = True\nexcept ModuleNotFoundError:\n  HAS_M = warn()",
            "HAS_M",
        ),
        ("try:\n  import f\nexcept (OSError, ImportError) as e:\n  print(e)", "f"),
        ("if TYPE_CHECKING:\n  from m import f\n  T = list[f]", "T"),
        ("if typing.TYPE_CHECKING:\n  from m import f", "f"),
        ("if sys.version_info >= (3, 11):\n  import f\nelse:\n  import g as f", "f"),
        (
            "if sys.platform == 'win32':\n  def f(): 1\nelif x:\n  def f(): 2\nelse:\n  f = None",
            "f",
        ),
        ("with suppress(ImportError):\n  import f", "f"),
        ("try:\n  from m import f\nexcept Exception:\n  'note'\n  pass\n  raise", "f"),
    ],
)
def test_blocks_that_choose_a_definition_may_run_unasked(block: str, names: str):
    assert first_lines(block, names, "definitions") == [0]


@pytest.mark.parametrize(
    "block",
    [
        "if x:\n  launch()\n  def f(): 1",
        "if x:\n  f = compute()",
        "if x:\n  f = None",
        "if x:\n  import f\nelse:\n  f = compute()",
        "for x in y:\n  def f(): 1",
        "while x:\n  import f",
        "try:\n  import f\nexcept OSError:\n  f = compute()",
        "if __name__ == '__main__':\n  def f(): 1",
    ],
)
def test_other_blocks_may_not(block: str):
    assert first_lines(block, "f", "definitions") == []
    assert first_lines(block, "f", "all") == ([] if "__main__" in block else [0])


def test_star_imports_provide_what_nothing_else_binds():
    text = "from a import *\nimport b\nc = 1\nif x:\n  from d import *\n"
    assert first_lines(text, "unknown", "definitions") == [0, 3]
    assert first_lines(text, "b unknown", "definitions") == [0, 1, 3]
    assert first_lines(text, "b c", "definitions") == [1]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("x = (\nimport a\ndef f(): pass", "a f", [1, 2]),
        ("class C:\n  def m(self): return (\n\ndef f(): pass", "f", [3]),
        ("class C:\n  def m(self): return (\n\ndef f(): pass", "C", [0]),
        ("def f(:\n  pass\nx = 1", "f x", [0]),
        ("if a:\n  launch()\n  def f(): return (\n", "f", []),
        ("import a; x = (", "a", []),
    ],
)
def test_broken_code_elsewhere(text: str, names: str, expected: list[int]):
    assert first_lines(text, names, "definitions") == expected


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("limit", 4),
        ("total", 8),
        ("i", 9),
        ("handle", 13),
        ("later", 14),
        ("f", None),
        ("a", None),
        ("args", None),
        ("unknown", None),
    ],
)
def test_the_first_assignment_of_a_name(name: str, line: int | None):
    form = assignment_of(MODULE, name)
    assert (form and form.range.start[0]) == line


def test_the_assignment_is_the_one_of_several_on_a_line():
    text = "é = '😀'; y = 2"
    form = assignment_of(text, "y")
    assert form is not None
    assert LineTable(text).slice(form.range) == "y = 2"
