"""Values of libraries that are kept: frames and arrays, and the libraries' own files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from keeping.conftest import Project

ARRAYS = """
import numpy as np
import pandas as pd
base = np.arange(6.0)
frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], "t": pd.to_datetime(["2020", "2021"])})
class Model:
    def fit(self, x):
        self.weights = x.mean(axis=0)
        return self
"""
KEPT = {
    "an array": ("v = base * 2", "v.tolist() == [0, 2, 4, 6, 8, 10] and v.dtype == float"),
    "an array not in a row": (
        "v = (base * 1).reshape(2, 3).T",
        "v.shape == (3, 2) and v[2, 1] == 5",
    ),
    "two views of one array": (
        "v = np.split(base * 1, 2)",
        "v[0].base is not None and (np.shares_memory(v[0].base, v[1]) or v[0].base is v[1].base)",
    ),
    "an array and a part of it": (
        "w = base * 1\nv = (lambda a: (a, a[2:], a.reshape(2, 3).T))(np.arange(6))",
        "(v[0].__setitem__(3, 9), v[1][1], v[2][0, 1])[1:] == (9, 9)",
    ),
    "dates": ("v = np.array(['2020-01-01'], dtype='M8[D]')", "str(v[0]) == '2020-01-01'"),
    "objects": ("v = np.array([{}, 'a'], dtype=object)", "v[0] == {}"),
    "fields": ("v = np.zeros(2, dtype=[('a', 'i4')])", "v['a'].tolist() == [0, 0]"),
    "a frame": (
        "v = frame.assign(c=1)",
        "v.equals(frame.assign(c=1)) and list(v) == ['a', 'b', 't', 'c']",
    ),
    "a series": ("v = frame.a + 1", "v.tolist() == [2, 3] and v.name == 'a'"),
    "groups": ("v = frame.groupby('a').size()", "v.tolist() == [1, 1]"),
    "categories": ("v = frame.b.astype('category')", "v.cat.categories.tolist() == ['x']"),
    "a model": ("v = Model().fit(base.reshape(2, 3))", "v.weights.tolist() == [1.5, 2.5, 3.5]"),
    "a generator with a seed": ("v = np.random.default_rng(3).random(2)", "len(v) == 2"),
}


@pytest.fixture
def in_our_own(tmp_path: Path) -> Iterator[Project]:
    """A project on the interpreter that has the libraries."""
    made = Project(tmp_path, sys.executable)
    yield made
    made.close()


def test_arrays_and_frames_come_back_as_they_were(in_our_own: Project) -> None:
    for state in ("stored", "taken"):
        for number, (what, (code, truth)) in enumerate(KEPT.items()):
            file = f"{what.split()[-1]}_{number}.py"
            kept = in_our_own.keep(file, f"{ARRAYS}\n{code}  # relive: keep\n")
            assert kept.state == state, (what, kept)
            assert in_our_own.value(file, f"bool({truth})") == "True", what
        in_our_own.restart()


CHANGED = {
    "an array in place": ("base", "base[0] = 7"),
    "an array's dtype": ("base", "base = base.astype('f4')"),
    "a frame's cell": ("frame", "frame.loc[0, 'a'] = 9"),
    "a frame's column": ("frame", "frame['c'] = 1"),
    "a frame's name of a column": ("frame", "frame.columns = ['a', 'B', 't']"),
    "a frame's index": ("frame", "frame.index = [1, 2]"),
}


def test_what_is_read_of_them_counts(in_our_own: Project) -> None:
    for number, (what, (name, change)) in enumerate(CHANGED.items()):
        form = f"v = str(type({name}))  # relive: keep\n"
        file = f"changed_{number}.py"
        assert in_our_own.keep(file, ARRAYS + form).state == "stored", what
        assert in_our_own.keep(file, ARRAYS + form).state == "taken", what
        assert in_our_own.keep(file, f"{ARRAYS}{change}\n{form}").state == "stored", what


REFUSED = {
    "a view of what it read": ("v = base[1:3]", "shares?|share"),
    "a view beside a view": ("w = base[:4]\nv = base[2:]", "share"),
    "a part of a frame": ("v = frame.a.values", "share"),
    "two small parts of one array": ("v = np.split(base * 1, 6)", "share memory"),
    "an array changed": ("v = base.fill(3)", "base is changed in place"),
    "a frame changed": ("v = frame.pop('a').sum()", "frame is changed in place"),
}


def test_what_would_not_be_the_same_is_refused(in_our_own: Project) -> None:
    for number, (what, (code, reason)) in enumerate(REFUSED.items()):
        told = in_our_own.keep(f"refused_{number}.py", f"{ARRAYS}\n{code}  # relive: keep\n")
        assert told.state == "refused", what
        assert any(each in (told.reason or "") for each in reason.split("|")), (what, told.reason)


ACCESSOR = """
import pandas as pd
@pd.api.extensions.register_dataframe_accessor("@name")
class Accessor:
    def __init__(self, frame):
        self.frame = frame
    def total(self):
        return int(self.frame.a.sum()) @plus
