"""Features: what the numbers say about each species."""

from __future__ import annotations

import random
from statistics import mean

from .clean import Penguin


def by_species(penguins: list[Penguin]) -> dict[str, list[Penguin]]:
    groups: dict[str, list[Penguin]] = {}
    for penguin in penguins:
        groups.setdefault(penguin.species, []).append(penguin)
    return groups


def mean_mass(penguins: list[Penguin]) -> dict[str, int]:
    return {
        species: round(mean(penguin.mass for penguin in group))
        for species, group in by_species(penguins).items()
    }


def chance(group: list[Penguin], other: list[Penguin], shuffles: int) -> float:
    """How often two groups mixed at random differ in mass as much as these two do."""
    together = [penguin.mass for penguin in group + other]
    seen = abs(mean(together[: len(group)]) - mean(together[len(group) :]))
    hits = 0
    for _ in range(shuffles):
        random.shuffle(together)
        hits += abs(mean(together[: len(group)]) - mean(together[len(group) :])) >= seen
    return hits / shuffles
