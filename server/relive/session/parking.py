"""When copies of the process are made to go back to: while nothing is to be done, if it can be.

What is evaluated at a key does not wait then for a copy of what came before it. Before what runs
one is made only if there was no time for it.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from functools import partial
from typing import Any

from relive.session.agenda import Agenda
from relive.session.checkpoints import Checkpoint, Checkpoints
from relive.session.driver import Driver, Timer
from relive.session.evaluating import Evaluating
from relive.session.holds import Holds
from relive.session.jobs import Changing, Job
from relive.session.open_files import OpenFile
from relive.session.settings import Settings
from relive.session.supervisor import Worker
from relive.session.timeline import Timeline

_ENDS = frozenset(("done", "held", "redefined", "undone"))
"""What the worker says at the end of a step."""


class Parking(ABC):
    """The part of a session that has copies made and dropped."""

    settings: Settings
    holds: Holds
    _agenda: Agenda
    _worker: Worker | None
    _driver: Driver | None
    _checkpoints: Checkpoints
    _timeline: Timeline
    _parking_soon: Timer | None = None
    _passive_to = 0
    """Jobs before that number were seen to act on nothing, or are in a copy."""

    @abstractmethod
    def _tell_state(self) -> None:
        """See Telling."""

    def _park_before(self, job: Job) -> None:
        """Have a copy made before a job, if one is due."""
        self._drop_unwanted()
        is_step = self._timeline.at(job.id) is not None  # as start-up code is not
        is_step = is_step and isinstance(job, (Evaluating, Changing))
        is_wanted = is_step and self.settings.checkpoints == "auto"
        if is_wanted and self._copy_due_in(job.id) == 0:
            self._ask_for_copy(job.id)

    def _park_meanwhile(self) -> None:
        """Have a copy made as soon as one is due, as long as nothing is to be done."""
        number = self._agenda.next_id
        seconds = self._copy_due_in(number) if self._may_park else None
        if seconds == 0:
            self._ask_for_copy(number)
        elif seconds is not None and self._driver is not None and self._parking_soon is None:
            self._parking_soon = self._driver.call_later(seconds, self._park_now)

    def _copy_due_in(self, number: int) -> float | None:
        """Return in how many seconds a copy is to be made of what ran before that job."""
        return self._checkpoints.due_in(time.monotonic(), partial(self._may_act_again, number))

    def _may_act_again(self, end: int) -> bool:
        """Whether running again what ran since the last copy may act: each is looked at once."""
        while self._passive_to < end:
            step = self._timeline.at(self._passive_to)
            if step is not None and step.may_act_again:
                return True
            self._passive_to += 1
        return False

    def _park_now(self) -> None:
        self._parking_soon = None
        self._park_meanwhile()

    def _park_no_more(self) -> None:
        timer, self._parking_soon = self._parking_soon, None
        if timer is not None:
            timer.cancel()

    @property
    def _may_park(self) -> bool:
        """Whether there is anything to keep, and nothing else to do."""
        worker, agenda = self._worker, self._agenda
        is_free = worker is not None and worker.is_free and agenda.has_nothing
        return is_free and self.settings.checkpoints == "auto" and self._checkpoints.has_run

    def _ask_for_copy(self, number: int) -> None:
        assert self._worker is not None
        self._passive_to = number
        self._checkpoints.asked(time.monotonic())
        self._worker.send({"op": "checkpoint", "id": number})

    def _hear_of_steps(self, message: dict[str, Any]) -> None:
        """Take in what the worker says of steps: what they did is to be kept."""
        self._timeline.heard(message)
        if message["op"] in _ENDS:
            self._checkpoints.worked(message.get("seconds", 0.0))
        if message["op"] == "held":
            self._checkpoints.comes_to_hold()

    def _take_of_time(self, message: dict[str, Any]) -> bool:
        """Take what the worker says of steps and checkpoints; whether it is only about these."""
        self._hear_of_steps(message)
        if message["op"] == "checkpointed":
            self._on_checkpointed(message)
        return message["op"] in ("checkpointed", "acted")

    def _on_checkpointed(self, message: dict[str, Any]) -> None:
        former = self._checkpoints.why_not
        if message["why_not"] is not None:
            self._checkpoints.refused(message["why_not"], message["seconds"])
        else:
            self._take_in(message)
        if self._checkpoints.why_not != former:
            self._tell_state()

    def _take_in(self, message: dict[str, Any]) -> None:
        warnings = tuple(message["warnings"])
        held = tuple(reversed(self.holds.all))
        files = tuple(map(OpenFile.of, message["files"]))
        about = warnings, held, message["pid"], files
        made = Checkpoint(message["id"], time.time(), *about)
        cost = message["seconds"], message["kilobytes"]
        self._drop_copies(self._checkpoints.made(made, *cost))
        self._keep_within_bounds()
        self._drop_unwanted()  # the setting may have changed while it was made

    def _on_copies(self, message: dict[str, Any]) -> None:
        if message["op"] == "unparked":
            self._checkpoints.lost(message["checkpoint"])
        else:
            self._checkpoints.weighed(dict(message["kilobytes"]))
            self._keep_within_bounds()

    def _keep_within_bounds(self) -> None:
        self._drop_copies(self._checkpoints.beyond(self.settings.checkpoint_megabytes * 1024))

    def _drop_unwanted(self) -> None:
        """Have no copy stay where none is wanted."""
        if self.settings.checkpoints == "off":
            self._drop_copies(self._checkpoints.all_gone())

    def _drop_copies(self, numbers: list[int]) -> None:
        for number in numbers:
            if self._worker is not None:
                self._worker.drop(number)
