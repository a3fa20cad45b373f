"""Richer forms of values: what is at hand, what only their code can tell, and pictures at once."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import pytest

from relive.session.events import Displayed, Event, ResultReady
from relive.session.session import Session
from relive.session.viewing import MimesView, MimeView
from viewing import refused, shown, told

Heard = list[Event]


@pytest.fixture
def session(lasting_session: Session) -> Session:
    return lasting_session


@pytest.fixture
def pictures(heard: Heard) -> Callable[[], list[Displayed]]:
    """Returns the pictures that came since the test began."""
    heard.clear()
    return lambda: [event for event in heard if isinstance(event, Displayed)]


def offering(*methods: str) -> str:
    body = "\n".join(f"    {method}" for method in methods)
    return f"class O:\n{body}\nx = O()"


def bundle(data: str) -> str:
    return f"def _repr_mimebundle_(self, include=None, exclude=None): return {data}"


PNG = b64encode(b"\x89PNG").decode()
ALTAIR = """import sys, types
class Chart:
    def to_dict(self): return {'mark': 'line'}
sys.modules["altair"] = types.ModuleType("altair")
sys.modules["altair"].TopLevelMixin = Chart
Chart()"""
FORMS = {
    "html": (offering("def _repr_html_(self): return '<b>'"), "text/html", ("<b>", "text")),
    "png": (
        offering("def _repr_png_(self): return b'\\x89PNG'"),
        "image/png",
        (PNG, "base64"),
    ),
    "encoded already": (
        offering(f"def _repr_png_(self): return '{PNG[:4]}\\n{PNG[4:]}\\n'"),
        "image/png",
        (PNG, "base64"),
    ),
    "with metadata": (
        offering("def _repr_svg_(self): return '<svg/>', {'k': 1}"),
        "image/svg+xml",
        ("<svg/>", "text"),
    ),
    "json": (
        offering("def _repr_json_(self): return {'k': [1]}"),
        "application/json",
        ('{"k": [1]}', "text"),
    ),
    "a chart": (ALTAIR, "application/vnd.vegalite.v6+json", ('{"mark": "line"}', "text")),
    "bundle": (offering(bundle("{'a/b': {'k': 1}}")), "a/b", ('{"k": 1}', "text")),
    "bundle with metadata": (offering(bundle("({'a/b': 't'}, {})")), "a/b", ("t", "text")),
}
NONE = {
    "none": (offering("def _repr_html_(self): return None"), "text/html", "gives no text/html"),
    "not offered": ("x = 1", "text/html", "gives no text/html"),
    "raises": (offering("def _repr_html_(self): 1 / 0"), "text/html", "ZeroDivisionError"),
    "exits": (offering("def _repr_html_(self): raise SystemExit(3)"), "text/html", "SystemExit: 3"),
    "too large": (
        offering("def _repr_html_(self): return 'x' * 30_000_000"),
        "text/html",
        "30,000,000 characters: too many",
    ),
    "no bundle": (offering(bundle("7")), "a/b", "gives no a/b"),
    "no text": (offering("def _repr_html_(self): return {1: {2}}"), "text/html", None),
}


@pytest.mark.parametrize(("code", "mime", "given"), FORMS.values(), ids=FORMS.keys())
def test_a_value_in_one_of_its_forms(
    session: Session, code: str, mime: str, given: tuple[str, str]
) -> None:
    value = shown(session, code)
    assert value.mimes in ((mime,), ("*",))
    assert told(session, MimesView(value.ref)).mimes == (mime,)
    answer = told(session, MimeView(value.ref, mime))
    assert (answer.mime, answer.data, answer.encoding) == (mime, *given)


@pytest.mark.parametrize(("code", "mime", "reason"), NONE.values(), ids=NONE.keys())
def test_a_form_that_a_value_does_not_give(
    session: Session, code: str, mime: str, reason: str | None
) -> None:
    ref = shown(session, code).ref
    if reason is None:
        assert told(session, MimeView(ref, mime)).data == '{"1": "{2}"}'
    else:
        assert reason in refused(session, MimeView(ref, mime))


def test_a_bundle_that_fails_hides_no_other_form(session: Session) -> None:
    code = offering("def _repr_html_(self): return '<b>'", bundle("1 / 0"))
    ref = shown(session, code).ref
    assert told(session, MimesView(ref)).mimes == ("text/html",)
    assert told(session, MimeView(ref, "text/html")).data == "<b>"


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("def _repr_png_(self): return b'\\x89PNG'", ("image/png", PNG, "base64")),
        ("def _repr_svg_(self): return '<svg/>'", ("image/svg+xml", "<svg/>", "text")),
    ],
)
def test_a_picture_comes_after_its_result(
    session: Session, heard: Heard, pictures: Callable[[], list[Displayed]], method: str, given: str
) -> None:
    value = shown(session, f"{offering(method)}\nx\n1\nx")
    first, second = pictures()
    assert first.ref != second.ref == value.ref
    assert [(each.mime, each.data, each.encoding) for each in second.displays] == [given]
    assert second.range is not None
    assert second.range.start == (5, 0)
    results = [each.result.value for each in heard if isinstance(each, ResultReady)]
    assert heard.index(second) > heard.index(next(e for e in heard if isinstance(e, ResultReady) and e.result.value is results[-1]))  # fmt: skip


@pytest.mark.parametrize(
    "method",
    [
        "def _repr_png_(self): 1 / 0",
        "def _repr_png_(self): return None",
        "def _repr_png_(self): time.sleep(600)",
        "def _repr_html_(self): return ''",
    ],
)
def test_what_gives_no_picture_is_shown_as_text(
    session: Session, pictures: Callable[[], list[Displayed]], method: str
) -> None:
    assert shown(session, f"{offering(method)}\nx").text.startswith("<scratch.O object")
    assert pictures() == []


def test_what_is_assigned_has_no_picture_yet(
    session: Session, pictures: Callable[[], list[Displayed]]
) -> None:
    shown(session, offering("def _repr_png_(self): return b'1'"))
    assert pictures() == []


def test_pictures_are_bounded(session: Session, pictures: Callable[[], list[Displayed]]) -> None:
    code = offering("def _repr_svg_(self): return 'x' * 9_000_000")
    done = session.evaluate(f"{code}\n" + "x\n" * 8)
    assert len(pictures()) == 5
    assert "picture is left out" in "".join(chunk.text for chunk in done.output)


LIBRARIES = {
    "plotly": (
        "plotly.basedatatypes",
        "BaseFigure",
        "",
        "def to_json(self): return '{}'\n    def to_html(self, **how): return str(how)",
        {
            "application/vnd.plotly.v1+json": "{}",
            "text/html": "{'include_plotlyjs': True, 'full_html': True}",
        },
    ),
}


@pytest.mark.parametrize(
    ("module", "name", "extra", "body", "forms"), LIBRARIES.values(), ids=LIBRARIES.keys()
)
def test_the_forms_of_libraries_are_known_without_their_code(
    session: Session, module: str, name: str, extra: str, body: str, forms: dict[str, str]
) -> None:
    """Stand-ins with what is asked of the real ones."""
    code = (
        f"import sys, types\nm = sys.modules[{module!r}] = types.ModuleType({module!r})\n"
        f"class {name}:\n    {body}\nm.{name} = {name}\n"
        f"exec({extra!r}, vars(m))\nclass Chart({name}): pass\nchart = Chart()"
    )
    value = shown(session, code)
    assert value.mimes == tuple(forms)
    for mime, data in forms.items():
        assert told(session, MimeView(value.ref, mime)).data == data
