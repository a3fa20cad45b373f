"""What an error tells: places, values, what led to it. On each supported interpreter."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from relive.session.answers import Error, Frame, LinkedError
from relive.session.session import Session

UNPRINTABLE = """
import time
class Loops:
    def __repr__(self):
        while True: pass
class Raises:
    def __repr__(self): raise ValueError("no")
class Exits:
    def __repr__(self): raise SystemExit
class Prints:
    def __repr__(self):
        print("seen by nobody")
        return "printed"
class Large:
    def __repr__(self): return "x" * 10**8
class Odd:
    __class__ = property(lambda self: 1 / 0)
    __repr__ = None
"""


def failing(session: Session, text: str, file: str | None = None) -> Error:
    """Run `text`, which fails, and return its error."""
    given = session.evaluate(text, file)
    assert given.status == "error"
    assert given.error is not None
    assert session.evaluate("6 * 7").results[-1].value is not None
    return given.error


def version(session: Session) -> tuple[int, ...]:
    session.evaluate("0")  # it is known once the process has started
    return tuple(map(int, (session.info().version or "").split(".")[:2]))


def values(frame: Frame) -> dict[str, str]:
    return {each.name: each.text for each in frame.locals}


def columns(frame: Frame) -> tuple[int, int] | None:
    return None if frame.range is None else (frame.range.start[1], frame.range.end[1])


def described(error: Error | LinkedError) -> str:
    """Return the tree of an error as one line."""
    members = ", ".join(map(described, error.exceptions))
    causes = "".join(f" <{each.relation} {described(each)}>" for each in error.causes)
    return f"{error.type}({error.message}){f'[{members}]' if members else ''}{causes}"


def test_frames_tell_the_values_of_their_variables(session: Session) -> None:
    text = """import math
limit = 3
def outer(items, *, scale=2.0):
    total = len(items)
    def inner(factor):
        here = [factor, total]
        return here[9]
    return inner(scale)
class Shop:
    name = "corner"
    price = outer({"a": 1, "b": 2}, scale=limit / 2)
"""
    module, body, outer, inner = failing(session, text).frames
    assert values(module) == {}
    assert values(body) == {"limit": "3"}
    assert list(values(outer).items()) == [
        ("items", "{'a': 1, 'b': 2}"),
        ("scale", "1.5"),
        ("total", "2"),
    ]
    assert values(inner) == {"factor": "1.5", "here": "[1.5, 2]", "total": "2"}


def test_the_failing_part_of_each_line_is_told_where_python_knows_it(session: Session) -> None:
    text = "def äh(wörter):\n    return ['ü'] + wörter['x'] + [1]\n\näh({}) ; 1\n"
    outer, inner = failing(session, text).frames
    found = [columns(outer), columns(inner)]
    assert found == ([(0, 6), (19, 30)] if version(session) >= (3, 11) else [None, None])


def test_code_of_libraries_is_told_apart(session: Session, workspace: Path) -> None:
    (workspace / "mine.py").write_text("import json\ndef load(): return json.loads('{')\n")
    library = workspace / "site-packages"
    library.mkdir()
    (library / "theirs.py").write_text("def call(function): return function()\n")
    text = f"import sys; sys.path.append({str(library)!r})\nimport mine, theirs\n"
    error = failing(session, f"{text}exec('theirs.call(mine.load)')", "main.py")
    found = [(frame.name, frame.own) for frame in error.frames]
    assert found[:4] == [("<module>", True), ("<module>", False), ("call", False), ("load", True)]
    assert not any(own for _, own in found[4:])


def test_values_that_cannot_be_shown_harm_nothing(session: Session) -> None:
    names = ("Loops", "Raises", "Exits", "Prints", "Large", "Odd")
    made = "; ".join(f"{name.lower()} = {name}()" for name in names)
    many = "; ".join(f"v{number} = {number}" for number in range(1000))
    text = f"{UNPRINTABLE}def f():\n    {made}; after = 1; {many}\n    1 / 0\nf()"
    given = session.evaluate(text)
    assert given.output == ()
    assert given.error is not None
    told = given.error.frames[-1]
    shown = values(told)
    assert "takes too long" in shown["loops"]
    assert "unprintable" in shown["raises"]
    assert "unprintable" in shown["exits"]
    assert (shown["prints"], shown["after"]) == ("printed", "1")
    assert 0 < len(shown["large"]) <= 301
    assert len(told.locals) + told.locals_omitted == 1007
    assert len(told.locals) < 100


def test_all_values_share_one_budget(session: Session) -> None:
    text = f"{UNPRINTABLE}def f(n, a, b, c, d):\n    other = Loops()\n"
    text += "    return f(n - 1, Loops(), Loops(), Large(), 'x' * 10**6) if n else 1 / 0\n"
    given = session.evaluate(f"{text}f(200, 1, 2, 3, 4)")
    assert given.error is not None
    assert len(json.dumps(given.error.to_json())) < 200_000
    assert given.duration_ms < 60_000, "every value took its own time"
    assert any(frame.locals_omitted for frame in given.error.frames)
    assert given.error.type == "ZeroDivisionError"


def test_a_recursion_is_folded_whoever_calls_whom(session: Session) -> None:
    text = """import sys
