"""Text that is evaluated in frames that are held: the cases as data.

Each is `LOOK`'s name: the program, which fails, and pairs of a text and what it must give; None:
nothing is shown for it. `then` is how the program goes on, and what it gives.
"""

from __future__ import annotations

from textwrap import dedent
from typing import Any

BOX = """
K = 10
class Base:
  def area(self, h):
    return 1
class Box(Base):
  def __init__(self):
    self.__w = 3
  def area(self, h):
    size = super().area(h) + self.__w * h
    def again(): return size
    BAD
    return size, again()
  def plain(self, h):
    __own = 5
    self.kept = [] if h else None
    BAD
    return h, __own
  @classmethod
  def made(cls):
    BAD
    return cls
  def deep(self):
    def inner(x):
      BAD
      return x, self
    return inner(2)[0]
def f():
  return Box().area(4)
"""
PLAIN = """
G = 7
def g(k, items=(1, 2), *rest, **named):
  unbound = None
  del unbound
  BAD
  late = 1
  return k, items
def f():
  return g(3)
"""
LOOP = """
def f():
  out = []
  for i in iter((1, 2)):
    out.append(BAD)
  return out
"""
CELLS = """
def f():
  n = 1
  def up():
    nonlocal n
    n += 1
    return n
  BAD
  return n, up()
"""
FREE = """
def f():
  n = [1]
  def inner():
    BAD
    return n
  return inner(), n
"""
SAME_NAME = """
def f():
  k = 10
  j = 20
  def inner():
    nonlocal k
    out = [k for k in (1, 2)]
    BAD
    k += 1
    return out, k, j
  return inner(), k
"""
OUTER = """
def g():
  BAD
def f():
  k = 1
  c = 1
  def see(): return c
  g()
  return k, c, see()
"""
COMPREHENSION = """
def f():
  k = 2
  out = [BAD * k for i in (1, 2)]
  return out, k
"""
ASYNC = """
import asyncio
async def twice(x): return 2 * x
async def g(k):
  BAD
  return k
def f():
  return asyncio.run(g(3))
"""
CLASS_BODY = """
def f():
  class C:
    x = 4
    y = BAD
  return C.x
"""


def look(
    name: str,
    before: str,
    texts: list[tuple[str, Any]],
    then: Any = None,
    *,
    bad: str = "pass",
    run: str = "f()",
    frame: int = 0,
    **action: Any,
) -> dict[str, Any]:
    """Return a case; `then` is what the mended program gives, None: it is let go."""
    before = dedent(before).lstrip("\n")
    act: dict[str, Any] = {"do": "retry" if then is not None else "abandon", **action}
    if act["do"] == "retry":
        act["edit"] = before.replace("BAD", bad)
    act.update(evaluate=[text for text, _ in texts], look=frame)
    case = {"name": name, "before": before, "run": run, "actions": [act]}
    return {"case": case, "gives": then, "texts": [repr(value) for _, value in texts]}


NOTHING = object()


def raises(what: str) -> str:
    return f"raises {what}"


