"""What the process that runs code does to find what an edit has changed, with nothing around it.

It parses the text against the one before, and compares; then what has changed is taken as live.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

from asked import serve

from relive.worker.own import own

_source: Any = own("relive.worker.redefine.reading.source").Source
_run: Any = own("relive.worker.redefine.reading.runs").Run
_module: Any = own("relive.worker.module_image").ModuleImage(None, list)
_scope: dict[str, Any] = {}


def _begin(text: str) -> None:
    exec(text, _scope)
    _module.read(_source(text), _scope)


def _find(text: str, name: str) -> float:
    """Return the seconds it took; `name`: what is to be found, maybe among others."""
    begun = perf_counter()
    source = _source(text, "", _module.source)
    found = _differing(source)
    took = perf_counter() - begun
    assert name in [each.name for each in found], found
    for each in found:
        _module.put(each.again())
    _module.settle(source, set())
    return took


def _differing(source: Any) -> list[Any]:
    names = _module.to_look_at(source, _module.source)
    runs = [each for each in source.runs_in_force(_scope) if isinstance(each, _run)]
    return [each for run in runs for each in run.named(names) if not _module.has(each)]


if __name__ == "__main__":
    serve(begin=_begin, find=_find)
