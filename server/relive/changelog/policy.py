"""The settings of a change log."""

from __future__ import annotations

from typing import Literal

from relive.source.quick_dataclasses import dataclass

Sync = Literal["soon", "before", "never"]


@dataclass(frozen=True)
class Policy:
    """How safe an entry is when it runs, and how much of the past is kept."""

    sync: Sync = "soon"
    """Every entry is written before it runs, so it survives the end of every process. `soon`: the
    disk has it a moment later; `before`: it has it before the entry runs; `never`: when the system
    sees fit."""
    keep_days: int = 30
    max_megabytes: int = 200

    @property
    def max_bytes(self) -> int:
        """How much is kept, in bytes."""
        return self.max_megabytes << 20
