"""The index of modules by their files says what going through all of them would."""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from relive.worker.modules_by_file import ModulesByFile

FILE = "/somewhere/of_a_test.py"


class Unseen:
    """What no weak reference can be made of."""

    __slots__ = ()


def module(file: str | None = FILE) -> ModuleType:
    made = ModuleType("of_a_test")
    if file is not None:
        made.__file__ = file
    return made


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """Return what puts something into `sys.modules` until the test ends."""

    def put(name: str, thing: Any) -> None:
        monkeypatch.setitem(sys.modules, name, thing)

    return put


@pytest.fixture
def index() -> ModulesByFile:
    """Return an index that has been asked before."""
    made = ModulesByFile()
    assert found(made) == []
    return made


def found(index: ModulesByFile, file: str = FILE) -> list[ModuleType]:
    return [each for each in index.called([file]) if vars(each)["__file__"] == file]


def test_what_comes_is_found(index: ModulesByFile, put: Callable[[str, Any], None]) -> None:
    first, second = module(), module()
    put("one", first)
    assert found(index) == [first]
    put("two", second)
    assert found(index) == [first, second]


def test_what_goes_is_not(
    index: ModulesByFile, put: Callable[[str, Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("one", module())
    put("two", module())
    assert len(found(index)) == 2
    monkeypatch.delitem(sys.modules, "one")
    assert found(index) == [sys.modules["two"]]


def test_what_is_replaced_is_the_other_one(
    index: ModulesByFile, put: Callable[[str, Any], None]
) -> None:
    put("one", module())
    assert len(found(index)) == 1
    put("one", module("/somewhere/else.py"))
    assert found(index) == []
    put("one", again := module())
    assert found(index) == [again]


def test_what_is_replaced_by_one_that_has_its_place_in_memory(
    index: ModulesByFile, put: Callable[[str, Any], None]
) -> None:
    for number in range(50):
        put("one", None)
        put("one", module(file := f"/somewhere/number{number}.py"))
        assert found(index, file) == [sys.modules["one"]]
        assert found(index, f"/somewhere/number{number - 1}.py") == []


def test_what_is_let_go_of_in_one_place_and_comes_in_another(
    index: ModulesByFile, put: Callable[[str, Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("one", module())
    put("two", module("/somewhere/else.py"))
    assert len(found(index)) == 1
    one = sys.modules["one"]
    monkeypatch.delitem(sys.modules, "one")
    put("three", one)
    assert found(index) == [one]


def test_one_that_has_two_names_is_there_twice_as_in_the_table(
    index: ModulesByFile, put: Callable[[str, Any], None]
) -> None:
    both = module()
    put("one", both)
    put("two", both)
    assert found(index) == [both, both]


def test_one_that_gets_a_file_later(index: ModulesByFile, put: Callable[[str, Any], None]) -> None:
    late = module(None)
    put("late", late)
    assert found(index) == []
    late.__file__ = FILE
    assert found(index) == [late]


@pytest.mark.parametrize("other", [None, Unseen(), 3, "text"])
def test_other_objects_among_the_modules(
    index: ModulesByFile, put: Callable[[str, Any], None], other: Any
) -> None:
    put("other", other)
    assert found(index) == []
    put("one", module())
    assert found(index) == [sys.modules["one"]]
    put("other", module())
    assert found(index) == [sys.modules["other"], sys.modules["one"]]


def test_nothing_is_kept_alive(
    index: ModulesByFile, put: Callable[[str, Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Noticed(ModuleType):
        def __del__(self) -> None:
            ended.append(self.__name__)

    ended: list[str] = []
    monkeypatch.setitem(sys.modules, "noticed", (noticed := Noticed("noticed")))
    noticed.__file__ = FILE
    assert len(found(index)) == 1
    del noticed
    monkeypatch.undo()
    gc.collect()
    assert ended == ["noticed"]
    assert found(index) == []


def test_no_code_of_what_is_there_runs(
    index: ModulesByFile, put: Callable[[str, Any], None]
) -> None:
    class Lazy(ModuleType):
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(name)

        def __eq__(self, other: object) -> bool:
            raise AssertionError

        __hash__ = ModuleType.__hash__

    put("lazy", Lazy("lazy"))
    put("one", module())
    assert found(index) == [sys.modules["one"]]
    put("lazy", Lazy("lazy"))
    assert found(index) == [sys.modules["one"]]


def test_it_says_what_going_through_all_of_them_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever comes and goes, in whichever order."""
    chance, index, names = random.Random(20), ModulesByFile(), [f"n{n}" for n in range(12)]
    table: dict[str, Any] = {}
    monkeypatch.setattr(sys, "modules", table)
    for _ in range(3_000):
        name = chance.choice(names)
        if chance.random() < 0.3:
            table.pop(name, None)
        elif chance.random() < 0.2:
            table[name] = chance.choice([None, Unseen(), *table.values()])
        else:
            table[name] = module(chance.choice([None, "/a/x.py", "/b/x.py", "/a/y.py"]))
        for file in ("/a/x.py", "/b/x.py", "/a/y.py"):
            assert found(index, file) == list(gone_through(table, file))


def gone_through(table: dict[str, Any], file: str) -> Iterator[ModuleType]:
    for each in table.values():
        origin = getattr(each, "__file__", None)
        if origin == file:
            yield each
