"""Values whose own code misbehaves, and values too large to show: what is shown stays within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from faults.sessions import Watched, goes_on, printed, value
from relive.session.session import Session
from relive.session.settings import Settings

LIMITS = Settings(result_max_length=60, hover_max_length=1000)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str | None], Session]]:
    """Gives one session for each interpreter, for all tests here: no value harms the next."""
    made: dict[str | None, Session] = {}

    def get(interpreter: str | None) -> Session:
        if interpreter not in made:
            made[interpreter] = Session(
                interpreter, tmp_path_factory.mktemp("values"), settings=LIMITS
            )
        return made[interpreter]

    yield get
    for session in made.values():
        session.close()


@pytest.fixture
def no_process_left() -> None:
    """Here the sessions outlive a test."""


@pytest.fixture
def session(sessions: Callable[[str | None], Session], python: str) -> Session:
    return sessions(python)


@pytest.fixture
def fast_session(sessions: Callable[[str | None], Session]) -> Session:
    return sessions(None)


def of_class(body: str, base: str = "") -> str:
    return f"import time\nclass T({base}):\n    def __repr__(self): {body}\nT()"


VALUES = {
    "V1 raises": (of_class("1 / 0"), "<unprintable scratch.T: ZeroDivisionError"),
    "V1 exits": (of_class("raise SystemExit"), "<unprintable scratch.T: SystemExit"),
    "V1 interrupts": (of_class("raise KeyboardInterrupt"), "<unprintable scratch.T: KeyboardInter"),
    "V1 memory": (of_class("raise MemoryError"), "<unprintable scratch.T: MemoryError"),
    "V1 recurses": (of_class("return repr(self)"), "<unprintable scratch.T: RecursionError"),
    "V2 no str": (of_class("return 3"), "<unprintable scratch.T: TypeError"),
    "V3 sleeps": (of_class("time.sleep(600)"), "<scratch.T: its repr takes too long>"),
    "V3 loops": (of_class("\n        while True: pass"), "<scratch.T: its repr takes too long>"),
    "V3 swallows": (
        of_class("\n        try: time.sleep(600)\n        except BaseException: time.sleep(600)"),
        "<scratch.T: its repr takes too long>",
    ),
    "V4 100 MB": (of_class("return 'x' * 10**8"), ("xxxx", "<scratch.T: its repr takes too long>")),
    "V5 list": ("list(range(10_000_000))", "[0, 1, 2"),
    "V5 dict": ("dict.fromkeys(range(2_000_000))", "{0: None, 1: None"),
    "V5 set": ("set(range(2_000_000))", "{0, 1, 2"),
    "V5 nested": ("d = []\nfor _ in range(5000): d = [d]\nd", "[[[[[[[["),
    "V5 cycle": ("a = []; a.append(a); a", "[[…]]"),
    "V5 wide and deep": ("w = [1]\nfor _ in range(40): w = [w, w]\nw", "[[[["),
    "V9 digits": ("10 ** 5000", ("<int of 16,610 bits>", "1000")),
    "V9 many digits": ("1 << 10_000_000", "<int of 10,000,001 bits>"),
    "P10 nan": ("[float('nan'), float('inf')]", "[nan, inf]"),
    "P11 surrogate": ("'\\ud800'", "'\\ud800'"),
    "P12 jsonrpc": ("{'jsonrpc': '2.0', 'id': 1}", "{'jsonrpc': '2.0', 'id': 1}"),
    "long text": ("'x' * 10**8", "'xxxx"),
}


@pytest.mark.parametrize(("code", "start"), VALUES.values(), ids=VALUES.keys())
def test_any_value_is_shown_within_the_bounds(
    session: Session, code: str, start: str | tuple[str, ...]
) -> None:
    given = session.evaluate(code)
    text = value(given)
    assert text.startswith(start)
    assert len(text) <= LIMITS.result_max_length
    detail = given.results[-1].value.detail or ""
    assert len(detail) <= LIMITS.hover_max_length + 100
    assert goes_on(session)


LARGE = {
    "list": ("class K(list): pass\nK(range(N))", "[0, 1"),
    "list with repr": (
        "class K(list):\n    def __repr__(self): return 'mine'\nK(range(N))",
        "K([0, 1",
    ),
    "dict": ("class K(dict): pass\nK.fromkeys(range(N))", "{0: None"),
    "set": ("class K(set): pass\nK(range(N))", "K({0, 1"),
    "named tuple": ("class K(tuple): pass\nK(range(N))", "(0, 1"),
    "deque": ("from collections import deque\ndeque(range(N))", "deque([0, 1"),
    "defaultdict": (
        "from collections import defaultdict\nk = defaultdict(int)\nfor n in range(N): k[n]\nk",
        "defaultdict({0: 0",
    ),
    "counter": ("from collections import Counter\nCounter(range(N))", "Counter({0: 1"),
    "keys": ("dict.fromkeys(range(N)).keys()", "dict_keys([0, 1"),
    "str": ("class K(str): pass\nK('x' * N)", "'xxxx"),
    "hostile": (
        "class K(list):\n    def __iter__(self): 1 / 0\n    def __len__(self): 1 / 0\nK(range(N))",
        "[0, 1",
    ),
}


@pytest.mark.parametrize(("code", "start"), LARGE.values(), ids=[f"V5 {kind}" for kind in LARGE])
def test_V5_large_containers_of_any_kind_are_cut_before_they_are_walked(
    fast_session: Session, code: str, start: str
) -> None:
    given = fast_session.evaluate(code.replace("N", "1_000_000"))
    shown = given.results[-1].value
    assert shown is not None
    assert shown.text.startswith(start)
    assert shown.truncated
    assert shown.length == 1_000_000
    assert shown.detail is not None
    assert " more" in shown.detail or " in all" in shown.detail


def test_V5_of_containers_in_containers_only_the_outermost_says_what_is_missing(
    fast_session: Session,
) -> None:
    given = fast_session.evaluate("[{'id': 1, 'city': 'x' * 100, 'at': (1, 2)}] * 500")
    shown = given.results[-1].value
    assert shown is not None
    assert shown.detail is not None
    assert shown.detail.endswith(" more")
    assert shown.detail.count("…") == 1


SMALL = {
    "list": ("class K(list): pass\nK([1])", "[1]"),
    "set": ("class K(set): pass\n[K([1]), K()]", "[K({1}), K()]"),
    "frozenset": ("class K(frozenset): pass\nK([1])", "K({1})"),
    "own": ("class K(dict):\n    def __repr__(self): return 'mine'\nK()", "mine"),
    "named tuple": ("import collections\ncollections.namedtuple('P', 'x y')(1, 2)", "P(x=1, y=2)"),
    "defaultdict": (
        "import collections\ncollections.defaultdict(int, a=1)",
        "defaultdict(<class 'int'>, {'a': 1})",
    ),
    "deque": ("import collections\ncollections.deque([1], maxlen=2)", "deque([1], maxlen=2)"),
    "bool and int": (
        "class I(int): pass\n[True, I(3), (1,), {}, set()]",
        "[True, 3, (1,), {}, set()]",
    ),
    "enum": ("import enum\nclass E(enum.IntEnum): a = 1\nE.a", "<E.a: 1>"),
    "counter": ("import collections\ncollections.Counter('aab')", "Counter({'a': 2, 'b': 1})"),
}


@pytest.mark.parametrize(("code", "text"), SMALL.values(), ids=SMALL.keys())
def test_small_values_are_shown_as_python_shows_them(
    session: Session, code: str, text: str
) -> None:
    given = session.evaluate(code)
    assert value(given) == text
    assert not given.results[-1].value.truncated


def test_a_container_that_a_thread_changes_meanwhile(fast_session: Session) -> None:
    code = (
        "class Grows:\n    def __repr__(self):\n        shared.add(object())\n        return 'grown'\n"
        "shared = set()\nshared.update([Grows(), Grows()])\nshared"
    )
    assert value(fast_session.evaluate(code)).startswith("{grown… <RuntimeError>")


def test_a_repr_that_prints_is_heard_and_does_no_harm(fast_session: Session) -> None:
    given = fast_session.evaluate(of_class("print('aside'); return 'T()'"))
    assert value(given) == "T()"
    assert printed(given) == "aside\n"


ACCESSES = """
seen = []
class Watching:
    def __getattribute__(self, name):
        seen.append(name)
        return object.__getattribute__(self, name)
    def __len__(self): seen.append('len'); return 3
    def __array__(self): seen.append('array')
    @property
    def shape(self): seen.append('shape')
    def __getattr__(self, name): seen.append(name); raise AttributeError(name)
    def __repr__(self): seen.append('repr'); return 'W'
