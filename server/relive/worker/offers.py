"""Which richer forms a value offers, as far as that can be told without running code of its own."""

from __future__ import annotations

from relive.worker.bare import own_names
from relive.worker.libraries import is_builtin, kind_of
from relive.worker.timelimit import within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
}
BUNDLE = "_repr_mimebundle_"
MORE = "*"
"""In the place of what only a mime bundle can tell."""
PLOTLY = "application/vnd.plotly.v1+json"
VEGA_LITE = "application/vnd.vegalite.v6+json"
"""Also of a chart of another version: its `$schema` tells."""
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")

_OF_LIBRARIES = {
    "figure": ["image/png", "image/svg+xml"],
    "artist": ["image/png", "image/svg+xml"],
    "plotly figure": [PLOTLY, "text/html"],
    "bokeh model": ["text/html"],
    "altair chart": [VEGA_LITE],
}


def at_hand(value: Any, seconds: float) -> list[str]:
    """Return what `offered` does, or nothing where a library's value fails at that."""
    try:
        return offered(value) if is_builtin(value) else within(seconds, offered, value)
    except BaseException:  # a subclass of the user's, or the user stops it
        return []


def offered(value: Any) -> list[str]:
    """Return the mime types at hand, `*` for what only its own code can tell."""
    kind = type(value)
    ours = list(_OF_LIBRARIES.get(_kind_with_figure(value) or "", ()))
    if is_builtin(value):  # the interpreter's own classes define none of the methods
        return ours
    theirs = [mime for method, mime in METHODS.items() if _defines(kind, method)]
    more = [MORE] if _defines(kind, BUNDLE) else []
    return ours + [mime for mime in theirs if mime not in ours] + more


def drawn(value: Any) -> Any:
    """Return what of `value` has a figure: itself, or the first of the artists that it holds."""
    kind = kind_of(value)
    if kind == "numpy array" and value.dtype == object and value.size:
        return value.flat[0]
    if issubclass(type(value), (list, tuple)):
        get: Any = list.__getitem__ if issubclass(type(value), list) else tuple.__getitem__
        held = list.__len__(value) if issubclass(type(value), list) else tuple.__len__(value)
        return get(value, 0) if held else value
    return value


def draws(value: Any) -> bool:
    """Whether `value` is no picture itself, but draws on a figure of matplotlib."""
    return _kind_with_figure(value) == "artist"


def _kind_with_figure(value: Any) -> str | None:
    inner = drawn(value)
    kind = kind_of(inner)
    return kind if inner is value or kind == "artist" else None


def _defines(kind: type, method: str) -> bool:
    """Whether a class on the way up defines `method`; no user code runs for this look."""
    return any(own_names(base).get(method) is not None for base in type.mro(kind))
