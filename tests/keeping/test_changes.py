"""A kept value is taken while everything it was made from is the same, and never after that."""

from __future__ import annotations

import os
import textwrap

import pytest

from keeping.conftest import Project

HELPERS = """
FACTOR = 2

def deep(x):
    return x * FACTOR

def middle(x):
    return deep(x)

def unrelated():
    return 1
"""
JOB = """
import functools
import @helpers
import @helpers as other_name
from @helpers import middle

LIMIT = 10
TABLE = {"a": [1, 2], "b": (3,)}

class Base:
    offset = 1

    def shift(self, x):
        return x + self.offset

class Model(Base):
    def __init__(self, size):
        self.size = size

    def fit(self, x):
        return self.shift(x) * self.size

    @functools.cached_property
    def more(self):
        return self.size + 3

    @property
    def double(self):
        return self.size * 2

def wraps(function):
    @functools.wraps(function)
    def inner(*args):
        return function(*args) + 1000
    return inner

def scale(x, by=3, *, plus=0):
    return middle(x) * by + plus

@wraps
def decorated(x):
    return x + LIMIT

def by_name(x):
    return other_name.deep(x)

def count(text: str):
    return len(text)

dispatch = {"scale": scale}
partial = functools.partial(scale, by=7)
model = Model(5)
numbers = [1, 2, 3]
flags = {"x", "y"}
key = "scale"
data = (
    scale(2), model.fit(4), model.double, decorated(1), by_name(3), partial(1),
    dispatch[key](1), key in {"scale", "x", "y"}, count("four"), TABLE["a"][1], sorted(numbers), sorted(flags),
    [each * LIMIT for each in numbers], (lambda q: q + LIMIT)(1),
)  # relive: keep
after = 1
"""

MISSES = {
    "the form": ('count("four")', 'count("three")'),
    "a constant in the form": ("q + LIMIT)(1)", "q + LIMIT)(2)"),
    "a called function": ("middle(x) * by + plus", "middle(x) * by - plus"),
    "a default": ("by=3", "by=4"),
    "a keyword default": ("plus=0", "plus=1"),
    "a constant": ("LIMIT = 10", "LIMIT = 11"),
    "a method": ("self.shift(x) * self.size", "self.shift(x) + self.size"),
    "an inherited method": ("return x + self.offset", "return x - self.offset"),
    "a class attribute": ("offset = 1", "offset = 2"),
    "a property": ("self.size * 2", "self.size * 3"),
    "an annotation": ("text: str", "text: bytes"),
    "a cached property": ("return self.size + 3", "return self.size + 4"),
    "bases": ("class Model(Base):", "class Model(Base, dict):"),
    "a decorator's inside": ("+ 1000", "+ 2000"),
    "a decorated function": ("return x + LIMIT", "return x - LIMIT"),
    "a function under another module's name": ("other_name.deep", "other_name.middle"),
    "a partial": ("by=7", "by=8"),
    "an object's attribute": ("Model(5)", "Model(6)"),
    "a list": ("[1, 2, 3]", "[1, 2, 4]"),
    "a list inside a dict": ("[1, 2]", "[1, 5]"),
    "the type of a number": ("[1, 2, 3]", "[1, 2, 3.0]"),
    "a set": ('{"x", "y"}', '{"x", "z"}'),
    "what is dispatched to": ('{"scale": scale}', '{"scale": by_name}'),
}
HITS = {
    "nothing": ("", ""),
    "the lines it stands on": ("LIMIT = 10", "\n\nLIMIT = 10"),
    "a comment": ("# relive: keep", "# relive: keep, as it is slow"),
    "what comes after": ("after = 1", "after = 2"),
    "a comment in a function": ("return len(text)", "return len(text)  # not bytes"),
}
DEEP = {
    "two levels down": ("return x * FACTOR", "return x * FACTOR + 1", "stored"),
    "a constant of another module": ("FACTOR = 2", "FACTOR = 3", "stored"),
    "one level down": ("return deep(x)", "return -deep(x)", "stored"),
    "what nobody calls": ("return 1", "return 2", "taken"),
}


