"""Report: the features as a small chart in plain text."""

from __future__ import annotations

from .clean import Penguin
from .features import mean_mass

GRAMS_A_MARK = 250


def bar(grams: int) -> str:
    return "#" * round(grams / GRAMS_A_MARK)


def report(penguins: list[Penguin]) -> str:
    lines = [f"{len(penguins)} penguins, mean mass of each species"]
    for species, grams in mean_mass(penguins).items():
        lines.append(f"{species:<10} {bar(grams)} {grams} g")
    return "\n".join(lines)
