"""Frames and arrays of real libraries as tables: the page that is asked for, sorted or not."""

from __future__ import annotations

import pytest

from relive.session.session import Session
from relive.session.values import ValueTable
from relive.session.viewing import ChildrenView, TableView, TextView
from viewing import refused, shown, told

SETUP = """\
import numpy as np
import pandas as pd
import polars as pl
from datetime import date
nan = float("nan")
"""


@pytest.fixture(scope="module")
def session(shared: Session) -> Session:
    assert shared.evaluate(SETUP).status == "ok"
    return shared


def columns(table: ValueTable) -> list[tuple[str, str, bool]]:
    return [(each.name, each.dtype, each.numeric) for each in table.columns]


def first_cells(table: ValueTable) -> list[str]:
    return [row[0] for row in table.rows]


MULTI = "pd.MultiIndex.from_tuples([('x', 2), ('x', 1)], names=['k', None])"
TABLES = {
    "frame": (
        "pd.DataFrame({'a': [1, 2], 'b': [0.5, nan], 'c': ['x', None]})",
        "DataFrame 2 rows × 3 columns: a int64, b float64, c object",
        [("a", "int64", True), ("b", "float64", True), ("c", "object", False)],
        [("0",), ("1",)],
        [("1", "0.5", "x"), ("2", "NaN", "None")],
    ),
    "columns of one name": (
        "pd.DataFrame([[1, 'x'], [2, 'y']], columns=['a', 'a'])",
        "DataFrame 2 rows × 2 columns: a int64, a object",
        [("a", "int64", True), ("a", "object", False)],
        [("0",), ("1",)],
        [("1", "x"), ("2", "y")],
    ),
    "levels": (
        f"pd.DataFrame({{('p', 'q'): [1, 2]}}, index={MULTI})",
        "DataFrame 2 rows × 1 column: ('p', 'q') int64",
        [("p / q", "int64", True)],
        [("x", "2"), ("x", "1")],
        [("1",), ("2",)],
    ),
    "empty frame": ("pd.DataFrame()", "DataFrame 0 rows × 0 columns", [], [], []),
    "no rows": (
        "pd.DataFrame({'a': pd.Series([], dtype='int8')})",
        "DataFrame 0 rows × 1 column: a int8",
        [("a", "int8", True)],
        [],
        [],
    ),
    "no columns": ("pd.DataFrame(index=[7])", "DataFrame 1 row × 0 columns", [], [("7",)], [()]),
    "kinds": (
        "pd.DataFrame({'c': pd.Categorical(['b', None]), 'd': pd.to_datetime(['2024-01-02', None]),"
        " 'e': pd.array([1, None], dtype='Int64'), 'f': np.array([0.1, 2], dtype='f4'),"
        " 'g': [True, False], 'h': [[1], {'k': 1}]})",
        "DataFrame 2 rows × 6 columns: c category, d datetime64[ns], e Int64, f float32, g bool,"
        " h object",
        [
            ("c", "category", False),
            ("d", "datetime64[ns]", False),
            ("e", "Int64", True),
            ("f", "float32", True),
            ("g", "bool", False),
            ("h", "object", False),
        ],
        [("0",), ("1",)],
        [
            ("b", "2024-01-02 00:00:00", "1", "0.1", "True", "[1]"),
            ("NaN", "NaT", "<NA>", "2.0", "False", "{'k': 1}"),
        ],
    ),
    "series": (
        "pd.Series([1.5], name='s', index=['i'])",
        "Series 1 row float64",
        [("s", "float64", True)],
        [("i",)],
        [("1.5",)],
    ),
    "polars": (
        "pl.DataFrame({'a': [1, None], 'd': [date(2024, 1, 2), None]})",
        "DataFrame 2 rows × 2 columns: a Int64, d Date",
        [("a", "Int64", True), ("d", "Date", False)],
        [("0",), ("1",)],
        [("1", "2024-01-02"), ("None", "None")],
    ),
    "array": (
        "np.arange(4.0).reshape(2, 2)",
        "float64 (2, 2)",
        [("0", "float64", True), ("1", "float64", True)],
        [("0",), ("1",)],
        [("0.0", "1.0"), ("2.0", "3.0")],
    ),
    "records of an array": (
        "np.array([(1, 'a')], dtype=[('x', 'i4'), ('y', 'U3')])",
        "[('x', '<i4'), ('y', '<U3')] (1,)",
        [("x", "int32", True), ("y", "<U3", False)],
        [("0",)],
        [("1", "a")],
    ),
    "dicts": (
        "[{'a': 1, 'b': None}, {'a': 2, 'b': 'x'}]",
        None,
        [("a", "int", True), ("b", "NoneType", False)],
        [("0",), ("1",)],
        [("1", "None"), ("2", "x")],
    ),
    "tuples": (
        "[(1, 'x'), (2, 'y')]",
        None,
        [("0", "int", True), ("1", "str", False)],
        [("0",), ("1",)],
        [("1", "x"), ("2", "y")],
    ),
}


