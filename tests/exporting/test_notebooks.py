"""Sessions exported as notebooks: valid, with what cells gave, and their cells run in order."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest

from conftest import INTERPRETERS, MAX_WAIT_S
from relive.exporting.importing import NotANotebookError, imported
from relive.exporting.session import as_notebook
from relive.session.session import Session
from relive.session.settings import Settings

HELPER = "FACTOR = 2\n\n\ndef scaled(n):\n    return n * FACTOR\n"
PICTURE = """\
class Picture:
    def _repr_png_(self):
        return b"\\x89PNG"

    def __repr__(self):
        return "a picture"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """A session's notebook, and its folder."""
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "job.py").write_text("import sys\n\n\ndef double(n):\n    return n * 2\n")
    (folder / "helper.py").write_text(HELPER)
    with Session(INTERPRETERS["3.12"], folder, settings=Settings(staleness=True)) as session:
        for text in (
            "import sys\nfrom helper import scaled",
            "print('said')\nprint('aside', file=sys.stderr)\ntotal = double(20)\ntotal + 2",
            "before = total\nfailing = before / 0",
            PICTURE,
            "Picture()",
            "None",
            "'é' * 3",
            "import asyncio\nwaited = await asyncio.sleep(0, 'waited')\nwaited",
            "[await asyncio.sleep(0, n) for n in range(3)]",
        ):
            session.evaluate(text, file="job.py")
        session.redefine("helper.py", source=HELPER.replace("n * FACTOR", "n * FACTOR + 1"))
        session.evaluate("changed = scaled(10)", file="job.py")
        text = as_notebook(session)
    nbformat.validate(nbformat.reads(text, as_version=4))
    return json.loads(text), folder


def cell(made: tuple[dict[str, Any], Path], part: str) -> dict[str, Any]:
    found = [each for each in made[0]["cells"] if part in "".join(each["source"])]
    assert len(found) == 1, found
    return found[0]


def test_cells_have_what_they_gave(made: tuple[dict[str, Any], Path]) -> None:
    told = cell(made, "total + 2")
    assert [each["output_type"] for each in told["outputs"]] == [
        "stream",
        "stream",
        "execute_result",
    ]
    assert {each["name"]: each["text"] for each in told["outputs"][:2]} == {
        "stdout": ["said\n"],
        "stderr": ["aside\n"],
    }
    assert told["outputs"][2]["data"] == {"text/plain": ["42"]}
    assert told["outputs"][2]["execution_count"] == told["execution_count"]
    assert cell(made, "'é' * 3")["outputs"][0]["data"]["text/plain"] == ["'ééé'"]
    assert cell(made, "waited = await")["outputs"][0]["data"]["text/plain"] == ["'waited'"]
    assert cell(made, "[await")["outputs"][0]["data"]["text/plain"] == ["[0, 1, 2]"]
    assert cell(made, "class Picture")["outputs"] == []
    needed = cell(made, "def double")  # it ran since `total` needed it
    assert needed["outputs"] == []


def test_a_failure_is_told_where_it_was_left_out(made: tuple[dict[str, Any], Path]) -> None:
    failed = cell(made, "# failing = before / 0")
    (error,) = failed["outputs"]
    assert (error["output_type"], error["ename"]) == ("error", "ZeroDivisionError")
    assert error["traceback"][0].startswith("Traceback")
    assert "before = total" in "".join(cell(made, "before = total")["source"])


def test_pictures_are_there(made: tuple[dict[str, Any], Path]) -> None:
    (shown,) = cell(made, "Picture()")["outputs"]
    assert shown["data"]["image/png"] == "iVBORw=="
    assert shown["data"]["text/plain"] == ["a picture"]


RUN = """\
import ast, asyncio
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
for code in {codes!r}:
    waits = eval(compile(code, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), globals())
    if waits is not None:
        loop.run_until_complete(waits)
loop.close()
print(repr((total, before, changed, waited, 'failing' in globals())))
"""
"""Runs cells as a kernel does: those that wait, on one event loop."""


def test_its_cells_run_one_after_another(made: tuple[dict[str, Any], Path], tmp_path: Path) -> None:
    codes = ["".join(each["source"]) for each in made[0]["cells"] if each["cell_type"] == "code"]
    assert "helper" in cell(made, "from helper")["source"][1]
    program = tmp_path / "cells.py"
    program.write_text(RUN.format(codes=codes))
    told = subprocess.run(
        [INTERPRETERS["3.12"], program], check=True, capture_output=True, text=True,
        timeout=MAX_WAIT_S,
    )  # fmt: skip
    assert told.stdout.splitlines()[-1] == "(40, 40, 21, 'waited', False)"


# -- notebooks as files of Python -----------------------------------------------------------------


def notebook(*cells: dict[str, Any], **more: Any) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more})


