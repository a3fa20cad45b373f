"""Which form is at the caret, what it binds, and what a selection means."""

from __future__ import annotations

from textwrap import dedent

import pytest
from carets import caret, selected

from relive.source.forms import (
    Form,
    form_at,
    form_beginning_at,
    forms_to,
    selection,
    top_level_forms,
)
from relive.source.positions import LineTable, Range


def code_of(text: str, form: Form | None) -> str | None:
    return form and LineTable(text).slice(form.range)


def codes(text: str, forms: list[Form] | tuple[Form, ...]) -> list[str | None]:
    return [code_of(text, form) for form in forms]


# --- kinds and names ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "binds"),
    [
        ("f(1)", "expression", ()),
        ("await f()", "expression", ()),
        ('"""Docstring."""', "expression", ()),
        ("(n := 10)", "expression", ("n",)),
        ("[y := f(x) for x in xs]", "expression", ("y",)),
        ("[lambda: (hidden := 1) for x in xs]", "expression", ()),
        ("a = b = 1", "assignment", ("a", "b")),
        ("a, (b, *c) = x", "assignment", ("a", "b", "c")),
        ("a.b = c[0] = 1", "assignment", ()),
        ("a: int = 1", "assignment", ("a",)),
        ("a: int", "assignment", ()),
        ("a += 1", "assignment", ("a",)),
        ("import a.b, c as d", "import", ("a", "d")),
        ("import a.b as c", "import", ("c",)),
        ("from a import b, c as d", "import", ("b", "d")),
        ("from a import *", "import", ("*",)),
        ("from __future__ import annotations", "import", ("annotations",)),
        ("def f(x=(y := 1)): z = 1", "function", ("f",)),
        ("async def f(): pass", "function", ("f",)),
        ("@d\nclass C:\n    x = 1", "class", ("C",)),
        ("for i, j in x:\n    k = 1\nelse:\n    l = 2", "statement", ("i", "j", "k", "l")),
        ("with a as b, c as (d, e): pass", "statement", ("b", "d", "e")),
        ("try: a = 1\nexcept E as e: b = 1\nfinally: c = 1", "statement", ("a", "b", "c")),
        ("while a: b = 1", "statement", ("b",)),
        ("if a: import b\nelse: c = 1", "statement", ("b", "c")),
        (
            "match x:\n case {'k': a, **b}: pass\n case [c, *d] as e: f = 1\n case _: pass",
            "statement",
            ("b", "a", "e", "c", "d", "f"),
        ),
        ("del a", "statement", ()),
        ("pass", "statement", ()),
        ("raise a", "statement", ()),
        ("é = 1", "assignment", ("é",)),
    ],
)
def test_kind_and_names(text: str, kind: str, binds: tuple[str, ...]):
    [form] = top_level_forms(text)
    assert (form.kind, form.binds) == (kind, binds)
    assert code_of(text, form) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("if TYPE_CHECKING:\n    from a import b", "import"),
        ("try:\n    import a\nexcept ImportError:\n    import b as a", "import"),
        ("try:\n    import a\nexcept ImportError:\n    pass", "import"),
        ("if a:\n    import b\nelif c:\n    import d\nelse:\n    from e import f", "import"),
        ("with suppress(ImportError):\n    import a", "import"),
        ("try:\n    import a\nexcept ImportError:\n    a = None", "statement"),
        ("if a:\n    pass", "statement"),
        ("for a in b:\n    import c", "statement"),
    ],
)
def test_a_block_of_imports_is_an_import(text: str, kind: str):
    assert [form.kind for form in top_level_forms(text)] == [kind]


@pytest.mark.parametrize(
    ("test", "kind"),
    [
        ('__name__ == "__main__"', "guard"),
        ("'__main__' == __name__", "guard"),
        ("(__name__ == '__main__')", "guard"),
        ('__name__ != "__main__"', "statement"),
        ('__name__ == "__init__"', "statement"),
        ('name == "__main__"', "statement"),
        ('__name__ == "__main__" == x', "statement"),
    ],
)
def test_the_main_guard(test: str, kind: str):
    assert [form.kind for form in top_level_forms(f"if {test}:\n    run()\n")] == [kind]


def test_an_expression_too_deep_for_recursion_is_a_form():
    [form] = top_level_forms("x = " + " + ".join(["1"] * 900))
    assert form.binds == ("x",)


def test_a_chain_of_elifs_too_deep_for_recursion_is_a_form():
    text = "if a:\n    import b\n" + "elif c:\n    import d\n" * 400
    assert [form.kind for form in top_level_forms(text)] == ["import"]


def test_a_warning_of_the_compiler_is_not_raised():
    assert top_level_forms("x = '\\d'")[0].kind == "assignment"