frame = pd.DataFrame({"a": [1, 2]})
v = frame.@name.total()  # relive: keep
"""


def test_an_accessor_that_a_library_has_registered_counts(in_our_own: Project) -> None:
    job = ACCESSOR.replace("@name", "tallied")
    assert in_our_own.keep("job.py", job.replace("@plus", "")).state == "stored"
    assert in_our_own.keep("job.py", job.replace("@plus", "")).state == "taken"
    assert in_our_own.keep("job.py", job.replace("@plus", "+ 1")).state == "stored"
    assert in_our_own.value("job.py", "v") == "4"


SEEDED = """
import numpy as np
np.random.seed(@seed)
v = np.random.rand(3)  # relive: keep
following = np.random.rand()
"""


def test_numpys_own_generator_goes_on_where_it_would(in_our_own: Project) -> None:
    one, other = (SEEDED.replace("@seed", each) for each in "12")
    assert in_our_own.keep("job.py", one).state == "stored"
    first = in_our_own.value("job.py", "(v.tolist(), following)")
    in_our_own.restart()
    assert in_our_own.keep("job.py", one).state == "taken"
    assert in_our_own.value("job.py", "(v.tolist(), following)") == first
    assert in_our_own.keep("job.py", other).state == "stored"


LIBRARY = (
    "import sys\nsys.path.insert(0, @folder)\nimport installed\nv = installed.f()  # relive: keep\n"
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library in a folder of installed packages, which was there before the process."""
    folder = tmp_path / "env" / "site-packages" / "installed"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("from installed.part import f\n")
    (folder / "part.py").write_text("def f():\n    return 1\n")
    return folder


def test_another_version_of_a_library_counts(fast_project: Project, library: Path) -> None:
    job = LIBRARY.replace("@folder", repr(str(library.parent)))
    assert fast_project.keep("job.py", job).state == "stored"
    fast_project.restart()
    assert fast_project.keep("job.py", job).state == "taken"
    _upgrade(library)
    fast_project.restart()
    assert fast_project.keep("job.py", job).state == "stored"
    assert fast_project.value("job.py", "v") == "2"


def test_a_library_that_was_upgraded_under_a_running_process_is_told(
    fast_project: Project, library: Path
) -> None:
    """What runs is the old one, and the files are the new one's: that value would be wrong later."""
    job = LIBRARY.replace("@folder", repr(str(library.parent)))
    assert fast_project.evaluate("load.py", job.replace("  # relive: keep", "")).status == "ok"
    _upgrade(library)
    told = fast_project.keep("job.py", job)
    assert told.state == "refused"
    assert "restart" in (told.reason or "")


MACHINE_CODE = """
import sys, types
own = types.ModuleType("own")
own.__file__ = @file
own.f = len
sys.modules["own"] = own
v = own.f([1])  # relive: keep
"""


def test_ones_own_code_that_is_machine_code_counts_by_its_file(fast_project: Project) -> None:
    file = fast_project.folder / "own.so"
    file.write_bytes(b"one")
    job = MACHINE_CODE.replace("@file", repr(str(file)))
    assert fast_project.keep("job.py", job).state == "stored"
    fast_project.restart()
    assert fast_project.keep("job.py", job).state == "taken"
    file.write_bytes(b"another")
    fast_project.restart()
    assert fast_project.keep("job.py", job).state == "stored"


def test_a_patch_of_a_library_counts(fast_project: Project, library: Path) -> None:
    job = LIBRARY.replace("@folder", repr(str(library.parent)))
    assert fast_project.keep("job.py", job).state == "stored"
    patched = "def f():\n    return 3\n"
    answer = fast_project.session.redefine(library / "part.py", source=patched)
    assert answer.status == "ok", answer
    assert fast_project.keep("job.py", job).state == "stored"
    assert fast_project.value("job.py", "v") == "3"


def _upgrade(library: Path) -> None:
    """Put another version in its place, as an installer does."""
    shutil.copytree(library, library.with_name("new"))
    (library.with_name("new") / "part.py").write_text("def f():\n    return 2\n")
    shutil.rmtree(library)
    os.rename(library.with_name("new"), library)
    shutil.rmtree(library / "__pycache__", ignore_errors=True)