sys.setrecursionlimit(20_000)
def a(n): return b(n)
def b(n):
    return c(n) if n else 1 / 0
def c(n): return a(n - 1)
a(1000)
"""
    frames = failing(session, text).frames
    assert [frame.name for frame in frames[:4]] == ["<module>", "a", "b", "c"]
    assert [frame.name for frame in frames[-3:]] == ["c", "a", "b"]
    assert len(frames) < 20
    assert len(frames) + sum(frame.omitted for frame in frames) == 3003
    assert values(frames[-1]) == {"n": "0"}


LINKED = {
    "cause": (
        "try: 1 / 0\nexcept ArithmeticError as e: raise KeyError('k') from e",
        "KeyError('k') <cause ZeroDivisionError(division by zero)>",
    ),
    "chain": (
        "try:\n try: 1 / 0\n finally: [][1]\nexcept LookupError as e: raise OSError('o') from e",
        "OSError(o) <cause IndexError(list index out of range)>"
        " <context ZeroDivisionError(division by zero)>",
    ),
    "suppressed": (
        "try: 1 / 0\nexcept ArithmeticError: raise KeyError('k') from None",
        "KeyError('k')",
    ),
    "circle": (
        "a, b = ValueError('a'), ValueError('b'); a.__cause__ = b; b.__cause__ = a; raise a",
        "ValueError(a) <cause ValueError(b)>",
    ),
    "itself": ("a = ValueError('a'); a.__cause__ = a; raise a", "ValueError(a)"),
    "attributes that lie": (
        "class E(Exception):\n    __cause__ = __context__ = property(lambda self: 1 / 0)\nraise E",
        "E()",
    ),
    "no message": (
        "class E(Exception):\n    def __str__(self): raise KeyError\nraise E from ValueError('v')",
        "E(<its message cannot be shown: KeyError>) <cause ValueError(v)>",
    ),
}


@pytest.mark.parametrize(("text", "expected"), LINKED.values(), ids=LINKED)
def test_what_led_to_an_error_is_told(fast_session: Session, text: str, expected: str) -> None:
    assert described(failing(fast_session, text)) == expected


def test_what_led_to_an_error_has_frames_and_values(session: Session) -> None:
    text = """def f(x):
    try: {}[x]
    except KeyError as e: raise ValueError(x) from e
f('a')
"""
    (cause,) = failing(session, text).causes
    assert [(frame.name, frame.line) for frame in cause.frames] == [("f", 1)]
    assert values(cause.frames[0])["x"] == "'a'"


def test_a_group_is_told_as_a_tree(session: Session) -> None:
    if version(session) < (3, 11):
        pytest.skip("this Python has no exception groups")
    text = """def fail(x): raise ValueError(x)
def gather():
    found = []
    for x in 1, 2:
        try: fail(x)
        except ValueError as e: found.append(e)
    raise ExceptionGroup('two', [*found, ExceptionGroup('one', [KeyError('k')])]) from OSError('o')
gather()
"""
    error = failing(session, text)
    assert described(error).replace(" (3 sub-exceptions)", "").replace(
        " (1 sub-exception)", ""
    ) == (
        "ExceptionGroup(two)[ValueError(1), ValueError(2), ExceptionGroup(one)[KeyError('k')]]"
        " <cause OSError(o)>"
    )
    assert [frame.name for frame in error.exceptions[1].frames] == ["gather", "fail"]
    assert values(error.exceptions[1].frames[-1]) == {"x": "2"}


def test_groups_of_the_library_that_has_them_for_older_pythons(
    session: Session, workspace: Path
) -> None:
    if version(session) >= (3, 11):
        pytest.skip("this Python has exception groups of its own")
    (workspace / "exceptiongroup.py").write_text("""
class BaseExceptionGroup(BaseException):
    def __init__(self, message, exceptions):
        super().__init__(message)
        self._exceptions = tuple(exceptions)
    exceptions = property(lambda self: self._exceptions)
