"""What is kept of calls, kind by kind, on each Python: one process each for all cases."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from relive.session.answers import Evaluation
from relive.session.capturing import CapturedCall
from relive.session.session import Session

_numbers = count()


@dataclass
class Case:
    """A module, what is captured of it and run, and what must be kept of the last call."""

    source: str
    name: str
    run: str
    arguments: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    """By the code of a line: what it gave, as `name=last`, or `name=first..last x count`."""
    result: str | None = None
    error: str | None = None
    calls: int | None = None
    yields: int | None = None


CASES = {
    "function": Case(
        "def f(a, b=2, *rest, key=1, **more):\n    c = a + b\n    return c",
        "f",
        "f(1, key=3)",
        {"a": "1", "b": "2", "rest": "()", "key": "3", "more": "{}"},
        {"c = a + b": "c=3"},
        result="3",
    ),
    "loop": Case(
        "def f(xs):\n    t = 0\n    for x in xs:\n        t += x\n    return t",
        "f",
        "f([5, 6, 7])",
        lines={"t = 0": "t=0", "for x in xs:": "x=5..7 x 3", "t += x": "t=5..18 x 3"},
        result="18",
    ),
    "loop over nothing": Case(
        "def f(xs):\n    x = 9\n    for x in xs:\n        pass\n    return x",
        "f",
        "f([])",
        lines={"x = 9": "x=9"},
        result="9",
    ),
    "while": Case(
        "def f(n):\n    while n > 1:\n        n = n // 2\n    return n",
        "f",
        "f(8)",
        {"n": "8"},
        {"n = n // 2": "n=4..1 x 3"},
        result="1",
    ),
    "statement of several lines": Case(
        "def f(a):\n    b = max(\n        a,\n        3,\n    )\n    return b",
        "f",
        "f(1)",
        lines={"b = max(": "b=3"},
        result="3",
    ),
    "comprehension": Case(
        "def f(xs):\n    i = 'mine'\n    ys = [i * 2 for i in xs]\n    return ys",
        "f",
        "f([1, 2])",
        lines={"i = 'mine'": "i='mine'", "ys = [i * 2 for i in xs]": "ys=[2, 4]"},
        result="[2, 4]",
    ),
    "method": Case(
        "class C:\n    def m(self, a):\n        b = a + 1\n        return b\n"
        "    def __repr__(self):\n        return 'C()'",
        "C.m",
        "C().m(1)",
        {"self": "C()", "a": "1"},
        {"b = a + 1": "b=2"},
        result="2",
    ),
    "class method": Case(
        "class C:\n    @classmethod\n    def m(cls, a):\n        b = a + 1\n        return b",
        "C.m",
        "C.m(1)",
        {"a": "1"},
        {"b = a + 1": "b=2"},
        result="2",
    ),
    "property": Case(
        "class C:\n    @property\n    def size(self):\n        n = 4\n        return n",
        "C.size",
        "C().size",
        lines={"n = 4": "n=4"},
        result="4",
    ),
    "decorated": Case(
        "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def wrapper(*a):\n"
        "        return f(*a) * 2\n    return wrapper\n@twice\ndef g(a):\n    b = a + 1\n    return b",
        "g",
        "g(1)",
        {"a": "1"},
        {"b = a + 1": "b=2"},
        result="2",
    ),
    "nested function": Case(
        "def outer(k):\n    def inner(x):\n        y = x + k\n        return y\n    return inner",
        "outer.<locals>.inner",
        "outer(10)(1)",
        {"x": "1"},
        {"y = x + k": "y=11"},
        result="11",
    ),
    "closure over its own variable": Case(
        "def f(n):\n    t = 0\n    def add():\n        nonlocal t\n        t += n\n"
        "    add()\n    add()\n    return t",
        "f",
        "f(4)",
        {"n": "4"},
        {"t = 0": "t=0"},
        result="8",
    ),
    "recursion": Case(
        "def fact(n):\n    if n < 2:\n        return 1\n    rest = fact(n - 1)\n    return n * rest",
        "fact",
        "fact(4)",
        {"n": "1"},
        result="1",
        calls=4,
    ),
    "generator": Case(
        "def g(n):\n    for i in range(n):\n        x = i * 2\n        yield x\n    return 'end'",
        "g",
        "list(g(3))",
        {"n": "3"},
        {"x = i * 2": "x=0..4 x 3"},
        result="'end'",
        yields=3,
    ),
    "generator that is sent to": Case(
        "def g():\n    got = yield 1\n    yield got + 1\n",
        "g",
        "it = g(); next(it); it.send(4); list(it)",
        lines={"got = yield 1": "got=4"},
        result="None",
        yields=2,
    ),
    "generator that is closed": Case(
        "def g():\n    try:\n        yield 1\n    finally:\n        done = True\n",
        "g",
        "it = g(); next(it); it.close()",
        lines={"done = True": "done=True"},
        error="GeneratorExit",
        yields=1,
    ),
    "coroutine": Case(
        "import asyncio\nasync def c(n):\n    m = n + 1\n    await asyncio.sleep(0)\n    return m",
        "c",
        "await c(1)",
        {"n": "1"},
        {"m = n + 1": "m=2"},
        result="2",
    ),
    "asynchronous generator": Case(
        "import asyncio\nasync def g(n):\n    for i in range(n):\n        await asyncio.sleep(0)\n"
        "        x = i * 2\n        yield x\n        await asyncio.sleep(0)\n",
        "g",
        "[each async for each in g(2)]",
        {"n": "2"},
        {"x = i * 2": "x=0..2 x 2"},
        result="None",
        yields=2,
    ),
    "error": Case(
        "def f(a):\n    b = 1\n    b = 1 / a\n    return b",
        "f",
        "f(0)",
        {"a": "0"},
        {"b = 1": "b=1"},
        error="ZeroDivisionError: division by zero",
    ),
    "error that is caught": Case(
        "def f(a):\n    b = 1\n    try:\n        b = 1 / a\n    except ZeroDivisionError as e:\n"
        "        b = 2\n    return b",
        "f",
        "f(0)",
        lines={"b = 1": "b=1", "b = 2": "b=2"},
        result="2",
    ),
    "thread": Case(
        "import threading\ndef f(a):\n    b = [a]\n    return b\ndef go():\n"
        "    t = threading.Thread(target=f, args=(1,), name='T1')\n    t.start()\n    t.join()",
        "f",
        "go()",
        {"a": "1"},
        {"b = [a]": "b=[1]"},
        result="[1]",
    ),
    "values that raise, hang and print": Case(
        "class Raises:\n    def __repr__(self):\n        raise RuntimeError('no')\n"
        "class Hangs:\n    def __repr__(self):\n        while True:\n            pass\n"
        "class Prints:\n    def __repr__(self):\n        print('printed')\n        return 'P()'\n"
        "def f():\n    a = Raises()\n    b = Hangs()\n    c = Prints()\n    return 1",
        "f",
        "f()",
        lines={
            "a = Raises()": "a=<unprintable case.Raises: RuntimeError: no>",
            "b = Hangs()": "b=<case.Hangs: its repr takes too long>",
            "c = Prints()": "c=P()",
        },
        result="1",
    ),
    "name of an argument like the function's": Case(
        "def f(f):\n    return f + 1",
        "f",
        "f(1)",
        {"f": "1"},
        result="2",
    ),
}


class Module:
    """A case's file, evaluated."""

    def __init__(self, session: Session, folder: Path, source: str) -> None:
        self.session = session
        self.source = source
        self.file = folder / f"case{next(_numbers)}.py"
        self.file.write_text(source)
        assert self.run(source).status == "ok"

    def run(self, text: str, call: int | None = None) -> Evaluation:
        return self.session.evaluate(text, self.file, call=call)

    def capture(self, name: str, keep: int = 10) -> None:
        assert self.session.capture(self.file, name, keep).why is None

    def calls(self) -> tuple[CapturedCall, ...]:
        return self.session.captured(self.file).calls

    def values(self, call: CapturedCall) -> dict[str, str]:
        """By the code of lines: what they gave."""
        lines = self.source.split("\n")
        return {
            lines[each.line].strip(): ", ".join(
                f"{value.name}={f'{value.first}..' if value.first else ''}{value.text}"
                + (f" x {each.count}" if each.count > 1 else "")
                for value in each.values
            )
            for each in call.lines
            if each.values
        }


