"""Runs a program as the worker would run it with errors held, in the interpreter it is started with.

Usage: prepared.py plain|held FOLDER SCRIPT|-m MODULE [ARGUMENT …]. Its modules below FOLDER are
prepared by the worker's own hook for imports, the script itself as evaluated text is. What is held
is let go at once. At the end it says on standard error what was prepared and held. `plain`: the same
way to the program, and nothing is prepared.
"""

from __future__ import annotations

import ast
import atexit
import importlib.util
import io
import json
import os
import re
import sys
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(__file__), *[os.pardir] * 2, "server"))

from relive.worker.own import own

compile_user = own("relive.worker.compiling").compile_user
TOLD = "what was held: "
ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 2))
OURS = re.compile(re.escape(ROOT) + "/(server|tests/holding|benchmarks/holding)")
"""Folders of the path that no program is to see."""


def run(code, scope):
    """What the program runs in."""
    exec(code, scope)


class Held:
    """Errors are held in modules of a folder, and let go."""

    def __init__(self, folder: str) -> None:
        self.held: Counter[str] = Counter()
        make = own("relive.worker.holding.holding").Holding
        holding = make(self.let_go, lambda code: None)
        holding.watch(run.__code__)
        holding.mode = "workspace"
        self.sources = own("relive.worker.sources").Sources(folder)
        watch_imports = own("relive.worker.imports").watch_imports
        watch_imports(self.sources, lambda file: None, lambda module: None)

    def let_go(self, hold):
        self.held[f"{type(hold.exception).__name__} in {hold.frames[0].name}"] += 1
        return hold.abandon()

    def told(self) -> dict[str, object]:
        return {"modules": len(self.sources.files_loaded()), "held": dict(self.held)}


def start(script: str, *, file: str | None = None) -> None:
    """Run a script, or the module of that name, as `__main__`."""
    path = file or script
    with io.open_code(path) as stream:
        tree = ast.parse(stream.read(), path)
    code = compile_user(tree, path, "exec", 0)
    main = sys.modules["__main__"] = type(sys)("__main__")
    main.__file__ = path
    if file is not None:
        main.__package__ = script.rpartition(".")[0]
    else:
        sys.path.insert(0, os.path.dirname(path))
    run(code, vars(main))


def main() -> None:
    """Run what is asked for."""
    way, folder, *rest = sys.argv[1:]
    sys.path[:] = [each for each in sys.path if not OURS.fullmatch(os.path.realpath(each))]
    if way == "held":
        held = Held(folder)
        atexit.register(lambda: print(TOLD + json.dumps(held.told()), file=sys.stderr))
    if rest[0] != "-m":
        sys.argv[:] = rest
        return start(os.path.abspath(rest[0]))
    sys.path.insert(0, os.getcwd())
    name = rest[1]
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        name = f"{name}.__main__"
        spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    sys.argv[:] = [spec.origin, *rest[2:]]
    return start(name, file=spec.origin)


if __name__ == "__main__":
    main()
