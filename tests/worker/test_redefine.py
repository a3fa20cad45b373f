"""Redefining in a real worker, on each supported interpreter: what is held follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from relive.session.answers import Evaluation
from relive.session.definition_answers import Redefinition
from relive.session.session import Session


@pytest.fixture
def session(long_session: Session) -> Session:
    return long_session


def value(evaluation: Evaluation) -> str:
    assert evaluation.status == "ok", evaluation.error
    last = evaluation.results[-1].value
    assert last is not None
    return last.text


class Live:
    """A file loaded into a session, and its text as a person edits it, unsaved."""

    def __init__(self, session: Session, file: Path, text: str) -> None:
        self.session, self.file, self.text = session, file, text
        file.write_text(text)
        load = session.evaluate(text, file)
        assert load.status == "ok", load.error

    def run(self, code: str) -> str:
        return value(self.session.evaluate(code, self.file))

    def edit(self, old: str, new: str, name: str | None) -> Redefinition:
        assert old in self.text
        self.text = self.text.replace(old, new)
        return self.session.redefine(self.file, self.text, name)


@pytest.fixture
def load(session: Session, workspace: Path):
    return lambda text, name="mod.py": Live(session, workspace / name, text)


CASES = {
    # name: (text, set-up, definition, old, new, probe, expected)
    "function": (
        "def f():\n    return 1\n",
        "g = f",
        "f",
        "return 1",
        "return 2",
        "f(), g()",
        "(2, 2)",
    ),
    "default": ("def f(a=1):\n    return a\n", "g = f", "f", "a=1", "a=5", "g()", "5"),
    "keyword default": ("def f(*, a=1):\n    return a\n", "g = f", "f", "a=1", "a=5", "g()", "5"),
    "signature": (
        "def f(a):\n    return a\n",
        "g = f",
        "f",
        "(a)",
        "(a, b=2)",
        "g(1), g(1, b=3)",
        "(1, 1)",
    ),
    "docstring": ('def f():\n    "old"\n', "g = f", "f", "old", "new", "g.__doc__", "'new'"),
    "annotations": (
        "def f(a: int): pass\n",
        "g = f",
        "f",
        "int",
        "str",
        "g.__annotations__",
        "{'a': <class 'str'>}",
    ),
    "partial": (
        "import functools\ndef f(a):\n    return a\n",
        "p = functools.partial(f, 3)",
        "f",
        "return a",
        "return -a",
        "p()",
        "-3",
    ),
    "decorated": (
        "import functools\ndef deco(fn):\n    @functools.wraps(fn)\n    def inner(*a):\n        return fn(*a)\n"
        "    return inner\n@deco\ndef f():\n    return 1\n",
        "g = f",
        "f",
        "return 1",
        "return 2",
        "g()",
        "2",
    ),
    "lru_cache": (
        "import functools\n@functools.lru_cache(None)\ndef f():\n    return 1\n",
        "g = f",
        "f",
        "return 1",
        "return 2",
        "g.cache_clear(); g()",
        "2",
    ),
    "async": (
        "import asyncio\nasync def f():\n    return 1\n",
        "g = f",
        "f",
        "return 1",
        "return 2",
        "asyncio.run(g())",
        "2",
    ),
    "generator": (
        "def f():\n    yield 1\n",
        "g = f",
        "f",
        "yield 1",
        "yield 2",
        "list(g())",
        "[2]",
    ),
    "to generator": (
        "def f():\n    return [1]\n",
        "g = f",
        "f",
        "return [1]",
        "yield 2",
        "list(g())",
        "[2]",
    ),
    "method": (
        "class C:\n    def m(self):\n        return 1\n",
        "c = C(); b = c.m",
        "C.m",
        "return 1",
        "return 2",
        "c.m(), b(), C().m()",
        "(2, 2, 2)",
    ),
    "static method": (
        "class C:\n    @staticmethod\n    def m():\n        return 1\n",
        "c = C(); b = c.m",
        "C.m",
        "return 1",
        "return 2",
        "c.m(), b(), C.m()",
        "(2, 2, 2)",
    ),
    "class method": (
        "class C:\n    @classmethod\n    def m(cls):\n        return cls, 1\n",
        "b = C.m",
        "C.m",
        "cls, 1",
        "cls is C, 2",
        "b()",
        "(True, 2)",
    ),
    "property": (
        "class C:\n    @property\n    def p(self):\n        return 1\n",
        "c = C()",
        "C.p",
        "return 1",
        "return 2",
        "c.p",
        "2",
    ),
    "nested class": (
        "class A:\n    class B:\n        def m(self):\n            return 1\n",
        "b = A.B()",
        "A.B.m",
        "return 1",
        "return 2",
        "b.m()",
        "2",
    ),
    "super added": (
        "class A:\n    def m(self):\n        return 'A'\nclass B(A):\n    def m(self):\n        return 'B'\n",
        "b = B(); held = b.m",
        "B.m",
        "return 'B'",
        "return super().m() + 'b'",
        "b.m(), held()",
        "('Ab', 'Ab')",
    ),
    "super removed": (
        "class A:\n    def m(self):\n        return 'A'\nclass B(A):\n    def m(self):\n        return super().m()\n",
        "b = B(); held = b.m",
        "B.m",
        "super().m()",
        "'only B'",
        "b.m(), held()",
        "('only B', 'only B')",
    ),
    "private name": (
        "class C:\n    __x = 1\n    def m(self):\n        return self.__x\n",
        "c = C()",
        "C.m",
        "self.__x",
        "self.__x + 1",
        "c.m()",
        "2",
    ),
    "private method": (
        "class C:\n    def __m(self):\n        return 1\n    def call(self):\n        return self.__m()\n",
        "c = C()",
        "C.__m",
        "return 1",
        "return 2",
        "c.call()",
        "2",
    ),
    "closure": (
        "def outer(n):\n    def inner():\n        return n\n    return inner\n",
        "i = outer(3)",
        "outer",
        "return n\n",
        "return n * 10\n",
        "i(), outer(4)()",
        "(30, 40)",
    ),
    "lambda inside": (
        "def outer(n):\n    return lambda: n\n",
        "i = outer(3)",
        "outer",
        "lambda: n",
        "lambda: -n",
        "i()",
        "-3",
    ),
    "uses a module name": (
        "K = 5\ndef f():\n    return 1\n",
        "g = f",
        "f",
        "return 1",
        "return K",
        "g()",
        "5",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_held_follows(load, case: tuple[str, ...]) -> None:
    text, setup, name, old, new, probe, expected = case
    live = load(text)
    live.run(setup + "\nNone")
    receipt = live.edit(old, new, name)
    assert receipt.status == "ok", receipt
    assert receipt.definitions[0].outcome == "redefined"
    assert receipt.definitions[0].functions_updated >= 1
    assert live.run(probe) == expected


def test_property_parts_are_changed_each_alone(load) -> None:
    text = "class C:\n    @property\n    def p(self):\n        return self._p\n    @p.setter\n    def p(self, v):\n        self._p = v\n"
    live = load(text)
    live.run("c = C(); c.p = 1")
    live.edit("self._p = v", "self._p = v * 10", "C.p")
    assert live.run("c.p = 2; c.p") == "20"


def test_function_attributes_and_identity_stay(load) -> None:
    live = load("def f():\n    return 1\n")
    live.run("f.tag = 'kept'; before = id(f)")
    live.edit("return 1", "return 2", "f")
    assert live.run("f.tag, id(f) == before") == "('kept', True)"


def test_default_changed_by_the_program_stays_when_its_text_does(load) -> None:
    live = load("def f(seen=[]):\n    seen.append(1)\n    return len(seen)\n")
    live.run("f()")
    live.edit("return len(seen)", "return -len(seen)", "f")
    assert live.run("f()") == "-2"


def test_state_of_instances_stays(load) -> None:
    live = load(
        "class C:\n    def __init__(self):\n        self.n = 1\n    def get(self):\n        return self.n\n"
    )
    live.run("c = C(); c.n = 42")
    receipt = live.edit("return self.n", "return self.n + 1", "C.get")
    assert live.run("c.get()") == "43"
    assert receipt.definitions[0].instances_updated == 1


def test_thread_in_a_loop_follows(load) -> None:
    live = load(
        "import queue, threading\nasked, given = queue.Queue(), queue.Queue()\n"
        "def work():\n    return 'old'\n"
        "def loop():\n    while asked.get():\n        given.put(work())\n"
    )
    live.run("t = threading.Thread(target=loop); t.start()")
    assert live.run("asked.put(1); given.get()") == "'old'"
    live.edit("'old'", "'new'", "work")
    assert live.run("asked.put(1); given.get()") == "'new'"
    live.run("asked.put(0); t.join()\nNone")


def test_new_function_and_method_are_added(load) -> None:
    live = load("class C:\n    def a(self):\n        return 1\n")
    live.run("c = C()")
    receipt = live.edit(
        "        return 1\n",
        "        return 1\n    def b(self):\n        return self.a() + 1\n",
        "C.b",
    )
    assert [d.outcome for d in receipt.definitions] == ["added"]
    assert live.run("c.b()") == "2"
    receipt = live.edit("class C:", "def fresh():\n    return C().b()\nclass C:", "fresh")
    assert [d.outcome for d in receipt.definitions] == ["added"]
    assert live.run("fresh()") == "2"


def test_whole_file_changes_only_what_differs(load) -> None:
    live = load(
        "print('loading')\ndef a():\n    return 1\ndef b():\n    return 1\nclass C:\n    x = 1\n    def m(self):\n        return 1\n    def gone(self): pass\n"
    )
    live.run("same = id(b); c = C()")
    live.text = live.text.replace("def a():\n    return 1", "# moved\ndef a():\n    return 2")
    live.text = live.text.replace("x = 1", "x = 7").replace(
        "        return 1\n    def gone(self): pass\n",
        "        return 2\n    def more(self):\n        return 3\n",
    )
    receipt = live.session.redefine(live.file, live.text)
    outcomes = {d.name: d.outcome for d in receipt.definitions}
    assert outcomes == {
        "a": "redefined",
        "b": "unchanged",
        "C": "redefined",
        "C.m": "redefined",
        "C.more": "added",
        "C.gone": "removed",
    }
    assert (
        live.run("a(), b(), id(b) == same, c.m(), c.more(), c.x, hasattr(c, 'gone')")
        == "(2, 1, True, 2, 3, 7, False)"
    )


def test_unchanged_text_is_told_as_unchanged(load) -> None:
    live = load("def f():\n    return 1\n")
    assert [d.outcome for d in live.session.redefine(live.file, live.text, "f").definitions] == [
        "unchanged"
    ]
    assert [d.outcome for d in live.session.redefine(live.file, live.text).definitions] == [
        "unchanged"
    ]


def test_moved_function_gets_its_new_lines(load) -> None:
    live = load("def f():\n    return 1 / 0\n")
    live.text = "# a\n# b\n" + live.text
    live.session.redefine(live.file, live.text)
    given = live.session.evaluate("f()", live.file)
    assert given.error is not None
    assert given.error.traceback.count("line 4, in f") == 1


@pytest.mark.parametrize(
    ("new", "error"),
    [
        ("def f(:\n    return 2\n", "SyntaxError"),
        ("def f(a=1 / 0):\n    return 2\n", "ZeroDivisionError"),
        ("@missing\ndef f():\n    return 2\n", "NameError"),
        ("def f():\n  return 2\n   x\n", "IndentationError"),
    ],
)
def test_failure_leaves_the_image_as_it_was(load, new: str, error: str) -> None:
    live = load("def f():\n    return 1\ndef g():\n    return 1\n")
    receipt = live.edit("def f():\n    return 1\n", new, "f")
    assert receipt.status == "error"
    assert receipt.error is not None
    assert receipt.error.type == error
    assert live.run("f()") == "1"
    both = live.session.redefine(
        live.file, live.text.replace("def g():\n    return 1", "def g():\n    return 2")
    )
    assert both.status == "error"
    assert live.run("f(), g()") == "(1, 1)"


@pytest.mark.parametrize(
    "code",
    ["def f():\n    return 1\n", "class C:\n    def f(self):\n        return 1\n"],
    ids=["at the margin", "indented"],
)
def test_a_syntax_error_is_told_by_the_line_in_the_file(load, code: str) -> None:
    live = load(f"x = 1\n\n\n{code}")
    receipt = live.edit("return 1", "x = (1,\n]", "f" if code.startswith("def") else "C.f")
    assert receipt.error is not None
    assert receipt.error.range is not None
    lines = live.text.splitlines()
    assert receipt.error.range.start[0] == lines.index("]")
    opened = next(number for number, line in enumerate(lines, 1) if "(1," in line)
    assert receipt.error.message.endswith(f"on line {opened}")


def test_syntax_error_elsewhere_does_not_matter(load) -> None:
    live = load("def f():\n    return 1\n")
    receipt = live.edit("return 1\n", "return 2\n\ndef broken(:\n", "f")
    assert receipt.status == "ok", receipt.error
    assert live.run("f()") == "2"


def test_what_cannot_be_done_is_refused_with_the_reason(load) -> None:
    live = load("class C:\n    pass\n")
    live.run("c = C()\nNone")
    receipt = live.edit("class C:", "class C(dict):", "C")
    assert receipt.status == "refused"
    assert "1 object of it is alive" in (receipt.definitions[0].reason or "")
    assert "bases" in (receipt.definitions[0].reason or "")
    receipt = live.session.redefine(live.file, live.text, "Nowhere.m")
    assert receipt.status == "refused"


def test_redefining_while_an_evaluation_runs(load) -> None:
    live = load(
        "import time\nsteps = []\ndef step():\n    return 'old'\ndef go():\n    while step() == 'old':\n        time.sleep(0.001)\n    return step()\n"
    )
    session, answers = live.session, []
    from relive.session import callers

    request = callers.in_file("go()", live.file, ".")
    with session._lock:
        session.submit(request, answers.append)
    receipt = live.edit("'old'\ndef go", "'new'\ndef go", "step")
    assert receipt.status == "ok"
    session._driver.run_until(lambda: bool(answers))
    assert value(answers[0]) == "'new'"


def test_a_file_not_loaded_yet_gets_the_function(session: Session, workspace: Path) -> None:
    file = workspace / "fresh.py"
    file.write_text("print('not run')\ndef f():\n    return 1\n")
    receipt = session.redefine(file, name="f")
    assert [d.outcome for d in receipt.definitions] == ["added"]
    assert value(session.evaluate("f()", file)) == "1"


def test_imported_module_follows_its_file(session: Session, workspace: Path) -> None:
    file = workspace / "lib.py"
    file.write_text("K = 1\ndef f():\n    return K\n")
    session.evaluate("import lib\nfrom lib import f as alias")
    file.write_text("import math\nK = 1\ndef f():\n    return math.floor(K + 1.5)\n")
    receipt = session.redefine(file)
    assert {d.name: d.outcome for d in receipt.definitions} == {"f": "redefined"}
    assert value(session.evaluate("alias()")) == "2"


def test_a_function_that_stands_in_no_text_stays(session: Session, workspace: Path) -> None:
    file = workspace / "mod.py"
    file.write_text("def f():\n    return 1\n\ndef g():\n    return 2\n")
    session.evaluate("import mod")
    assert value(session.evaluate("def tried():\n    return f()\n\ntried()", file)) == "1"
    file.write_text("def f():\n    return 10\n")
    receipt = session.redefine(file)
    assert [each.name for each in receipt.definitions if each.outcome == "removed"] == ["g"]
    assert value(session.evaluate("tried()", file)) == "10"


def test_new_import_that_the_definition_uses_is_run(load) -> None:
    live = load("def f():\n    return 1\n")
    live.text = "import math\nfrom os import sep as s\nimport nowhere_at_all\n" + live.text
    live.edit("return 1", "return math.floor(2.5), s", "f")
    assert live.run("f()") == "(2, '/')"


def test_evaluating_a_definition_computes_its_defaults_anew(load) -> None:
    live = load("N = 1\ndef f(n=N):\n    return n\n")
    live.run("g = f; N = 2\nNone")
    live.session.evaluate("def f(n=N):\n    return n\n", live.file)
    assert live.run("f(), g()") == "(2, 2)"


BRANCHES = "import sys\nif sys:\n    def f():\n        return 'taken'\nelse:\n    def f():\n        return 'other'\n"


@pytest.mark.parametrize("whole", [True, False])
def test_of_definitions_in_branches_the_live_one_is_meant(load, whole: bool) -> None:
    live = load(BRANCHES)
    live.text = live.text.replace("other", "changed")
    live.session.redefine(live.file, live.text, None if whole else "f")
    assert live.run("f()") == "'taken'"
    live.text = live.text.replace("'taken'", "'new'")
    live.session.redefine(live.file, live.text, None if whole else "f")
    assert live.run("f()") == "'new'"


def test_a_property_named_is_changed_in_all_its_parts(load) -> None:
    text = "class C:\n    @property\n    def p(self):\n        return self._p\n    @p.setter\n    def p(self, v):\n        self._p = v\n"
    live = load(text)
    live.run("c = C(); c.p = 1")
    live.text = live.text.replace("return self._p", "return -self._p").replace(
        "= v\n", "= v * 10\n"
    )
    live.session.redefine(live.file, live.text, "C.p")
    assert live.run("c.p = 2; c.p") == "-20"


def test_a_future_import_under_another_name_counts(session: Session, workspace: Path) -> None:
    file = workspace / "mod.py"
    file.write_text("from __future__ import annotations as _a\ndef f(x: Nowhere):\n    return 1\n")
    session.evaluate("import mod")
    file.write_text(file.read_text().replace("return 1", "return 2"))
    assert session.redefine(file).status == "ok"
    assert value(session.evaluate("mod.f(0)")) == "2"


def test_a_file_brought_back_takes_back_what_was_redefined_in_a_class_alone(load) -> None:
    text = "class C:\n    def m(self):\n        return 1\n\n\nc = C()\n"
    live = load(text)
    live.edit("return 1", "return 2", "C.m")
    live.edit("return 2\n", "return 2\n\n    def added(self):\n        return 3\n", "C.added")
    assert live.run("c.m(), c.added()") == "(2, 3)"
    receipt = live.session.redefine(live.file, text)
    assert {each.name: each.outcome for each in receipt.definitions} == {
        "C": "redefined",
        "C.m": "redefined",
        "C.added": "removed",
    }
    assert live.run("c.m(), hasattr(c, 'added')") == "(1, False)"
    again = live.session.redefine(live.file, text)
    assert {each.outcome for each in again.definitions} == {"unchanged"}


@pytest.mark.parametrize(
    ("module", "reason"),
    [("_json", "extension module"), ("importlib._bootstrap", "frozen into the interpreter")],
)
def test_a_module_that_no_text_made_is_refused(session: Session, module: str, reason: str) -> None:
    file = value(session.evaluate(f"import {module} as m\nstr(m.__file__)\nm.__file__[-160:]"))
    receipt = session.redefine(file.strip("'"), source="def f(): return 1\n", name="f")
    assert receipt.status == "refused"
    assert reason in (receipt.definitions[0].reason or "")
    assert value(session.evaluate("hasattr(m, 'f')")) == "False"