@pytest.mark.parametrize(
    ("code", "summary", "names", "index", "rows"), TABLES.values(), ids=TABLES.keys()
)
def test_a_table(
    session: Session,
    code: str,
    summary: str | None,
    names: list[tuple[str, str, bool]],
    index: list[tuple[str, ...]],
    rows: list[tuple[str, ...]],
) -> None:
    value = shown(session, code)
    table = told(session, TableView(value.ref))
    assert (value.summary, value.has_table) == (summary, True)
    assert columns(table) == names
    assert list(table.index) == index
    assert list(table.rows) == rows
    assert (table.total, table.total_columns) == (len(index), len(names))


FRAME = (
    "pd.DataFrame({'a': [3, 1, 2], 'n': [nan, 2.0, 1.0], 'd': pd.to_datetime(['2024', None, '2023']),"
    " 'c': pd.Categorical(['x', None, 'y'], categories=['y', 'x'])}, index=[9, 7, 8])"
)
POLARS = "pl.DataFrame({'a': [3, 1, 2], 'n': [None, 2.0, 1.0]})"
RECORDS = "[{'a': 3, 'n': nan}, {'a': 1, 'n': 2.0}, {'a': 2, 'n': 1.0}, {'a': 4, 'n': None}]"
ORDERS = {
    "frame": (FRAME, 0, ["1", "2", "3"], ["3", "2", "1"]),
    "NaN comes last": (FRAME, 1, ["2", "1", "3"], ["1", "2", "3"]),
    "dates": (FRAME, 2, ["2", "3", "1"], ["3", "2", "1"]),
    "categories": (FRAME, 3, ["2", "3", "1"], ["3", "2", "1"]),
    "index": (FRAME, -1, ["1", "2", "3"], ["3", "2", "1"]),
    "polars": (POLARS, 0, ["1", "2", "3"], ["3", "2", "1"]),
    "polars null": (POLARS, 1, ["2", "1", "3"], ["1", "2", "3"]),
    "array": ("np.array([[3.0], [1], [nan], [2]])", 0, ["1.0", "2.0", "3.0", "NaN"], ["3.0", "2.0", "1.0", "NaN"]),
    "records": (RECORDS, 0, ["1", "2", "3", "4"], ["4", "3", "2", "1"]),
    "records without": (RECORDS, 1, ["2", "1", "3", "4"], ["1", "2", "3", "4"]),
    "array backwards": ("np.array([1, 2])", -1, ["1", "2"], ["2", "1"]),
}  # fmt: skip


@pytest.mark.parametrize(("code", "column", "up", "down"), ORDERS.values(), ids=ORDERS.keys())
def test_the_order_of_the_rows(
    session: Session, code: str, column: int, up: list[str], down: list[str]
) -> None:
    ref = shown(session, f"t = {code}").ref
    assert first_cells(told(session, TableView(ref, sort=column))) == up
    assert first_cells(told(session, TableView(ref, sort=column, descending=True))) == down


def test_labels_go_with_their_rows(session: Session) -> None:
    table = told(session, TableView(shown(session, FRAME).ref, sort=0))
    assert list(table.index) == [("7",), ("8",), ("9",)]


def test_an_order_holds_until_code_runs(session: Session) -> None:
    ref = shown(session, f"t = {FRAME}").ref
    assert first_cells(told(session, TableView(ref, sort=0))) == ["1", "2", "3"]
    session.evaluate("t.iloc[0, 0] = 0")
    assert first_cells(told(session, TableView(ref, sort=0))) == ["0", "1", "2"]


UNSORTABLE = {
    "pandas": "pd.DataFrame({'mixed': ['x', 1]})",
    "records": "[{'mixed': 'x'}, {'mixed': 1}]",
    "polars": "pl.DataFrame({'mixed': pl.Series([object(), object()], dtype=pl.Object)})",
}


@pytest.mark.parametrize("code", UNSORTABLE.values(), ids=UNSORTABLE.keys())
def test_a_column_that_cannot_be_sorted_is_said_so_in_words(session: Session, code: str) -> None:
    ref = shown(session, f"t = {code}").ref
    assert "'mixed' cannot be sorted: " in refused(session, TableView(ref, sort=0))
    assert told(session, TableView(ref)).total == 2


