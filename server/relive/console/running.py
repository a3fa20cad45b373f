"""A block that is evaluated: what it prints as it comes, its values, its questions, Ctrl+C."""

from __future__ import annotations

import ast
import asyncio
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from relive.console import showing
from relive.console.asking import Prompt, ThrownAwayError
from relive.console.client import Json
from relive.console.interrupts import Interrupts
from relive.console.modules import Module
from relive.console.screen import Screen
from relive.console.session import Session
from relive.source.forms import top_level_forms
from relive.source.nodes import syntax_tree

Shown = set[tuple[int, int]]

_WAIT_BEFORE_NOTE_S = 1.0
"""How long a block waits for others to end before that is said."""


class Running:
    """The block under way."""

    def __init__(self, token: str, text: str) -> None:
        self.token = token
        forms = top_level_forms(text)
        self.shown: Shown | None = {form.range.start for form in forms if form.kind in _SHOWN}
        """Where the statements begin whose values are printed; None: it goes on with another's."""
        self.binds = {name for form in forms for name in form.binds}
        self.deletes = _deleted(text)
        self.id: int | None = None
        """The evaluation's, once it is known."""
        self.begun = asyncio.Event()
        self.disobeys = False
        """Whether it goes on although it was interrupted."""


_SHOWN = ("expression", "broken")
"""Kinds of form that have values: one that this Python cannot read may be either."""


def _deleted(text: str) -> set[str]:
    """Return the names that statements of a text delete."""
    try:
        body = syntax_tree(text).body
    except (SyntaxError, ValueError):  # it is of a newer Python, or the session says the rest
        return set()
    targets = (each for node in body if isinstance(node, ast.Delete) for each in node.targets)
    return {each.id for each in targets if isinstance(each, ast.Name)}


