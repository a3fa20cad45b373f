"""pydantic: fields, validators and methods of models with instances alive."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = """\
from typing import Annotated, Optional

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    computed_field,
    field_serializer,
    field_validator,
    model_validator,
    validate_call,
)


def no_blank(value):
    return value.strip()


Name = Annotated[str, AfterValidator(no_blank)]


class Maker(BaseModel):
    name: Name = "nobody"


class Item(BaseModel):
    model_config = ConfigDict(validate_assignment=True)

    name: Name
    price: int = 1
    maker: Maker = Maker()

    @field_validator("price")
    @classmethod
    def check_price(cls, value):
        if value > 100:
            raise ValueError("dear")
        return value

    @model_validator(mode="after")
    def check_all(self):
        if self.name == "forbidden":
            raise ValueError("no")
        return self

    @computed_field
    @property
    def label(self) -> str:
        return f"{self.name}:{self.price}"

    @field_serializer("price")
    def show_price(self, value):
        return f"{value} EUR"

    def total(self, count):
        return self.price * count


class Order(BaseModel):
    items: list[Item] = []

    def total(self):
        return sum(item.total(1) for item in self.items)


class Special(Item):
    off: int = 0


@validate_call
def double(number: int):
    return number * 2


def outcome(make):
    try:
        return make()
    except ValidationError as error:
        return error.errors()[0]["msg"]
"""

ALIVE = """
item = Item(name="tea", price=3)
order = Order(items=[item])
special = Special(name="pot")
adapter = TypeAdapter(list[Item])
held, make = item.total, Item.model_validate
item, order, special
"""

EDITS = {
    "method": Edit(
        "self.price * count", "self.price * count + 100", "held(2), order.total()", "(106, 103)"
    ),
    "field validator": Edit(
        "value > 100",
        "value > 2",
        "outcome(lambda: Item(name='x', price=3)), outcome(lambda: setattr(item, 'price', 4))",
        "('Value error, dear', 'Value error, dear')",
    ),
    "field validator, nested and inherited": Edit(
        "value > 100",
        "value > 2",
        "outcome(lambda: Order(items=[{'name': 'x', 'price': 3}])), outcome(lambda: Special(name='x', price=3)), outcome(lambda: adapter.validate_python([{'name': 'x', 'price': 3}]))",
        "('Value error, dear', 'Value error, dear', 'Value error, dear')",
    ),
    "field validator by name": Edit(
        "value > 100",
        "value > 2",
        "outcome(lambda: make({'name': 'x', 'price': 3}))",
        "'Value error, dear'",
        "Item.check_price",
    ),
    "model validator": Edit(
        '"forbidden"', '"x"', "outcome(lambda: Item(name='x'))", "'Value error, no'"
    ),
    "validator in a type": Edit("value.strip()", "value.upper()", "Item(name='x').name", "'X'"),
    "computed field": Edit(
        "{self.name}:{self.price}",
        "{self.name}-{self.price}",
        "item.label, item.model_dump()['label']",
        "('tea-3', 'tea-3')",
    ),
    "serializer": Edit("{value} EUR", "{value} USD", "item.model_dump()['price']", "'3 USD'"),
    "function with validated arguments": Edit("number * 2", "number * 3", "double('4')", "12"),
    "method added, on what a former adapter makes": Edit(
        "    def total(self, count):",
        "    def shout(self):\n        return super().__repr_name__() + '!'\n\n    def total(self, count):",
        "getattr(adapter.validate_python([{'name': 'x'}])[0], 'shout', str)()",
        "'Item!'",
    ),
    "method added by name, on what a former adapter makes": Edit(
        "    def total(self, count):",
        "    def cry(self):\n        return self.name + '!'\n\n    def total(self, count):",
        "getattr(adapter.validate_python([{'name': 'x'}])[0], 'cry', str)()",
        "'x!'",
        "Item.cry",
    ),
    "method added": Edit(
        "    def total(self, count):",
        "    def half(self):\n        return self.price / 2\n\n    def total(self, count):",
        "item.half() if hasattr(item, 'half') else 0",
        "1.5",
    ),
    "field added, with models alive": Edit(
        "    price: int = 1\n",
        "    price: int = 1\n    stock: int = 7\n",
        "item.stock, type(item) is Item, make({'name': 'x', 'stock': '3'}).stock, held(2)",
        "(7, True, 3, 6)",
    ),
    "field added, seen by models made of this one": Edit(
        "    price: int = 1\n",
        "    price: int = 1\n    stock: int = 7\n",
        "Order(items=[{'name': 'x', 'stock': 2}]).items[0].stock, Order(items=[item]).items[0] is item, Special(name='x', stock=4).stock, isinstance(special, Item) and special.stock",
        "(2, True, 4, 7)",
    ),
    "type of a field, with models alive": Edit(
        "    price: int = 1\n",
        "    price: float = 1\n",
        "Item(name='x', price=1.5).price, isinstance(item, Item)",
        "(1.5, True)",
    ),
    "field of a special model removed": Edit(
        "    off: int = 0",
        "    pass",
        "'off' in Special.model_fields, isinstance(special, Special)",
        "(False, True)",
    ),
    "validator added": Edit(
        '    @model_validator(mode="after")',
        '    @field_validator("name")\n    @classmethod\n    def loud(cls, value):\n        return value.upper()\n\n    @model_validator(mode="after")',
        "Item(name='x').name, Special(name='y').name",
        "('X', 'Y')",
    ),
    "model added": Edit(
        "@validate_call",
        "class Shop(BaseModel):\n    items: list[Item] = []\n\n\n@validate_call",
        "Shop(items=[item]).items[0] is item if 'Shop' in globals() else 0",
        "True",
    ),
    "type of a field": Edit(
        "    price: int = 1", "    price: float = 1", "Item(name='x', price='2.5').price", "2.5"
    ),
    "field added": Edit(
        "    maker: Maker = Maker()",
        "    maker: Maker = Maker()\n    size: int = 7",
        "Item(name='x', size='4').size if 'size' in Item.model_fields else 0, isinstance(item, Item), type(make({'name': 'x'})) is Item",
        "(4, True, True)",
    ),
    "field added: instances alive": Edit(
        "    maker: Maker = Maker()",
        "    maker: Maker = Maker()\n    size: int = 7",
        "getattr(item, 'size', 0), 'size=7' in repr(item)",
        "(7, True)",
    ),
    "field added: inherited": Edit(
        "    maker: Maker = Maker()",
        "    maker: Maker = Maker()\n    size: int = 7",
        "getattr(Special(name='x', size=3), 'size', 0)",
        "3",
    ),
    "field removed": Edit(
        "    maker: Maker = Maker()\n", "", "list(Item.model_fields)", "['name', 'price']"
    ),
    "field validator added": Edit(
        "    @model_validator",
        "    @field_validator('name')\n    @classmethod\n    def check_name(cls, value):\n        return value + '!'\n\n    @model_validator",
        "Item(name='x').name",
        "'x!'",
    ),
    "configuration": Edit(
        "validate_assignment=True",
        "validate_assignment=True, extra='forbid'",
        "outcome(lambda: Item(name='x', no=1)) == 'Extra inputs are not permitted'",
        "True",
    ),
    "default of a field": Edit(
        "    price: int = 1",
        "    price: int = 2",
        "Item(name='x').price, Special(name='x').price, item.price",
        "(2, 2, 3)",
    ),
    "field added: nested": Edit(
        "    maker: Maker = Maker()",
        "    maker: Maker = Maker()\n    size: int = 7",
        "outcome(lambda: getattr(Order(items=[{'name': 'x', 'size': 4}]).items[0], 'size', 0))",
        "4",
    ),
}


NESTED = """\
from pydantic import BaseModel
class Item(BaseModel):
    name: str
    n: int = 1