def code(*lines: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": metadata, "source": "\n".join(lines)}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        pytest.param(code("x = 1"), ["# %%", "x = 1"], id="code"),
        pytest.param(
            code("  x = [\n    1]\n  y = 2"),
            ["# %%", "x = [", "  1]", "y = 2"],
            id="code with a margin",
        ),
        pytest.param(
            code("x = 1", name="load  data", tags=["a"]),
            ['# %% load data tags=["a"]', "x = 1"],
            id="its name and tags",
        ),
        pytest.param(
            {"cell_type": "markdown", "source": ["# Title\n", "\n", "%% words"]},
            ["# %% [markdown]", "# # Title", "#", "# \\%% words"],
            id="words",
        ),
        pytest.param(
            {"cell_type": "raw", "source": "a\nb"}, ["# %% [raw]", "# a", "# b"], id="raw"
        ),
        pytest.param(
            code("%matplotlib inline", "x = 5", "!ls"),
            [
                "# %%",
                "# %matplotlib inline  (a notebook's own, not run here)",
                "x = 5",
                "# !ls  (a notebook's own, not run here)",
            ],
            id="magics and commands",
        ),
        pytest.param(
            code("files = !ls", "x.y?", "?x", "n %= 3"),
            [
                "# %%",
                "# files = !ls  (a notebook's own, not run here)",
                "# x.y?  (a notebook's own, not run here)",
                "# ?x  (a notebook's own, not run here)",
                "n %= 3",
            ],
            id="what looks like them",
        ),
        pytest.param(
            code("for a in b:", "    %time a", "    !ls"),
            [
                "# %%",
                "for a in b:",
                "    pass  # %time a  (a notebook's own, not run here)",
                "    pass  # !ls  (a notebook's own, not run here)",
            ],
            id="in a block",
        ),
        pytest.param(
            code("x = (a", "% b)", 't = """', "%no", '!no"""'),
            ["# %%", "x = (a", "% b)", 't = """', "%no", '!no"""'],
            id="in brackets and strings",
        ),
        pytest.param(
            code("%run a.py \\", "    --fast \\", "    b", "x = 1"),
            [
                "# %%",
                "# %run a.py \\  (a notebook's own, not run here)",
                "# --fast \\",
                "# b",
                "x = 1",
            ],
            id="over several lines",
        ),
        pytest.param(
            code("%%time", "x = 1"),
            ["# %%", "# magic %%time  (a notebook's own, not run here)", "x = 1"],
            id="a cell of Python with a magic",
        ),
        pytest.param(
            code("%%bash", "ls", "echo $X"),
            ["# %%", "# magic %%bash  (a notebook's own, not run here)", "# ls", "# echo $X"],
            id="a cell in another language",
        ),
    ],
)
def test_a_cell_becomes_part_of_a_file(given: dict[str, Any], wanted: list[str]) -> None:
    text = imported(notebook(given), "a.ipynb").text
    assert text.startswith("# From a.ipynb.")
    assert text.splitlines()[2:] == wanted
    compile(text, "a.py", "exec")


def test_cells_are_counted_and_empty_ones_are_left_out() -> None:
    found = imported(notebook(code("a = 1"), code(" "), code("%x", "b = 2")), "a.ipynb")
    assert (found.cells, found.left) == (2, 1)
    assert found.text.count("# %%") == 2


ODD: dict[str, dict[str, Any]] = {
    "a kernel in one word": {"metadata": {"kernelspec": "python3", "language_info": []}},
    "a cell's metadata": {"cells": [{"cell_type": "code", "metadata": [1], "source": "x = 1"}]},
    "a heading of no level": {"cells": [{"cell_type": "heading", "source": "Top"}]},
    "cells that are none": {"cells": [None, 5, {"cell_type": "code"}]},
    "no list of cells": {"cells": 5},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_what_is_odd_in_a_notebook_is_no_obstacle(odd: dict[str, Any]) -> None:
    text = imported(json.dumps({"nbformat": 4, "cells": [], **odd}), "odd.ipynb").text
    compile(text, "odd.py", "exec")


def test_an_old_notebook_is_read() -> None:
    old = {
        "nbformat": 3,
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": "Top"},
                    {"cell_type": "code", "input": ["a = 1\n", "b = 2"]},
                ]
            }
        ],
    }
    text = imported(json.dumps(old), "old.ipynb").text
    assert text.splitlines()[2:] == ["# %% [markdown]", "# ## Top", "", "# %%", "a = 1", "b = 2"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no notebook"),
        ("[1]", "format 3 or 4"),
        pytest.param("[" * 100_000, "no notebook", id="too deep"),
        ('{"nbformat": 5}', "it is 5"),
        (notebook(metadata={"kernelspec": {"language": "R"}}), "in R"),
    ],
)
def test_what_is_no_notebook_in_python_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotANotebookError, match=why):
        imported(text, "a.ipynb")


def test_what_was_exported_can_be_imported(made: tuple[dict[str, Any], Path]) -> None:
    found = imported(json.dumps(made[0]), "back.ipynb")
    with contextlib.redirect_stdout(io.StringIO()):
        compile(found.text, "back.py", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert "total + 2" in found.text
    assert found.left == 0
