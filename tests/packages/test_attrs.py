"""attrs: classes made by decorators, with slots and without, and instances made before."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = """\
import attr
import attrs
from attrs import define, field, validators


def small(instance, attribute, value):
    if value > 10:
        raise ValueError("big")


def cents(value):
    return int(value)


@define
class Item:
    name: str
    price: int = field(default=1, converter=cents, validator=[validators.instance_of(int), small])
    tags: list = field(factory=list)

    @price.validator
    def _even(self, attribute, value):
        if value == 7:
            raise ValueError("seven")

    @tags.default
    def _no_tags(self):
        return ["new"]

    def total(self, count):
        return self.price * count

    @property
    def label(self):
        return self.name.upper()

    def __attrs_post_init__(self):
        self.name = self.name.strip()


@define
class Special(Item):
    off: int = 0

    def total(self, count):
        return super().total(count) - self.off


@attr.s
class Old:
    x = attr.ib(default=1)

    def double(self):
        return self.x * 2


@define(slots=False)
class Loose:
    x: int = 1


@attrs.frozen
class Point:
    x: int = 0

    def moved(self):
        return attrs.evolve(self, x=self.x + 1)


def outcome(make):
    try:
        return make()
    except Exception as error:
        return str(error)
""".replace("    tags: list = field(factory=list)\n", "    tags: list = field()\n")

ALIVE = """
item, special, old, loose, point = Item("tea"), Special("pot", 5, off=1), Old(), Loose(), Point()
held = item.total
item, special, old, loose, point
"""

EDITS = {
    "method": Edit(
        "self.price * count",
        "self.price * count + 100",
        "held(2), item.total(2), special.total(2)",
        "(102, 102, 109)",
    ),
    "method by name": Edit(
        "self.price * count",
        "self.price * count + 100",
        "held(2), item.total(2), special.total(2)",
        "(102, 102, 109)",
        "Item.total",
    ),
    "method with super": Edit("- self.off", "- self.off * 5", "special.total(2)", "5"),
    "super in a slotted class where none was": Edit(
        "return self.name.upper()",
        "return super().__repr__()[:6] and self.name * 2",
        "item.label",
        "'teatea'",
    ),
    "property": Edit("self.name.upper()", "self.name.title()", "item.label", "'Tea'"),
    "converter": Edit("int(value)", "int(value) + 1", "Item('x', 5).price", "6"),
    "validator": Edit("value > 10", "value > 3", "outcome(lambda: Item('x', 5))", "'big'"),
    "validator method": Edit(
        "value == 7", "value == 5", "outcome(lambda: Item('x', 5))", "'seven'"
    ),
    "validator on assignment": Edit(
        "value > 10", "value > 3", "outcome(lambda: setattr(item, 'price', 5))", "'big'"
    ),
    "default method": Edit('["new"]', '["fresh"]', "Item('x').tags", "['fresh']"),
    "post init": Edit(".strip()", ".strip('x')", "Item('xax').name", "'a'"),
    "method of a class of attr.s": Edit("self.x * 2", "self.x * 3", "old.double()", "3"),
    "method of a frozen class": Edit("self.x + 1", "self.x + 9", "point.moved()", "Point(x=9)"),
    "method added": Edit(
        "    @property\n    def label",
        "    def shout(self):\n        return self.name + '!'\n\n    @property\n    def label",
        "item.shout() if hasattr(item, 'shout') else 0",
        "'tea!'",
    ),
    "default of a field": Edit(
        "    off: int = 0", "    off: int = 2", "Special('x', 5).total(1)", "3"
    ),
    "default of a field, not slotted": Edit(
        "class Loose:\n    x: int = 1",
        "class Loose:\n    x: int = 2",
        "Loose(), loose, isinstance(Loose(), type(loose))",
        "(Loose(x=2), Loose(x=1), True)",
    ),
    "field with a factory added, not slotted": Edit(
        "class Loose:\n    x: int = 1",
        "class Loose:\n    x: int = 1\n    y: list = field(factory=list)",
        "loose, Loose(2, [3]), loose.y is Loose().y",
        "(Loose(x=1, y=[]), Loose(x=2, y=[3]), False)",
    ),
    "field added, attr.s": Edit(
        "    x = attr.ib(default=1)\n",
        "    x = attr.ib(default=1)\n    y = attr.ib(default=5)\n",
        "old, Old(2, 3)",
        "(Old(x=1, y=5), Old(x=2, y=3))",
    ),
    "decorator's argument": Edit(
        "@define(slots=False)",
        "@define(slots=False, order=True)",
        "outcome(lambda: Loose(1) < Loose(2))",
        "True",
    ),
    "new class": Edit(
        "@attrs.frozen",
        "@define\nclass New:\n    z: int = 3\n\n\n@attrs.frozen",
        "New() if 'New' in globals() else 0",
        "New(z=3)",
    ),
    "field added, not slotted": Edit(
        "class Loose:\n    x: int = 1",
        "class Loose:\n    x: int = 1\n    y: int = 5",
        "Loose(1, 2), loose",
        "(Loose(x=1, y=2), Loose(x=1, y=5))",
    ),
    "field added to attr.s": Edit(
        "x = attr.ib(default=1)",
        "x = attr.ib(default=1)\n    y = attr.ib(factory=list)",
        "Old(), old",
        "(Old(x=1, y=[]), Old(x=1, y=[]))",
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_instances_follow(program: OpenModule, edit: Edit) -> None:
    program(APP, ALIVE).follows(edit)


def test_a_field_added_to_a_slotted_class_is_refused_with_the_reason(program: OpenModule) -> None:
    live = program(APP, ALIVE)
    receipt = live.change("    off: int = 0", "    off: int = 0\n    more: int = 0")
    assert receipt.status == "refused", receipt
    assert "slots" in (receipt.definitions[0].reason or "")
    assert (
        live.run("special.total(2), Special('x')")
        == "(9, Special(name='x', price=1, tags=['new'], off=0))"
    )


USED = """
import attrs
@attrs.define
class Point:
    x: int = attrs.field(default=0, validator=attrs.validators.instance_of(int))
def outcome(make):
    try:
        return make()
    except TypeError as error:
        return str(error.args[0])
point, evolve = Point(1), attrs.evolve
point
"""

INSIDE = {
    "attr._make": Edit(
        "            changes[init_name] = getattr(inst, attr_name)\n",
        "            changes[init_name] = 100\n",
        "evolve(point), attrs.evolve(point)",
        "(Point(x=100), Point(x=100))",
        "evolve",
    ),
    "attr.validators": Edit(
        " (got {value!r} that is a {value.__class__!r}).",
        " (not {value!r}).",
        "outcome(lambda: Point(5.5))[-10:], outcome(lambda: setattr(point, 'x', 2.5))[-10:]",
        "('(not 5.5).', '(not 2.5).')",
        "_InstanceOfValidator.__call__",
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.items(), ids=INSIDE)
def test_inside_attrs(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, USED).follows_there_and_back(edit)