def written(project: Project, name: str) -> tuple[str, str]:
    """Write the helpers of a test; return their file and the job's text."""
    helpers = f"{name}_helpers"
    (project.folder / f"{helpers}.py").write_text(HELPERS)
    return f"{helpers}.py", JOB.replace("@helpers", helpers)


@pytest.fixture(scope="module")
def kept_job(project: Project) -> tuple[str, str]:
    """The job's value is kept once for all tests of what it is made from."""
    helpers, job = written(project, "shared")
    assert project.keep("job.py", job).state == "stored"
    return helpers, job


@pytest.mark.parametrize("what", HITS)
def test_it_is_taken_when_what_it_is_made_from_is_the_same(
    project: Project, kept_job: tuple[str, str], what: str
) -> None:
    old, new = HITS[what]
    assert old in kept_job[1]
    assert project.keep("job.py", kept_job[1].replace(old, new, 1)).state == "taken"
    assert project.value("job.py", "data[0]") == "12"


@pytest.mark.parametrize("what", MISSES)
def test_the_form_runs_again_after_a_change_of(
    project: Project, kept_job: tuple[str, str], what: str
) -> None:
    old, new = MISSES[what]
    assert kept_job[1].count(old) >= 1
    assert project.keep("job.py", kept_job[1]).state == "taken"
    assert project.keep("job.py", kept_job[1].replace(old, new, 1)).state == "stored"


@pytest.mark.parametrize("what", DEEP)
def test_a_function_of_another_module_counts_as_it_runs_now(
    project: Project, name: str, what: str
) -> None:
    old, new, state = DEEP[what]
    helpers, job = written(project, name)
    assert project.keep(f"{name}.py", job).state == "stored"
    path = project.folder / helpers
    path.write_text(HELPERS.replace(old, new))
    assert project.session.redefine(path).status == "ok"
    assert project.keep(f"{name}.py", job).state == state


def test_it_is_taken_by_another_process_and_not_when_a_file_has_changed_before(
    lone_project: Project,
) -> None:
    project = lone_project
    helpers, job = written(project, "deep")
    assert project.keep("job.py", job).state == "stored"
    project.restart()
    kept = project.keep("job.py", job)
    assert kept.state == "taken"
    assert kept.at is not None
    assert kept.took_ms is not None
    assert project.value("job.py", "data[0]") == "12"
    project.restart()
    (project.folder / helpers).write_text(HELPERS.replace("FACTOR = 2", "FACTOR = 30"))
    assert project.keep("job.py", job).state == "stored"
    assert project.value("job.py", "data[0]") == "180"


INPUT_CHANGES = {
    "a list": ("x = [[1], 2]", "x[0].append(3)"),
    "a dict": ("x = {'a': {}}", "x['a']['b'] = 1"),
    "a dict's order": ("x = {'a': 1, 'b': 2}", "x['a'] = x.pop('a')"),
    "a set": ("x = {1}", "x.add(2)"),
    "bytes that can change": ("x = bytearray(b'a')", "x[0] = 98"),
    "an object": ("class C: pass\nx = C(); x.a = 1", "x.a = 2"),
    "an object with slots": ("class C: __slots__ = ('a',)\nx = C(); x.a = 1", "x.a = 2"),
    "what hides a part from pickle": (
        "class C:\n    def __getstate__(self): return {}\nx = C(); x.a = 1",
        "x.a = 2",
    ),
    "a list of one's own class": ("class C(list): pass\nx = C([1])", "x.append(2)"),
    "a dataclass": (
        "import dataclasses\n@dataclasses.dataclass\nclass C:\n    a: int\nx = C(1)",
        "x.a = 2",
    ),
    "a list's factory": (
        "import collections\nclass C(collections.defaultdict): pass\nx = C(list)",
        "x.default_factory = dict",
    ),
    "a queue": ("import collections\nx = collections.deque([1])", "x.append(2)"),
    "a counter": ("import collections\nx = collections.Counter('a')", "x['a'] += 1"),
    "an iterator": ("x = iter([1, 2, 3])", "next(x)"),
    "which two are the same": ("y = [1]\nx = [y, y]", "x[1] = [1]"),
    "a class's attribute": ("class x: a = [1]", "x.a.append(2)"),
    "a zero's sign": ("x = [0.0]", "x[0] = -0.0"),
    "a cycle": ("x = [1]; x.append(x)", "x[0] = 2"),
}