@pytest.fixture
def folder(lasting_session: Session) -> Path:
    return Path(lasting_session.home)


def value(answer: Evaluation) -> str | None:
    assert answer.status == "ok", answer.error
    return None if answer.results[-1].value is None else answer.results[-1].value.text


@pytest.mark.parametrize("kind", CASES)
def test_what_is_kept_of_a_call(lasting_session: Session, folder: Path, kind: str) -> None:
    case = CASES[kind]
    module = Module(lasting_session, folder, case.source)
    module.capture(case.name)
    output = module.run(case.run).output
    assert "printed" not in "".join(chunk.text for chunk in output)
    calls = module.calls()
    assert len(calls) == (case.calls or 1)
    call = calls[-1]
    given = {each.name: each.text for each in call.arguments}
    assert {name: given[name] for name in case.arguments} == case.arguments
    stem = module.file.stem
    values = {code: text.replace(stem, "case") for code, text in module.values(call).items()}
    assert {code: values.get(code) for code in case.lines} == case.lines
    assert (call.result, call.error, call.yields) == (case.result, case.error, case.yields)
    lasting_session.stop_capturing()
    assert module.calls() == ()


def test_text_runs_in_the_variables_of_a_call(lasting_session: Session, folder: Path) -> None:
    """Functions in the text see them, and so do `return`, private names, `super` and `global`."""
    module = Module(
        lasting_session,
        folder,
        textwrap.dedent(
            """
            K = 10
            class Base:
                def area(self, h):
                    return 1
            class Box(Base):
                def __init__(self):
                    self.__w = 3
                def area(self, h):
                    size = super().area(h) + self.__w * h
                    return size
            """
        ),
    )
    module.capture("Box.area")
    module.run("Box().area(4)")
    number = module.calls()[-1].call
    cases = {
        "size + K": "23",
        "[size + i for i in range(h) if i < h]": "[13, 14, 15, 16]",
        "(lambda: size * h)()": "52",
        "list(size for _ in range(2))": "[13, 13]",
        "return size - 1": "12",
        "self.__w": "3",
        "super().area(h)": "1",
        "sorted({*locals()} - {'__class__'})": "['h', 'self', 'size']",
        "eval('size + h') + len(vars()) - len(dir())": "17",
        "exec('self.kept = size')": "None",
        "self.kept": "13",
        "size = 5": "5",
        "eval('size')": "5",
        "size": "5",
        "import math; math.floor(size)": "5",
    }
    assert {text: value(module.run(text, number)) for text in cases} == cases
    module.run("global K\nK = 11", number)
    assert value(module.run("K")) == "11"
    assert module.run("size").status == "error", "the module has no such name"
    assert value(lasting_session.run_again(module.calls()[-1])) == "13", "the program goes on as is"
    lasting_session.stop_capturing()


