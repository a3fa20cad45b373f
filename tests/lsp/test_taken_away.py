"""What a fresh run has not: names are taken away before what gives them runs again."""

from __future__ import annotations

import pytest

from lsp.test_staleness import TEXT, Project, project, up_to_date

__all__ = ["project"]

HOOK = """\
kinds = ['a']
class Base:
    def __init_subclass__(cls):
        kinds.append(cls.__name__)
class Kind(Base):
    pass
one = Kind()
out = len(kinds), type(one) is Kind, issubclass(Kind, Base)
"""
METACLASS = """\
kinds = ['a']
class Base(type):
    def __init__(cls, *rest):
        super().__init__(*rest)
        kinds.append(cls.__name__)
class Kind(metaclass=Base):
    pass
out = len(kinds), type(Kind()) is Kind, type(Kind) is Base
"""
BODY = """\
kinds = ['a']
class Kind:
    kinds.append('Kind')
out = len(kinds), type(Kind()) is Kind, True
"""


@pytest.mark.parametrize("text", [HOOK, METACLASS, BODY])
def test_a_class_registers_again_where_the_table_was_made_anew(project: Project, text: str) -> None:
    project.edit(TEXT, text)
    project.evaluate_all()
    project.edit("['a']", "['b']")
    assert up_to_date(project)[1:] == ([], False)
    assert project.value("kinds, out") == "(['b', 'Kind'], (2, True, True))"
    assert up_to_date(project) == ([], [], False)


def test_a_class_that_another_module_has_is_not_made_anew(project: Project) -> None:
    helper = project.file.parent / "helper.py"
    helper.write_text("from m import Kind\ndef is_kind(value): return isinstance(value, Kind)\n")
    project.edit(TEXT, HOOK)
    project.file.write_text(project.text)
    project.evaluate_all()
    project.client.execute("relive.evaluateText", {"uri": project.uri, "text": "import helper"})
    assert project.value("helper.is_kind(one)") == "True"
    project.edit("['a']", "['b']")
    _, left, restart = up_to_date(project)
    told = (
        "`Kind` has to be made anew, and `helper` would keep what it was: restart and run the file"
    )
    assert (told in left, restart) == (True, True)
    assert project.value("helper.is_kind(Kind())") == "True"


@pytest.mark.parametrize(
    "code",
    [
        "for _ in [1] * n:\n    v = 1",
        "while n:\n    n, v = 0, 1",
        "import contextlib\nwith contextlib.suppress(ZeroDivisionError):\n    1 / n\n    v = 1",
        "try:\n    1 / n\n    import json as v\nexcept ZeroDivisionError:\n    pass",
        "def give():\n    global v\n    if n:\n        v = 1\ngive()",
        "for each in 'uv'[: 2 * n]:\n    globals()[each] = 1",
    ],
)
def test_what_only_a_turn_or_branch_had_bound_is_not_there_any_more(
    project: Project, code: str
) -> None:
    project.edit(TEXT, f"n = 1\n{code}\nhas = 'v' in dir()\n")
    project.evaluate_all()
    assert project.value("'v' in globals()") == "True"
    project.edit("n = 1", "n = 0")
    assert up_to_date(project)[1:] == ([], False)
    assert project.value("'v' in globals()") == "False"
    assert project.value("'__former__' in dir(__builtins__)") == "False"


def test_what_fails_to_run_again_leaves_what_was_there(project: Project) -> None:
    project.edit(TEXT, "xs = [1, 2]\nfor x in xs:\n    half = x / x\n")
    project.evaluate_all()
    project.edit("[1, 2]", "[0, 2]")
    assert up_to_date(project)[1] == ["ZeroDivisionError: division by zero"]
    assert project.value("x, half") == "(0, 1.0)"
    assert project.value("'__former__' in dir(__builtins__)") == "False"


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("if 'rows' not in globals():\n    rows = [n]", "[1]"),
        (
            "for _ in [1]:\n    try:\n        rows += [n]\n    except NameError:\n        rows = [n]",
            "[1]",
        ),
    ],
)
def test_a_name_that_a_statement_looks_for_itself_stays(
    project: Project, code: str, value: str
) -> None:
    project.edit(TEXT, f"n = 1\n{code}\n")
    project.evaluate_all()
    project.edit("n = 1", "n = 2")
    up_to_date(project)
    assert project.value("rows") == value
