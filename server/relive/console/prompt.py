"""Blocks that are edited in a terminal, with prompt_toolkit."""

from __future__ import annotations

import asyncio
import os
import pydoc
from collections.abc import Callable, Mapping
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import ANSI, StyleAndTextTuples
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.layout.processors import TabsProcessor
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.styles import Style
from pygments.lexers.python import PythonLexer

from relive.console.asking import ThrownAwayError
from relive.console.colours import TOKENS
from relive.console.completing import SessionCompleter
from relive.console.history import BlockHistory
from relive.console.interrupts import Interrupts
from relive.console.keys import Mode, Pages, bindings
from relive.console.screen import Screen
from relive.console.session import Session
from relive.console.toolbar import toolbar
from relive.source.written import call_at


class EditingPrompt:
    """Asks for blocks in a terminal that can edit."""

    def __init__(
        self,
        screen: Screen,
        history: BlockHistory,
        completer: SessionCompleter,
        interrupts: Interrupts,
        *,
        input: Input | None = None,  # noqa: A002 - as prompt_toolkit calls it
        output: Output | None = None,
    ) -> None:
        self._screen = screen
        self._history = history
        self._completer = completer
        self._interrupts = interrupts
        self._mode = Mode()
        self.help: Callable[[], None] = lambda: None
        """Prints what can be done; set by who knows."""
        self._message = ""
        self._free = asyncio.Lock()
        """One question at a time: somebody else's code may ask while a block is edited."""
        self._writing: set[asyncio.Future[None]] = set()
        self._asking: asyncio.Future[None] | None = None
        self._streams: dict[str, Any] = {
            "input": input,
            "output": output,
            "interrupt_exception": ThrownAwayError,
            "style": Style.from_dict(TOKENS),
            "include_default_pygments_style": False,
            "color_depth": depth(os.environ) if screen.colours else ColorDepth.DEPTH_1_BIT,
        }
        self._session: PromptSession[str] = self._block_session()
        self._session.default_buffer.on_text_changed += self._look_for_signature

    def attach(self, session: Session, show_help: Callable[[], None]) -> None:
        """Complete by what `session` knows from now on."""
        self._completer.session = session
        self.help = show_help

    async def block(self, prompt: str) -> str | None:
        """Return the next block; None: there is no more.

        Raises:
            ThrownAwayError: Ctrl+C.
        """
        async with self._free:
            return await self._edited(prompt)

    async def _edited(self, prompt: str) -> str | None:
        self._message = prompt
        self._mode.pastes = False
        self._screen.prompting(self._above)
        try:
            self._interrupts.forget()
            with self._interrupts.mean(self._throw_away):
                return await self._session.prompt_async(self._prompt, handle_sigint=False)
        except EOFError:
            return None
        finally:
            self._session.bottom_toolbar = None
            await self._settle()

    async def ask(self, prompt: str, *, password: bool) -> str | None:
        """Return a line for a program."""
        if self._free.locked():
            self._screen.note("a program asks for a line: Enter, and it can be answered")
        async with self._free:
            return await self._answered(prompt, password=password)

    async def _answered(self, prompt: str, *, password: bool) -> str | None:
        *lines, last = prompt.split("\n")
        self._screen.output("".join(f"{line}\n" for line in lines))
        message = ANSI(self._screen.take_line() + last)
        asking: PromptSession[str] = PromptSession(history=InMemoryHistory(), **self._streams)
        self._screen.prompting(self._above)
        try:
            return await asking.prompt_async(message, is_password=password, handle_sigint=False)
        except EOFError:
            return None
        finally:
            await self._settle()

    async def confirm(self, question: str) -> bool:
        """Return whether the user says yes."""
        try:
            answer = await self.ask(f"{question} [y/N] ", password=False)
        except ThrownAwayError:
            return False
        return answer is not None and answer.strip().lower() in ("y", "yes")

    def _block_session(self) -> PromptSession[str]:
        pages = Pages(help=self._show_help, history=self._show_history)
        return PromptSession(
            multiline=True,
            lexer=PygmentsLexer(PythonLexer) if self._screen.colours else None,
            history=self._history,
            key_bindings=bindings(self._mode, pages),
            completer=self._completer,
            complete_while_typing=False,
            enable_history_search=True,
            search_ignore_case=True,
            enable_suspend=True,
            enable_open_in_editor=True,
            tempfile_suffix=".py",
            prompt_continuation=_continuation,
            input_processors=[TabsProcessor(char1=" ", char2=" ")],
            **self._streams,
        )

    def _throw_away(self) -> bool:
        app = self._session.app
        if not app.is_running or app.is_done:
            return False  # Enter came first, and the prompt is on its way out
        app.exit(exception=ThrownAwayError())
        return True

    def _prompt(self) -> StyleAndTextTuples:
        module, _, mark = self._message.rpartition(">>>")
        paste = [("class:paste", "(paste) ")] if self._mode.pastes else []
        return [*paste, ("class:module", module), ("class:prompt", f">>>{mark}")]

    def _above(self, write: Callable[[], None]) -> None:
        writing = asyncio.ensure_future(run_in_terminal(write))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    async def _settle(self) -> None:
        """Let what goes above the prompt be written before what comes below it."""
        if self._writing:
            await asyncio.wait(self._writing)
        self._screen.prompted()

    def _show_help(self) -> None:
        self.help()

    def _show_history(self) -> None:
        text = "".join(f"{block}\n" for block in self._history.get_strings())
        self._writing_page = asyncio.ensure_future(
            run_in_terminal(lambda: pydoc.pager(text), in_executor=True)
        )

    def _look_for_signature(self, _: object) -> None:
        if self._asking is not None:
            self._asking.cancel()
        document = self._session.default_buffer.document
        place = document.cursor_position_row, document.cursor_position_col
        if call_at(document.text, place) is not None:
            self._asking = asyncio.ensure_future(self._show_signature(document))
        else:
            self._session.bottom_toolbar = None

    async def _show_signature(self, document: Document) -> None:
        self._session.bottom_toolbar = toolbar(await self._completer.signatures(document))
        self._session.app.invalidate()


def depth(environment: Mapping[str, str]) -> ColorDepth:
    """Return how many colours there are, where some are wanted.

    prompt_toolkit's own answer is none at all where `NO_COLOR` is set, whatever goes before that.
    """
    meant = environment.get("PROMPT_TOOLKIT_COLOR_DEPTH")
    if meant in [each.value for each in ColorDepth]:
        return ColorDepth(meant)
    is_small = environment.get("TERM") in ("linux", "eterm-color")
    return ColorDepth.DEPTH_4_BIT if is_small else ColorDepth.DEPTH_8_BIT


def _continuation(width: int, _line: int, wrapped: int) -> StyleAndTextTuples:
    mark = "" if wrapped else "..."
    return [("class:continuation", f"{mark.rjust(width - 1)} ")]