def test_a_redefined_function_is_captured_on(lasting_session: Session, folder: Path) -> None:
    """Its older calls are told to be of another text, and run again with the new one."""
    module = Module(lasting_session, folder, "def f(a):\n    b = a + 1\n    return b\n")
    module.capture("f")
    module.run("f(1)")
    new = "def f(a):\n    b = a + 1\n    c = b * 2\n    return c\n"
    assert lasting_session.redefine(module.file, new).status == "ok"
    module.run("f(2)")
    before, after = module.calls()
    assert (before.text, after.result) == (None, "6")
    assert after.text is not None
    assert {each.line for each in after.lines} == {1, 2, 3}
    assert value(lasting_session.run_again(before)) == "4"
    lasting_session.stop_capturing()


def test_much_is_kept_in_bounds(lasting_session: Session, folder: Path) -> None:
    """Of long loops and of many calls: the last values, and no more than is said."""
    module = Module(
        lasting_session,
        folder,
        "def loop(n):\n    for i in range(n):\n        t = i\n        p = [i]\n    return t\n"
        "def f(x):\n    y = x + 1\n    return y\n"
        "def many(n):\n    for i in range(n):\n        f(i)\n",
    )
    module.capture("loop")
    module.capture("f", keep=5)
    module.run("loop(30_000); many(2_000)")
    functions = {each.name: each.calls for each in lasting_session.captured(module.file).functions}
    assert functions == {"loop": 1, "f": 2_000}
    loop, *calls = module.calls()
    assert loop.name == "loop"
    values = {each.name: each for line in loop.lines for each in line.values}
    assert (values["t"].first, values["t"].text) == ("0", "29999")
    assert (values["p"].first, values["p"].text, values["p"].late) == ("[0]", "[29999]", True)
    counts = [line.count for line in loop.lines if line.at_least]
    assert counts
    assert max(counts) <= 10_001
    assert len(calls) == 5
    assert calls[-1].result == "2000"
    assert [each.has_values for each in calls] == [False, False, True, True, True]
    gone = module.run("y", calls[0].call)
    assert gone.error is not None
    assert "latest three" in gone.error.message
    lasting_session.stop_capturing()


