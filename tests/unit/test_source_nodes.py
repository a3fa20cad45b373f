"""Syntax trees are made on several threads at once."""

from __future__ import annotations

import ast
import gc
import inspect
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from relive.source.nodes import syntax_tree

TEXT = inspect.getsource(ast)


@pytest.fixture
def switching() -> Iterator[None]:
    """Have threads take turns also while a tree is made, which is all in C but for this."""

    def switch(*_: object) -> None:
        pass

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    gc.callbacks.append(switch)
    yield
    gc.callbacks.remove(switch)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("switching")
def test_two_threads_at_once_both_get_theirs() -> None:
    def trees(depth: int) -> int:
        return trees(depth - 1) if depth else sum(1 for _ in range(60) if syntax_tree(TEXT).body)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(trees, (0, 40))) == [60, 60]
