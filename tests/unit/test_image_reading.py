"""A module that both of the worker's threads ask about at once is read once."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from relive.worker.history import History
from relive.worker.image import Image
from relive.worker.namespace import Namespaces
from relive.worker.sources import Sources

GRACE_S = 0.5
"""What does not wait for the reader is long done by then; what does is let go on after it."""


def test_nobody_gets_a_module_that_is_half_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "half.py"
    file.write_text("def f():\n    return 1\n")
    module = ModuleType("half")
    module.__file__ = str(file)
    exec(compile(file.read_text(), str(file), "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "half", module)
    sources = Sources(str(tmp_path))
    namespaces = Namespaces(str(tmp_path), sources)
    image = Image(namespaces, sources, {}, History())
    namespace = namespaces.of(str(file))
    begun, may_go_on, read = threading.Event(), threading.Event(), image._read

    def slowly(*args: Any) -> None:
        begun.set()
        assert may_go_on.wait(60)
        read(*args)

    monkeypatch.setattr(image, "_read", slowly)
    told: list[bool] = []
    threads = [
        threading.Thread(target=lambda: told.append("f" in image.definitions(namespace)))
        for _ in range(2)
    ]
    threads[0].start()
    assert begun.wait(60)
    threads[1].start()
    threads[1].join(GRACE_S)
    may_go_on.set()
    for each in threads:
        each.join(60)
    assert told == [True, True]