class ExceptionGroup(BaseExceptionGroup, Exception): pass
""")
    text = "from exceptiongroup import ExceptionGroup\nraise ExceptionGroup('g', [ValueError('v')])"
    assert described(failing(session, text)) == "ExceptionGroup(g)[ValueError(v)]"


def test_a_deep_or_wide_group_is_cut_and_says_so(session: Session) -> None:
    if version(session) < (3, 11):
        pytest.skip("this Python has no exception groups")
    error = failing(
        session,
        "g = ValueError('leaf')\nfor n in range(100): g = ExceptionGroup('g', [g])\nraise g",
    )
    depth, inner = 0, error.exceptions
    while inner and inner[0].exceptions:
        depth, inner = depth + 1, inner[0].exceptions
    assert 20 < depth < 60
    assert inner[0].omitted == 1
    error = failing(session, "raise ExceptionGroup('g', [ValueError(n) for n in range(1000)])")
    assert len(error.exceptions) + error.omitted == 1000


NOTES: dict[str, tuple[str, Callable[[tuple[str, ...]], bool]]] = {
    "texts": ("['one', 'two']", lambda notes: notes == ("one", "two")),
    "no list": ("{'a': 1}", lambda notes: notes == ("{'a': 1}",)),
    "no texts": ("[1, None]", lambda notes: notes == ("1", "None")),
    "many": ("['n'] * 10**6", lambda notes: 0 < len(notes) <= 200),
    "long": ("['n' * 10**7]", lambda notes: len(notes[0]) <= 25_000),
    "raising": (
        "[type('N', (), {'__str__': lambda self: 1 / 0})(), 'next']",
        lambda notes: notes == ("<a note that cannot be shown: ZeroDivisionError>", "next"),
    ),
}


@pytest.mark.parametrize(("notes", "holds"), NOTES.values(), ids=NOTES)
def test_notes_may_be_anything(
    fast_session: Session, notes: str, holds: Callable[[tuple[str, ...]], bool]
) -> None:
    error = failing(fast_session, f"e = ValueError('v')\ne.__notes__ = {notes}\nraise e")
    assert holds(error.notes), error.notes
    assert error.message == "v"


SUGGESTED = {
    "a variable": ("def f(total):\n    return totle\nf(1)", "'total'", (3, 10)),
    "an attribute": ("(1).imagg", "'imag'", (3, 10)),
    "an import": ("from collections import OrderedDcit", "'OrderedDict'", (3, 12)),
}


@pytest.mark.parametrize(("text", "suggested", "since"), SUGGESTED.values(), ids=SUGGESTED)
def test_what_the_interpreter_suggests_is_kept(
    session: Session, text: str, suggested: str, since: tuple[int, int]
) -> None:
    error = failing(session, text)
    end = f"Did you mean: {suggested}?"
    assert error.message.endswith(end) is (version(session) >= since), error.message
    assert error.traceback.rstrip().endswith(error.message)


def test_a_syntax_error_elsewhere_has_its_place(session: Session, workspace: Path) -> None:
    (workspace / "broken.py").write_text("a = 1\n\nif a\n    b\n")
    error = failing(session, "import broken", "main.py")
    last = error.frames[-1]
    assert (last.file, last.line, last.text, last.own) == (
        str(workspace / "broken.py"),
        2,
        "if a",
        True,
    )
    assert last.range is not None
    assert last.range.start[0] == 2


def test_what_is_awaited_at_the_top_has_no_frames_of_the_loop_around_it(session: Session) -> None:
    session.evaluate("import asyncio\nasync def f():\n    return 1 / 0")
    error = failing(session, "await f()")
    assert [each.name for each in error.frames] == ["<module>", "f"]
    assert "asyncio" not in (error.traceback or "")
    own = failing(session, "asyncio.run(f())")
    assert [each.name for each in own.frames][:2] == ["<module>", "run"]


def test_frames_of_a_deleted_file_say_what_ran(session: Session, workspace: Path) -> None:
    file = workspace / "shop.py"
    file.write_text("def total():\n    x = 1\n    return x / 0\n")
    session.evaluate(file.read_text(), str(file))
    file.unlink()
    last = failing(session, "total()", str(file)).frames[-1]
    assert (last.line, last.text) == (2, "return x / 0")
    assert values(last) == {"x": "1"}


def test_an_error_keeps_nothing_alive(session: Session) -> None:
    session.evaluate("import weakref\nclass C: pass\n")
    session.evaluate("def f():\n    kept = C(); ref.append(weakref.ref(kept))\n    1 / 0\nref = []")
    assert session.evaluate("f()").status == "error"
    value = session.evaluate("ref[0]() is None").results[-1].value
    assert value is not None
    assert value.text == "True"


def test_large_data_is_told_by_its_shape(fast_session: Session) -> None:
    text = """import pandas as pd
def f(frame, small):
    return frame['nowhere']
f(pd.DataFrame({'a': range(100_000), 'b': 'x'}), pd.Index([1, 2]))
"""
    error = failing(fast_session, text)
    own = next(frame for frame in error.frames if frame.name == "f")
    assert values(own)["frame"].startswith("DataFrame 100,000 rows × 2 columns")
    assert own.locals[0].truncated
    assert values(own)["small"].startswith("Index([1, 2]")
    assert [frame.own for frame in error.frames[:3]] == [True, True, False]
    assert error.causes[0].type == "KeyError"