"""


def test_V6_V7_nothing_but_its_repr_is_asked_of_a_value(session: Session) -> None:
    given = session.evaluate(ACCESSES + "Watching()")
    assert value(given) == "W"
    assert value(session.evaluate("seen")) == "['repr']"
    session.evaluate("kept = Watching()\n[kept, (kept,)]")
    assert value(session.evaluate("set(seen)")) == "{'repr'}"


def test_V6_a_class_and_its_metaclass_are_not_asked_either(session: Session) -> None:
    code = (
        "seen = []\nclass Meta(type):\n"
        "    def __getattribute__(cls, name): seen.append(name); return type.__getattribute__(cls, name)\n"
        "    def mro(cls): return type.mro(cls)\n"
        "class K(metaclass=Meta): pass\nk = K()\nseen.clear()\nk"
    )
    session.evaluate(code)
    asked = set(eval(value(session.evaluate("sorted(set(seen))"))))
    assert asked <= {"__module__", "__qualname__", "__name__", "__dict__"}


def test_the_users_own_alarm_rings_after_a_value_was_shown(make_session) -> None:
    watched = Watched(make_session)
    code = (
        "import signal, time\n_ = signal.signal(signal.SIGALRM, lambda *a: print('rang'))\n"
        "_ = signal.setitimer(signal.ITIMER_REAL, 0.2)\n"
        "class T:\n    def __repr__(self): return 'T'\nT()\nsignal.pause()"
    )
    assert "rang" in printed(watched.session.evaluate(code))


def test_a_redefinition_in_a_large_heap_asks_no_value_for_its_class(fast_session: Session) -> None:
    """There the instances are looked for from the names of the workspace on."""
    code = (
        "import time\nheap = list(map(float, range(2_000_000)))\nclass K: pass\nk = K()\n"
        "class Lie(list):\n    __class__ = property(lambda self: time.sleep(600))\n"
        "    __iter__ = __len__ = lambda self: time.sleep(600)\nlie = [Lie([k])]"
    )
    assert fast_session.evaluate(code).status == "ok"
    assert fast_session.evaluate("class K:\n    a = 1\nk.a").results[-1].value.text == "1"
    assert goes_on(fast_session)


RESIDENT = "int(open('/proc/self/statm').read().split()[1]) * 4"


def test_values_that_were_shown_cost_nothing_more(fast_session: Session) -> None:
    """Neither a value nor its text is kept: many are as a few.

    The first few raise what the C library keeps of memory given back, by how scattered the heap
    is: from there on it stays.
    """
    make = "[list(range(300_000)), 'x' * 10**7]"

    def resident_after(count: int) -> int:
        for _ in range(count):
            fast_session.evaluate(make)
        return int(value(fast_session.evaluate(RESIDENT)))

    before = resident_after(10)
    assert resident_after(20) - before < 64 * 1024  # twenty of them are 400 MB
