"""What the process that reads texts is asked, and the form of its answers."""

from __future__ import annotations

from typing import Any, Literal

Question = Literal["options", "keys", "signatures", "descriptions"]
Rows = list[list[Any]]
"""A list for each of what was found; its items are those of the class in `static.py`."""
