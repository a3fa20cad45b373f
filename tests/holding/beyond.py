"""Programs that fail amid what is not theirs: locks, transactions, code of libraries that calls back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import blinker

from holding.scenarios import case

PACKAGES = Path(blinker.__file__).parents[1]
"""Where the pure Python packages of the tests are."""
FROM_PACKAGES = f"import sys\nsys.path.append({str(PACKAGES)!r})\n"

LOCK = """
import threading
L = threading.Lock()
def tried():
  seen = []
  other = threading.Thread(target=lambda: seen.append(L.acquire(blocking=False)))
  other.start()
  other.join()
  return seen[0]
def f():
  with L:
    LOG.append(tried())
    LOG.append(BAD)
    LOG.append(tried())
  return L.locked(), tried()
"""
TRANSACTION = """
import os, sqlite3, tempfile
FILE = os.path.join(tempfile.mkdtemp(), "rows.db")
CON = sqlite3.connect(FILE)
CON.execute("create table t(n)")
CON.set_trace_callback(lambda sql: LOG.append(sql.strip()) if " " not in sql.strip() else None)
def seen():
  other = sqlite3.connect(FILE)
  try:
    return other.execute("select count(*) from t").fetchone()[0]
  finally:
    other.close()
def f(rows=(1, 2, 3)):
  with CON:
    for row in iter(rows):
      CON.execute("insert into t values (?)", (row,))
      LOG.append(BAD if row == 2 else row)
  return seen(), CON.in_transaction
"""
MADE = """
def g(x): return 6 // x
def f():
  names = {"g": g}
  exec("def between(x):\\n  return g(x) + 1", names)
  return names["between"](0)
"""

SIGNAL = (
    FROM_PACKAGES
    + """import blinker
S = blinker.Signal()
def first(sender): return BAD
def second(sender): LOG.append(sender)
S.connect(first)
S.connect(second)
def f():
  return sorted(str(came) for _, came in S.send('s'))
"""
)


def mended(before: str, head: str, mend: tuple[str, str], *looks: str) -> list[dict[str, Any]]:
    """Return the action that looks at things in the frame, mends one function and goes on.

    The rest of the program does not run again: what it has made is in use.
    """
    lines = before.lstrip("\n").split("\n")
    first = next(place for place, line in enumerate(lines) if line.startswith(head))
    inner = lines[first + 1 :]
    length = next((n for n, line in enumerate(inner) if not line.startswith(" ")), len(inner))
    text = "\n".join(lines[first : first + 1 + length])
    assert mend[0] in text
    edit = text.replace(*mend)
    return [{"do": "retry", "edit": edit, "at": first, "evaluate": list(looks)}]


BEYOND = [
    case(
        "a lock stays locked while held, and is released once",
        LOCK,
        actions=mended(LOCK, "def f", ("BAD", "'mended'"), "LOG.append([L.locked(), tried()])"),
        gives=(False, True), log=[False, [True, False], "mended", False],
    ),
    case(
        "a lock is released, and taken again, by a restart",
        LOCK, actions=[{"do": "restart", "evaluate": ["LOG.append(tried())"], "run": "BAD = 1"}],
        gives=(False, True), log=[False, False, False, 1, False],
    ),
    case(
        "a transaction stays open while held, and is committed once",
        TRANSACTION,
        actions=mended(
            TRANSACTION, "def f", ("BAD", "'mended'"), "LOG.append([CON.in_transaction, seen()])"
        ),
        gives=(3, False), log=["BEGIN", 1, [True, 0], "mended", 3, "COMMIT"],
    ),
    case(
        "a transaction is rolled back as ever when the error is let go",
        TRANSACTION, actions=[{"do": "abandon"}],
        raises="NameError: name 'BAD' is not defined", log=["BEGIN", 1, "ROLLBACK"],
    ),
    case(
        "a library that fails is called again",
        "import json\ndef f(t='{'):\n  return json.loads(t)",
        actions=[{"do": "retry", "evaluate": ["t = '[1]'"]}], gives=[1],
    ),
    case(
        "code of exec waits for what it has called",
        MADE, mend=("6 // x", "x + 2"), gives=3,
    ),
    case(
        "a key of heapq.merge, written in Python",
        "import heapq\ndef f():\n  return list(heapq.merge([1, 3], [2], key=lambda n: g(n)))\ndef g(n):\n  LOG.append(n)\n  return n if n < 3 else BAD",
        mend=("BAD", "n"), gives=[1, 2, 3], log=[1, 2, 3],
    ),
    case(
        "a method that functools.singledispatch has chosen",
        "import functools\n@functools.singledispatch\ndef g(x): return 'any'\n@g.register\ndef _(x: int): return BAD + x\ndef f():\n  return g('a'), g(4)",
        mend=("BAD + x", "x * 2"), gives=("any", 8),
    ),
    case(
        "a cached property is worked out once",
        "import functools\nclass C:\n  @functools.cached_property\n  def p(self):\n    LOG.append('p')\n    return BAD\ndef f():\n  c = C()\n  return c.p, c.p",
        actions=[{"do": "retry", "evaluate": ["BAD = 3", "global BAD\nBAD = 3"]}], gives=(3, 3), log=["p"],
    ),
    case(
        "handlers of html.parser",
        "from html.parser import HTMLParser\nclass P(HTMLParser):\n  def handle_starttag(self, tag, attrs):\n    LOG.append(tag)\n    on(tag)\ndef on(tag):\n  return BAD if tag == 'b' else None\ndef f():\n  p = P()\n  p.feed('<a><b><c>')\n  p.close()\n  return p.getpos()",
        mend=("BAD", "'mended'"), gives=(1, 9), log=["a", "b", "c"],
    ),
    case(
        "a callback of an event loop goes on, and the loop with it",
        "import asyncio\ndef back(n, done):\n  LOG.append(4 // n)\n  if n == 2: done.set_result(n)\nasync def g():\n  loop = asyncio.get_running_loop()\n  done = loop.create_future()\n  for n in (1, 0, 2):\n    loop.call_soon(back, n, done)\n  return await done\ndef f():\n  return asyncio.run(g())",
        mend=("4 // n", "n"), gives=2, log=[4, 0, 2],
    ),
    case(
        "receivers of a signal of blinker",
        SIGNAL, actions=mended(SIGNAL, "def first", ("BAD", "5")), gives=["5", "None"], log=["s"],
    ),
    case(
        "a converter of attrs, in code that attrs has made",
        FROM_PACKAGES + "import attrs\ndef to_number(text): return 6 // int(text)\n@attrs.define\nclass C:\n  a: int = attrs.field(converter=to_number)\n  b: int = 2\ndef f():\n  c = C('0')\n  return c.a, c.b",
        mend=("6 // int(text)", "int(text) + 1"), gives=(1, 2),
    ),
    case(
        "managers that a with has entered before it failed are left before it runs again",
        "def f():\n  with M('a') as a, M('b' + BAD) as b:\n    LOG.append(b.name)\n  return 1",
        mend=("BAD", "''"), gives=1, log=["in a", "out a", "in a", "in b", "b", "out b", "out a"],
    ),
    case(
        "an async with that would have to be left first is refused",
        "import asyncio\nasync def g():\n  async with M('a') as a, M('b' + BAD) as b:\n    LOG.append(b.name)\ndef f():\n  return asyncio.run(g())",
        mend=("BAD", "''"), raises="NameError: name 'BAD' is not defined", log=["in a", "out a NameError"], refused="`async with` would have to be left",
    ),
]  # fmt: skip
