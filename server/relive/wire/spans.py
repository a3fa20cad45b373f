"""A piece of a source text, as messages tell it."""

from __future__ import annotations

Span = tuple[int, int, int, int]
"""Line, column, end line, end column."""
