"""Jinja: filters, tests, globals and extensions of an environment whose templates are compiled."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = """\
from jinja2 import Environment, pass_context, nodes
from jinja2.ext import Extension


def money(amount, unit="EUR"):
    return f"{amount} {unit}"


@pass_context
def owner(context, value):
    return f"{value} of {context['user']}"


def is_cheap(amount):
    return amount < 10


def now():
    return "noon"


class Shout(Extension):
    tags = {"shout"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endshout"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_shout"), [], [], body).set_lineno(line)

    def _shout(self, caller):
        return caller().upper()


class Env(Environment):
    def join_path(self, template, parent):
        return template


class Cart:
    def __init__(self, lines):
        self.lines = lines

    def __iter__(self):
        return iter(self.lines)

    @property
    def size(self):
        return len(self.lines)


env = Env(extensions=[Shout], autoescape=False)
env.filters.update(money=money, owner=owner)
env.tests["cheap"] = is_cheap
env.globals["now"] = now
"""

COMPILED = """
page = env.from_string("{{ price | money }}|{{ 'it' | owner }}|{{ price is cheap }}|{{ now() }}|{% shout %}hey{% endshout %}|{{ cart.size }}{% for x in cart %},{{ x }}{% endfor %}")
cart = Cart([1, 2])
show = lambda: page.render(user="ann", cart=cart, price=3)
show()
"""

EDITS = {
    "filter": Edit(
        'f"{amount} {unit}"',
        'f"{amount:.2f} {unit}"',
        "show()",
        "'3.00 EUR|it of ann|True|noon|HEY|2,1,2'",
    ),
    "filter's default": Edit(
        'unit="EUR"', 'unit="USD"', "show()", "'3 USD|it of ann|True|noon|HEY|2,1,2'"
    ),
    "filter with the context": Edit(
        "{value} of", "{value} for", "show()", "'3 EUR|it for ann|True|noon|HEY|2,1,2'"
    ),
    "test": Edit("amount < 10", "amount < 2", "show()", "'3 EUR|it of ann|False|noon|HEY|2,1,2'"),
    "global": Edit(
        'return "noon"', 'return "night"', "show()", "'3 EUR|it of ann|True|night|HEY|2,1,2'"
    ),
    "extension at run time": Edit(
        "caller().upper()", "caller().title()", "show()", "'3 EUR|it of ann|True|noon|Hey|2,1,2'"
    ),
    "extension at parse time": Edit(
        'parse_statements(["name:endshout"]',
        'parse_statements(["name:stop"]',
        "env.from_string('{% shout %}a{% stop %}').render()",
        "'A'",
    ),
    "tags of an extension": Edit(
        'tags = {"shout"}',
        'tags = {"shout", "yell"}',
        "env.from_string('{% yell %}a{% endshout %}').render()",
        "'A'",
    ),
    "object in a template": Edit(
        "len(self.lines)",
        "len(self.lines) * 10",
        "show()",
        "'3 EUR|it of ann|True|noon|HEY|20,1,2'",
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_compiled_templates_follow(program: OpenModule, edit: Edit) -> None:
    program(APP, COMPILED).follows(edit)


USED = """
from jinja2 import Environment
env = Environment()
page = env.from_string("{{ word | title }}{% for x in [1, 2] %}{{ loop.index }}{% endfor %}")
page.render(word="a b")
"""
INSIDE = {
    "jinja2.filters": Edit(
        "            item[0].upper() + item[1:].lower()\n",
        "            item[0].upper() + '.'\n",
        "page.render(word='a b')",
        "'A. .B.12'",
        "do_title",
    ),
    "jinja2.runtime": Edit(
        "        return self.index0 + 1\n",
        "        return self.index0 + 100\n",
        "page.render(word='a b')",
        "'A B100101'",
        "LoopContext.index",
    ),
    "jinja2.environment": Edit(
        "        ctx = self.new_context(dict(*args, **kwargs))\n\n        try:\n            return self.environment.concat(self.root_render_func(ctx))",
        "        ctx = self.new_context(dict(*args, **kwargs))\n\n        try:\n            return '<' + self.environment.concat(self.root_render_func(ctx)) + '>'",
        "page.render(word='a b')",
        "'<A B12>'",
        "Template.render",
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.items(), ids=INSIDE)
def test_inside_jinja(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, USED).follows_there_and_back(edit)
