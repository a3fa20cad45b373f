"""Source texts that are none, or odd: one error answer, right places, and the daemon goes on."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults.sessions import goes_on, value
from relive.session.answers import Evaluation
from relive.session.requests import EvaluateRequest
from relive.session.session import Session
from relive.source.nodes import syntax_tree
from relive.source.positions import LineTable

NONSENSE = {
    "E1 NUL": "x = 1\0",
    "E2 unary": "-" * 100_000 + "1",
    "E2 sum": "+".join(["1"] * 100_000),
    "E2 brackets": "(" * 100_000 + ")" * 100_000,
    "E2 attributes": "a" + ".a" * 100_000,
    "E2 calls": "f" + "()" * 100_000,
    "E2 lambdas": "lambda: " * 50_000 + "1",
    "E2 comparisons": "1" + " < 1" * 100_000,
    "E2 blocks": "".join(f"{' ' * n}if 1:\n" for n in range(200)) + " " * 200 + "1",
    "E2 surrogate": "x = '\ud800'\nx",
    "E2 surrogate name": "\udcff = 1",
    "E2 digits": "1" * 100_000,
    "E2 exponent": "x = 1e" + "9" * 10_000,
    "E2 strings": "'a' " * 5_000,
    "E2 f-string": "f'" + "{1}" * 3_000 + "'",
    "E2 long line": "x = [" + "1, " * 20_000 + "]",
    "E2 many lines": "\n" * 20_000 + "1 1",
    "E2 parameters": "def f(" + ", ".join(f"a{n}" for n in range(5_000)) + "): pass",
    "E2 decorators": "@f\n" * 200 + "def f(): pass",
    "E2 await": "await " * 20_000 + "x",
    "open string": "x = '''" + "a\n" * 1000,
    "tabs": "if 1:\n\tx = 1\n        y = 2",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str | None], Session]]:
    """Gives one session for each interpreter, for all texts: none harms the next."""
    made: dict[str | None, Session] = {}

    def get(interpreter: str | None) -> Session:
        if interpreter not in made:
            made[interpreter] = Session(interpreter, tmp_path_factory.mktemp("source"))
        return made[interpreter]

    yield get
    for session in made.values():
        session.close()


@pytest.fixture
def no_process_left() -> None:
    """Here some sessions outlive a test."""


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE.keys())
def test_text_that_does_not_compile_has_one_answer(
    shared: Callable[[str | None], Session], python: str, text: str
) -> None:
    session = shared(python)
    given = session.evaluate(text)
    assert given.status in ("ok", "error", "died"), given
    if (
        given.status == "died"
    ):  # such depths have overflowed the stack of some interpreters' parsers
        assert given.error is not None
        assert "signal 11" in given.error.message
    assert value(session.evaluate("1 + 1")) == "2"


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_document_full_of_nonsense_harms_neither_side(
    shared: Callable[[str | None], Session], workspace: Path, text: str
) -> None:
    """The session reads documents, too: for what a form needs, and for what was redefined."""
    document = f"def total(): return helper()\ndef helper(): return 5\n{text[:10_000]}\n"
    session, file = shared(None), str(workspace / "odd.py")
    answers: list[Evaluation] = []
    with session._lock:
        request = EvaluateRequest("total()", file, document=document, detached=True)
        session.submit(request, answers.append)
    session._driver.run_until(lambda: bool(answers))
    assert answers[0].status in ("ok", "error")
    assert session.redefine(file, source=document) is not None
    assert session.redefine(file, source=document, name="total") is not None
    assert value(session.evaluate("1 + 1")) == "2"


# -- encodings and line ends -----------------------------------------------------------------------


def test_E3_a_byte_order_mark_is_no_character(session: Session, workspace: Path) -> None:
    (workspace / "marked.py").write_text("\ufefffirst = 'é'\nfirst\n", encoding="utf-8")
    given = session.evaluate("first = 'é'", "marked.py")
    assert value(given) == "'é'"
    assert given.results[-1].range.start == (0, 0)
    assert session.evaluate("\ufeff7").results[-1].value.text == "7"


def test_E4_a_file_in_another_encoding_is_read_by_its_cookie(
    session: Session, workspace: Path
) -> None:
    text = "# -*- coding: latin-1 -*-\nname = 'é'\ndef f(): return 'à'\n"
    (workspace / "old.py").write_bytes(text.encode("latin-1"))
    assert value(session.evaluate("import old\nold.name, old.f()")) == "('é', 'à')"
    (workspace / "old.py").write_bytes(text.replace("à", "ù").encode("latin-1"))
    assert session.redefine("old.py").status == "ok"
    assert value(session.evaluate("f()", "old.py")) == "'ù'"


LINES = {
    "LF": "a = 1\nb = 2\n1 / 0\n",
    "CRLF": "a = 1\r\nb = 2\r\n1 / 0\r\n",
    "CR": "a = 1\rb = 2\r1 / 0\r",
    "mixed": "a = 1\r\nb = 2\r1 / 0\n",
    "form feed": "a = 1\n\x0cb = 2\n1 / 0\n",
    "U+2028": "a = '\u2028\u0085\x1c'\nb = 2\n1 / 0\n",
}


@pytest.mark.parametrize("text", LINES.values(), ids=[f"E5 {name}" for name in LINES])
def test_lines_are_those_of_the_editor(session: Session, text: str) -> None:
    given = session.evaluate(text)
    assert [result.range.start[0] for result in given.results] == [0, 1]
    assert given.error is not None
    assert given.error.frames[-1].line == 2
    assert given.error.frames[-1].text == "1 / 0"


@pytest.mark.parametrize("text", LINES.values(), ids=[f"E5 {name}" for name in LINES])
def test_the_line_table_agrees_with_the_compiler(text: str) -> None:
    table = LineTable(text)
    for node in syntax_tree(table.text).body:
        begin = (node.lineno - 1, node.col_offset)
        line = table.lines[begin[0]]
        assert line.encode()[begin[1] :].decode().strip()[:1] == ast.unparse(node)[:1]


def test_E6_astral_characters_before_the_code(session: Session) -> None:
    given = session.evaluate("x = '😀😀'; y = '😀'; y")
    assert value(given) == "'😀'"
    assert [result.range.start[1] for result in given.results] == [0, 10, 19]


# -- places ----------------------------------------------------------------------------------------


def test_E7_a_line_of_a_method_keeps_its_place(session: Session, workspace: Path) -> None:
    text = "class Shop:\n    def total(self):\n        prices = [1, 2]\n        return 1 / 0\n"
    (workspace / "shop.py").write_text(text)
    session.evaluate(text, "shop.py")
    given = session.evaluate("Shop().total()", "shop.py")
    assert given.error is not None
    assert (given.error.frames[-1].line, given.error.frames[-1].text) == (3, "return 1 / 0")
    given = session.evaluate("        prices = [1, 2]", "shop.py")
    assert given.results[-1].range.start == (2, 8)


def test_E8_broken_code_elsewhere_does_not_matter(fast_session: Session, workspace: Path) -> None:
    text = "def total(): return helper()\n\ndef helper(): return 5\n\ntotal()\n" + "\n" * 100
    (workspace / "shop.py").write_text(text + "def broken(:\n  x = = 1\n")
    assert value(fast_session.evaluate("total()", "shop.py")) == "5"


def test_E9_a_traceback_quotes_the_text_that_ran(session: Session, workspace: Path) -> None:
    file = workspace / "shop.py"
    file.write_text("def total():\n    return 1 / 0  # first\n")
    session.evaluate(file.read_text(), "shop.py")
    file.write_text("# a line more\n" * 5)
    given = session.evaluate("import shop\nshop.total()")
    assert given.error is not None
    assert given.error.frames[-1].text == "return 1 / 0  # first"
    assert "return 1 / 0  # first" in given.error.traceback


def test_E11_future_imports_hold_for_the_module(session: Session, workspace: Path) -> None:
    (workspace / "late.py").write_text(
        "from __future__ import annotations\nclass A:\n    x: Nowhere\n"
    )
    session.evaluate("from __future__ import annotations", "late.py")
    assert session.evaluate("class A:\n    x: Nowhere", "late.py").status == "ok"
    assert session.evaluate("def f(x: Nowhere): pass", "late.py").status == "ok"
    assert value(session.evaluate("match = case = type = 1\nmatch, case, type")) == "(1, 1, 1)"


# -- errors ----------------------------------------------------------------------------------------


def test_E13_deep_recursion_is_folded(session: Session) -> None:
    given = session.evaluate("def f(): f()\nf()")
    assert given.error is not None
    assert given.error.type == "RecursionError"
    assert len(given.error.frames) <= 100
    assert len(given.error.traceback) < 20_100


def test_E13_a_long_chain_is_cut(session: Session) -> None:
    code = "def f(n):\n    try: raise ValueError(n)\n    except ValueError:\n        if n: f(n - 1)\n        else: raise\n"
    given = session.evaluate(code + "import sys\nsys.setrecursionlimit(5000)\nf(900)")
    assert given.status == "error"
    assert given.error is not None
    assert len(given.error.traceback) < 20_100
    assert goes_on(session)


SHOWN = {
    "notes": ("e = ValueError('x'); e.__notes__ = ['try this']; raise e", "ValueError: x"),
    "notes odd": ("e = ValueError('x'); e.__notes__ = 5; raise e", "ValueError"),
    "class odd": (
        "class E(Exception):\n    __class__ = property(lambda self: 1 / 0)\nraise E",
        "E",
    ),
    "syntax odd": ("raise SyntaxError('mine', ('m.py', 'x', 'y', 'z'))", "SyntaxError"),
    "cause": (
        "try: 1 / 0\nexcept ZeroDivisionError as e: raise KeyError('k') from e",
        "direct cause",
    ),
    "loop": (
        "a = ValueError('a'); b = ValueError('b'); a.__cause__ = b; b.__cause__ = a; raise a",
        "ValueError: a",
    ),
    "group": (
        "raise (ExceptionGroup('all', [ValueError('one'), KeyError('two')]) if 'ExceptionGroup' in dir(__builtins__) else ValueError('one'))",
        "one",
    ),
}


@pytest.mark.parametrize(("code", "part"), SHOWN.values(), ids=[f"E14 {name}" for name in SHOWN])
def test_an_exception_is_shown_with_all_that_belongs_to_it(
    session: Session, code: str, part: str
) -> None:
    given = session.evaluate(code)
    assert given.status == "error"
    assert given.error is not None
    assert part in given.error.traceback
    if "try this" in code:
        assert given.error.notes == ("try this",)
    assert goes_on(session)