def test_a_call_that_fails_is_kept_among_many(lasting_session: Session, folder: Path) -> None:
    module = Module(
        lasting_session,
        folder,
        "def f(x):\n    return 1 / x\n"
        "def many():\n    for i in range(1_503, -1, -1):\n        f(i)\n",
    )
    module.capture("f")
    module.run("many()")
    last = module.calls()[-1]
    assert (last.error, last.number) == ("ZeroDivisionError: division by zero", 1_504)
    assert value(module.run("x", last.call)) == "0"
    lasting_session.stop_capturing()


def test_closures_run_again_with_their_own_variables(
    lasting_session: Session, folder: Path
) -> None:
    module = Module(
        lasting_session,
        folder,
        "def outer(k):\n    def inner(x):\n        return x + k\n    return inner\n",
    )
    module.capture("outer.<locals>.inner")
    module.run("a = outer(1); b = outer(10); a(1); b(2)")
    assert [value(lasting_session.run_again(each)) for each in module.calls()[:2]] == ["2", "12"]
    lasting_session.stop_capturing()


def test_closures_that_count_run_again_as_far_as_it_is_known_which_was_called(
    lasting_session: Session, folder: Path
) -> None:
    """What a call changes around its function tells no others apart, and is no other function."""
    module = Module(
        lasting_session,
        folder,
        "def outer(tag):\n    n = 0\n    def count(step):\n        nonlocal n\n        n += step\n"
        "        return tag, n\n    return count\n",
    )
    module.capture("outer.<locals>.count")
    module.run("a = outer('a'); b = outer('b'); a(1); b(1); a(10)")
    first, second = module.calls()[:2]
    assert value(lasting_session.run_again(first)) == "('a', 12)"
    assert value(lasting_session.run_again(second)) == "('b', 2)"
    module.run("other = outer('a'); other(1)")
    unknown = lasting_session.run_again(module.calls()[-1])
    assert unknown.error is not None
    assert "cannot be told" in unknown.error.message
    assert value(module.run("other(0)")) == "('a', 1)", "none was called in place of another"
    lasting_session.stop_capturing()


def test_the_function_that_was_called_runs_again_and_none_of_its_name(
    lasting_session: Session, folder: Path
) -> None:
    module = Module(
        lasting_session,
        folder,
        "class C:\n    v = 1\n    @property\n    def p(self):\n        return self.v * 100\n"
        "    @p.setter\n    def p(self, new):\n        self.v = new\n"
        "    def __own(self, a):\n        return a + 1\n    def call(self):\n"
        "        return self.__own(3)\n"
        "def f(a):\n    return 'first', a\nfirst = f\ndef f(a):\n    return 'second', a\n",
    )
    for name in ("C.p", "C.__own", "f"):
        module.capture(name)
    module.run("c = C(); c.p; c.call(); first(1); f(2)")
    got = [value(lasting_session.run_again(each)) for each in module.calls()]
    assert got == ["100", "4", "('first', 1)", "('second', 2)"]
    module.run("c.p = 7")
    setting = [each for each in module.calls() if each.name == "C.p"][-1]
    module.run("c.v = 0")
    lasting_session.run_again(setting)
    assert value(module.run("c.v")) == "7"
    lasting_session.stop_capturing()