@pytest.mark.parametrize("what", INPUT_CHANGES)
def test_a_change_in_place_of_what_it_reads_is_noticed(
    project: Project, name: str, what: str
) -> None:
    make, change = INPUT_CHANGES[what]
    form = "used = str(type(x)) + str(id(x) and 0)  # relive: keep\n"
    file = f"{name}.py"
    assert project.keep(file, f"{make}\n{form}").state == "stored"
    assert project.keep(file, f"{make}\n{form}").state == "taken"
    assert project.keep(file, f"{make}\n{change}\n{form}").state == "stored"


GRAFTED = """
import fractions
def halved(self):
    return self / @by
fractions.Fraction.halved = halved
def f():
    return fractions.Fraction(1).halved()
half = f()  # relive: keep
"""


def test_a_function_put_into_a_librarys_class_counts(project: Project, name: str) -> None:
    assert project.keep(f"{name}.py", GRAFTED.replace("@by", "2")).state == "stored"
    assert project.keep(f"{name}.py", GRAFTED.replace("@by", "2")).state == "taken"
    assert project.keep(f"{name}.py", GRAFTED.replace("@by", "4")).state == "stored"
    assert project.value(f"{name}.py", "half") == "Fraction(1, 4)"


READERS = {
    "open": "open(PATH).read()",
    "pathlib": "pathlib.Path(PATH).read_text()",
    "os.open": "os.read(os.open(PATH, os.O_RDONLY), 100)",
    "csv": "list(csv.reader(open(PATH)))",
}
FILE_CHANGES = {
    "content": lambda path: path.write_text("1,2\n3,5\n"),
    "content of the same size and time": lambda path: _with_its_time(path, "1,2\n3,9\n"),
    "gone": lambda path: path.unlink(),
}


def _with_its_time(path: object, text: str) -> None:
    before = os.stat(path)  # type: ignore[call-overload]
    path.write_text(text)  # type: ignore[attr-defined]
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("how", "change"),
    [*((how, "content") for how in READERS), *(("open", change) for change in FILE_CHANGES)],
)
def test_a_file_that_it_read_is_compared(
    project: Project, name: str, how: str, change: str
) -> None:
    path = project.folder / f"{name}.csv"
    path.write_text("1,2\n3,4\n")
    reading = READERS[how]
    job = textwrap.dedent(
        f"""
        import csv, os, pathlib
        PATH = os.path.join({str(project.folder)!r}, "{name}" + ".csv")
        def load():
            try:
                return {reading}
            except FileNotFoundError:
                return None
        rows = load()  # relive: keep
        """
    )
    assert project.keep(f"{name}.py", job).state == "stored"
    assert project.keep(f"{name}.py", job).state == "taken"
    FILE_CHANGES[change](path)
    assert project.keep(f"{name}.py", job).state == "stored"


OUTSIDE = {
    "a file that C code opened by its name": (
        "import os\nsize = os.stat('@name.bin').st_size  # relive: keep",
        lambda folder, name: (folder / f"{name}.bin").write_text("longer"),
    ),
    "a file that was not there": (
        "def f():\n    try:\n        return open('@name' + '.new').read()\n"
        "    except OSError:\n        return ''\ntext = f()  # relive: keep",
        lambda folder, name: (folder / f"{name}.new").write_text("there"),
    ),
    "the files of a folder": (
        "import os\nnames = len(os.listdir('@name_folder'))  # relive: keep",
        lambda folder, name: (folder / f"{name}_folder" / "new").write_text(""),
    ),
}


