"""The tests in a text, as pytest would find them by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePath

from relive.source.definitions import Definition, definitions
from relive.source.quick_dataclasses import dataclass

_CLASS_HEAD = re.compile(r"^\s*class\s+\w+\s*\((?P<bases>[^)]*)\)", re.MULTILINE)

_FIXTURE = re.compile(r"^\s*@(?:\w+\.)*fixture\b", re.MULTILINE)
"""Above a function that is no test, whatever it is called."""


_BY_NAME = ("test",)
"""How the tests of unittest begin, whatever the project calls its own."""


@dataclass(frozen=True)
class Naming:
    """What the project calls its tests; as pytest's options are by themselves."""

    files: tuple[str, ...] = ("test_*.py", "*_test.py")
    functions: tuple[str, ...] = ("test",)
    classes: tuple[str, ...] = ("Test",)
    folders: tuple[str, ...] = ()
    """Where they are, relative to the workspace; none: anywhere in it."""
    path: tuple[str, ...] = ()
    """What pytest puts on the path that modules are looked for in, relative to the workspace."""

    def is_test_file(self, path: PurePath) -> bool:
        """Whether tests are looked for in a file of this name."""
        return any(fnmatch(path.name, each) for each in self.files)


@dataclass(frozen=True)
class TestCode:
    """A test; or a class of tests, which may have inherited some that do not stand in it."""

    __test__ = False

    names: tuple[str, ...]
    definition: Definition

    @property
    def id(self) -> str:
        """What pytest's id has after the path."""
        return "::".join(self.names)


def find_tests(text: str, naming: Naming) -> Iterator[TestCode]:
    """Yield the tests of a text in their order; of several of one name the last, which runs."""
    yield from {test.id: test for test in _all_tests(text, naming)}.values()


def _all_tests(text: str, naming: Naming) -> Iterator[TestCode]:
    classes: dict[str, bool] = {}
    """Those of tests, and whether they are `unittest`'s."""
    whole: set[str] = set()
    found = definitions(text)
    having = {each.name.rpartition(".")[0] for each in found if _is_called(_last(each), _BY_NAME)}
    for each in found:
        outer, _, name = each.name.rpartition(".")
        is_inside = outer in classes if outer else True
        if each.kind == "class" and is_inside:
            bases = _bases(each)
            is_unittest = any(base.endswith("TestCase") or classes.get(base) for base in bases)
            # A base that comes from elsewhere may be one of unittest's.
            may_be = bool(bases) and each.name in having
            if is_unittest or may_be or _is_called(name, naming.classes):
                classes[each.name] = is_unittest
                if bases:
                    whole.add(each.name)
                    yield TestCode(tuple(each.name.split(".")), each)
        elif is_inside and outer not in whole and "<locals>" not in each.name:
            prefixes = _BY_NAME if classes.get(outer) else naming.functions
            if _is_called(name, prefixes) and not _FIXTURE.search(each.source.partition("def ")[0]):
                yield TestCode(tuple(each.name.split(".")), each)


def _last(definition: Definition) -> str:
    return definition.name.rpartition(".")[2]


def _bases(definition: Definition) -> list[str]:
    found = _CLASS_HEAD.search(definition.source)
    bases = [] if found is None else [each.strip() for each in found["bases"].split(",")]
    return [base for base in bases if base not in ("", "object")]


def _is_called(name: str, patterns: tuple[str, ...]) -> bool:
    return any(
        name.startswith(each) or (set(each) & set("*?[") and fnmatch(name, each))
        for each in patterns
    )