FRAMES = [
    look(
        "what stands in a method",
        BOX,
        [
            ("size + K", 23),
            ("[size + i for i in range(h) if i < h]", [13, 14, 15, 16]),
            ("(lambda: size * h)()", 52),
            ("list(size for _ in range(2))", [13, 13]),
            ("sum(i * h for i in (1, 2))", 12),
            ("{i: size for i in (1,)}", {1: 13}),
            ("[[size * i + j for j in (1, h)] for i in (1, 2)]", [[14, 17], [27, 30]]),
            ("self.__w", 3),
            ("getattr(self, '_Box__w')", 3),
            ("super().area(h)", 1),
            ("super(__class__, self).area(h)", 1),
            ("__class__.__name__", "Box"),
            ("(lambda: self.__w)()", 3),
        ],
        (13, 13),
    ),
    look(
        "what looks at the variables of the code that calls it",
        BOX,
        [
            ("sorted(locals())", ["__class__", "again", "h", "self", "size"]),
            ("sorted(vars())", ["__class__", "again", "h", "self", "size"]),
            ("dir()", ["__class__", "again", "h", "self", "size"]),
            ("eval('size + K')", 23),
            ("exec('self.kept = [size]')", None),
            ("self.kept", [13]),
            ("sorted([each for each in locals()])[2:]", ["h", "self", "size"]),
            ("(lambda: sorted(locals()))()", []),
            ("(lambda i: (h, sorted(locals())))(1)", (4, ["h", "i"])),
            ("'{size} {h}'.format(**locals())", "13 4"),
            ("super().area(1), sorted(locals())[-2:]", (1, ["self", "size"])),
            ("import sys\nlen(sys._getframe().f_locals)", 6),
            ("size = 14\neval('size'), locals()['size']", (14, 14)),
            ("def look():\n  return size, dir()\nlook()", (14, ["size"])),
            ("del size\n'size' in locals()", False),
            ("size = 15", 15),
        ],
        (15, 15),
    ),
    look(
        "what looks at the variables of a class that is made",
        CLASS_BODY,
        [
            ("'x' in locals(), [k for k in dir() if k[0] != '_']", (True, ["x"])),
            ("eval('x + 1')", 5),
        ],
        frame=2,
    ),
    look(
        "what looks at the variables of a coroutine",
        ASYNC,
        [("locals()", {"k": 3}), ("eval('k')", 3), ("dir()", ["k"])],
        3,
    ),
    look(
        "a method that does not use super",
        BOX,
        [("super().area(1)", 1), ("__class__.__name__", "Box"), ("__own", 5), ("__own = 6", 6)],
        (4, 6),
        run="Box().plain(4)",
    ),
    look(
        "a method of a class",
        BOX,
        [("super().area.__name__", "area"), ("cls.__name__", "Box")],
        run="Box.made()",
    ),
    look(
        "a function in a method has its private names",
        BOX,
        [("self.__w + x", 5), ("x = 4", 4)],
        4,
        run="Box().deep()",
    ),
    look(
        "assignments of each kind",
        PLAIN,
        [
            ("k = 4", 4),
            ("k += 1", 5),
            ("k: int = 6", 6),
            ("a, b = k, 2", (6, 2)),
            ("a * b", 12),
            ("[last := i for i in (1, k)]", [1, 6]),
            ("last", 6),
            ("(k := 8)", 8),
            ("items = [*items, k]", [1, 2, 8]),
            ("items[0] = 9", 9),
            ("lst = [i for i in items]", [9, 2, 8]),
        ],
        (8, [9, 2, 8]),
    ),
    look(
        "statements that bind otherwise",
        PLAIN,
        [
            ("import math, os.path as where", NOTHING),
            ("math.floor(2.5), where.sep", (2, "/")),
            ("def double(x): return x * k", NOTHING),
            ("double(5)", 15),
            ("class C:\n  y = k", NOTHING),
            ("C.y", 3),
            ("for k in (4, 5): pass", NOTHING),
            ("k", 5),
            ("try:\n  1 / 0\nexcept ZeroDivisionError as e:\n  text = str(e)", NOTHING),
            ("text", "division by zero"),
            ("e", raises("NameError")),
            ("if k:\n  w: int = 2\n  bare: int", NOTHING),
            ("w", 2),
            ("with open('/dev/null') as stream: k = stream.name", NOTHING),
            ("match [1, 2]:\n  case [one, *others]: pass", NOTHING),
            ("one, others", (1, [2])),
        ],
        ("/dev/null", (1, 2)),
    ),
    look(
        "del, and what is not bound",
        PLAIN,
        [
            ("unbound", raises("NameError")),
            ("late", raises("NameError")),
            ("nowhere", raises("NameError")),
            ("del items", NOTHING),
            ("items", raises("NameError")),
            ("del items", raises("NameError")),
            ("items = 5", 5),
            ("rest, named", ((), {})),
        ],
        (3, 5),
    ),
    look(
        "a variable that is deleted stays so",
        PLAIN,
        [("del k", NOTHING)],
        (1, 2),
        bad="pass\n  if 'k' not in locals(): return items",
    ),
    look(
        "names of the module",
        PLAIN,
        [
            ("global G\nG = 8", 8),
            ("G", 8),
            ("global new_one\nnew_one = G + 1", 9),
            ("new_one", 9),
        ],
        (3, (1, 2), 9),
        bad="return k, items, new_one",
    ),
    look(
        "return gives what it returns",
        PLAIN,
        [
            ("return k + 1", 4),
            ("return", None),
            ("for i in items:\n  if i > 1:\n    return i + k", 5),
        ],
    ),
    look(
        "what cannot stand there",
        PLAIN,
        [
            ("yield k", raises("SyntaxError")),
            ("from math import *", raises("SyntaxError")),
            ("break", raises("SyntaxError")),
        ],
    ),
    look(
        "functions made there see what is assigned later",
        PLAIN,
        [
            ("see = lambda: k", NOTHING),
            ("k = 10", 10),
            ("see()", 10),
            ("def put(v):\n  nonlocal k\n  k = v", NOTHING),
            ("put(12)", None),
            ("k, see()", (12, 12)),
        ],
        (12, (1, 2)),
    ),
    look(
        "variables that the mended text is the first to have",
        LOOP,
        [("more = i + len(out)", 1), ("out", [])],
        [1, 100],
        bad="more); more = (100",
    ),
    look(
        "variables that functions share",
        CELLS,
        [("n", 1), ("up()", 2), ("n", 2), ("n = 10", 10), ("up()", 11), ("(lambda: n)()", 11)],
        (11, 12),
    ),
    look(
        "a shared variable that is deleted",
        CELLS,
        [("del n", NOTHING), ("n", raises("NameError")), ("n = 4", 4)],
        (4, 5),
    ),
    look(
        "variables of the function around",
        FREE,
        [("n", [1]), ("n = [2]", [2]), ("[n for _ in 'a']", [[2]])],
        ([2], [2]),
    ),
    look(
        "a variable of the function around, and one of a comprehension of the same name",
        SAME_NAME,
        [
            ("k, j, out", (10, 20, [1, 2])),
            ("k = 11", 11),
            ("[k for k in 'ab'], k", (["a", "b"], 11)),
        ],
        (([1, 2], 12, 20), 12),
    ),
    look(
        "what is bound further out is found there",
        OUTER,
        [("k = 5", 5), ("c += 1", 2), ("see()", 2), ("[k + i for i in (1,)]", [6])],
        (5, 2, 2),
        frame=1,
    ),
    look(
        "a comprehension that failed", COMPREHENSION, [("k", 2), ("k = 3", 3)], ([3, 3], 3), bad="1"
    ),
    look(
        "what is awaited in a frame of a loop that runs",
        ASYNC,
        [("twice(k).close()", None), ("[i * k for i in (1, 2)]", [3, 6]), ("k = 4", 4)],
        4,
    ),
    look(
        "the names of a class body are not the function's",
        CLASS_BODY,
        [("x", raises("NameError")), ("x = 5", 5), ("x", 5)],
    ),
    look(
        "top-level code",
        "rows = []\nfor i in iter((1, 2)):\n  rows.append(BAD)\n",
        [
            ("i", 1),
            ("[i + len(rows) for _ in 'ab']", [1, 1]),
            ("i = 5", 5),
            ("i += 1", 6),
            ("(lambda: i)()", 6),
        ],
        run="rows",
        do="abandon",
    ),
]
