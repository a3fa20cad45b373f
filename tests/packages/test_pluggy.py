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
