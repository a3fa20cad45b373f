"""The standard library: what was handed to it before an edit runs the code of after it."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

HANDED = """\
import argparse
import ast
import cmd
import concurrent.futures
import contextlib
import dataclasses
import functools
import heapq
import html.parser
import io
import json
import logging
import logging.handlers
import multiprocessing
import queue
import re
import sched
import signal
import sqlite3
import string
import threading
import unittest
import weakref
import socketserver


def work(n):
    return n * 10


class Keep(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


class Short(logging.Formatter):
    def format(self, record):
        return record.levelname + " " + super().format(record)


class Only(logging.Filter):
    def filter(self, record):
        return "secret" not in record.getMessage()


def positive(text):
    return int(text)


class Twice(argparse.Action):
    def __call__(self, parser, namespace, values, option=None):
        setattr(namespace, self.dest, values * 2)


class Sum:
    def __init__(self):
        self.total = 0

    def step(self, value):
        self.total += value

    def finalize(self):
        return self.total


def shout(text):
    return text.upper()


def as_dict(cursor, row):
    return {"row": row}


class Names(ast.NodeVisitor):
    def __init__(self):
        self.found = []

    def visit_Name(self, node):
        self.found.append(node.id)


class Shell(cmd.Cmd):
    def do_hello(self, line):
        self.stdout.write("hello " + line)


class Money:
    def __init__(self, amount):
        self.amount = amount

    def __format__(self, spec):
        return f"{self.amount}"

    def __lt__(self, other):
        return self.amount < other.amount

    def __reduce__(self):
        return Money, (self.amount,)


class Encoder(json.JSONEncoder):
    def default(self, value):
        return value.amount


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)


def replaced(match):
    return match[0] * 2


@functools.singledispatch
def shown(value):
    return "any"


@shown.register
def _(value: int):
    return "int"


@shown.register(str)
def shown_text(value):
    return "text"


@functools.total_ordering
@dataclasses.dataclass
class Point:
    x: int
    y: int = 0

    def __lt__(self, other):
        return self.x < other.x

    @functools.cached_property
    def size(self):
        return self.x + self.y

    @functools.singledispatchmethod
    def plus(self, value):
        return Point(self.x + value)

    scaled = functools.partialmethod(lambda self, by, n: self.x * by * n, 2)


@functools.lru_cache
def slow(n):
    return n + 1


@contextlib.contextmanager
def opened(name):
    yield "open " + name


class Case(unittest.TestCase):
    def setUp(self):
        self.value = 1

    def test_value(self):
        self.assertEqual(self.value, 1)


def on_signal(number, frame):
    heard.append("one")


heard = []


def late(n):
    heard.append(n)


class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"line one")
"""
SETUP = """
pool = concurrent.futures.ThreadPoolExecutor(1)
submit = lambda n: pool.submit(work, n).result()
keep = Keep(); keep.setFormatter(Short()); keep.addFilter(Only())
log = logging.getLogger("shop"); log.addHandler(keep); log.propagate = False
parser = argparse.ArgumentParser(); parser.add_argument("--n", type=positive); parser.add_argument("--t", action=Twice)
base = sqlite3.connect(":memory:"); base.create_function("shout", 1, shout); base.create_aggregate("total", 1, Sum); base.row_factory = as_dict
ask = lambda sql: base.execute(sql).fetchone()
names, shell, links = Names(), Shell(stdout=io.StringIO()), Links()
points = Point(1), Point(2, 3)
size = points[1].size
tests = unittest.TestLoader().loadTestsFromTestCase(Case)
tests._removeTestAtIndex = lambda index: None
signal.signal(signal.SIGUSR1, on_signal)
plus = points[0].plus
heap = [Money(1), Money(2)]
encode = Encoder().encode
sub = functools.partial(re.compile("a").sub, replaced)
def fork():
    with multiprocessing.get_context("fork").Pool(1) as pool: return pool.map(work, [1, 2])
def logged(text):
    keep.lines.clear(); log.error(text); return keep.lines[:]
def passed():
    result = unittest.TestResult(); tests.run(result); return result.wasSuccessful()
def visit():
    names.found.clear(); names.visit(ast.parse("a + b")); return names.found[:]
def typed(line):
    shell.stdout.truncate(0); shell.stdout.seek(0); shell.onecmd(line); return shell.stdout.getvalue()
def fed(text):
    links.seen.clear(); links.feed(text); return links.seen[:]
def signalled():
    heard.clear(); signal.raise_signal(signal.SIGUSR1); return heard[:]
def scheduled():
    heard.clear(); clock = sched.scheduler(); clock.enter(0, 1, late, (7,)); clock.run(); return heard[:]
def served():
    import socket
    with socketserver.TCPServer(("127.0.0.1", 0), Lines) as server:
        with socket.create_connection(server.server_address) as client:
            server.handle_request(); return client.recv(100)
def timed():
    heard.clear(); timer = threading.Timer(0, late, (3,)); timer.start(); timer.join(); return heard[:]
