"""A program as a notebook (nbformat 4.5), with what its cells gave."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from relive.exporting import outputs, reading
from relive.exporting.pieces import Piece
from relive.exporting.program import Program
from relive.exporting.script import About, Rendering, told_left_out
from relive.session.gave import Gave
from relive.session.timeline import Step

_NUMBER = re.compile(r"\d+\.\d+")


@dataclass
class Cells:
    """The cells of a notebook, as they are added."""

    made: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    """Of those with code."""

    def words(self, text: str) -> None:
        """Add a cell of markdown."""
        self._add("markdown", text, {})

    def code(self, text: str, given: Sequence[dict[str, Any]] = ()) -> None:
        """Add a cell of code, with what it gave."""
        self.count += 1
        self._add("code", text, {"execution_count": self.count, "outputs": list(given)})

    def _add(self, kind: str, text: str, more: dict[str, Any]) -> None:
        named = {"cell_type": kind, "id": f"relive-{len(self.made) + 1}", "metadata": {}}
        self.made.append({**named, **more, "source": outputs.lines(text)})


def notebook(
    program: Program, steps: Iterable[Step], about: About, rich: outputs.Rich | None = None
) -> str:
    """Return a program as the text of a notebook.

    Args:
        program: what the cells run.
        steps: what has run, with what it gave.
        about: what the first cell says.
        rich: richer forms of values.
    """
    rendering = Rendering(program, is_notebook=True)
    given = {step.number: step for step in steps}
    groups = [list(group) for _, group in groupby(program.pieces, _cell_of)]
    written = [(group, rendering.body(group)) for group in groups]
    cells = Cells()
    cells.words(_heading(program, about))
    first = [rendering.futures(), rendering.setup(about.folder), *rendering.support()]
    cells.code("\n\n".join(part.strip("\n") for part in first if part))
    for group, text in written:
        _add(cells, group, text, given.get(group[0].step), rich or {})
    return _whole(cells.made, about)


def _cell_of(piece: Piece) -> tuple[Any, ...]:
    """Return what pieces of one cell share."""
    return piece.step, piece.module, piece.kind == "note", piece.is_asked_for


def _add(
    cells: Cells, group: list[Piece], text: str, step: Step | None, rich: outputs.Rich
) -> None:
    if group[0].kind == "note":
        gave = None if step is None else step.gave
        failed = [outputs.error(gave.error)] if gave is not None and gave.error is not None else []
        cells.code(text, [*_written(step), *failed])
    else:
        cells.code(text, list(_given(step, group, cells.count + 1, rich)))


def _given(
    step: Step | None, group: list[Piece], count: int, rich: outputs.Rich
) -> Iterator[dict[str, Any]]:
    """Yield the outputs of a cell."""
    gave = None if step is None else step.gave
    if gave is None or step is None or not group[0].is_asked_for:
        return
    if gave.failed is None or gave.error is None:  # else they are told where it failed
        yield from _written(step)
    last = group[-1]
    results = {each.result.id: each.result for each in gave.statements if each.result is not None}
    result = results.get(last.result or "")
    if result is None or reading.kind_of(last.text) != "expression":
        return
    shown = _pictures(step, result.value.ref if result.value is not None else None)
    told = outputs.result(result, count, {**shown, **rich})
    if told is not None:
        yield told


def _written(step: Step | None) -> Iterator[dict[str, Any]]:
    """Yield what was written and drawn while a step ran."""
    gave: Gave | None = None if step is None else step.gave
    if step is None or gave is None:
        return
    yield from outputs.streams(gave.output)
    own = {each.result.value.ref for each in gave.statements if each.result and each.result.value}
    for each in step.displays:
        if each.ref is None or each.ref not in own:
            yield outputs.display(each.displays[:1])


def _pictures(step: Step, ref: str | None) -> dict[str, tuple[Any, ...]]:
    found = [each.displays for each in step.displays if ref is not None and each.ref == ref]
    return {ref: found[-1][:1]} if ref is not None and found else {}


def _heading(program: Program, about: About) -> str:
    version = "" if about.version is None else f"{about.version} "
    lines = [f"# {about.what}", "", f"Exported by Relive, {about.when}."]
    lines.append(f"Python {version}(`{about.python}`).")
    if about.folder is not None:
        lines.append(f"Folder `{about.folder}`.")
    told = list(told_left_out(program.left_out, about))
    return "\n".join([*lines, *(["", "Left out:", "", *told] if told else [])])


def _whole(cells: list[dict[str, Any]], about: About) -> str:
    number = _NUMBER.search(about.version or "")
    language: Mapping[str, Any] = {
        "name": "python",
        **({} if number is None else {"version": about.version}),
        "file_extension": ".py",
        "mimetype": "text/x-python",
    }
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": language,
    }
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False, default=str) + "\n"
