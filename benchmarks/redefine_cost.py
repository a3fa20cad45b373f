"""What redefining costs as the module and the heap grow: ratios between sizes, on this machine.

    .venv/bin/python benchmarks/redefine_cost.py [interpreter]

As an editor asks for it: a digit is typed in a function, and the function at it redefined, over
LSP, in modules of each size in turn, so that whatever else the machine does meets them alike. Then
through a session: the median of several redefinitions, each with another body, from the request to
its receipt. All are relative to the smallest size.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from time import perf_counter

from daemon import Daemon

from relive.session.session import Session

FUNCTIONS = (100, 1_000, 10_000)
OBJECTS = (10_000, 1_000_000, 4_000_000)
TIMES = 9
RUNS, ROUNDS = 5, 60


def text(count: int, body: int) -> str:
    """Return a module of `count` functions, the one in the middle with `body` in it."""
    parts = [f"def f{n}(x, y=1):\n    z = x + {n}\n    return z * y\n\n" for n in range(count)]
    parts[count // 2] = f"def target():\n    return {body}\n\n"
    return "".join(parts)


def measure(session: Session, file: Path, count: int, name: str | None) -> float:
    """Return the median time of a redefinition; the first one, which reads the module, is apart."""
    times = []
    for body in range(TIMES + 1):
        new = text(count, body + 1)
        started = perf_counter()
        answer = session.redefine(file, new, name)
        times.append(perf_counter() - started)
        assert answer.status == "ok", answer
    return statistics.median(times[1:])


class Editor:
    """An editor with a module of `count` functions open, which is loaded."""

    def __init__(self, folder: Path, count: int, interpreter: str | None) -> None:
        file, module = folder / "m.py", text(count, 0)
        file.write_text(module)
        self._daemon = Daemon(file, module, None, interpreter)
        self._daemon.command("evaluateText", text="import m")
        before, _, _ = module.partition("    return 0\n")
        self._line = before.count("\n")
        self._digits = cycle("123456789")
        self.end = self._daemon.end

    def redefine(self) -> float:
        """Return the seconds from the key that changes the function to the receipt."""
        begun = perf_counter()
        self._daemon.edit(self._line, 11, 12, next(self._digits))
        place = {"line": self._line, "character": 12}
        answer = self._daemon.command("redefine", position=place)
        took = perf_counter() - begun
        assert answer["definitions"][0]["outcome"] == "redefined", answer
        return took


def from_editor(interpreter: str | None) -> dict[int, float]:
    """Return the lower quartile of the times by size: other programs show least there."""
    with tempfile.TemporaryDirectory() as base:
        editors = {}
        for count in FUNCTIONS:
            folder = Path(base, str(count))
            folder.mkdir()
            editors[count] = Editor(folder, count, interpreter)
        times: dict[int, list[float]] = {count: [] for count in editors}
        for turn in range(-5, ROUNDS):  # the first ones read the modules, and warm up
            for count, editor in random.sample([*editors.items()], len(editors)):
                took = editor.redefine()
                if turn >= 0:
                    times[count].append(took)
        for editor in editors.values():
            editor.end()
    return {count: statistics.quantiles(found)[0] for count, found in times.items()}


def table(title: str, figures: dict[int, float]) -> None:
    """Print figures relative to the first."""
    first = next(iter(figures.values()))
    lines = [title]
    for size, seconds in figures.items():
        lines.append(f"  {size:>10,}  {seconds / first:6.2f}  ({seconds * 1000:.1f} ms)")
    sys.stdout.write("\n".join(lines) + "\n")


def by_module_size(interpreter: str | None, name: str | None) -> dict[int, float]:
    """Measure modules of each size, each in a process of its own."""
    figures = {}
    for count in FUNCTIONS:
        with tempfile.TemporaryDirectory() as folder, Session(interpreter, folder) as session:
            file = Path(folder, "m.py")
            file.write_text(text(count, 0))
            session.evaluate("import m")
            figures[count] = measure(session, file, count, name)
    return figures


def by_heap_size(interpreter: str | None) -> dict[int, float]:
    """Measure one function of a small module beside more and more objects."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder, Session(interpreter, folder) as session:
        file = Path(folder, "m.py")
        file.write_text(text(100, 0))
        session.evaluate("import m\nballast = []")
        for count in OBJECTS:
            session.evaluate(f"while len(ballast) < {count}: ballast.append([])")
            figures[count] = measure(session, file, 100, "target")
    return figures


if __name__ == "__main__":
    python = sys.argv[1] if len(sys.argv) > 1 else None
    for _ in range(RUNS):
        table("a key and the function at it, over LSP, by functions", from_editor(python))
    table("one function by name, by functions in the module", by_module_size(python, "target"))
    table("the whole file, one function changed", by_module_size(python, None))
    table("one function by name, by objects in the process", by_heap_size(python))