@pytest.mark.parametrize("sort", [-2, 1, 10**9])
def test_there_is_no_such_column(session: Session, sort: int) -> None:
    ref = shown(session, "t = pd.DataFrame({'a': [1]})").ref
    assert f"no column {sort} " in refused(session, TableView(ref, sort=sort))


@pytest.mark.parametrize("code", ["1", "[1, 2]", "[(1,), (1, 2)]", "np.zeros((2, 2, 2))", "np.array(1)"])  # fmt: skip
def test_what_is_no_table(session: Session, code: str) -> None:
    value = shown(session, code)
    assert value.has_table is None
    assert "no table" in refused(session, TableView(value.ref))


def test_pages_of_rows_and_columns(session: Session) -> None:
    ref = shown(session, "t = pd.DataFrame(np.arange(3000 * 500).reshape(3000, 500))").ref
    table = told(session, TableView(ref, start=2990, count=100, first_column=498))
    assert [each.name for each in table.columns] == ["498", "499"]
    assert len(table.rows) == 10
    assert table.rows[0][0] == str(2990 * 500 + 498)
    assert told(session, TableView(ref, start=5000)).rows == ()
    assert len(told(session, TableView(ref, count=10**9, column_count=10**9)).rows) == 100


def test_cells_are_cut(session: Session) -> None:
    code = "import time\nclass S:\n    def __repr__(self): time.sleep(600)\n"
    table = told(session, TableView(shown(session, f"{code}[('x' * 10**6, S(), [0] * 10**6)] * 50").ref))  # fmt: skip
    assert max(len(cell) for row in table.rows for cell in row) <= 200
    assert "takes too long" in table.rows[0][1]
    assert table.rows[-1][1:] == ("…", "…")


PARTS = {
    "frame": ("pd.DataFrame({'a': [1], 7: [2]})", ["['a']", "[7]"], "Series 1 row int64"),
    "polars": ("pl.DataFrame({'a': [1]})", ["['a']"], "Series 1 row Int64"),
    "array": ("np.zeros((2, 3, 4), dtype='f4')", ["[0]", "[1]"], "float32 (3, 4)"),
}


@pytest.mark.parametrize(("code", "names", "summary"), PARTS.values(), ids=PARTS.keys())
def test_the_parts_are_columns_and_items(
    session: Session, code: str, names: list[str], summary: str
) -> None:
    items = told(session, ChildrenView(shown(session, f"t = {code}").ref)).items
    assert [each.name for each in items] == names
    assert items[0].value.summary == summary


def test_ten_million_rows_cost_what_ten_cost(session: Session) -> None:
    """Counted in memory: nothing of that size is made, when it is shown or when it is opened."""
    columns = "'a': np.arange(10_000_000), 'b': np.zeros(10_000_000), 'c': 'text'"
    session.evaluate(f"t = pd.DataFrame({{{columns}}})")
    peak = "import resource\nresource.getrusage(resource.RUSAGE_SELF).ru_maxrss"
    before = int(shown(session, peak).text)
    table = told(session, TableView(shown(session, "t").ref, start=9_999_999))
    assert (table.rows, table.total) == ((("9999999", "0.0", "text"),), 10_000_000)
    assert int(shown(session, peak).text) - before < 20_000  # a column's copy is 80,000 KB
    assert session.evaluate("del t").status == "ok"


WHOLE = {
    "frame": "t = pd.DataFrame({'a': range(1000)})",
    "wide frame": "t = pd.DataFrame({f'a{n}': [n] for n in range(1000)})",
    "series": "t = pd.Series(range(1000))",
    "polars": "t = pl.DataFrame({'a': range(1000)})",
    "polars series": "t = pl.Series(range(1000))",
    "array": "t = np.arange(5000)",
    "matrix": "t = np.arange(5000).reshape(10, 500)",
}


@pytest.mark.parametrize("code", WHOLE.values(), ids=WHOLE.keys())
def test_the_whole_text_has_what_the_repr_leaves_out(session: Session, code: str) -> None:
    value = shown(session, code)
    whole = told(session, TextView(value.ref))
    assert "777" in whole.text
    assert "..." not in whole.text
    assert "…" not in whole.text
    assert not whole.truncated
    assert shown(session, "repr(t)").text != whole.text  # what was set for it is not left behind


@pytest.mark.parametrize(
    "code",
    [
        "pd.DataFrame({'a': np.zeros(10**6)})",
        "pl.DataFrame({'a': np.zeros(10**6)})",
        "np.zeros((10**6, 1))",
    ],
)
def test_a_whole_text_that_is_cut_says_of_how_much(session: Session, code: str) -> None:
    whole = told(session, TextView(shown(session, f"t = {code}").ref))
    assert whole.truncated
    assert whole.text.endswith("1,000,000 rows in all, of which these are 50,000")


