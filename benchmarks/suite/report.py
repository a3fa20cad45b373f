"""The table: what was wanted, what was reached, and how far the runs are apart."""

from __future__ import annotations

import os
import platform
import time

from suite.frame import Comparison, Measured, Row


def head(runs: int) -> str:
    """Return what stands before the rows."""
    day, python = time.strftime("%Y-%m-%d", time.gmtime()), platform.python_version()
    return (
        f"{day}, CPython {python}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at "
        f"the start, {runs} paired runs: the middle, and from the lowest to the highest.\n\n"
        "| work | compared | wanted | reached | spread | |\n| --- | --- | --- | --- | --- | --- |"
    )


def line(found: Measured) -> str:
    """Return the row of a comparison."""
    each = found.comparison
    unit = each.unit
    spread = f"{_number(min(found.figures))} to {_number(max(found.figures))}"
    met = {True: "met", False: "not met", None: ""}[found.is_met]
    cells = (found.work, f"{each.of} / {each.to}", _wanted(each), f"{_number(found.middle)} {unit}")
    return "| " + " | ".join((*cells, spread, met)) + " |"


def left_out(row: Row, why: str) -> str:
    """Return the line of a row that is not measured."""
    compared = ", ".join(f"{each.of} / {each.to}" for each in row.comparisons)
    return f"| {row.work} | {compared} | {_wanted(row.comparisons[0])} | | | left out: {why} |"


def _wanted(comparison: Comparison) -> str:
    if comparison.at_most is not None:
        return f"at most {_number(comparison.at_most)} {comparison.unit}"
    if comparison.at_least is not None:
        return f"at least {_number(comparison.at_least)} {comparison.unit}"
    return ""


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
