"""Rich: renderables of one's own that are part of others, and the console's inside."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = """\
import io

from rich.console import Console
from rich.highlighter import RegexHighlighter
from rich.measure import Measurement
from rich.panel import Panel
from rich.progress import Progress, ProgressColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text


class Box:
    def __init__(self, text):
        self.text = text

    def __rich_console__(self, console, options):
        yield Segment("[" + self.text + "]")
        yield Segment.line()

    def __rich_measure__(self, console, options):
        return Measurement(8, 8)


class Name:
    def __rich__(self):
        return Text("ann")


class Point:
    def __rich_repr__(self):
        yield "x", 1


class Left(ProgressColumn):
    def render(self, task):
        return Text(f"left {task.remaining}")


console = Console(file=io.StringIO(), width=20)


def shown(thing):
    console.file.truncate(0)
    console.file.seek(0)
    console.print(thing)
    return console.file.getvalue()
"""
ALIVE = """
box, name, panel = Box("a"), Name(), Panel.fit(Box("b"))
table = Table.grid(); table.add_row(name, "x")
progress = Progress(Left(), console=console); task = progress.add_task("t", total=3)
shown(table)
"""
EDITS = {
    "renderable": Edit('"[" + self.text', '"<" + self.text', "shown(box)", "'<a]\\n'"),
    "renderable inside another": Edit(
        '"[" + self.text', '"<" + self.text', "'<b]' in shown(panel)", "True"
    ),
    "measure": Edit(
        "Measurement(8, 8)", "Measurement(4, 4)", "len(shown(panel).splitlines()[0])", "8"
    ),
    "__rich__": Edit('"ann"', '"bob"', "shown(table)", "'bobx\\n'"),
    "column of a progress": Edit(
        "left {task", "more {task", "shown(progress.get_renderable()).strip()", "'more 3'"
    ),
    "second line of a renderable": Edit(
        "        yield Segment.line()\n",
        "        yield Segment('!')\n        yield Segment.line()\n",
        "shown(box)",
        "'[a]!\\n'",
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_a_console_prints_follows(program: OpenModule, edit: Edit) -> None:
    program(APP, ALIVE).follows(edit)


USED = """
import io
from rich.console import Console
from rich.rule import Rule
from rich.text import Text
text, rule = Text("hello"), Rule(characters="=")
length = text.__len__
console = Console(file=io.StringIO(), width=10)
def printed(thing):
    console.file.truncate(0)
    console.file.seek(0)
    console.print(thing)
    return console.file.getvalue()
length(), printed(rule)
"""

INSIDE = {
    "special method": (
        "rich.text",
        Edit(
            "        return self._length\n\n    def __bool__",
            "        return self._length * 10\n\n    def __bool__",
            "len(text), length()",
            "(50, 50)",
            "Text.__len__",
        ),
    ),
    "generator method": (
        "rich.rule",
        Edit(
            "        width = options.max_width\n",
            "        width = 3\n",
            "printed(rule)",
            "'===\\n'",
            "Rule.__rich_console__",
        ),
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.values(), ids=INSIDE)
def test_inside_rich(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, USED).follows_there_and_back(edit)
