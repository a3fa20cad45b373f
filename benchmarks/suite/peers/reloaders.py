"""What brings an edited file into the process: IPython's autoreload, jurigged, importlib.reload.

Each is measured from the moment at which the file is written: autoreload with the cell it looks at
the files before, jurigged without its watcher's wait.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from asked import serve


def autoreload() -> Callable[[], object]:
    """Return what has a shell run a cell, before which the extension looks at the files."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "autoreload")
    shell.run_line_magic("autoreload", "2")
    shell.run_cell("import m")
    shell.run_cell("m.target()")
    return lambda: shell.run_cell("0")


def jurigged() -> Callable[[], object]:
    """Return what has jurigged look at the file again."""
    import jurigged

    watcher = jurigged.watch("*.py", autostart=False)
    file = importlib.import_module("m").__file__ or ""
    return lambda: watcher.refresh(file)


def reload() -> Callable[[], object]:
    """Return the library's own way."""
    module = importlib.import_module("m")
    return lambda: importlib.reload(module)


def main(kind: str) -> None:
    """Serve, in a folder that gets the module with the first request."""
    sys.path.insert(0, os.getcwd())
    sys.dont_write_bytecode = True
    file, times = Path("m.py"), [1_000_000_000]
    load: list[Callable[[], object]] = []

    def write(text: str) -> None:
        file.write_text(text)
        times[0] += 10  # of the file: they look at it, and some only at its seconds
        os.utime(file, (times[0], times[0]))

    def begin(text: str) -> None:
        write(text)
        load.append({"autoreload": autoreload, "jurigged": jurigged, "reload": reload}[kind]())

    def look() -> None:
        load[0]()

    def check(value: int) -> None:
        found = sys.modules["m"].target()
        if found != value:
            sys.exit(f"{kind} has not brought the edit in: {found} instead of {value}")

    serve(write=write, begin=begin, look=look, check=check)


if __name__ == "__main__":
    main(sys.argv[1])