class Runner:
    """Runs blocks in the session, one after another."""

    def __init__(
        self, session: Session, screen: Screen, asker: Prompt, interrupts: Interrupts
    ) -> None:
        self._session = session
        self._screen = screen
        self._asker = asker
        self._interrupts = interrupts
        self._numbers = itertools.count(1)
        self._prefix = f"console:{os.getpid()}:"
        self._running: Running | None = None
        self.bound: set[str] = set()
        """Names that blocks of this console bind, in whatever module."""
        self._stopping: asyncio.Future[None] | None = None
        """Kept, since the event loop itself does not keep tasks alive."""
        self._held: dict[int, Shown | None] = {}
        """Of blocks that are held, by their evaluations: what is printed once they go on."""
        self.last_shown: Json | None = None
        """The value that was printed last, for `%whole`."""
        client = session.client
        client.listen("relive/output", self._on_output)
        client.listen("relive/result", self._on_result)
        client.listen("relive/progress", self._on_progress)
        client.listen("relive/display", self._on_display)
        client.listen("relive/unresponsive", self._on_unresponsive)
        client.answer("relive/input", self._ask)

    @property
    def token(self) -> str:
        """A token that no other evaluation has."""
        return f"{self._prefix}{next(self._numbers)}"

    async def run(self, text: str) -> bool:
        """Evaluate a block and print what comes of it; return whether it went well."""
        running = Running(self.token, text)
        self.bound = (self.bound | running.binds) - running.deletes
        with self._under_way(running):
            answer = await self._session.evaluate(text, running.token)
        self._note_held(running, answer)
        return self.tell(answer)

    async def load(self, module: Module) -> None:
        """Run a module's file, and print what it prints."""
        running = Running(self.token, "")
        argument = {"uri": module.uri, "scope": "file", "token": running.token}
        with self._under_way(running), self._session.opened(module):
            answer = await self._session.client.execute("relive.evaluate", argument)
        if self.tell(answer):
            self._screen.note(f"{module.name} is loaded")

    async def resume(self, how: Json) -> None:
        """Have what is held go on, and print what comes of it."""
        running = Running(self.token, "")
        running.shown = None
        with self._under_way(running):
            answer = await self._session.execute("relive.resume", token=running.token, **how)
        self._note_held(running, answer)
        self.tell(answer)

    def tell(self, answer: Json) -> bool:
        """Print how an evaluation ended, and return whether that is well."""
        if answer["outputDropped"]:
            self._screen.note(f"{answer['outputDropped']:,} characters of output were dropped")
        error = answer["error"]
        if error is not None:
            self._screen.failure(showing.error(error, colours=self._screen.colours))
            if error["missing"] is not None:
                line = error["missing"]["line"] + 1
                self._screen.note(
                    f"line {line} of its file sets it, and has not run: %load runs it"
                )
        if answer["status"] == "held":
            self._screen.note("the stack is held: %frames shows it, %resume has it go on")
        return bool(answer["status"] == "ok")

    def _note_held(self, running: Running, answer: Json) -> None:
        if answer["status"] == "held":
            self._held.setdefault(answer["id"], running.shown)
        else:
            self._held.pop(answer["id"], None)

    @contextmanager
    def _under_way(self, running: Running) -> Iterator[None]:
        self._running = running
        waiting = asyncio.get_running_loop().call_later(
            _WAIT_BEFORE_NOTE_S, self._note_waiting, running
        )
        try:
            with self._interrupts.mean(self._interrupt):
                yield
        finally:
            waiting.cancel()
            self._running = None

    def _note_waiting(self, running: Running) -> None:
        # On a slow machine it may itself be what runs, and not have said so yet.
        waits = self._session.info["state"] == "busy" and self._session.info["queued"] > 0
        if waits and not running.begun.is_set():
            self._screen.note("… waits for what runs: %queue in another console shows it")

    def _interrupt(self) -> None:
        if self._running is not None:
            self._stopping = asyncio.ensure_future(self._stop(self._running))

    async def _stop(self, running: Running) -> None:
        argument = {} if running.id is None else {"id": running.id}
        if running.disobeys:
            argument["terminate"] = True
        with suppress(Exception):  # it has ended meanwhile, or the daemon has: its answer says so
            await self._session.execute("relive.interrupt", **argument)

    def _is_ours(self, told: Json) -> bool:
        running = self._running
        return running is not None and told.get("token") == running.token

    # -- what the daemon tells meanwhile ---------------------------------------------------------

    def _on_output(self, told: Json) -> None:
        token = told.get("token")
        if token is None or token.startswith(self._prefix):
            self._screen.output(told["text"], told["stream"])

    def _on_progress(self, told: Json) -> None:
        if self._running is not None and self._is_ours(told):
            self._running.id = told["id"]
            if told["state"] == "running":
                self._running.begun.set()

    def _on_result(self, told: Json) -> None:
        result = told["result"]
        if self._running is None or not self._is_ours(told) or result["origin"] != "requested":
            return
        self._running.begun.set()
        start = result["range"]["start"]
        shown = self._running.shown
        if shown is None:
            shown = self._held.get(told["id"])  # of an editor's code nobody has said: all is
        if shown is None or (start["line"], start["character"]) in shown:
            self._show(result["value"])

    def _show(self, value: Json | None) -> None:
        if value is None or showing.is_none(value):
            return
        self.last_shown = value
        self._screen.line(showing.value(value))

    def _on_display(self, told: Json) -> None:
        if self._is_ours(told):
            forms = ", ".join(each["mime"] for each in told["displays"][:1])
            self._screen.note(f"[a picture, {forms}: an editor shows it]")

    def _on_unresponsive(self, told: Json) -> None:
        if self._running is not None and self._is_ours(told):
            self._running.disobeys = True
            self._screen.complaint(told["message"])
            self._screen.complaint("Ctrl+C again ends the process, with its state.")

    async def _ask(self, question: Json) -> Json:
        try:
            line = await self._asker.ask(question["prompt"], password=question["password"])
        except ThrownAwayError:
            return {"text": None, "cancelled": True}
        return {"text": line}
