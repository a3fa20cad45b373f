"""Which values are kept, as what they come back in another process, and why others are not."""

from __future__ import annotations

import re

import pytest

from keeping.conftest import Project

PREAMBLE = """
import array, collections, dataclasses, datetime, decimal, enum, fractions, functools, pathlib
import io, re, socket, subprocess, sys, threading, time, types, uuid, os, random, logging, weakref

log = logging.getLogger("job")
SENTINEL = object()
shared = [1, 2]
settings = {"deep": {"a": 1}}

class Colour(enum.Enum):
    RED = 1

@dataclasses.dataclass
class Point:
    x: int
    y: int = 0

class Plain:
    pass

class Slotted:
    __slots__ = ("a",)

class Loses:
    def __init__(self):
        self.kept, self.lost = 1, 2
    def __getstate__(self):
        return {"kept": self.kept}

class Numbers(list):
    pass

Pair = collections.namedtuple("Pair", "a b")

def make(kind=None, **attributes):
    made = (kind or Plain)()
    for name, value in attributes.items():
        setattr(made, name, value)
    return made

def of(value):
    return value
"""

KEPT = {
    "numbers": (
        "v = of((1, -2.5, 3j, True, None, 10**5000))",
        "v == (1, -2.5, 3j, True, None, 10**5000)",
    ),
    "texts": (
        "v = of(['\\ud800', 'ä', b'x', bytearray(b'y')])",
        "v == ['\\ud800', 'ä', b'x', bytearray(b'y')]",
    ),
    "containers": (
        "v = of({1: [2, {3}], (4,): frozenset({5})})",
        "v == {1: [2, {3}], (4,): frozenset({5})}",
    ),
    "several names": ("v, w = of(([1], 2))", "(v, w) == ([1], 2)"),
    "what they share": ("v = w = of([1])", "v is w"),
    "parts they share": ("v, w = (lambda x: ([x], [x]))([])", "v[0] is w[0]"),
    "a cycle": ("v = (lambda x: x.append(x) or x)([])", "v[0] is v"),
    "an object": ("v = make(a=[1])", "type(v) is Plain and v.a == [1]"),
    "an object with slots": ("v = make(Slotted, a=1)", "v.a == 1"),
    "a dataclass": ("v = of(Point(1, 2))", "v == Point(1, 2)"),
    "a named tuple": ("v = of(Pair(1, 2))", "type(v) is Pair and v.b == 2"),
    "a list of one's own class": ("v = Numbers([1])", "type(v) is Numbers and v == [1]"),
    "an enumeration's member": ("v = of(Colour.RED)", "v is Colour.RED"),
    "a class": ("v = of(Plain)", "v is Plain"),
    "a function": ("v = of([make])", "v[0] is make"),
    "a module": ("v = of({'m': re})", "v['m'] is re"),
    "what a name holds": ("v = of([shared])", "v[0] is shared"),
    "a sentinel that a name holds": ("v = of({'s': SENTINEL})", "v['s'] is SENTINEL"),
    "a logger": ("v = of([log])", "v[0] is log"),
    "the standard library's": (
        "v = of([datetime.date(2020, 1, 2), decimal.Decimal('1.5'), fractions.Fraction(1, 3),"
        " uuid.UUID(int=5), pathlib.PurePath('a'), re.compile('x'), array.array('i', [1]),"
        " collections.deque([1]), collections.Counter('aab'), collections.OrderedDict(a=1),"
        " range(3), functools.partial(of, 1), types.SimpleNamespace(a=1)])",
        "len(v) == 13 and v[3].int == 5 and v[11]() == 1",
    ),
    "an exception": ("v = of(ValueError('x', 1))", "v.args == ('x', 1)"),
    "a loop's": ("v = []\nfor n in range(3): v = v + [n]", "v == [0, 1, 2]"),
    "a branch's": ("if shared:\n    v, w = [1], 2", "(v, w) == ([1], 2)"),
    "an annotated": ("v: list = of([1])", "v == [1]"),
    "an await's": (
        "import asyncio\nasync def later(): return [5]\nv = await later()",
        "v == [5]",
    ),
    "a global of a function": (
        "def sets():\n    global w\n    w = 7\n    return 8\nv = sets()",
        "(v, w) == (8, 7)",
    ),
    "a thread's": (
        "def threaded():\n    found = []\n    t = threading.Thread(target=found.append, args=(1,))\n"
        "    t.start(); t.join()\n    return found\nv = threaded()",
        "v == [1]",
    ),
}