class Order(BaseModel):
    items: list[Item] = []
    def total(self): return sum(i.n for i in self.items)
"""


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_models_and_their_instances_follow(program: OpenModule, edit: Edit) -> None:
    program(APP, ALIVE).follows(edit)


def test_models_that_nest_a_changed_one_are_edited_with_it_and_undone(program: OpenModule) -> None:
    nested = program(NESTED, "order = Order(items=[{'name': 'tea'}])")
    text = NESTED.replace("n: int", "kind: str = ''\n    n: int").replace("i.n for", "-i.n for")
    assert nested.session.redefine(nested.file, text).status == "ok"
    nested.shows("order.total(), order.items[0].kind", "(-1, '')")
    assert nested.session.undo().status == "ok"
    nested.shows("order.total(), Order(items=[{'name': 'tea'}]).total()", "(1, 1)")


def test_objects_that_cannot_have_a_new_field_are_counted(program: OpenModule) -> None:
    text = "from pydantic import BaseModel, Field\nclass M(BaseModel):\n    a: int = Field(alias='A')\n"
    made = program(text, "m = M(A=1)")
    receipt = made.edit("class M(BaseModel):\n", "class M(BaseModel):\n    b: int = 2\n")
    (reason,) = [each.reason for each in receipt.changes]
    assert reason == "1 object made before has no value for 'b'"


USED = "from pydantic import BaseModel\nclass M(BaseModel):\n    a: int = 1\nm = M()\nm"
INSIDE = {
    "pydantic.main": Edit(
        "        return self.__pydantic_serializer__.to_python(\n",
        "        return {'seen': True} or self.__pydantic_serializer__.to_python(\n",
        "m.model_dump()",
        "{'seen': True}",
        "BaseModel.model_dump",
    ),
    "pydantic._internal._repr": Edit(
        "        return join_str.join(repr(v) if a is None",
        "        return '.' + join_str.join(repr(v) if a is None",
        "m",
        "M(.a=1)",
        "Representation.__repr_str__",
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.items(), ids=INSIDE)
def test_inside_pydantic(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, USED).follows_there_and_back(edit)
