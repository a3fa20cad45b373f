"""Programs that fail, what is done about it, and what must come of that: the cases as data.

Each has a `name`, the text `before`, the expression to `run`, and for each hold in turn an action:
`do` (retry, restart, return, abandon), and before that what is redefined (`edit`) or evaluated.
Expected are the value (`gives`) or the error (`raises`), and what the program logged (`log`).
"""

from __future__ import annotations

from textwrap import dedent
from typing import Any

COMPILER = """
import sys, types
def jit(g):
    LOG.append(len(g.__code__.co_exceptiontable))
    return g
made = types.ModuleType("numba")
made.jit, sys.modules["numba"] = jit, made
"""
"""A stand-in for a package that compiles bytecode: it tells how many handlers it sees."""

MANAGER = """
class M:
    def __init__(self, name="m", swallow=False):
        self.name, self.swallow = name, swallow
    def __enter__(self):
        LOG.append("in " + self.name)
        return self
    def __exit__(self, kind, value, trace):
        LOG.append("out " + self.name + (" " + kind.__name__ if kind else ""))
        return self.swallow
    async def __aenter__(self): return self.__enter__()
    async def __aexit__(self, *about): return self.__exit__(*about)
"""


def case(  # noqa: PLR0913 - a line of a table
    name: str,
    before: str,
    run: str | None = "f()",
    mend: tuple[str, str] | None = None,
    actions: list[dict[str, Any]] | None = None,
    *,
    gives: Any = None,
    raises: str | None = None,
    log: list[Any] | None = None,
    refused: str = "",
) -> dict[str, Any]:
    """Return a case; `mend` replaces text in the program and goes on at the failing statement.

    Where that is to be refused, `refused` is in what is said.
    """
    before = dedent(before).lstrip("\n")
    if "M(" in before:
        before = MANAGER + before
    if mend is not None:
        assert mend[0] in before, name
        actions = [{"do": "retry", "edit": before.replace(*mend)}]
    made = {"name": name, "before": before, "actions": actions or []}
    if run is not None:
        made["run"] = run
    expected = {
        "outcome": ["error", raises] if raises else ["value", repr(gives)],
        "log": log or [],
        "refused": refused,
    }
    if run is None and not raises:
        expected["outcome"] = ["done"]
    return {"case": made, "expected": expected}


