"""What the operating system tells of changed Python files below a folder, through watchdog."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol

from relive.changelog.disk import NAME as LOG_FOLDER

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

_SUFFIXES = (".py", ".pyw")
_NOT_EDITED = {"site-packages", "dist-packages", LOG_FOLDER}
"""Folders of installed packages: files change when somebody installs. And the change log's."""


class Observer(Protocol):
    """Something that reports changed files until it is stopped, or breaks."""

    def start(self) -> None:
        """Begin. Takes as long as looking through the folder does.

        Raises:
            OSError: the folder cannot be watched.
        """

    def is_alive(self) -> bool:
        """Whether it still reports."""

    def stop(self) -> None:
        """End, soon."""


MakeObserver = Callable[[str, Callable[[str], None]], Observer]
"""Makes an observer of a folder, which calls back from any thread with the path of a file."""


class FolderObserver:
    """An observer of a folder and all below it."""

    def __init__(self, folder: str, changed: Callable[[str], None]) -> None:
        self._folder = folder
        self._changed = changed
        self._threads: list[threading.Thread] = []
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        """See Observer. Called on a thread that may wait."""
        # Late: most daemons that only evaluate a line need none of it.
        from watchdog import events
        from watchdog.observers import Observer as Watchdog
        from watchdog.utils import BaseThread

        handler = events.FileSystemEventHandler()
        handler.dispatch = self._take  # type: ignore[method-assign]
        # Where the system tells when a file is closed, each write to one that stays open, such as a
        # log, wakes nobody.
        written = events.FileClosedEvent if sys.platform == "linux" else events.FileModifiedEvent
        wanted = [events.FileCreatedEvent, written, events.FileMovedEvent]
        folders = [events.DirCreatedEvent, events.DirMovedEvent]
        watchdog = Watchdog()
        self._stop = watchdog.stop
        watchdog.schedule(handler, self._folder, recursive=True, event_filter=[*wanted, *folders])
        before = set(threading.enumerate())
        try:
            watchdog.start()
        except BaseException:
            watchdog.stop()
            raise
        # Each of its threads may die by itself, and leave the others waiting for it.
        started = [each for each in threading.enumerate() if each not in before]
        self._threads = [each for each in started if isinstance(each, BaseThread)]

    def is_alive(self) -> bool:
        """See Observer."""
        return bool(self._threads) and all(each.is_alive() for each in self._threads)

    def stop(self) -> None:
        """See Observer. It waits for its threads, which takes longer than a restart."""
        threading.Thread(target=self._stop, name="relive-unwatch", daemon=True).start()

    def _take(self, event: FileSystemEvent) -> None:
        path = str(event.dest_path or event.src_path)
        if not event.is_directory and is_watched(path):
            self._changed(path)


def is_watched(path: str) -> bool:
    """Whether `path` names a Python file that somebody may have edited."""
    return path.endswith(_SUFFIXES) and _NOT_EDITED.isdisjoint(PurePath(path).parts)