def test_fewer_calls_can_be_kept_and_one_under_way_says_so(
    lasting_session: Session, folder: Path
) -> None:
    module = Module(lasting_session, folder, "def g(n):\n    yield n\n    yield n + 1\n")
    module.capture("g")
    module.run("for i in range(5): list(g(i))")
    assert len(module.calls()) == 5
    module.capture("g", keep=2)
    module.run("x = g(7); next(x)")
    *ended, under_way = module.calls()
    assert [each.arguments[0].text for each in ended] == ["3", "4"]
    unended = module.run("n", under_way.call)
    assert unended.error is not None
    assert "has not ended" in unended.error.message
    lasting_session.stop_capturing()


def test_a_stack_that_was_full_ends_no_capturing(lasting_session: Session, folder: Path) -> None:
    module = Module(lasting_session, folder, "def down(n):\n    return n and 1 + down(n - 1)\n")
    module.capture("down")
    full = module.run("down(10 ** 6)")
    assert full.error is not None
    assert full.error.type == "RecursionError"
    assert [each for each in module.calls() if each.duration_ms is None] == []
    module.run("down(3)")
    function = lasting_session.captured(module.file).functions[0]
    assert (function.calls, function.why) == (4, None)
    assert [each.result for each in module.calls()][-4:] == ["3", "2", "1", "0"]
    lasting_session.stop_capturing()


def test_what_is_only_looked_at_is_no_call(lasting_session: Session, folder: Path) -> None:
    """Values in words and expressions that are inspected are none of the program's calls."""
    module = Module(
        lasting_session,
        folder,
        "class C:\n    def __repr__(self):\n        return 'C()'\n"
        "def f(a):\n    c = C()\n    return a\n",
    )
    module.capture("f")
    module.capture("C.__repr__")
    lasting_session.inspect("f(1)", module.file)
    assert module.calls() == ()
    module.run("f(2)")
    assert [each.name for each in module.calls()] == ["f"]
    lasting_session.stop_capturing()


def test_other_tools_trace_beside_it(lasting_session: Session, folder: Path) -> None:
    """From 3.12 on both hear; before, who was there first, and it is said."""
    module = Module(
        lasting_session,
        folder,
        "import sys\nseen = []\ndef f(a):\n    b = a\n    return b\n"
        "def hear(frame, event, arg):\n    seen.append(frame.f_code.co_name)\n",
    )
    module.capture("f")
    answer = module.run("sys.version_info >= (3, 12)")
    both = value(answer) == "True"
    module.run("sys.settrace(hear)")
    module.run("f(1)")
    assert value(module.run("'f' in seen")) == "True"
    assert [each.result for each in module.calls()] == (["1"] if both else [])
    why = lasting_session.captured(module.file).functions[0].why
    assert why is None if both else why is not None and "debugger" in why
    module.run("sys.settrace(None)")
    module.run("f(2)")
    assert module.calls()[-1].result == "2"
    assert lasting_session.captured(module.file).functions[0].why is None
    lasting_session.stop_capturing()


def test_nothing_is_left_when_it_is_off(lasting_session: Session, folder: Path) -> None:
    """No tool, no trace function, no value kept alive."""
    module = Module(
        lasting_session,
        folder,
        "import gc, sys, threading, weakref\nclass Big:\n    pass\n"
        "def f(a):\n    return 1\n"
        "def go():\n    global big\n    big = Big()\n    ref = weakref.ref(big)\n    f(big)\n"
        "    del big\n    gc.collect()\n    return ref\n",
    )
    module.capture("f")
    module.run("ref = go()")
    assert value(module.run("ref() is None")) == "False", "its latest calls keep their variables"
    lasting_session.stop_capturing()
    assert value(module.run("gc.collect(); ref() is None")) == "True"
    names = "[sys.monitoring.get_tool(each) for each in range(6)]"
    tools = value(module.run(f"{names} if hasattr(sys, 'monitoring') else []"))
    assert tools is not None
    assert "captures" not in tools
    assert value(module.run("sys.gettrace(), threading._trace_hook")) == "(None, None)"
