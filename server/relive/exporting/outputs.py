"""What statements gave, as the outputs of notebook cells (nbformat 4.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from relive.session.answers import Error, OutputChunk, StatementResult
from relive.session.values import ValueMime

Rich = Mapping[str, tuple[ValueMime, ...]]
"""Richer forms of values, by their `ref`."""

RICH_FORMS = (
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
)
"""Those of values that notebooks show, and that are asked for."""


def streams(chunks: Iterable[OutputChunk]) -> Iterator[dict[str, Any]]:
    """Yield output that was written."""
    for chunk in chunks:
        if chunk.text:
            yield {"output_type": "stream", "name": chunk.stream, "text": lines(chunk.text)}


def display(forms: Iterable[ValueMime], text: str | None = None) -> dict[str, Any]:
    """Return a picture, or another value that code has shown."""
    return {"output_type": "display_data", "data": bundle(forms, text), "metadata": {}}


def result(of: StatementResult, count: int, rich: Rich) -> dict[str, Any] | None:
    """Return the value of a cell's last expression; None: there is none."""
    value = of.value
    if value is None or value.type == "NoneType":
        return None
    text = value.text if value.detail is None else value.detail
    return {
        "output_type": "execute_result",
        "execution_count": count,
        "data": bundle(rich.get(value.ref, ()), text),
        "metadata": {},
    }


def error(of: Error) -> dict[str, Any]:
    """Return why a cell failed."""
    traceback = of.traceback or f"{of.type}: {of.message}"
    return {
        "output_type": "error",
        "ename": of.type,
        "evalue": of.message,
        "traceback": traceback.rstrip("\n").split("\n"),
    }


def bundle(forms: Iterable[ValueMime], text: str | None) -> dict[str, Any]:
    """Return a value in all of its forms, by their types."""
    data: dict[str, Any] = {} if text is None else {"text/plain": lines(text)}
    for form in forms:
        is_text = form.encoding == "text"
        data[form.mime] = lines(form.data) if is_text else form.data
    return data


def lines(text: str) -> list[str]:
    """Return a text as notebooks store it: its lines with their ends."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]