@pytest.mark.parametrize("what", OUTSIDE)
def test_it_runs_again_when_this_changes(project: Project, name: str, what: str) -> None:
    job, change = OUTSIDE[what]
    (project.folder / f"{name}.bin").write_text("short")
    (project.folder / f"{name}_folder").mkdir()
    job = job.replace("@name", name)
    assert project.keep(f"{name}.py", job).state == "stored"
    assert project.keep(f"{name}.py", job).state == "taken"
    change(project.folder, name)
    assert project.keep(f"{name}.py", job).state == "stored"


ENVIRONMENT = """
import os
os.environ["RELIVE_CASE"] = "@value"
def setting():
    return os.environ["RELIVE_CASE"]
taken_from = setting()  # relive: keep
"""


def test_a_variable_of_the_environment_counts(project: Project, name: str) -> None:
    one, other = (ENVIRONMENT.replace("@value", each) for each in ("one", "other"))
    assert project.keep(f"{name}.py", one).state == "stored"
    assert project.keep(f"{name}.py", one).state == "taken"
    assert project.keep(f"{name}.py", other).state == "stored"
    assert project.value(f"{name}.py", "taken_from") == "'other'"


PRECISION = """
import decimal
decimal.getcontext().prec = @digits
third = decimal.Decimal(1) / 3  # relive: keep
"""


def test_how_decimal_numbers_are_computed_counts(project: Project, name: str) -> None:
    few, many = (PRECISION.replace("@digits", each) for each in ("5", "9"))
    assert project.keep(f"{name}.py", few).state == "stored"
    assert project.keep(f"{name}.py", few).state == "taken"
    assert project.keep(f"{name}.py", many).state == "stored"
    assert project.value(f"{name}.py", "str(third)") == "'0.333333333'"
    assert project.keep(f"{name}.py", PRECISION.replace("@digits", "28")).state == "stored"


RANDOM = """
import random
random.seed(@seed)
draws = [random.random() for _ in range(3)]  # relive: keep
following = random.random()
"""


def test_random_numbers_go_on_where_they_would(lone_project: Project, name: str) -> None:
    project = lone_project
    job = RANDOM.replace("@seed", "1")
    assert project.keep(f"{name}.py", job).state == "stored"
    first = project.value(f"{name}.py", "(draws, following)")
    project.restart()
    assert project.keep(f"{name}.py", job).state == "taken"
    assert project.value(f"{name}.py", "(draws, following)") == first
    assert project.keep(f"{name}.py", RANDOM.replace("@seed", "2")).state == "stored"


def test_run_anyway_stores_anew(project: Project, name: str) -> None:
    job = "import time\nat = time.perf_counter_ns()  # relive: keep\n"
    assert project.keep(f"{name}.py", job).state == "stored"
    first = project.value(f"{name}.py", "at")
    assert project.keep(f"{name}.py", job).state == "taken"
    assert project.value(f"{name}.py", "at") == first
    assert project.keep(f"{name}.py", job, anew=True).state == "stored"
    second = project.value(f"{name}.py", "at")
    assert second != first
    assert project.keep(f"{name}.py", job).state == "taken"
    assert project.value(f"{name}.py", "at") == second


