"""Click: commands, groups and callbacks of a command line that has run already."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = '''\
import click
from click.testing import CliRunner


class Money(click.ParamType):
    name = "money"

    def convert(self, value, param, ctx):
        return int(value)


def at_least_one(ctx, param, value):
    if value < 1:
        raise click.BadParameter("too few")
    return value


@click.group()
@click.option("--loud/--quiet", default=False)
@click.pass_context
def cli(ctx, loud):
    ctx.obj = "LOUD " if loud else ""


@cli.command()
@click.argument("name")
@click.option("--count", default=1, callback=at_least_one)
@click.pass_obj
def greet(prefix, name, count):
    """Greet somebody."""
    click.echo(prefix + ",".join([f"hi {name}"] * count))


@cli.command("pay")
@click.option("--amount", type=Money(), default="5")
def pay(amount):
    click.echo(amount + 1)


@cli.result_callback()
def done(result, **options):
    click.echo("done")
'''

RUN = """
held = cli, greet, cli.commands["pay"]
run = lambda *line: CliRunner().invoke(held[0], line).output
run("greet", "ann")
"""

EDITS = {
    "command": Edit('"hi {name}"', '"hey {name}"', 'run("greet", "ann")', "'hey ann\\ndone\\n'"),
    "command by name": Edit("amount + 1", "amount + 2", 'run("pay")', "'7\\ndone\\n'", "pay"),
    "group": Edit('"LOUD "', '"!! "', 'run("--loud", "greet", "ann")', "'!! hi ann\\ndone\\n'"),
    "callback of an option": Edit(
        "value < 1", "value < 2", '"too few" in run("greet", "ann")', "True"
    ),
    "type of an option": Edit("int(value)", "int(value) * 10", 'run("pay")', "'51\\ndone\\n'"),
    "result callback": Edit('echo("done")', 'echo("over")', 'run("pay")', "'6\\nover\\n'"),
    "default of an option": Edit(
        "default=1", "default=2", 'run("greet", "ann")', "'hi ann,hi ann\\ndone\\n'"
    ),
    "option added": Edit(
        '@click.option("--amount", type=Money(), default="5")\ndef pay(amount):\n    click.echo(amount + 1)',
        '@click.option("--amount", type=Money(), default="5")\n@click.option("--tip", default=2)\ndef pay(amount, tip):\n    click.echo(amount + tip)',
        'run("pay", "--tip", "3")',
        "'8\\ndone\\n'",
    ),
    "option of a group": Edit(
        '"--loud/--quiet", default=False',
        '"--loud/--quiet", default=True',
        'CliRunner().invoke(cli, ["greet", "ann"]).output',
        "'LOUD hi ann\\ndone\\n'",
    ),
    "option of a group by name": Edit(
        '"--loud/--quiet", default=False',
        '"--loud/--quiet", default=True',
        'CliRunner().invoke(cli, ["greet", "ann"]).output',
        "'LOUD hi ann\\ndone\\n'",
        "cli",
    ),
    "command added": Edit(
        "@cli.result_callback()",
        '@cli.command()\ndef bye():\n    click.echo("bye")\n\n\n@cli.result_callback()',
        'run("bye")',
        "'bye\\ndone\\n'",
    ),
    "command renamed": Edit(
        '@cli.command("pay")', '@cli.command("buy")', 'run("buy")', "'6\\ndone\\n'"
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_command_line_in_use_follows(program: OpenModule, edit: Edit) -> None:
    program(APP, RUN).follows(edit)


USED = """
import click
from click import echo as say
from click.testing import CliRunner
@click.command()
@click.option("--n", type=int, default=1)
def f(n): say(f"n={n}")
run = lambda *line: CliRunner().invoke(f, line).output
run()
"""
INSIDE = {
    "click.utils": Edit(
        '            out += "\\n"\n', '            out += "!\\n"\n', "run()", "'n=1!\\n'", "echo"
    ),
    "click.core": Edit(
        "            with ctx:\n                return callback(*args, **kwargs)",
        "            with ctx:\n                print('invoked')\n                return callback(*args, **kwargs)",
        "run()",
        "'invoked\\nn=1\\n'",
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.items(), ids=INSIDE)
def test_inside_click(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, USED).follows_there_and_back(edit)
