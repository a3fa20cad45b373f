"""What is said to a worker that nobody uses yet."""

from __future__ import annotations

from typing import Literal, TypedDict


class LoadAhead(TypedDict):
    """Load what a first evaluation would wait for. There is no answer."""

    op: Literal["load_ahead"]