slow(1), shown(1), [submit(1)]
"""

HANDED_EDITS = {
    "thread pool": Edit("n * 10", "n * 100", "submit(1)", "100"),
    "forked pool": Edit("n * 10", "n * 100", "fork()", "[100, 200]"),
    "logging handler": Edit(
        "self.lines.append(self.format(record))",
        "self.lines.append('!' + self.format(record))",
        "logged('x')",
        "['!ERROR x']",
    ),
    "logging formatter": Edit(
        'record.levelname + " "', 'record.levelname + ": "', "logged('x')", "['ERROR: x']"
    ),
    "logging filter": Edit('"secret" not in', '"x" not in', "logged('x')", "[]"),
    "argparse type": Edit(
        "return int(text)", "return int(text) + 1", "parser.parse_args(['--n', '1']).n", "2"
    ),
    "argparse action": Edit(
        "values * 2", "values * 3", "parser.parse_args(['--t', 'a']).t", "'aaa'"
    ),
    "sqlite function": Edit(
        "text.upper()", "text.upper() + '!'", "ask('select shout(\"a\")')", "{'row': ('A!',)}"
    ),
    "sqlite aggregate": Edit(
        "return self.total\n",
        "return -self.total\n",
        "ask('select total(x) from (select 1 x union select 2)')",
        "{'row': (-3,)}",
    ),
    "sqlite row factory": Edit(
        '{"row": row}', '{"cells": row}', "ask('select 1')", "{'cells': (1,)}"
    ),
    "ast visitor": Edit(
        "self.found.append(node.id)", "self.found.append(node.id * 2)", "visit()", "['aa', 'bb']"
    ),
    "ast visitor, method added": Edit(
        "    def visit_Name",
        "    def visit_Add(self, node):\n        self.found.append('+')\n\n    def visit_Name",
        "visit()",
        "['a', '+', 'b']",
    ),
    "command shell": Edit('"hello "', '"hi "', "typed('hello x')", "'hi x'"),
    "command added to a shell": Edit(
        "    def do_hello",
        "    def do_bye(self, line):\n        self.stdout.write('bye')\n\n    def do_hello",
        "typed('bye')",
        "'bye'",
    ),
    "format": Edit('f"{self.amount}"', 'f"{self.amount} EUR"', "f'{heap[0]}'", "'1 EUR'"),
    "order in a heap": Edit(
        "self.amount < other.amount",
        "self.amount > other.amount",
        "heapq.nsmallest(1, heap)[0].amount",
        "2",
    ),
    "json": Edit("return value.amount", "return [value.amount]", "encode(heap[0])", "'[1]'"),
    "html parser": Edit(
        "self.seen.append(tag)", "self.seen.append(tag.upper())", "fed('<a><b>')", "['A', 'B']"
    ),
    "regular expression callback": Edit("match[0] * 2", "match[0] * 3", "sub('ab')", "'aaab'"),
    "single dispatch": Edit('return "any"', 'return "thing"', "shown(1.0)", "'thing'"),
    "single dispatch, registered": Edit('return "int"', 'return "number"', "shown(1)", "'number'"),
    "single dispatch, registered by name": Edit(
        'return "text"', 'return "letters"', "shown('')", "'letters'"
    ),
    "single dispatch method": Edit(
        "Point(self.x + value)", "Point(self.x + value * 2)", "plus(1)", "Point(x=3, y=0)"
    ),
    "total ordering": Edit(
        "self.x < other.x",
        "self.x > other.x",
        "points[0] < points[1], points[0] >= points[1]",
        "(False, True)",
    ),
    "cached property": Edit("self.x + self.y", "self.x * self.y", "points[1].size", "6"),
    "partial method": Edit("self.x * by * n, 2", "self.x * by * n, 3", "points[1].scaled(1)", "6"),
    "dataclass field added": Edit(
        "    y: int = 0\n",
        "    y: int = 0\n    z: list = dataclasses.field(default_factory=list)\n",
        "points[0], Point(1, 2, [3]), points[0] == Point(1)",
        "(Point(x=1, y=0, z=[]), Point(x=1, y=2, z=[3]), True)",
    ),
    "lru_cache": Edit("return n + 1\n", "return n + 2\n", "slow(1)", "3"),
    "context manager": Edit(
        '"open "', '"opened "', "with opened('x') as seen: pass\nseen", "'opened x'"
    ),
    "unittest": Edit(
        "self.assertEqual(self.value, 1)", "self.assertEqual(self.value, 2)", "passed()", "False"
    ),
    "unittest setUp": Edit("self.value = 1", "self.value = 2", "passed()", "False"),
    "signal handler": Edit('heard.append("one")', 'heard.append("two")', "signalled()", "['two']"),
    "timer": Edit("heard.append(n)", "heard.append(n * 2)", "timed()", "[6]"),
    "scheduler": Edit("heard.append(n)", "heard.append(n * 2)", "scheduled()", "[14]"),
    "socket server": Edit('b"line one"', 'b"line two"', "served()", "b'line two'"),
}


@pytest.mark.parametrize("edit", HANDED_EDITS.values(), ids=HANDED_EDITS)
def test_what_was_handed_over_follows(program: OpenModule, edit: Edit) -> None:
    live = program(HANDED, SETUP)
    live.follows(edit)
    assert live.run("pool.shutdown(); base.close()") == "None"


def test_a_pool_forked_before_keeps_the_code_it_was_forked_with(program: OpenModule) -> None:
    live = program(
        HANDED,
        "before = multiprocessing.get_context('fork').Pool(1)\nbefore.apply(work, [1])",
    )
    live.edit("n * 10", "n * 100")
    live.shows("before.apply(work, [1]), work(1)", "(10, 100)")
    live.shows("before.terminate(), before.join()", "(None, None)")


LOGGED = """
lines = []
handler = logging.Handler()
handler.emit = lambda record: lines.append(handler.format(record))
log = logging.getLogger("inside")
log.addHandler(handler)
log.propagate = False
"""


def test_inside_logging(library: OpenModule) -> None:
    edit = Edit(
        "        return self._style.format(record)\n",
        "        return '> ' + self._style.format(record)\n",
        "log.error('x')\nlines[-1]",
        "'> x'",
        "Formatter.formatMessage",
    )
    library("logging", LOGGED).follows_there_and_back(edit)
