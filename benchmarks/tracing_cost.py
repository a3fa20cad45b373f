"""What tracing costs: evaluations per second with it and without, as ratios, per Python.

.venv/bin/python benchmarks/tracing_cost.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from relive import Session
from relive.session.settings import Settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from conftest import INTERPRETERS, VERSIONS

ROUNDS = 7
EACH = 40
SETUP = """
import random
RATE = 2
def net(x): return x * RATE
rows = [1, 2, 3]
many = [{"n": n, "tags": ["a", "b"]} for n in range(2000)]
"""
CASES = {
    "an expression": "1 + 1",
    "an assignment that calls a function": "x = net(3)",
    "a list changed in place": "rows.append(1)",
    "2,000 dictionaries looked through": "len(many)",
}
MODULES = 200
NAMES = 20


def main() -> None:
    """Print the ratios of the best of several rounds, in an empty project and in a large one."""
    for version in sys.argv[1:] or VERSIONS:
        for modules in (0, MODULES):
            sys.stdout.write(f"{version}, {modules} modules beside it\n")
            for name, ratio, extra in measured(INTERPRETERS[version], modules):
                sys.stdout.write(f"  {name}: x {ratio:.2f}, {extra * 1000:.2f} ms more\n")


def measured(python: str, modules: int) -> list[tuple[str, float, float]]:
    """Return for each case how much longer it takes, and by how many seconds."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "main.py")
        file.write_text(SETUP)
        for number in range(modules):
            text = "".join(f"name_{n} = [{n}]\n" for n in range(NAMES))
            Path(folder, f"part_{number}.py").write_text(text)
        with Session(python, folder, settings=Settings(staleness=True)) as session:
            session.evaluate("".join(f"import part_{n}\n" for n in range(modules)) + SETUP, file)
            for name, code in CASES.items():
                traced, plain = [], []
                for _ in range(ROUNDS):
                    traced.append(taken(session, code, file, on=True))
                    plain.append(taken(session, code, file, on=False))
                found.append((name, min(traced) / min(plain), (min(traced) - min(plain)) / EACH))
    return found


def taken(session: Session, code: str, file: Path, *, on: bool) -> float:
    """Return the seconds that a number of evaluations take."""
    session.settings = Settings(staleness=on)
    started = perf_counter()
    for _ in range(EACH):
        session.evaluate(code, file)
    return perf_counter() - started


if __name__ == "__main__":
    main()