# --- at the caret ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("¦a = 1", "a = 1"),
        ("a = 1¦", "a = 1"),
        ("a = 1\n¦\nb = 2", None),
        ("a = 1\n# note¦\nb = 2", None),
        ("    ¦\na = 1", None),
        ("a = 1\n¦", None),
        ("¦", None),
        ("a = 1  # note¦\nb = 2", "a = 1"),
        ("a = 1;  ¦\nb = 2", "a = 1"),
        ("a = ¦1; b = 2", "a = 1"),
        ("a = 1¦; b = 2", "a = 1"),
        ("a = 1; ¦b = 2", "b = 2"),
        ("a = 1; b = 2  # ¦note", "b = 2"),
        ("a = '😀'; b = ¦2", "b = 2"),
        ("f(\n    1,\n    # note¦\n\n    2,\n)", "f(\n    1,\n    # note\n\n    2,\n)"),
        ("x = '''\n¦# no comment\n'''", "x = '''\n# no comment\n'''"),
        ("a = 1 + \\\n¦    2\nb = 1", "a = 1 + \\\n    2"),
        ("def f():\n    a\n¦\n    b\nc", "def f():\n    a\n\n    b"),
        ("¦@d\ndef f(): pass", "@d\ndef f(): pass"),
        ("@d(\n    ¦1)\n\n# note\nclass C: pass", "@d(\n    1)\n\n# note\nclass C: pass"),
        ("@(  # note\n    d)\ndef f(): ¦pass", "@(  # note\n    d)\ndef f(): pass"),
        ("if a:\n    b\nelse:¦\n    c\n", "if a:\n    b\nelse:\n    c"),
        ("a = 1; f(\n1¦); b = 2", "f(\n1)"),
        ("a = 1; f(\n1); b = ¦2", "b = 2"),
        ("x = '\u2028\f'; y = ¦1", "y = 1"),
        ("\ufeffa = ¦1\nb = 2", "a = 1"),
        ("¦\ufeff@d\ndef é(): pass", "@d\ndef é(): pass"),
        ("\fa = 1\n\f\n¦b = 2", "b = 2"),
    ],
)
def test_the_form_at_the_caret(marked: str, expected: str | None):
    text, position = caret(marked)
    assert code_of(text, form_at(text, position)) == expected


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_endings_make_no_difference(newline: str):
    text, position = caret("a = '''\n'''\nb = ¦2\nc = 3")
    assert form_at(text.replace("\n", newline), position) == form_at(text, position)


@pytest.mark.parametrize("position", [(-1, 0), (99, 0)])
def test_no_form_outside_the_text(position: tuple[int, int]):
    assert form_at("a = 1", position) is None


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("a\nb¦\nc", ["a", "b"]),
        ("a\nb\n¦\nc", ["a", "b"]),
        ("¦\na", []),
        ("a; b¦; c", ["a", "b"]),
        ("a\n  ¦  # note\nf(\n1)", ["a"]),
        ("a\nf(¦\n1)\nb", ["a", "f(\n1)"]),
        ("a\nb = (¦\nc", ["a", "b = ("]),
    ],
)
def test_forms_up_to_the_caret(marked: str, expected: list[str]):
    text, position = caret(marked)
    assert codes(text, forms_to(text, position)) == expected


# --- broken text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = foo(\ny = 2\nz = 3\n", ["!x = foo(", "y = 2", "z = 3"]),
        ("x = foo(\n    1,\ny = 2\n", ["!x = foo(\n    1,", "y = 2"]),
        (
            'x = """\ny = 2\ndef f():\n    """D."""\n',
            ['!x = """', "y = 2", 'def f():\n    """D."""'],
        ),
        ("if x\n    y = 1\nz = 2", ["!if x\n    y = 1", "z = 2"]),
        ("def f(:\n    return 1\n# note\n\nz = 2", ["!def f(:\n    return 1", "z = 2"]),
        ("try:\n    x = 1\ny = 2", ["!try:\n    x = 1", "y = 2"]),
        ("else:\n    x = 1\ny = 2", ["!else:\n    x = 1", "y = 2"]),
        (")\ny = 2", ["!)", "y = 2"]),
        ("x = 1; y = ; z = 3\nw", ["!x = 1; y = ; z = 3", "w"]),
        ("print 'a'\nw", ["!print 'a'", "w"]),
        ("  x = 1\ny = 2", ["!x = 1", "y = 2"]),
        ("def f():\n    x = (\n    return 1\n\nw", ["!def f():\n    x = (\n    return 1", "w"]),
        ("@d(\n  1)\n@e\ndef f(x=):\n  a\nw", ["!@d(\n  1)\n@e\ndef f(x=):\n  a", "w"]),
        ("x = [\n1,\n2,\n]\ny = (", ["x = [\n1,\n2,\n]", "!y = ("]),
        ("x = '''\na\nimport b\n'''\ny = (", ["x = '''\na\nimport b\n'''", "!y = ("]),
        ("\ufeffx = (\ny = 2", ["!x = (", "y = 2"]),
        ("\ufeffx = 1\ny = (", ["x = 1", "!y = ("]),
        ("x = '\0'\ny = 2", ["!x = '\0'", "y = 2"]),
        ("x = '\ud800'\ny = 2", ["!x = '\ud800'", "y = 2"]),
        ("x = (\r\ny = 2\r\n", ["!x = (", "y = 2"]),
        ("match a:\n  case 1: b\nx = (", ["match a:\n  case 1: b", "!x = ("]),
        ("<<<<<<< ours\nx = 1\n=======\nx = 2\n", ["!<<<<<<< ours", "x = 1", "!=======", "x = 2"]),
        ("é = '😀'; b = 1\nx = (", ["é = '😀'", "b = 1", "!x = ("]),
    ],
)
def test_broken_code_leaves_the_rest_alone(text: str, expected: list[str]):
    marks = ["!" * (form.kind == "broken") for form in top_level_forms(text)]
    found = codes(text, top_level_forms(text))
    assert [f"{mark}{code}" for mark, code in zip(marks, found, strict=True)] == expected


