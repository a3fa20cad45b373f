"""How what is typed can go on: names of the session, or of the language; commands, modules."""

from __future__ import annotations

import asyncio
import builtins
import keyword
import re
from collections.abc import AsyncGenerator, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from relive.console.client import DaemonGoneError, Json, RefusedError
from relive.console.session import Session

_PATIENCE_S = 2.0
"""Longer nobody looks at a menu that does not come."""
_MOST_ASKED = 20
"""Times that is asked while an answer is late, each of which waits for a while."""
_WORD = re.compile(r"[^\W\d]\w*$")
_KNOWN = sorted({*keyword.kwlist, *(each for each in dir(builtins) if not each.startswith("_"))})


class SessionCompleter(Completer):
    """Asks the session; of the daemon's answer nothing is evaluated but by its own rules."""

    def __init__(self, commands: Iterable[str]) -> None:
        self._commands = tuple(commands)
        self.session: Session | None = None

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Return none: there is nothing to tell without waiting."""
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """Return the ways to go on."""
        text = document.text_before_cursor
        if text.startswith("%") and " " not in text:
            found = _starting(text[1:], self._commands)
        elif text.startswith(":in "):
            found = _starting(text[4:], await self._modules())
        else:
            found = await self._names(document)
        for each in found:
            yield each

    async def _names(self, document: Document) -> list[Completion]:
        has_process = self.session is not None and self.session.info["pid"] is not None
        told = await self._read("relive.complete", document, "items") if has_process else None
        if told is None:
            word = _WORD.search(document.text_before_cursor)
            before = document.text_before_cursor[: word.start() if word else None].rstrip(" ")
            return [] if word is None or before.endswith(".") else _starting(word[0], _KNOWN)
        start = told["range"]["start"]
        begin = document.translate_row_col_to_index(start["line"], start["character"])
        return [_item(each, begin - document.cursor_position) for each in told["items"]]

    async def signatures(self, document: Document) -> list[Json]:
        """Return how what is called at the cursor can be called."""
        told = await self._read("relive.signature", document, "signatures")
        return [] if told is None else list(told["signatures"])

    async def _read(self, command: str, document: Document, what: str) -> Json | None:
        """Return what a command answers, once the text is read or something is known without."""
        for _ in range(_MOST_ASKED):
            told = await self._ask(command, document)
            if told is None or told[what] or not self._is_late(told):
                break
        return told

    def _is_late(self, told: Json) -> bool:
        """Whether who knows was not done in time, rather than that there is nothing to tell."""
        runs = self.session is not None and self.session.info["state"] == "busy"
        return bool(told["incomplete"] or (told["busy"] and not runs))

    async def _modules(self) -> list[str]:
        told = await self._answer("relive.modules", {})
        return [each["name"] for each in told["items"] if each["uri"]] if told else []

    async def _ask(self, command: str, document: Document) -> Json | None:
        if self.session is None:
            return None
        row, column = document.cursor_position_row, document.cursor_position_col
        argument: Json = {
            "text": document.text,
            "position": {"line": row, "character": column},
        }
        if self.session.module is not None:
            argument["uri"] = self.session.module.uri
        return await self._answer(command, argument)

    async def _answer(self, command: str, argument: Json) -> Json | None:
        """Return the answer; None: there is none in time, or the daemon does not know how."""
        if self.session is None:
            return None
        asked = self.session.client.execute(command, argument)
        try:
            answer: Json = await asyncio.wait_for(asked, _PATIENCE_S)
        except (RefusedError, DaemonGoneError, asyncio.TimeoutError):
            return None
        return answer


def _starting(begin: str, names: Iterable[str]) -> list[Completion]:
    return [Completion(name, -len(begin)) for name in names if name.startswith(begin)]


def _item(told: Json, start: int) -> Completion:
    return Completion(
        told.get("insert") or told["label"],
        start,
        display=told["label"],
        display_meta=(told["detail"] or told["kind"]).split("\n")[0],
    )
