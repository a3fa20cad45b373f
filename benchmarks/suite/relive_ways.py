"""The ways to ask Relive: from Python, and over LSP as an editor does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from daemon import Daemon

from relive import Session
from suite.frame import Contender, Place


def seconds(act: Callable[[], object]) -> float:
    """Return how long a call takes."""
    begun = perf_counter()
    act()
    return perf_counter() - begun


def session(place: Place, setup: str = "", folder: Path | None = None) -> Session:
    """Return a session in which `setup` has run."""
    made = Session(cwd=folder or place.folder())
    place.afterwards(made.close)
    if setup:
        checked(made.evaluate(setup))
    return made


def evaluating(
    place: Place, code: str = "1+1", setup: str = "", *, folder: Path | None = None, every: int = 1
) -> Contender:
    """Return who evaluates `code` from Python."""
    own = session(place, setup, folder)
    checked(own.evaluate(code))
    return Contender(lambda: seconds(lambda: own.evaluate(code)), every)


def checked(answer: Any) -> None:
    """End the suite if something has failed: a fast failure is no speed."""
    status = answer["status"] if isinstance(answer, dict) else answer.status
    if status != "ok":
        sys.exit(f"it failed: {answer}")


def daemon(place: Place, text: str = "", settings: dict[str, Any] | None = None) -> Daemon:
    """Return a daemon with one document open."""
    file = place.folder() / "document.py"
    file.write_text(text)
    made = Daemon(file, text, settings)
    place.afterwards(made.end)
    return made


def commanding(asked: Daemon, command: str, **argument: Any) -> Contender:
    """Return who sends a command over LSP, and waits for its answer."""
    checked(asked.command(command, **argument))
    return Contender(lambda: seconds(lambda: asked.command(command, **argument)))
