"""What a text by itself tells of how it can go on, read in a process of its own.

It is started when it is first asked. Who writes does not wait for it: what is not read in time is
not known yet. A text is read as it is without the word that is being written, so that one answer
serves all letters of it, also those that are typed before it is there.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

from relive.lsp.naming.questions import Question, Rows
from relive.lsp.naming.reading import Reading
from relive.session.naming import Option
from relive.source.positions import Position
from relive.source.quick_dataclasses import dataclass
from relive.source.written import Written

_BUDGET_S = 0.3
"""Beyond that an editor's list, others' names in it, would be felt to be late."""
KINDS = {
    "function": "function",
    "class": "class",
    "module": "module",
    "property": "property",
    "param": "parameter",
    "keyword": "keyword",
}
"""Of names, by jedi's words; others are values."""
_WORD = re.compile(r"[^\W\d]\w*$")


@dataclass(frozen=True)
class Read:
    """A text, and where it is read."""

    text: str
    position: Position
    path: str | None
    folder: str
    interpreter: str | None

    def below(self, text: str) -> Read:
        """Return it with another text above, as that of the module that it is to run in."""
        lines = text.split("\n")
        line, column = self.position
        position = (line + len(lines), column)
        return replace(self, text=f"{text}\n{self.text}", position=position)


@dataclass(frozen=True)
class StaticSignature:
    """A way to call what is called at a place."""

    name: str
    parameters: tuple[str, ...]
    doc: str | None


@dataclass(frozen=True)
class StaticDescription:
    """What stands at a place."""

    text: str
    type: str
    kind: str
    doc: str | None
    signature: StaticSignature | None


class StaticView:
    """Asks the process that reads."""

    def __init__(self) -> None:
        self._reading = Reading()
        self._latest: dict[Question, tuple[Read, asyncio.Task[Rows | None]]] = {}
        """What is asked, or was last, by the kind of question."""

    async def options(self, read: Read) -> list[Option] | None:
        """Return what the word that ends at a place can be; None: it is not known yet."""
        told = await self._told("options", _without_word(read))
        return None if told is None else [_option(*each) for each in told]

    async def keys(self, read: Read, written: Written) -> list[Option] | None:
        """Return the keys of what a subscript at a place is of; None: it is not known yet."""
        told = await self._told("keys", _without_key(read, written))
        return None if told is None else [Option(label, kind, None) for label, kind in told]

    async def signatures(self, read: Read) -> list[StaticSignature] | None:
        """Return how what is called at a place can be called; None: it is not known yet."""
        told = await self._told("signatures", read)
        return None if told is None else [_signature(each) for each in told]

    async def descriptions(self, read: Read) -> list[StaticDescription] | None:
        """Return what the name at a place may stand for; None: it is not known yet."""
        told = await self._told("descriptions", read)
        return None if told is None else [_description(each) for each in told]

    def close(self) -> None:
        """End the process."""
        for _, asked in self._latest.values():
            asked.cancel()
        self._reading.end()

    async def _told(self, question: Question, read: Read) -> Rows | None:
        asked = await self._asked(question, read)
        if asked is None:
            return None
        try:
            return await asyncio.wait_for(asyncio.shield(asked), _BUDGET_S)
        except asyncio.TimeoutError:
            return None

    async def _asked(self, question: Question, read: Read) -> asyncio.Task[Rows | None] | None:
        """Return a question under way; None: another one of the kind takes too long."""
        latest = self._latest.get(question)
        if latest is not None and latest[0] == read and not _failed(latest[1]):
            return latest[1]
        if latest is not None and not latest[1].done():
            await asyncio.wait({latest[1]}, timeout=_BUDGET_S)
            if not latest[1].done() or self._latest[question] is not latest:
                return None
        asked = asyncio.get_running_loop().create_task(self._reading.ask(question, read))
        self._latest[question] = (read, asked)
        return asked


def _without_word(read: Read) -> Read:
    """Return a text without the letters of a word that stand before the place."""
    number, column = read.position
    line = read.text.split("\n")[number]
    begin = begin_of_word(line, column)
    return _with_line(read, line[:begin] + line[column:], begin)


def _without_key(read: Read, written: Written) -> Read:
    """Return a text whose line ends with a subscript that has no key yet."""
    line = read.text.split("\n")[read.position[0]]
    begin = written.start[1] - len(written.quote)
    return _with_line(read, f"{line[:begin]}]", begin)


def _with_line(read: Read, line: str, column: int) -> Read:
    lines, number = read.text.split("\n"), read.position[0]
    lines[number] = line
    return replace(read, text="\n".join(lines), position=(number, column))


def begin_of_word(line: str, column: int) -> int:
    """Return where the word begins that ends at a place of a line."""
    return len(_WORD.sub("", line[:column]))


def _option(label: str, kind: str) -> Option:
    return Option(label.rstrip("="), KINDS.get(kind, "value"), None)


def _signature(told: list[Any]) -> StaticSignature:
    name, parameters, doc = told
    return StaticSignature(name, tuple(parameters), doc)


def _description(told: list[Any]) -> StaticDescription:
    text, type_, kind, doc, signature = told
    called = None if signature is None else _signature(signature)
    return StaticDescription(text, type_, KINDS.get(kind, "value"), doc, called)


def _failed(asked: asyncio.Task[Rows | None]) -> bool:
    """Whether what was asked has come to nothing, and is to be asked again."""
    if not asked.done():
        return False
    return asked.cancelled() or asked.exception() is not None or asked.result() is None
