"""How something can be called, whoever knows it: the process, or the text alone."""

from __future__ import annotations

from typing import Literal

from relive.lsp.naming.live import active_parameter
from relive.lsp.naming.static import StaticSignature
from relive.session.naming import Described
from relive.source.quick_dataclasses import dataclass
from relive.source.written import Call


@dataclass(frozen=True)
class Signature:
    """A way to call something."""

    name: str
    parameters: tuple[str, ...]
    doc: str | None
    source: Literal["live", "static"]

    @property
    def label(self) -> str:
        """As it is written."""
        return f"{self.name}({', '.join(self.parameters)})"

    def active(self, call: Call) -> int | None:
        """Return which of the parameters a call is at."""
        return active_parameter(list(self.parameters), call)


def of_live(found: Described | None, name: str) -> list[Signature]:
    """Return how what the process knows as `name` can be called."""
    if found is None or found.parameters is None:
        return []
    return [Signature(found.name or name, found.parameters, found.doc, "live")]


def of_text(found: list[StaticSignature]) -> list[Signature]:
    """Return what the text tells."""
    return [Signature(each.name, each.parameters, each.doc, "static") for each in found]
