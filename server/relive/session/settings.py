"""The settings a session reads; the LSP layer fills them from the editor's."""

from __future__ import annotations

from typing import Any, Literal

from relive.source.quick_dataclasses import dataclass

HoldPolicy = Literal["workspace", "evaluated", "off"]
Checkpointing = Literal["auto", "off"]
DependencyPolicy = Literal["definitions", "all", "none"]


@dataclass(frozen=True)
class Settings:
    """Limits and choices that apply from the next evaluation on."""

    result_max_length: int = 100
    """Characters of a value's one-line text."""
    hover_max_length: int = 10_000
    """Characters of a value's longer text."""
    repr_budget_ms: int = 250
    """Time a user-defined `__repr__` may take before it is given up."""
    dependencies: DependencyPolicy = "definitions"
    """Which forms the evaluated code needs may run unasked."""
    terminal: bool = False
    """Whether `sys.stdout` and `sys.stderr` say that they are a terminal: that colours and progress
    bars are welcome. No child and no C code is told."""

    keep_max_megabytes: int = 1024
    """What the values of forms that are marked to be kept may take together."""

    staleness: bool = False
    """Whether what each statement reads and changes is traced, to tell which results are stale.
    It takes a millisecond or two each time: in an editor it is on, programs ask for it."""

    hold_errors: HoldPolicy = "off"
    """In which code an exception that nobody would catch is held, its stack alive: in what is
    evaluated and the workspace's modules, in what is evaluated alone, or nowhere. Whoever has it
    on has to resume or abandon what is held (`resume`)."""

    checkpoints: Checkpointing = "auto"
    """Whether parked copies of the process are kept to go back to, where the system can make them;
    without, going back runs again what ran."""
    checkpoint_megabytes: int = 1024
    """What they may hold together."""
    watch_acts: bool = False
    """Whether the process tells what evaluations do outside of it, so that going back says what is
    not undone; without, it says what may be. Code that calls `id` very often gets slower by it."""

    def limits(self) -> dict[str, Any]:
        """Return how the worker is to cut values."""
        return {
            "text": self.result_max_length,
            "detail": self.hover_max_length,
            "repr_budget": self.repr_budget_ms / 1000,
        }
