"""How much is looked at for what the program has put in the place of definitions."""

from __future__ import annotations

import types
from typing import Any

import pytest

from relive.worker import rebound
from relive.worker.history import Cause, History
from relive.worker.module_image import ModuleImage
from relive.worker.redefine.reading.source import Source

TEXT = "".join(f"def f{number}():\n    return 0\n" for number in range(50))


class Module:
    """A module with these definitions, as the image and a namespace tell of it."""

    def __init__(self) -> None:
        self.module = types.ModuleType("m")
        exec(compile(TEXT, "m.py", "exec"), vars(self.module))
        self.key = ("m.py", "m")
        self.loaded = ModuleImage(None, list)
        self.loaded.read(Source(TEXT), vars(self.module))

    def definitions(self, _: object) -> Any:
        return self.loaded.definitions

    def of(self, _: object) -> ModuleImage:
        return self.loaded


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    counts: list[int] = []
    look = rebound.rebound

    def counting(definitions: Any, *about: Any) -> dict[str, str]:
        counts.append(len(definitions))
        return look(definitions, *about)

    monkeypatch.setattr(rebound, "rebound", counting)
    return counts


def test_only_what_changed_is_looked_at_unless_the_program_has_run(looked_at: list[int]) -> None:
    history, module = History(), Module()
    found, live = rebound.Rebound(history), module.loaded.definitions
    about: Any = (live, module, module)
    assert found.among(*about) == {}
    module.loaded.put(live["f7"].again())
    assert found.among(*about) == {}
    history.begin(Cause("redefinition", {}))
    history.end()
    assert found.among(*about) == {}
    assert looked_at == [50, 1, 0]
    history.begin(Cause("evaluation", {}))
    made = vars(module.module)["f9"]
    vars(module.module)["f9"] = 5
    history.end()
    assert list(found.among(*about)) == ["f9"]
    vars(module.module)["f9"] = made
    module.loaded.put(live["f7"].again())
    assert list(found.among(*about)) == ["f9"]
    history.begin(Cause("evaluation", {}))
    assert found.among(*about) == {}
    assert looked_at == [50, 1, 0, 50, 1, 50]
