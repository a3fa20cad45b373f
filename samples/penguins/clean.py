"""Clean: each row becomes a penguin; birds that nobody measured are left out."""

from __future__ import annotations

from dataclasses import dataclass

MISSING = "NA"


@dataclass
class Penguin:
    species: str
    island: str
    sex: str
    bill_length: float
    bill_depth: float
    flipper: int
    mass: int

    def describe(self) -> str:
        return f"{self.species} of {self.mass} g"


def to_penguin(row: dict[str, str]) -> Penguin:
    return Penguin(
        species=row["species"],
        island=row["island"],
        sex="unknown" if row["sex"] == MISSING else row["sex"],
        bill_length=float(row["bill_length_mm"]),
        bill_depth=float(row["bill_depth_mm"]),
        flipper=int(row["flipper_length_mm"]),
        mass=int(row["body_mass_g"]),
    )


def clean(rows: list[dict[str, str]]) -> list[Penguin]:
    return [to_penguin(row) for row in rows if row["body_mass_g"] != MISSING]
