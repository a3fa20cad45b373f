"""Whether there are colours, and which: the terminal's own, so that they fit its background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

TOKENS = {
    "pygments.keyword": "bold ansiblue",
    "pygments.name.function": "bold",
    "pygments.name.class": "bold",
    "pygments.name.builtin": "ansicyan",
    "pygments.name.decorator": "ansimagenta",
    "pygments.literal.string": "ansigreen",
    "pygments.literal.number": "ansiyellow",
    "pygments.comment": "ansibrightblack",
    "prompt": "bold ansimagenta",
    "continuation": "ansimagenta",
    "module": "ansicyan",
    "paste": "bold ansired",
    "due": "bold underline",
}
"""As prompt_toolkit writes styles: of what is typed, and of what stands before it."""


def wanted(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether to write colours to `stream`, by the variables that CPython's REPL goes by."""
    if environment.get("PYTHON_COLORS") in ("0", "1"):
        return environment["PYTHON_COLORS"] == "1"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") != "dumb" and stream.isatty()
