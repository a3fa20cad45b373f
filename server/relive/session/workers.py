"""Where a session's workers come from, where they go, and which of them it is."""

from __future__ import annotations

import threading

from relive.session.answers import CameBack
from relive.session.driver import Driver
from relive.session.launch import Launch, find_interpreter
from relive.session.spare import Spare
from relive.session.supervisor import Worker, WorkerEvents

_SPARE_AFTER_S = 2.0
"""How long a worker must have been in use before another is started ahead: a session that asks for
one thing and ends costs one process, and the first answer is not held up by a second start."""


class Workers:
    """Starts the workers of one session, and sees to their ends."""

    def __init__(self, interpreter: str | None, cwd: str) -> None:
        self.interpreter = self._chosen = find_interpreter(interpreter)
        self._cwd = cwd
        self._spare: Spare | None = None
        self._stopping: list[threading.Thread] = []
        self.generation = 0
        """How many there have been; a copy that was gone back to is one more."""
        self.first_id = 0
        """Of the jobs that the present one is given: older values are gone."""
        self.death: str | None = None
        """How the last one ended, in words, if nobody wanted that and none has begun since."""
        self.came_back: CameBack | None = None
        """How the one before ended, if a copy of it goes on by itself."""

    def next_begins(self, first_id: int) -> None:
        """Note that one begins with nothing."""
        self.generation += 1
        self.first_id = first_id
        self.death = self.came_back = None

    def copy_goes_on(self, came_back: CameBack | None) -> None:
        """Note that a copy takes the worker's place."""
        self.generation += 1
        self.came_back = came_back

    def choose(self, interpreter: str | None) -> None:
        """Have those that begin with nothing run in this interpreter from now on."""
        self._chosen = find_interpreter(interpreter)

    def begin_anew(self) -> None:
        """Have the next worker, which begins with nothing, run in what is chosen by now."""
        self.interpreter = self._chosen

    @property
    def other_choice(self) -> str | None:
        """The interpreter that is chosen by now, if it is another than the one in use."""
        return None if self._chosen == self.interpreter else self._chosen

    def keep_spare(self, driver: Driver) -> None:
        """Have a worker ready ahead from the first one's use on."""
        self._spare = Spare(driver, self.retire)

    def start(self, events: WorkerEvents, driver: Driver) -> Worker:
        """Return a worker that has run nothing; it is not ready before its `begin` is called.

        Raises:
            CannotStart: no such interpreter or folder.
        """
        launch = self._launch()
        worker = None if self._spare is None else self._spare.take(launch)
        if worker is None:
            return Worker(launch, driver, events)
        worker.hand_over(events)
        return worker

    def is_in_use(self) -> None:
        """Note that the latest worker is ready: the time is coming for the next."""
        if self._spare is not None:
            self._spare.prepare_later(_SPARE_AFTER_S, self._launch)

    def retire(self, worker: Worker, *, polite: bool = False) -> None:
        """Have `worker` end; politely, its `atexit` handlers run first."""
        self._stopping = [thread for thread in self._stopping if thread.is_alive()]
        self._stopping.append(worker.stop(polite=polite))

    def close(self) -> None:
        """Start no more, and have the spare one end."""
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.discard()

    def wait_for_ends(self) -> None:
        """Wait until all that were retired have ended."""
        for thread in self._stopping:
            thread.join()

    def _launch(self) -> Launch:
        return Launch(self.interpreter, self._cwd)
