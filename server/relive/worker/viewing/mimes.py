"""A value in one of the richer forms it offers: asked of its own methods, or made for its kind."""

from __future__ import annotations

import binascii
import io
import sys

from relive.worker.libraries import kind_of
from relive.worker.library import standard
from relive.worker.offers import (
    BUNDLE,
    METHODS,
    MORE,
    PICTURES,
    PLOTLY,
    VEGA_LITE,
    drawn,
    offered,
)
from relive.worker.timelimit import within
from relive.worker.viewing.words import NoViewError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SECONDS = 10.0
"""For one form. The first picture of a process may wait for matplotlib to look for fonts."""
_UNASKED_SECONDS = 1.0
"""For a picture that a value makes itself, beside its text."""
_MAX_DATA = 20_000_000
_MAX_ESCAPED = 5_000_000
"""Of a text with other characters than ASCII: each takes up to twelve bytes on its way."""
_METHODS = {mime: method for method, mime in METHODS.items()}


def all_mimes(value: Any) -> list[str]:
    """Return all types that `value` offers, those of its mime bundle too."""
    known = offered(value)
    if MORE not in known:
        return known
    known.remove(MORE)
    try:
        bundle = within(SECONDS, _bundle, value)
    except Exception:
        if known:  # which do not depend on it
            return known
        raise
    return known + [mime for mime in bundle if mime not in known]


def data_of(value: Any, mime: str) -> dict[str, Any]:
    """Return `value` as `mime`.

    Raises:
        NoViewError: it does not offer that, or what it gives is too large.
    """
    return _told(mime, within(SECONDS, _asked, value, mime))


def picture(value: Any) -> dict[str, Any] | None:
    """Return a picture of `value`; None: it gives none."""
    for mime in offered(value):
        if mime in PICTURES and (found := _tried(value, mime)) is not None:
            return found
    return None


def drawing(figure: Any, mime: str) -> dict[str, Any]:
    """Return a picture of a figure of matplotlib."""
    return _told(mime, _drawn(figure, mime))


def figure_of(value: Any) -> Any:
    """Return the figure of matplotlib that `value` is or is drawn on; None: it has none."""
    inner = drawn(value)
    kind = kind_of(inner)
    if kind == "figure":
        return inner
    return getattr(inner, "figure", None) if kind == "artist" else None


def _tried(value: Any, mime: str) -> dict[str, Any] | None:
    figure = figure_of(value)
    seconds = _UNASKED_SECONDS if figure is None else SECONDS
    if figure is not None and len(figure.get_children()) < 2:
        return None  # nothing is on it yet but its background
    try:
        return _told(mime, within(seconds, _asked, value, mime))
    except KeyboardInterrupt:
        raise
    except BaseException:  # it has been shown as text: a picture is not the result
        return None


def _asked(value: Any, mime: str) -> Any:
    """Return the data as the value gives it."""
    figure = figure_of(value)
    if figure is not None and mime in PICTURES:
        return _drawn(figure, mime)
    make = _MADE.get((kind_of(value) or "", mime))
    if make is not None:
        return make(value)
    if mime in _METHODS and mime in offered(value):
        found = _without_metadata(getattr(value, _METHODS[mime])())
        if found is not None:
            return found
    if MORE in offered(value):
        return _bundle(value).get(mime)
    return None


def _bundle(value: Any) -> dict[str, Any]:
    bundle = _without_metadata(getattr(value, BUNDLE)(include=None, exclude=None))
    found = bundle if issubclass(type(bundle), dict) else {}
    return {mime: data for mime, data in found.items() if type(mime) is str and data is not None}


def _without_metadata(answer: Any) -> Any:
    return answer[0] if type(answer) is tuple and len(answer) == 2 else answer


def _told(mime: str, data: Any) -> dict[str, Any]:
    if data is None:
        raise NoViewError(f"This value gives no {mime}.")
    encoding = "text"
    if issubclass(type(data), (bytes, bytearray)):
        encoding, data = "base64", binascii.b2a_base64(data, newline=False).decode("ascii")
    elif mime.startswith("image/") and mime != "image/svg+xml":
        encoding, data = "base64", "".join(str(data).split())
    elif not issubclass(type(data), str):
        data = standard("json").dumps(data, default=str)
    size = len(data)
    if size > _MAX_DATA or (size > _MAX_ESCAPED and not data.isascii()):
        raise NoViewError(f"As {mime} this value has {size:,} characters: too many to show.")
    return {"mime": mime, "data": str.__str__(data), "encoding": encoding}


def _drawn(figure: Any, mime: str) -> bytes:
    kind = "svg" if mime == "image/svg+xml" else "png"
    data = io.BytesIO()
    figure.savefig(data, format=kind, bbox_inches="tight")
    return data.getvalue() if kind == "png" else data.getvalue().decode("utf-8")  # type: ignore[return-value]


def _plotly_json(figure: Any) -> str:
    return str(figure.to_json())


def _plotly_page(figure: Any) -> str:
    return str(figure.to_html(include_plotlyjs=True, full_html=True))


def _altair_chart(chart: Any) -> dict[str, Any]:
    found: dict[str, Any] = chart.to_dict()
    return found


def _bokeh_page(model: Any) -> str:
    embed, resources = sys.modules["bokeh.embed"], sys.modules["bokeh.resources"]
    return str(embed.file_html(model, resources.INLINE))


_MADE: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("plotly figure", PLOTLY): _plotly_json,
    ("plotly figure", "text/html"): _plotly_page,
    ("bokeh model", "text/html"): _bokeh_page,
    ("altair chart", VEGA_LITE): _altair_chart,
}
"""Whole pages, which need no network."""
