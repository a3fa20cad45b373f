"""What a session is asked about its process without anything running. Never starts one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from relive.session.definition_answers import LiveDefinitions, Patches, RunningFile
from relive.session.translate import to_live_definitions, to_patches, to_running


class Questions(ABC):
    """The part of a session that its worker answers beside whatever runs."""

    @abstractmethod
    def _ask_worker(self, question: dict[str, Any], done: Callable[[Any], None]) -> None:
        """Have the worker asked; `done` is called with None if there is none."""

    def submit_definitions(
        self,
        files: list[str] | None,
        known: Mapping[str, LiveDefinitions],
        done: Callable[[dict[str, LiveDefinitions]], None],
    ) -> None:
        """Ask what the process holds of those of `files` that are loaded; None: of all its own.

        `known`: what was heard last, of which it tells only what is other by now.
        """
        revisions = {file: live.revision for file, live in known.items()}
        question = {"op": "definitions", "files": files, "known": revisions}
        self._ask_worker(question, lambda data: done(to_live_definitions(data, known)))

    def submit_running(
        self, file: str | None, done: Callable[[tuple[RunningFile, ...]], None]
    ) -> None:
        """Ask which texts run of `file`, or with None of all files of the workspace."""
        question = {"op": "texts", "file": file}
        self._ask_worker(question, lambda data: done(to_running(data)))

    def submit_patches(self, done: Callable[[Patches], None]) -> None:
        """Ask what is patched."""
        self._ask_worker({"op": "patches"}, lambda data: done(to_patches(data)))

    def submit_loaded(
        self, files: list[str] | None, done: Callable[[list[str] | None], None]
    ) -> None:
        """Ask which of `files` have modules, or with None which files have; None: no process."""
        self._ask_worker({"op": "loaded", "files": files}, done)
