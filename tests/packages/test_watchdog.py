"""watchdog: the handler of an observer that watches a folder."""

from __future__ import annotations

from packages.conftest import OpenModule

APP = """\
import os
import queue
import tempfile

from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

seen = queue.Queue()
folder = tempfile.TemporaryDirectory()


class Handler(FileSystemEventHandler):
    def on_created(self, event):
        seen.put("created")


def make(name):
    open(os.path.join(folder.name, name), "w").close()
    return seen.get(timeout=60)


def remove(name):
    os.remove(os.path.join(folder.name, name))
    return seen.get(timeout=60)
"""

WATCHING = """
observer = Observer()
observer.schedule(Handler(), folder.name)
observer.start()
make("a")
"""


def test_the_handler_of_an_observer_follows(program: OpenModule) -> None:
    live = program(APP, WATCHING)
    live.edit('"created"', '"new"')
    live.shows("make('b')", "'new'")
    live.edit(
        "    def on_created",
        "    def on_deleted(self, event):\n        seen.put('gone')\n\n    def on_created",
    )
    live.shows("remove('a')", "'gone'")
    live.shows("observer.stop(), observer.join(), folder.cleanup()", "(None, None, None)")