def top(
    name: str,
    before: str,
    mend: tuple[str, str],
    line: int | None = None,
    *,
    raises: str | None = None,
    log: list[Any] | None = None,
    then: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return a case of top-level code that is mended in the file; `then`: what is done later."""
    made = case(name, before, None, raises=raises, log=log)
    text = made["case"]["before"]
    assert mend[0] in text, name
    first = {"do": "retry", "file": text.replace(*mend), "line": line}
    made["case"]["actions"] = [first, *(then or ())]
    return made


TOP_LEVEL = [
    top(
        "a loop at top level is mended in the file",
        "for i in iter((1, 0, 2)):\n  LOG.append(4 // i)\n", ("4 // i", "i * 2"), log=[4, 0, 4],
    ),
    top(
        "the test of a loop at top level",
        "n = 0\nwhile n < LIMIT:\n  n += 1\n  LOG.append(n)\n", ("LIMIT", "2"), log=[1, 2],
    ),
    top(
        "lines above the mended loop",
        "for i in iter((1, 0)):\n  LOG.append(4 // i)\n",
        ("for i in iter((1, 0)):\n  LOG.append(4 // i)", "# one\nx = 2\nfor i in iter((1, 0)):\n  LOG.append(i)"), log=[4, 0],
    ),
    top(
        "with at top level is not entered twice",
        "with M() as m:\n  LOG.append(BAD)\nLOG.append('rest')\n", ("BAD", "m.name"), log=["in m", "m", "out m", "rest"],
    ),
    top(
        "try at top level runs its finally once",
        "try:\n  x = BAD\nfinally:\n  LOG.append('f')\nLOG.append(x)\n", ("BAD", "7"), log=["f", 7],
    ),
    top(
        "an except block at top level",
        "try:\n  {}['k']\nexcept KeyError as e:\n  LOG.append(BAD)\n", ("BAD", "e.args[0]"), log=["k"],
    ),
    top(
        "what follows in the mended block runs in its new text",
        "for i in iter((1, 2)):\n  x = BAD\n  LOG.append(x)\n",
        ("  x = BAD\n  LOG.append(x)", "  x = i\n  LOG.append(-x)"), log=[-1, -2],
    ),
    top(
        "a function made in a mended block is held like any other",
        "for i in iter((1,)):\n  BAD\n  def g():\n    return i\n  LOG.append(g())\n", ("BAD", "pass"), log=[1],
    ),
    top("an assignment with others to come", "x = BAD\nLOG.append(x)\n", ("x = BAD", "x = 3"), log=[3]),
    top(
        "an expression with others to come",
        "LOG.append(BAD)\nLOG.append(LAST)\n", ("LOG.append(BAD)", "LOG.append(5)"), log=[5, None],
    ),
    top(
        "a statement among many that are like it",
        "LOG.append(1)\nLOG.append(BAD)\nLOG.append(2)\n", ("LOG.append(1)\nLOG.append(BAD)", "LOG.append(0)\nLOG.append(1)\nLOG.append(5)"), log=[1, 5, 2],
    ),
    top("a value with others to come", "LOG or BAD\nLOG.append(LAST)\n", ("BAD", "8"), log=[8]),
    top(
        "an assignment that became something else is refused",
        "x: int = BAD\nLOG.append(1)\n", ("x: int = BAD", "x: int"), raises="NameError: name 'BAD' is not defined",
    ),
    top(
        "a line chosen by hand at top level",
        "for i in iter((1, 2)):\n  LOG.append(BAD)\n  LOG.append(i)\n", ("BAD", "9"), 2, log=[1, 9, 2],
    ),
    top(
        "a file that is no Python is refused",
        "for i in iter((1, 2)):\n  LOG.append(BAD)\n", ("BAD", "("), raises="NameError: name 'BAD' is not defined",
    ),
    top(
        "a loop that is no loop any more runs as it was evaluated",
        "import builtins\nfor i in iter((1, 0)):\n  LOG.append(4 // (i or getattr(builtins, 'Y')))\n",
        ("for i in iter((1, 0)):\n  LOG.append(4 // (i or getattr(builtins, 'Y')))", "pass"), raises="AttributeError: module 'builtins' has no attribute 'Y'", log=[4],
        then=[{"do": "abandon"}],
    ),
    top(
        "a selection in a block, mended where it stands",
        "if 1:\n  for i in iter((1, 0)):\n    LOG.append(4 // i)\n", ("4 // i", "i"), log=[4, 0],
    ),
]  # fmt: skip


SCENARIOS = [
    *TOP_LEVEL,
    case("a plain statement", "def f():\n  a = 1\n  b = BAD\n  return a + b", mend=("BAD", "2"), gives=3),
    case(
        "a loop goes on with its live iterator",
        "def f():\n  r = []\n  for x in iter([1, 0, 2]):\n    LOG.append(x)\n    r.append(4 / x)\n  return r",
        mend=("4 / x", "4 / (x or 4)"), gives=[4.0, 1.0, 2.0], log=[1, 0, 2],
    ),
    case(
        "loops in loops",
        "def f():\n  r = []\n  for x in (1, 2):\n    for y in iter((0, 1)):\n      r.append((x, y, 6 / y))\n  return r",
        mend=("6 / y", "y"), gives=[(1, 0, 0), (1, 1, 1), (2, 0, 0), (2, 1, 1)],
    ),
    case(
        "a generator that is looped over stays alive",
        "def g():\n  for i in range(3):\n    LOG.append(i)\n    yield i\ndef f():\n  return_ = []\n  for i in g():\n    return_.append(1 / i)\n  return return_",
        mend=("1 / i", "i * 2"), gives=[0, 2, 4], log=[0, 1, 2],
    ),
    case(
        "a while loop",
        "def f():\n  n = 0\n  while n < 3:\n    n += 1\n    LOG.append(BAD)\n  else:\n    LOG.append('else')\n  return n",
        mend=("BAD", "n"), gives=3, log=[1, 2, 3, "else"],
    ),
    case(
        "the test of a while loop",
        "def f():\n  n = 0\n  while n < LIMIT:\n    n += 1\n  return n", mend=("LIMIT", "4"), gives=4,
    ),
    case(
        "break and continue after going on",
        "def f():\n  r = []\n  for x in range(9):\n    if x == 1: BAD\n    if x == 2: continue\n    if x == 4: break\n    r.append(x)\n  else:\n    r.append('else')\n  return r",
        mend=("BAD", "pass"), gives=[0, 1, 3],
    ),
    case(
        "the else of a loop",
        "def f():\n  for x in (1,):\n    pass\n  else:\n    x = BAD\n  return x", mend=("BAD", "7"), gives=7,
    ),
    case(
        "with is not entered twice",
        "def f():\n  with M() as m:\n    LOG.append(BAD)\n  return m.name",
        mend=("BAD", "'body'"), gives="m", log=["in m", "body", "out m"],
    ),
    case(
        "two managers in one with",
        "def f():\n  with M('a') as a, M('b') as b:\n    x = a.name + BAD\n  return x",
        mend=("BAD", "b.name"), gives="ab", log=["in a", "in b", "out b", "out a"],
    ),
    case(
        "with in a loop in a with",
        "def f():\n  with M('o'):\n    for i in iter((0, 1)):\n      with M('i'):\n        LOG.append(1 // i)",
        mend=("1 // i", "i"), log=["in o", "in i", 0, "out i", "in i", 1, "out i", "out o"],
    ),
    case(
        "the second manager cannot be made",
        "def f():\n  with M('a'):\n    with BAD:\n      pass\n  return 1",
        mend=("BAD", "M('b')"), gives=1, log=["in a", "in b", "out b", "out a"],
    ),
    case(
        "return in a with",
        "def f():\n  with M():\n    return BAD", mend=("BAD", "5"), gives=5, log=["in m", "out m"],
    ),
    case(
        "a with that the edit took away is left",
        "def f():\n  with M():\n    x = BAD\n  return x",
        actions=[{"do": "retry", "edit": MANAGER + "def f():\n  x = 3\n  return x"}],
        gives=3, log=["in m", "out m"],
    ),
    case(
        "finally runs once",
        "def f():\n  try:\n    x = BAD\n  finally:\n    LOG.append('finally')\n  return x",
        mend=("BAD", "1"), gives=1, log=["finally"],
    ),
    case(
        "return through a finally",
        "def f():\n  try:\n    return BAD\n  finally:\n    LOG.append('finally')",
        mend=("BAD", "1"), gives=1, log=["finally"],
    ),
    case(
        "in a finally, nothing pending",
        "def f():\n  try:\n    x = 1\n  finally:\n    LOG.append(BAD)\n  return x",
        mend=("BAD", "'f'"), gives=1, log=["f"],
    ),
    case(
        "in an except block",
        "def f():\n  try:\n    1 / 0\n  except ZeroDivisionError as e:\n    x = BAD\n    LOG.append(str(e))\n  return x",
        mend=("BAD", "2"), gives=2, log=["division by zero"],
    ),
    case(
        "raise again after going on in an except block",
        "def f():\n  try:\n    {}['k']\n  except KeyError:\n    LOG.append(BAD)\n    raise\n",
        actions=[
            {"do": "retry", "edit": "def f():\n  try:\n    {}['k']\n  except KeyError:\n    LOG.append(1)\n    raise\n"},
            {"do": "abandon"},
        ],
        raises="KeyError: 'k'", log=[1],
    ),
    case(
        "in the else of a try",
        "def f():\n  try:\n    pass\n  except KeyError:\n    pass\n  else:\n    x = BAD\n  return x",
        mend=("BAD", "2"), gives=2,
    ),
    case(
        "handlers around still catch what comes later",
        "def f():\n  try:\n    x = BAD\n    {}['k']\n  except KeyError:\n    return 'caught'",
        mend=("BAD", "2"), gives="caught",
    ),
    case(
        "loop in an except block in a loop",
        "def f():\n  r = []\n  for i in iter((1, 2)):\n    try:\n      {}[i]\n    except KeyError as e:\n      for j in iter((0, 1)):\n        r.append((i, j, 1 // j, e.args))\n  return r",
        mend=("1 // j", "0"), gives=[(1, 0, 0, (1,)), (1, 1, 0, (1,)), (2, 0, 0, (2,)), (2, 1, 0, (2,))],
    ),
    case(
        "what is caught is not held",
        "def g():\n  return 1 / 0\ndef f():\n  try:\n    return g()\n  except (ValueError, ArithmeticError):\n    return 'caught'",
        gives="caught",
    ),
    case(
        "what was caught far above a hundred times is held where nobody catches it",
        "def h(x):\n  return 6 // x\ndef g(x):\n  try:\n    return h(x)\n  finally:\n    LOG.append('g')\ndef f():\n  for i in range(100):\n    try:\n      g(0)\n    except ArithmeticError:\n      LOG.clear()\n  return g(0)",
        mend=("6 // x", "7"), gives=7, log=["g"],
    ),
    case(
        "what was caught just before is held where nobody catches it",
        "def h(k):\n  return {}[k]\ndef g():\n  for i in range(30):\n    try:\n      h(i)\n    except KeyError:\n      pass\ndef f():\n  g()\n  return h(1)",
        mend=("{}[k]", "7"), gives=7,
    ),
    case(
        "another error on the way of one that is caught is held",
        "def h():\n  {}['k']\ndef g():\n  try:\n    h()\n  finally:\n    n()\ndef n():\n  LOG.append(BAD)\ndef f():\n  try:\n    g()\n  except KeyError:\n    return 'caught'",
        mend=("BAD", "'mended'"), gives="caught", log=["mended"],
    ),
    case(
        "an error caught on the way of another leaves that one caught",
        "def h():\n  {}['k']\ndef r():\n  raise KeyError(2)\ndef g():\n  try:\n    h()\n  finally:\n    try:\n      r()\n    except KeyError as e:\n      LOG.append(e.args[0])\ndef f():\n  try:\n    g()\n  except KeyError as e:\n    return e.args[0]",
        gives="k", log=[2],
    ),
    case(
        "what a caller catches by one of its names is held once that name is of another class",
        "class A(Exception): pass\nclass B(Exception): pass\nT = A\ndef h(x):\n  if x is not None: raise A(x)\n  return 'went on'\ndef g(x):\n  return h(x)\ndef f():\n  global T\n  try:\n    g(1)\n  except T as e:\n    LOG.append(e.args[0])\n  T = B\n  try:\n    return g(2)\n  except T:\n    return 'caught'",
        mend=("raise A(x)", "x = 3"), gives="went on", log=[1],
    ),
    case(
        "what a manager was to swallow and lets go is held further out",
        "import contextlib\nclass Two(Exception): pass\n@contextlib.contextmanager\ndef m():\n  try:\n    yield\n  except Two as e:\n    if e.args: again(e)\ndef again(e):\n  raise e\ndef g():\n  with m():\n    raise Two\n  with m():\n    raise Two(1)\ndef f():\n  return g()",
        actions=[{"do": "return", "frame": 0, "value": "'given'"}], gives="given",
    ),
    case(
        "a changed statement before the failing one does not run again, whatever was put before it",
        "def f():\n  x = 1\n  for i in (1,):\n    LOG.append(i)\n  x = BAD + 2\n  return x",
        actions=[{"do": "retry", "edit": "def f():\n  x = 1\n  spare = 0\n  for i in (1,):\n    LOG.append(i)\n    spare = i\n  x = 1 + 2\n  return x"}],
        gives=3, log=[1],
    ),
    case(
        "what suppress takes is not held",
        "import contextlib\ndef g():\n  {}['k']\ndef f():\n  with contextlib.suppress(KeyError):\n    g()\n  return 1",
        gives=1,
    ),
    case(
        "what a manager swallows here is not held",
        "def f():\n  with M(swallow=True):\n    1 / 0\n  return 1",
        actions=[{"do": "abandon"}], gives=1, log=["in m", "out m ZeroDivisionError"],
    ),
    case(
        "what a generator's manager catches is not held",
        "import contextlib\n@contextlib.contextmanager\ndef quiet():\n  try:\n    yield\n  except KeyError:\n    LOG.append('quiet')\ndef f():\n  with quiet():\n    {}['k']\n  return 1",
        gives=1, log=["quiet"],
    ),
    case(
        "a function that mentions getattr, hasattr and next asks nobody by them here",
        "class C:\n  def look(self):\n    return self.missing\ndef f():\n  x = getattr(C, 'y', None), hasattr(C, 'y'), next(iter(()), 0)\n  return x, C().look()",
        mend=("self.missing", "4"), gives=((None, False, 0), 4),
    ),
    case(
        "getattr without a default asks, and has no answer to give",
        "class C:\n  @property\n  def p(self):\n    return self.missing\ndef f():\n  return getattr(C(), 'p')",
        mend=("self.missing", "4"), gives=4,
    ),
    case(
        "getattr that is not the builtin catches nothing",
        "def getattr(obj, name, default): return obj.look()\nclass C:\n  def look(self):\n    return self.missing\ndef f():\n  return getattr(C(), 'p', 1)",
        mend=("self.missing", "4"), gives=4,
    ),
    case(
        "hasattr is answered by what fails further in",
        "class C:\n  @property\n  def p(self):\n    return look(self)\ndef look(c):\n  return c.missing\ndef f():\n  return hasattr(C(), 'p'), getattr(C(), 'p', 3)",
        gives=(False, 3),
    ),
    case(
        "next with a default is answered, and without one is not",
        "class C:\n  def __iter__(self): return self\n  def __next__(self): return step()\ndef step():\n  raise StopIteration\ndef f():\n  return next(C(), 7), next(C())",
        actions=[{"do": "return", "value": "5"}], gives=5,
    ),
    case(
        "hasattr is answered",
        "class C:\n  @property\n  def p(self):\n    return self.missing\ndef f():\n  return hasattr(C(), 'p')",
        gives=False,
    ),
    case(
        "the protocol of attributes is not held",
        "class C:\n  def __getattr__(self, name):\n    raise AttributeError(name)\ndef f():\n  return getattr(C(), 'x', 3)",
        gives=3,
    ),
    case(
        "the protocol of iteration is not held",
        "class C:\n  def __getitem__(self, i):\n    return [1, 2][i]\ndef f():\n  return list(C())",
        gives=[1, 2],
    ),
    case(
        "a generator goes on",
        "def g():\n  for x in iter((1, 0)):\n    yield 2 / x\ndef f():\n  return list(g())",
        mend=("2 / x", "x"), gives=[2.0, 0],
    ),
    case(
        "what is sent to a generator arrives",
        "def g():\n  got = yield 1\n  LOG.append(BAD)\n  got = yield got\n  LOG.append(got)\ndef f():\n  i = g()\n  return [next(i), i.send(2), next(i, 'end')]",
        mend=("BAD", "'on'"), gives=[1, 2, "end"], log=["on", None],
    ),
    case(
        "a generator that went on is closed",
        "def g():\n  try:\n    x = BAD\n    yield x\n  finally:\n    LOG.append('closed')\ndef f():\n  i = g()\n  x = next(i)\n  i.close()\n  return x",
        mend=("BAD", "1"), gives=1, log=["closed"],
    ),
    case(
        "yield from",
        "def g():\n  x = yield from h()\n  yield x + BAD\ndef h():\n  yield 1\n  return 2\ndef f():\n  return list(g())",
        mend=("BAD", "1"), gives=[1, 3],
    ),
    case(
        "a coroutine goes on",
        "import asyncio\nasync def g():\n  await asyncio.sleep(0)\n  x = BAD\n  await asyncio.sleep(0)\n  return x\ndef f():\n  return asyncio.run(g())",
        mend=("BAD", "4"), gives=4,
    ),
    case(
        "gathered coroutines",
        "import asyncio\nasync def g(n):\n  await asyncio.sleep(0)\n  return 6 // n\nasync def h():\n  return await asyncio.gather(g(1), g(0), g(2))\ndef f():\n  return asyncio.run(h())",
        mend=("6 // n", "n"), gives=[6, 0, 3],
    ),
    case(
        "async with and async for",
        "import asyncio\nasync def items():\n  for i in range(3):\n    yield i\nasync def g():\n  r = []\n  async with M():\n    async for i in items():\n      r.append(4 / i)\n  return r\ndef f():\n  return asyncio.run(g())",
        mend=("4 / i", "i"), gives=[0, 1, 2], log=["in m", "out m"],
    ),
    case(
        "a comprehension is run again",
        "def f():\n  return [4 / x for x in (1, 0)]", mend=("4 / x", "x"), gives=[1, 0],
    ),
    case(
        "a generator expression is run again",
        "def f():\n  return sum(4 / x for x in (1, 0))", mend=("4 / x", "x"), gives=1,
    ),
    case(
        "a key function under sorted",
        "def key(x):\n  return -x + BAD\ndef f():\n  return sorted([1, 3, 2], key=key)", mend=("BAD", "0"), gives=[3, 2, 1],
    ),
    case(
        "a callback of a regular expression",
        "import re\ndef sub(m):\n  return BAD\ndef f():\n  return re.sub('a', sub, 'xay')", mend=("BAD", "'b'"), gives="xby",
    ),
    case(
        "recursion",
        "def g(n):\n  if n == 0:\n    return BAD\n  return g(n - 1) + 1\ndef f():\n  return g(50)", mend=("BAD", "0"), gives=50,
    ),
    case(
        "a method with super and a private name",
        "class A:\n  def m(self): return 1\nclass B(A):\n  def __init__(self): self.__p = 2\n  def m(self):\n    a = BAD\n    return super().m() + self.__p + a\ndef f():\n  return B().m()",
        actions=[{
            "do": "retry",
            "edit": "class B(A):\n  def __init__(self): self.__p = 2\n  def m(self):\n    a = 3\n    return super().m() + self.__p + a\n",
        }],
        gives=6,
    ),
    case(
        "class and static methods",
        "class A:\n  @classmethod\n  def c(cls): return cls.s(BAD)\n  @staticmethod\n  def s(x): return x\ndef f():\n  return A.c()",
        mend=("BAD", "3"), gives=3,
    ),
    case(
        "a property",
        "class A:\n  @property\n  def p(self): return BAD\ndef f():\n  return A().p", mend=("BAD", "3"), gives=3,
    ),
    case(
        "cells are shared",
        "def f():\n  n = 1\n  def inc():\n    nonlocal n\n    n += 1\n  inc()\n  x = BAD\n  inc()\n  return n + x",
        mend=("BAD", "0"), gives=3,
    ),
    case(
        "an inner function goes on with the cells of the outer one",
        "def f():\n  n = 1\n  def inc(k):\n    nonlocal n\n    n += BAD\n    return n\n  return inc(2) + n",
        mend=("BAD", "k"), gives=6,
    ),
    case(
        "a variable that the edit turns into a cell",
        "def f():\n  n = 1\n  x = BAD\n  return n",
        actions=[{"do": "retry", "edit": "def f():\n  n = 1\n  x = (lambda: n)()\n  return n + x"}], gives=2,
    ),
    case(
        "a variable that only the new text has is unbound",
        "def f():\n  x = BAD\n  return x",
        actions=[
            {"do": "retry", "edit": "def f():\n  y = 1\n  x = 2\n  return x + y", "line": 2},
            {"do": "abandon"},
        ],
        raises="UnboundLocalError: cannot access local variable 'y' where it is not associated with a value",
    ),
    case(
        "inserted statements before the failing one run",
        "def f():\n  a = 1\n  return y",
        actions=[{"do": "retry", "edit": "def f():\n  a = 1\n  y = 5\n  return y"}], gives=5,
    ),
    case(
        "the failing statement wrapped in a try",
        "def f():\n  a = 1\n  x = {}['k']\n  return a, x",
        actions=[{"do": "retry", "edit": "def f():\n  a = 1\n  try:\n    x = {}['k']\n  except KeyError:\n    x = 0\n  return a, x"}],
        gives=(1, 0),
    ),
    case(
        "lines moved",
        "def f():\n  LOG.append(1)\n  x = BAD\n  return x",
        actions=[{"do": "retry", "at": 40, "edit": "def f():\n\n  LOG.append(1)\n\n\n  x = 3\n  return x"}], gives=3, log=[1],
    ),
    case(
        "three mends in one activation",
        "def f():\n  a = A1\n  b = B1\n  return a + b + C1",
        actions=[
            {"do": "retry", "run": "A1 = 1"}, {"do": "retry", "run": "B1 = 2"}, {"do": "retry", "run": "C1 = 3"},
        ],
        gives=6,
    ),
    case(
        "an error in what went on is held again",
        "def f():\n  r = []\n  for x in iter((0, None, 2)):\n    r.append(2 / x)\n  return r",
        actions=[
            {"do": "retry", "edit": "def f():\n  r = []\n  for x in iter((0, None, 2)):\n    r.append(2 / (x or x + 1))\n  return r"},
            {"do": "retry", "edit": "def f():\n  r = []\n  for x in iter((0, None, 2)):\n    r.append(2 / (x or 1))\n  return r"},
        ],
        gives=[2.0, 2.0, 1.0],
    ),
    case(
        "variables changed while held",
        "def f(x):\n  return 4 / x", "f(0)", actions=[{"do": "retry", "evaluate": ["x", "x = 2"]}], gives=2.0,
    ),
    case(
        "a line chosen by hand",
        "def f():\n  x = 1\n  BAD\n  LOG.append('skipped')\n  return x",
        actions=[{"do": "retry", "line": 4}], gives=1,
    ),
    case(
        "a line chosen by hand in the midst of a statement",
        "def f():\n  x = 1\n  BAD\n  LOG.append('skipped')\n  LOG.append(\n    'said'\n  )\n  return x",
        actions=[{"do": "retry", "line": 5}], gives=1, log=["said"],
    ),
    case(
        "a line chosen by hand in the midst of a condition",
        "def f():\n  BAD\n  LOG.append('skipped')\n  if (\n    2 > 1\n  ):\n    LOG.append('said')\n  return 1",
        actions=[{"do": "retry", "line": 4}], gives=1, log=["said"],
    ),
    case(
        "a loop that was not entered is refused",
        "def f():\n  BAD\n  for x in (1, 2):\n    LOG.append(x)\n",
        actions=[{"do": "retry", "line": 3}], raises="NameError: name 'BAD' is not defined",
    ),
    case("match", "def f():\n  match [1, 2]:\n    case [a, b]:\n      return a + b + BAD", mend=("BAD", "0"), gives=3),
    case(
        "restart the frame",
        "def g(a, *b, c=1, **d):\n  LOG.append('start')\n  return BAD\ndef f():\n  return g(1, 2, c=3, d=4)",
        actions=[{"do": "restart", "edit": "def g(a, *b, c=1, **d):\n  return a, b, c, d"}],
        gives=(1, (2,), 3, {"d": 4}), log=["start"],
    ),
    case(
        "restart an outer frame; what is between unwinds in order",
        "def h():\n  with M():\n    return BAD\ndef g(n):\n  try:\n    return h()\n  except ValueError:\n    return 'no'\n  finally:\n    LOG.append('f')\ndef f():\n  return g(4)",
        actions=[{"do": "restart", "frame": 1, "edit": "def g(n):\n  return n"}],
        gives=4, log=["in m", "out m Departure", "f"],
    ),
    case(
        "what a bare except raises again is held there",
        "def g():\n  return BAD\ndef f():\n  try:\n    try:\n      try:\n        return g()\n      except:\n        LOG.append('bare')\n        raise\n    except ValueError:\n      LOG.append('no')\n  finally:\n    LOG.append('f')",
        actions=[{"do": "abandon"}], raises="NameError: name 'BAD' is not defined", log=["bare", "f"],
    ),
    case(
        "restart is refused where a parameter was given another value",
        "def f(n=1):\n  n = n + 1\n  return BAD",
        actions=[{"do": "restart"}], raises="NameError: name 'BAD' is not defined",
    ),
    case(
        "a handler that raises again returns instead",
        "def g():\n  return BAD\ndef f():\n  r = []\n  for i in iter((1, 2)):\n    try:\n      r.append(i if i > 1 else g())\n    except NameError as e:\n      LOG.append(e.name)\n      raise\n  return r",
        mend=("      raise", "      r.append(0)"), gives=[0, 2], log=["BAD"],
    ),
    case(
        "raised again in a with, retried as it is, then abandoned",
        "def f():\n  with M():\n    try:\n      1 / 0\n    except:\n      LOG.append('log')\n      raise\n",
        actions=[{"do": "retry"}, {"do": "abandon"}], raises="ZeroDivisionError: division by zero",
        log=["in m", "log", "out m ZeroDivisionError"],
    ),
    case(
        "raised again in a generator, a value given for the frame",
        "def g():\n  yield 1\n  try:\n    BAD\n  except NameError:\n    raise\ndef f():\n  return list(g())",
        actions=[{"do": "return", "value": "None"}], gives=[1],
    ),
    case(
        "what is raised again and caught above is not held",
        "def g():\n  try:\n    1 / 0\n  except:\n    LOG.append('log')\n    raise\ndef f():\n  try:\n    return g()\n  except ArithmeticError:\n    return 'caught'",
        gives="caught", log=["log"],
    ),
    case(
        "raised again twice, in two functions",
        "def g():\n  try:\n    1 / 0\n  except ZeroDivisionError as e:\n    LOG.append('g')\n    raise\ndef f():\n  try:\n    return g()\n  except:\n    LOG.append('f')\n    raise",
        actions=[{"do": "abandon"}], raises="ZeroDivisionError: division by zero", log=["g", "f"],
    ),
    case(
        "raised again after a return value of the frame was given",
        "def g():\n  try:\n    1 / 0\n  except ZeroDivisionError:\n    LOG.append('g')\n    raise\n  finally:\n    LOG.append('end')\ndef f():\n  return g() + 1",
        actions=[{"do": "return", "value": "4"}], gives=5, log=["g", "end"],
    ),
    case(
        "a function for a compiler of bytecode is as it was compiled",
        COMPILER + "import numba as nb\nfrom numba import jit as fast\ndel sys.modules['numba']\n"
        "@nb.jit\ndef fast_g(): return 1\nclass Fast:\n  @fast\n  def m(self): return 2\n"
        "def h():\n  @fast\n  def inner(): return 3\n  return inner()\n"
        "def f():\n  LOG.append(bool(f.__code__.co_exceptiontable))\n  return fast_g() + Fast().m() + h()",
        gives=6, log=[0, 0, True, 0],
    ),
    case(
        "a class statement in a function runs again from its start",
        "def f():\n  with M():\n    class C:\n      LOG.append('body')\n      x = BAD\n  return C.x",
        actions=[{"do": "retry", "run": "BAD = 3"}], gives=3, log=["in m", "body", "body", "out m"],
    ),
    case(
        "a function that a class body calls goes on, and the body with it",
        "def g():\n  return BAD\nclass C:\n  LOG.append('body')\n  x = g()\nLOG.append(C.x)\n", None,
        actions=[{"do": "retry", "run": "BAD = 3"}], log=["body", 3],
    ),
    case(
        "restart where a parameter is given another value only later",
        "def f(n=1):\n  x = n + BAD\n  n = x\n  return n",
        actions=[{"do": "restart", "run": "BAD = 4"}], gives=5,
    ),
    case(
        "restart with the arguments as they were before a finally",
        "def g(n):\n  try:\n    return n + BAD\n  finally:\n    n = None\n    LOG.append('f')\ndef f():\n  return g(3)",
        actions=[{"do": "restart", "run": "BAD = 4"}], gives=7, log=["f", "f"],
    ),
    case(
        "restart where the first statements settle parameters",
        "def g(n=None, m=0, k='4', j=None, t=(1,)):\n  'Text.'\n  n = n or 3\n  if m == 0: m = -1\n  k = int(k)\n  j = () if j is None else j\n  LOG.append(n)\n  BAD\n  return n, m, k, j\ndef f():\n  return g(), g(5, 6, 7.5, 8)",
        actions=[{"do": "restart", "run": "BAD = 4"}], gives=((3, -1, 4, ()), (5, 6, 7, 8)), log=[3, 3, 5],
    ),
    case(
        "restart is refused where the new text settles a parameter otherwise",
        "def f(n=None):\n  n = n or 3\n  BAD\n  return n",
        actions=[{"do": "restart", "edit": "def f(n=None):\n  n = n or 4\n  return n"}], raises="NameError: name 'BAD' is not defined",
        refused="the parameter 'n' was given another value",
    ),
    case(
        "restart is refused where a parameter is read before it is settled",
        "def f(n=None):\n  LOG.append(n)\n  n = n or 3\n  BAD\n  return n",
        actions=[{"do": "restart"}], raises="NameError: name 'BAD' is not defined", log=[None],
        refused="the parameter 'n' was given another value",
    ),
    case(
        "restart is refused where a parameter is settled by something that changes",
        "def f(n=None):\n  n = n or []\n  n.append(1)\n  BAD\n  return n",
        actions=[{"do": "restart"}], raises="NameError: name 'BAD' is not defined",
        refused="the parameter 'n' was given another value",
    ),
    case(
        "restart is refused where a parameter is settled, and given another value later",
        "def f(n=None):\n  n = n or 3\n  n += 1\n  BAD\n  return n",
        actions=[{"do": "restart"}], raises="NameError: name 'BAD' is not defined",
        refused="the parameter 'n' was given another value",
    ),
    case(
        "restart is refused where two statements settle a parameter, which they may not together",
        "def f(n=0.5):\n  n = n or 3\n  n = int(n)\n  BAD\n  return n",
        actions=[{"do": "restart"}], raises="NameError: name 'BAD' is not defined",
        refused="the parameter 'n' was given another value",
    ),
    case(
        "restart is refused where what settles a parameter is not the builtin",
        "def int(n): return n + 1\ndef f(n=1):\n  n = int(n)\n  BAD\n  return n",
        actions=[{"do": "restart"}], raises="NameError: name 'BAD' is not defined",
        refused="the parameter 'n' was given another value",
    ),
    case(
        "restart is refused in a loop that gives a parameter other values",
        "def f(n=2):\n  while n:\n    BAD[n]\n    n -= 1",
        actions=[{"do": "restart"}], raises="NameError: name 'BAD' is not defined",
    ),
    case(
        "restart is refused where an inner function may have given it another value",
        "def f(n=2):\n  def g():\n    nonlocal n\n    n += 1\n  g()\n  return BAD",
        actions=[{"do": "restart"}], raises="NameError: name 'BAD' is not defined",
    ),
    case(
        "restart with a value that was assigned in the frame",
        "def f(n=1):\n  n = n + 1\n  return n + BAD",
        actions=[{"do": "restart", "evaluate": ["n = 1"], "run": "BAD = 4"}], gives=6,
    ),
    case(
        "a function of no file, mended by text of no file",
        "def f():\n  LOG.append('once')\n  return BAD",
        actions=[{"do": "retry", "loose": "def f():\n  LOG.append('never')\n  return 4"}], gives=4, log=["once"],
    ),
    case(
        "a method of no file, mended by text of no file",
        "class C:\n  def m(self):\n    return BAD\ndef f():\n  return C().m()",
        actions=[{"do": "retry", "loose": "class C:\n  def m(self):\n    return 4"}], gives=4,
    ),
    case(
        "return a value",
        "def g():\n  return BAD\ndef f():\n  return g() + 1", actions=[{"do": "return", "value": "4"}], gives=5,
    ),
    case(
        "return a value from an outer frame through a C function",
        "def g(x):\n  return BAD\ndef f():\n  return sorted([2, 1], key=g)",
        actions=[{"do": "return", "frame": 1, "value": "'given'"}], gives="given",
    ),
    case(
        "return a value from a generator",
        "def g():\n  yield 1\n  BAD\n  yield 2\ndef f():\n  return list(g())",
        actions=[{"do": "return", "value": "None"}], gives=[1],
    ),
    case(
        "return a value from a coroutine",
        "import asyncio\nasync def g():\n  return BAD\ndef f():\n  return asyncio.run(g())",
        actions=[{"do": "return", "value": "2"}], gives=2,
    ),
    case(
        "a function that became a generator is refused",
        "def f():\n  return BAD",
        actions=[{"do": "retry", "edit": "def f():\n  yield BAD"}], raises="NameError: name 'BAD' is not defined",
    ),
    case(
        "go on in an outer frame",
        "def g():\n  return BAD\ndef f():\n  LOG.append('once')\n  return g() + 1",
        actions=[{"do": "retry", "frame": 1, "edit": "def g():\n  return 1"}], gives=2, log=["once"],
    ),
    case(
        "abandon unwinds as ever",
        "def f():\n  with M():\n    try:\n      1 / 0\n    finally:\n      LOG.append('f')",
        actions=[{"do": "abandon"}], raises="ZeroDivisionError: division by zero",
        log=["in m", "f", "out m ZeroDivisionError"],
    ),
    case(
        "a thread",
        "import threading\ndef g():\n  LOG.append(BAD)\ndef f():\n  t = threading.Thread(target=g)\n  t.start()\n  t.join()\n  return 1",
        mend=("BAD", "'went on'"), gives=1, log=["went on"],
    ),
    case(
        "an executor",
        "from concurrent.futures import ThreadPoolExecutor\ndef g(x):\n  return 6 // x\ndef f():\n  with ThreadPoolExecutor(1) as pool:\n    return list(pool.map(g, [1, 0]))",
        mend=("6 // x", "x"), gives=[6, 0],
    ),
    case("top-level code", "for i in iter((1, 0)):\n  LOG.append(i or BAD)\n", None,
         actions=[{"do": "retry", "run": "BAD = 9"}], log=[1, 9]),
    case("top-level with", "with M():\n  LOG.append(BAD)\n", None,
         actions=[{"do": "retry", "run": "BAD = 9"}], log=["in m", 9, "out m"]),
    case("a single statement at top level ends as ever", "x = BAD\n", None,
         raises="NameError: name 'BAD' is not defined"),
    case(
        "a decorated function",
        "import functools\ndef deco(g):\n  @functools.wraps(g)\n  def inner(*a):\n    return g(*a)\n  return inner\n@deco\ndef f():\n  return BAD",
        mend=("BAD", "3"), gives=3,
    ),
    case(
        "locals are as without holding",
        "def f():\n  for i in (1,):\n    with M() as m:\n      seen = sorted(locals())\n  return seen",
        gives=["i", "m"], log=["in m", "out m"],
    ),
    case("exit is no error", "def f():\n  raise SystemExit(3)", raises="SystemExit: 3"),
    case("an interrupt is no error", "def f():\n  raise KeyboardInterrupt", raises="KeyboardInterrupt: "),
    case(
        "exception groups",
        "def f():\n  try:\n    raise ExceptionGroup('g', [KeyError(1)])\n  except* KeyError:\n    LOG.append('caught')\n  x = BAD\n  return x",
        mend=("BAD", "3"), gives=3, log=["caught"],
    ),
    case(
        "a block of except* is refused, and what is in it is said",
        "def f():\n  try:\n    raise ExceptionGroup('g', [KeyError(1)])\n  except* KeyError:\n    LOG.append(BAD)",
        mend=("BAD", "1"), raises="NameError: name 'BAD' is not defined", refused="block of `except*`",
    ),
    case(
        "except* that catches all parts of a group, clause by clause",
        "def g():\n  raise ExceptionGroup('g', [ValueError(1), TypeError(2), KeyError(3)])\ndef f():\n  try:\n    g()\n  except* ValueError:\n    LOG.append(1)\n  except* (TypeError, KeyError):\n    LOG.append(2)\n  return 3",
        gives=3, log=[1, 2],
    ),
    case(
        "except* that leaves a part of a group",
        "def g(*e):\n  raise ExceptionGroup('g', e)\ndef f():\n  try:\n    g(ValueError(1), KeyError(2))\n  except* ValueError:\n    LOG.append(1)\n  return 3",
        mend=("'g', e", "'g', e[:1]"), gives=3, log=[1],
    ),
    case(
        "what is let go is not held again for the part of it that except* leaves",
        "def g(*e):\n  raise ExceptionGroup('g', e)\ndef f():\n  try:\n    g(ValueError(1), KeyError(2))\n  except* ValueError:\n    LOG.append(1)\n  return 3",
        actions=[{"do": "abandon"}], raises="ExceptionGroup: g (1 sub-exception)", log=[1],
    ),
    case(
        "a helper of __next__ ends the iteration",
        "class I:\n  n = 0\n  def __iter__(self): return self\n  def __next__(self): return self.get()\n  def get(self):\n    self.n += 1\n    if self.n > 2: raise StopIteration\n    return self.n\ndef f():\n  return list(I()), BAD",
        mend=("BAD", "3"), gives=([1, 2], 3),
    ),
    case(
        "the target of a loop that cannot take an item: the iterator stays, and that item is used up",
        "def f():\n  r = []\n  for a, b in iter([(1, 2), 3, (4, 5)]):\n    r.append(a + b)\n  return r",
        mend=("a + b", "a * b"), gives=[3, 20],
    ),
    case(
        "a target that is mended takes the items that follow",
        "class C: pass\ndef f():\n  r = []\n  for C.x.y in iter((1, 2, 3)):\n    r.append(C.x)\n  return r",
        mend=("C.x.y", "C.x"), gives=[2, 3],
    ),
    case(
        "a short return that the compiler has copied",
        "import contextlib\ndef f():\n  with contextlib.suppress(KeyError):\n    LOG.append(1)\n  return BAD",
        mend=("BAD", "3"), gives=3, log=[1],
    ),
    case(
        "in a finally, an exception pending",
        "def g():\n  try:\n    {}['k']\n  finally:\n    LOG.append(BAD)\n    LOG.append(2)\ndef f():\n  try:\n    g()\n  except KeyError as e:\n    return e.args",
        mend=("BAD", "1"), gives=("k",), log=[1, 2],
    ),
    case(
        "in a finally, a value pending",
        "def f(n=1):\n  try:\n    return n + 1\n  finally:\n    for i in iter((1, 2)):\n      LOG.append(i if i < 2 else BAD)",
        mend=("BAD", "3"), gives=2, log=[1, 3],
    ),
    case(
        "an asynchronous generator is refused, and that it is one is said",
        "import asyncio\nasync def g():\n  yield BAD\nasync def h():\n  return [x async for x in g()]\ndef f():\n  return asyncio.run(h())",
        mend=("BAD", "1"), raises="NameError: name 'BAD' is not defined", refused="an asynchronous generator",
    ),
    case(
        "the exception that is handled is the right one",
        "import sys\ndef f():\n  try:\n    {}['k']\n  except KeyError:\n    x = BAD\n    try:\n      1 / 0\n    except ZeroDivisionError as e:\n      LOG.append(repr(e.__context__))\n    LOG.append(repr(sys.exc_info()[1]))\n  return sys.exc_info()[1]",
        mend=("BAD", "1"), gives=None, log=["KeyError('k')", "KeyError('k')"],
    ),
]  # fmt: skip