def test_a_broken_form_is_found_at_the_caret_and_binds_what_can_be_read():
    text, position = caret("import a\nclass C:\n    def f(self): return (\n\n    ¦\n    x = 1\nb")
    form = form_at(text, position)
    assert form is not None
    assert (form.kind, form.binds, form.range) == ("broken", ("C",), Range((1, 0), (5, 9)))


def test_type_parameters_are_no_syntax_error_on_any_python():
    text = "class A[T: 'é', *U](B): pass\ndef f[\n    T,\n\n](x: T): pass\nx = 1\n"
    assert [form.kind for form in top_level_forms(text)] == ["class", "function", "assignment"]
    assert codes(text, top_level_forms(text))[0] == "class A[T: 'é', *U](B): pass"


# --- selections -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "expected", "indent"),
    [
        ("¦a = 1¦\nb", "a = 1", 0),
        ("¦a = 1\n¦b = 2", "a = 1", 0),
        ("¦\n  \na = 1\nb = 2\n\n¦", "a = 1\nb = 2", 0),
        ("x = f(¦g(1)¦)", "g(1)", 0),
        ("x = ¦f(\n  1)¦", "f(\n  1)", 0),
        ("if a:\n¦    b\n    c\n¦", "b\nc", 4),
        ("if a:\n  ¦  b\n    c¦", "b\nc", 4),
        ("if a:\n\t¦b\n\tc¦", "b\nc", 1),
        ("if a:\n    ¦if b:\n        c\n    d¦", "if b:\n    c\nd", 4),
        ("if a:\n    ¦b\nc¦", "b\nc", 0),
        ("if a:\n  if b:\n    ¦c\n  if d:\n    e¦", "c\nif d:\n  e", 2),
        ("if a:\n    ¦b\n# note\n    c¦", "b\n# note\nc", 4),
        ("if a:\n    ¦b = (\n  1,\n)\n    c¦", "b = (\n1,\n)\nc", 4),
        ("if a:\n    ¦b = '''\n    in\n  '''\n    c¦", "b = '''\n    in\n  '''\nc", 4),
        (
            "if a:\n    ¦b = f'''\n    {in_}\n    x'''\n    c¦",
            "b = f'''\n    {in_}\n    x'''\nc",
            4,
        ),
        ("if a:\n    ¦b = 1 + \\\n    2\n    c¦", "b = 1 + \\\n2\nc", 4),
        ("if a:\n    ¦b = (\n    c¦", "b = (\nc", 4),
        ("¦\ufeffa = 1¦", "a = 1", 0),
    ],
)
def test_a_selection_is_the_code_in_it(marked: str, expected: str, indent: int):
    text, range_ = selected(marked)
    found = selection(text, range_)
    assert found is not None
    assert (found.text, found.indent) == (expected, indent)
    assert LineTable(text).slice(found.range).startswith(expected.partition("\n")[0])


@pytest.mark.parametrize("marked", ["a¦¦ = 1", "a¦\n¦b", "a\n¦   \n\t\n¦b", "¦\f¦"])
def test_an_empty_selection(marked: str):
    text, range_ = selected(marked)
    assert selection(text, range_) is None


def test_a_selection_of_a_text_with_other_line_endings():
    text = dedent("""\
        if a:
            b
            c
        """).replace("\n", "\r\n")
    found = selection(text, Range((1, 0), (3, 0)))
    assert found is not None
    assert (found.text, found.range) == ("b\nc", Range((1, 4), (2, 5)))


def test_the_form_that_begins_just_there() -> None:
    text = "a = 1; b = 2\n\n@c\ndef d(): pass\n"
    assert [form_beginning_at(text, each) is not None for each in ((0, 0), (0, 7), (2, 0))] == [
        True,
        True,
        True,
    ]
    assert [form_beginning_at(text, each) for each in ((0, 1), (1, 0), (3, 0), (9, 0))] == [
        None
    ] * 4
