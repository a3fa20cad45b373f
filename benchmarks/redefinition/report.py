"""The table of a comparison, and the page that it stands on."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_BEGIN = "<!-- table: written by npm run compare -->\n"
_END = "<!-- end of table -->"


@dataclass(frozen=True)
class Outcome:
    """What came of one case with one engine."""

    kind: str
    title: str
    engine: str
    failure: str | None
    """What was not as it should be; None: it passed."""


@dataclass(frozen=True)
class Report:
    """A comparison."""

    python: str
    versions: dict[str, str | None]
    """The engines; None: it could not be had for this Python."""
    outcomes: list[Outcome]
    left_out: int
    """Cases of the corpus that say nothing about other engines, or about this Python."""

    def text(self) -> str:
        """Return the table with what must be known to read it, as Markdown."""
        engines = [engine for engine, version in self.versions.items() if version is not None]
        kinds = list(dict.fromkeys(each.kind for each in self.outcomes))
        passed = Counter((e.kind, e.engine) for e in self.outcomes if e.failure is None)
        cases = Counter(each.kind for each in self.outcomes if each.engine == "Relive")
        rows = [[kind, cases[kind], *(passed[kind, each] for each in engines)] for kind in kinds]
        total = ["**all**", *(sum(column) for column in list(zip(*rows, strict=True))[1:])]
        heads = ["kind", "cases", *(f"`{each}`" if each[0] in "%i" else each for each in engines)]
        table = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows, total]
        return "\n".join([*self._introduction(), *map(_row, table), ""])

    def _introduction(self) -> list[str]:
        today = datetime.datetime.now(tz=datetime.timezone.utc).date()
        lacking = [name for name, version in self.versions.items() if version is None]
        lines = [f"{today}, {self.python}; {', '.join(self._named())}."]
        lines += [f"{name} has no release for this Python." for name in lacking]
        if self.left_out:
            lines.append(
                f"Cases of the corpus that are left out: {self.left_out}. Other engines have no "
                "way to answer what they ask, or they are about other versions of Python."
            )
        return [*lines, ""]

    def _named(self) -> list[str]:
        """Return the engines that have versions of their own, with them."""
        versions = {**self.versions, "importlib.reload": None}
        named = {
            version if version.startswith("IPython") else f"{name} {version}"
            for name, version in versions.items()
            if version
        }
        return sorted(named, key=str.lower)


def write_page(page: Path, report: Report) -> None:
    """Put the report between the marks of its page; the rest of the page stays."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    page.write_text(f"{before}{_BEGIN}\n{report.text()}\n{_END}{after}", encoding="utf-8")


def _row(cells: list[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"
