"""pluggy: hooks that are registered already."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = '''\
import pluggy

spec = pluggy.HookspecMarker("shop")
impl = pluggy.HookimplMarker("shop")


class Specs:
    @spec
    def price(self, item, count):
        """The price."""

    @spec(firstresult=True)
    def name(self, item):
        """The first name wins."""


class Base:
    @impl
    def price(self, item):
        return len(item)

    @impl
    def name(self, item):
        return None


class Twice:
    @impl(tryfirst=True)
    def price(self, item, count):
        return count

    @impl
    def name(self, item):
        return item.upper()

    @impl(wrapper=True, specname="price")
    def around(self, item):
        prices = yield
        return sorted(prices)


@impl
def price(item):
    return 100


manager = pluggy.PluginManager("shop")
manager.add_hookspecs(Specs)
manager.register(Base())
manager.register(Twice())
'''

USED = """
import sys
manager.register(sys.modules[__name__])
hook = manager.hook.price
call = lambda: (hook(item="tea", count=2), manager.hook.name(item="tea"))
call()
"""

EDITS = {
    "implementation": Edit(
        "return len(item)", "return len(item) + 1", "call()", "([2, 4, 100], 'TEA')"
    ),
    "implementation by name": Edit(
        "return count", "return count * 5", "call()", "([3, 10, 100], 'TEA')", "Twice.price"
    ),
    "implementation in a module": Edit("return 100", "return 1", "call()", "([1, 2, 3], 'TEA')"),
    "wrapper": Edit(
        "sorted(prices)", "sorted(prices, reverse=True)", "call()", "([100, 3, 2], 'TEA')"
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_registered_hooks_follow(program: OpenModule, edit: Edit) -> None:
    program(APP, USED).follows(edit)


def test_a_hook_that_takes_other_arguments_is_registered_again(program: OpenModule) -> None:
    live = program(APP, USED)
    live.edit(
        "def price(self, item):\n        return len(item)",
        "def price(self, item, count):\n        return len(item) * count",
    )
    failed = live.session.evaluate("call()", live.file)
    assert failed.error is not None
    assert "missing 1 required positional argument: 'count'" in failed.error.message
    live.run("for each in [*manager.get_plugins()]: manager.register(manager.unregister(each))\n0")
    live.shows("call()", "([2, 6, 100], 'TEA')")


PLUGGED = """
import pluggy
impl = pluggy.HookimplMarker("shop")
class Plugin:
    @impl
    def price(self, item):
        return len(item)
manager = pluggy.PluginManager("shop")
manager.register(Plugin())
hook = manager.hook.price
hook(item="tea")
"""

INSIDE = {
    "function that each manager holds": (
        "pluggy._execution",
        Edit(
            "    results: list[object] = []\n",
            "    results: list[object] = ['first']\n",
            "hook(item='tea')",
            "['first', 3]",
            "_multicall",
        ),
    ),
    "method of the manager": (
        "pluggy._manager",
        Edit(
            "        return self._inner_hookexec(hook_name, methods, kwargs, firstresult)\n",
            "        return self._inner_hookexec(hook_name, methods, kwargs, True)\n",
            "hook(item='tea')",
            "3",
            "PluginManager._hookexec",
        ),
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.values(), ids=INSIDE)
def test_inside_pluggy(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, PLUGGED).follows_there_and_back(edit)