@pytest.mark.parametrize("code", ["pd.DataFrame()", "pd.Series([])", "np.array(3)", "np.zeros((0, 3))", "pl.DataFrame()"])  # fmt: skip
def test_the_whole_text_of_what_is_empty(session: Session, code: str) -> None:
    assert told(session, TextView(shown(session, f"t = {code}").ref)).text


SAID = {
    "narrow": "pd.DataFrame({'a': np.arange(10**6), 'b': 0.5})",
    **{
        f"about as wide as may be, {n}": f"pd.DataFrame({{'a': [1], 'b' * (COLUMNS - {n}): [2], 'c': 3}})"
        for n in range(6, 13)
    },
    "wide": "pd.DataFrame({'x' * 30 + str(n): [n] for n in range(5)})",
    "many columns": "pd.DataFrame({str(n): [n] for n in range(50)})",
    "wide letters": "pd.DataFrame({'価格': ['価格\\n' * 20, None]}, index=['行', '🎉'])",
    "levels": f"pd.DataFrame({{('p', 'q'): [1, 2]}}, index={MULTI})",
    "no rows": "pd.DataFrame({'a': []})",
    "no columns": "pd.DataFrame(index=[7])",
    "a subclass": "type('Mine', (pd.DataFrame,), {'__repr__': lambda self: 'mine'})({'a': [1]})",
}
SAID_AS = {
    "as ever": "",
    "not as in a terminal": "'display.max_columns', 20",
    "as information": "'display.large_repr', 'info', 'display.max_rows', 1",
    "in wide letters": "'display.unicode.east_asian_width', True",
    "with its size": "'display.show_dimensions', True",
    "in wide rows": "'display.expand_frame_repr', False",
}


@pytest.mark.parametrize("options", SAID_AS.values(), ids=SAID_AS.keys())
def test_a_frame_says_what_its_repr_says(session: Session, options: str) -> None:
    session.evaluate("import shutil\nCOLUMNS = shutil.get_terminal_size()[0]")
    session.evaluate("class Asked:\n    def __repr__(self): return repr(t)")
    if options:
        session.evaluate(f"pd.set_option({options})")
    said = {name: (shown(session, f"t = {code}\nt"), shown(session, "Asked()")) for name, code in SAID.items()}  # fmt: skip
    session.evaluate("pd.reset_option('all')")
    for name, (ours, theirs) in said.items():
        assert (ours.text, ours.detail) == (theirs.text, theirs.detail), name


def test_a_narrow_frame_is_laid_out_once(session: Session) -> None:
    session.evaluate(
        "from pandas.io.formats.format import DataFrameFormatter as Formatter\n"
        "laid_out, lay_out = [], Formatter.get_strcols\n"
        "Formatter.get_strcols = lambda self: laid_out.append(self) or lay_out(self)"
    )
    shown(session, "pd.DataFrame({'a': np.arange(10**6)})")
    assert shown(session, "len(laid_out)").text == "1"
    session.evaluate("Formatter.get_strcols = lay_out")


def test_a_frame_whose_own_text_is_another_is_asked_for_it(session: Session) -> None:
    session.evaluate("was = pd.DataFrame.__repr__\npd.DataFrame.__repr__ = lambda self: 'patched'")
    assert shown(session, "pd.DataFrame({'a': [1]})").text == "patched"
    session.evaluate("pd.DataFrame.__repr__ = was")


LYING = {
    "array that raises": ("np.ndarray", "raise RuntimeError('no')", "np.zeros(3).view(L)"),
    "array that exits": ("np.ndarray", "raise SystemExit", "np.zeros(3).view(L)"),
    "array that sleeps": ("np.ndarray", "time.sleep(600)", "np.zeros(3).view(L)"),
    "frame that raises": ("pd.DataFrame", "raise RuntimeError('no')", "L({'a': [1]})"),
}


@pytest.mark.parametrize(("base", "body", "make"), LYING.values(), ids=LYING.keys())
def test_what_only_looks_like_a_librarys_value(
    session: Session, base: str, body: str, make: str
) -> None:
    code = (
        f"import time\nclass L({base}):\n    @property\n    def shape(self): {body}\n"
        f"    dtype = ndim = shape\nt = {make}\nt"
    )
    value = shown(session, code)
    assert value.summary is None
    assert value.mimes in ((), ("text/html", "text/latex"))
    if "sleep" not in body:
        assert refused(session, TableView(value.ref))
    session.evaluate("del t, L")