INDIRECT = {
    "a function under a new name": ("def g(): return 1\ndef f(): return @1\nh = f", "h()"),
    "a method put into a class": ("class C: pass\ndef m(self): return @1\nC.m = m", "C().m()"),
    "a method put into an object": ("class C: pass\nc = C()\nc.m = lambda: @1", "c.m()"),
    "a nested function": ("def f():\n    def g(): return @1\n    return g()", "f()"),
    "a generator function": ("def f(): yield @1", "sum(f())"),
    "a variable of a closure": ("def outer(x):\n    return lambda: x\ng = outer(@1)", "g()"),
    "a default that can change": ("def f(a=[0]): return a[0]\nf.__defaults__[0][0] = @1", "f()"),
    "a static method": ("class C:\n    @staticmethod\n    def m(): return @1", "C.m()"),
    "a class method": ("class C:\n    @classmethod\n    def m(cls): return @1", "C.m()"),
    "a partial method": (
        "import functools\nclass C:\n    def n(self, x): return x\n"
        "    m = functools.partialmethod(n, @1)",
        "C().m()",
    ),
    "a metaclass": (
        "class M(type):\n    def __call__(cls): return @1\nclass C(metaclass=M): pass",
        "C()",
    ),
    "a descriptor": (
        "class D:\n    def __get__(self, *_): return @1\nclass C:\n    a = D()",
        "C().a",
    ),
    "a registry": (
        "REGISTRY = {}\ndef register(f): REGISTRY[f.__name__] = f; return f\n"
        "@register\ndef g(): return @1",
        "[each() for each in REGISTRY.values()][0]",
    ),
    "a bound method": ("class C:\n    def m(self): return @1\nm = C().m", "m()"),
    "a class made by type": ("C = type('C', (), {'m': lambda self: @1})", "C().m()"),
    "a member of an enumeration": (
        "import enum\nclass E(enum.Enum):\n    A = @1\n    def m(self): return self.value",
        "E.A.m()",
    ),
    "a named tuple's method": (
        "import typing\nclass P(typing.NamedTuple):\n    a: int = 0\n    def m(self): return @1",
        "P().m()",
    ),
    "a wrapped function": (
        "import contextlib\n@contextlib.contextmanager\ndef f(): yield @1",
        "f().__enter__()",
    ),
    "a cached function": (
        "import functools\n@functools.lru_cache(None)\ndef f(): return @1",
        "f()",
    ),
    "a built-in that is hidden": ("def len(x): return @1", "len([])"),
    "a built-in put aside": (
        "import builtins\nold = builtins.ascii\nbuiltins.ascii = lambda x: @1",
        "ascii(0)",
    ),
    "a function of a library put aside": (
        "import textwrap\ntextwrap.dedent = lambda x: @1",
        "textwrap.dedent('')",
    ),
    "a reader of attributes": (
        "import operator, types\nbox = types.SimpleNamespace(f=lambda: @1)",
        "operator.attrgetter('f')(box)()",
    ),
    "an inherited method of a generic class": (
        "import typing\nT = typing.TypeVar('T')\nclass B(typing.Generic[T]):\n"
        "    def m(self): return @1\nclass C(B[int]): pass",
        "C().m()",
    ),
}


@pytest.mark.parametrize("what", INDIRECT)
def test_what_is_reached_on_a_detour_counts(project: Project, name: str, what: str) -> None:
    code, expression = INDIRECT[what]
    one, other = (
        f"{code.replace('@1', number)}\nv = {expression}  # relive: keep\n" for number in "12"
    )
    assert project.keep(f"{name}.py", one).state == "stored"
    assert project.keep(f"{name}.py", one).state == "taken"
    assert project.keep(f"{name}.py", other).state == "stored"
    assert project.value(f"{name}.py", "v") == "2"


REFLECTED = {
    "globals": ("X = @1", "globals()['X']"),
    "vars": ("def g(): return @1\nimport sys", "vars(sys.modules[__name__])['g']()"),
}


@pytest.mark.parametrize("what", REFLECTED)
def test_what_is_reached_by_a_name_made_up_takes_the_whole_module(
    project: Project, name: str, what: str
) -> None:
    """The name that is bound is one of the module's too: it is there from the second time on."""
    code, expression = REFLECTED[what]
    one, other = (
        f"{code.replace('@1', number)}\nv = {expression}  # relive: keep\n" for number in "12"
    )
    assert [project.keep(f"{name}.py", one).state for _ in range(3)] == [
        "stored",
        "stored",
        "taken",
    ]
    assert project.keep(f"{name}.py", other).state == "stored"
    assert project.value(f"{name}.py", "v") == "2"


def test_what_eval_runs_is_never_a_stale_value(project: Project, name: str) -> None:
    """From 3.12 on its code is seen to run, and refused: it is none that could be compared."""
    job = "def g(): return @1\nv = eval('g()')  # relive: keep\n"
    assert project.keep(f"{name}.py", job.replace("@1", "1")).state in ("stored", "refused")
    assert project.keep(f"{name}.py", job.replace("@1", "2")).state in ("stored", "refused")
    assert project.value(f"{name}.py", "v") == "2"