def with_pragma(code: str) -> str:
    """Mark the last form of a piece of code."""
    head, separator, last = code.rpartition("\n")
    while last.startswith(" "):
        head, separator, rest = head.rpartition("\n")
        last = f"{rest}\n{last}"
    return f"{head}{separator}# relive: keep\n{last}\n"


def test_values_come_back_as_they_were(lone_project: Project) -> None:
    project = lone_project
    files = {f"kept_{number}.py": case for number, case in enumerate(KEPT.values())}
    names = dict(zip(files, KEPT, strict=True))
    for state in ("stored", "taken"):
        found = {
            names[file]: project.keep(file, f"{PREAMBLE}\n{with_pragma(code)}")
            for file, (code, _) in files.items()
        }
        assert {name: each for name, each in found.items() if each.state != state} == {}
        wrong = [
            names[file]
            for file, (_, truth) in files.items()
            if project.value(file, truth) != "True"
        ]
        assert not wrong, f"{state}: {wrong}"
        project.restart()


REFUSED = {
    "an expression": ("make()", "binds no name"),
    "a definition": ("def v(): pass", "a definition"),
    "an import": ("import json", "an import"),
    "an attribute": ("Plain.attribute = 1", "changed in place|binds no name"),
    "a lambda": ("v = lambda: 1", "lambda.*not to be found"),
    "a local class": (
        "def f():\n    class Inner: pass\n    return Inner\nv = f()",
        "Inner, which is not",
    ),
    "a generator": ("v = of(x for x in shared)", "generator"),
    "a lock": ("v = threading.Lock()", "lock"),
    "an open file": ("v = open(os.devnull)", "cannot be pickled|no file"),
    "a weak reference": ("v = weakref.ref(Plain)", "weakref|ReferenceType"),
    "what loses a part": ("v = Loses()", "comes back from a pickle as something else"),
    "an object() of its own": ("v = [object()]", "equals nothing but itself"),
    "a part of what it read": ("v = [settings['deep']]", "shares a dict with"),
    "an input changed": ("v = shared.append(3)", "shared is changed in place"),
    "a global dict changed": (
        "def f(): settings['new'] = 1; return 1\nv = f()",
        "settings is changed in place",
    ),
    "an object changed by its method": (
        "class Tally:\n    n = 0\n    def add(self):\n        self.n += 1\n        return self.n\n"
        "tally = Tally()\nv = tally.add()",
        "tally is changed in place",
    ),
    "a class changed": ("def f(): Plain.count = 1; return 1\nv = f()", "Plain is changed in place"),
    "an iterator used up": (
        "numbers = iter([1, 2])\nv = next(numbers)",
        "numbers is changed in place",
    ),
    "a generator read": (
        "numbers = (n for n in shared)\nv = list(numbers)",
        "numbers .a generator. cannot be compared",
    ),
    "a lock used": (
        "lock = threading.Lock()\ndef f():\n    with lock: return 1\nv = f()",
        "lock .a lock. cannot",
    ),
    "a name deleted": ("gone = 1\nif shared:\n    v = 1\n    del gone", "deletes gone"),
    "a file written": ("v = open('@name.out', 'w').write('x')", "wrote .*out"),
    "a file opened by its folder": (
        "os.makedirs('@name_folder', exist_ok=True)\nopen('@name_folder/x', 'w').close()\n"
        "folder = os.open('@name_folder', os.O_RDONLY)\n"
        "v = os.read(os.open('x', os.O_RDONLY, dir_fd=folder), 5)",
        "folder's descriptor",
    ),
    "a file removed": ("open('@name.x', 'w').close()\nv = os.remove('@name.x')", "changed files"),
    "a thread left running": (
        "def f():\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "    return 1\nv = f()",
        "still runs",
    ),
    "a program started": ("v = subprocess.run(['true']).returncode", "another program"),
    "the network": (
        "def f():\n    with socket.socket() as s:\n        try: s.connect(('127.0.0.1', 9))\n"
        "        except OSError: return 1\nv = f()",
        "the network",
    ),
    "a system's file": ("v = len(open('/proc/uptime').read())", "no file"),
    "input": (
        "def f():\n    try: return input()\n    except EOFError: return ''\nv = f()",
        "asks for input",
    ),
    "the environment changed": ("v = os.putenv('RELIVE_X', '1')", "environment"),
    "a hostile reduce": (
        "class Hostile:\n    def __reduce__(self): raise SystemExit\nv = Hostile()",
        "SystemExit",
    ),
    "a reduce without an end": (
        "class Endless:\n    def __reduce__(self): return Endless, (Endless(),)\nv = Endless()",
        "recursion|pickled",
    ),
    "a hostile equality": (
        "class Equal:\n    def __eq__(self, other): raise RuntimeError\n    def __hash__(self): return 1\n"
        "v = {Equal(): 1, 5: 2}",
        None,
    ),
    "a reduce that lies": (
        "class Liar:\n    def __reduce__(self): return of, (5,)\nv = Liar()",
        "comes back from a pickle as something else",
    ),
    "what cannot be set again": (
        "class Stuck:\n    def __init__(self): self.a = 1\n"
        "    def __setstate__(self, state): raise ValueError('no')\nv = Stuck()",
        "does not come back",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_kept_says_why(outer_project: Project, name: str, what: str) -> None:
    project = outer_project
    code, reason = REFUSED[what]
    told = project.keep(f"{name}.py", f"{PREAMBLE}\n{with_pragma(code.replace('@name', name))}")
    if reason is None:
        assert told.state in ("stored", "refused")
        return
    assert told.state == "refused"
    assert re.search(reason, told.reason or ""), told.reason


def test_a_value_of_the_users_that_fails_to_be_compared_costs_nothing_else(
    project: Project, name: str
) -> None:
    """The form runs as if it were not marked: what speaks against keeping is no error of it."""
    job = """
    class Hostile(list):
        def __reduce_ex__(self, protocol):
            raise SystemExit
        def __getattribute__(self, name):
            raise SystemExit
    x = Hostile([1])
    y = list.__len__(x)  # relive: keep
    """
    told = project.keep(f"{name}.py", job)
    assert told.state in ("stored", "refused")
    assert project.value(f"{name}.py", "y") == "1"


def test_a_method_of_a_values_class_counts_though_the_form_never_names_it(
    project: Project, name: str
) -> None:
    (project.folder / f"{name}_models.py").write_text(
        "class Model:\n    def rate(self): return 1\ndef build(): return Model()\n"
    )
    job = f"from {name}_models import build\nmodel = build()  # relive: keep\n"
    assert project.keep(f"{name}.py", job).state == "stored"
    assert project.keep(f"{name}.py", job).state == "taken"
    (project.folder / f"{name}_models.py").write_text(
        "class Model:\n    def rate(self): return 2\ndef build(): return Model()\n"
    )
    assert project.session.redefine(project.folder / f"{name}_models.py").status == "ok"
    assert project.keep(f"{name}.py", job).state == "stored"


def test_an_import_within_the_form_is_asked_for_before(project: Project, name: str) -> None:
    (project.folder / f"{name}_late.py").write_text("VALUE = 1\n")
    job = (
        f"def f():\n    import {name}_late\n    return {name}_late.VALUE\nv = f()  # relive: keep\n"
    )
    told = project.keep(f"{name}.py", job)
    assert told.state == "refused"
    assert "import it at the top" in (told.reason or "")
    assert project.keep(f"{name}.py", f"import {name}_late\n{job}").state == "stored"


def test_a_call_that_nobody_can_follow_is_noticed_where_the_interpreter_tells(
    project: Project, name: str
) -> None:
    """From 3.12 on it is refused; before, the module is taken in whole, since `globals` is read."""
    (project.folder / f"{name}_hidden.py").write_text("def hidden(): return 1\n")
    job = (
        f"import sys, {name}_hidden\n"
        f"v = getattr(sys.modules['{name}' + '_hidden'], 'hid' + 'den')()  # relive: keep\n"
    )
    told = project.keep(f"{name}.py", job)
    if project.value(f"{name}.py", "sys.version_info >= (3, 12)") == "True":
        assert told.state == "refused"
        assert "hidden" in (told.reason or "")
