"""The engines that are compared, each as its own documentation says it is used.

An engine runs a case's code in a namespace, and is told when files have been saved. What it does
then is its own: whether a case passes is seen by the case's expectations alone.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import os
import sys
import time
import traceback
from abc import ABC, abstractmethod
from pathlib import Path
from types import ModuleType
from typing import Any


class Engine(ABC):
    """Runs code, and brings saved files into the running process."""

    @abstractmethod
    def start(self, folder: Path) -> None:
        """Get ready for a case whose files are in `folder`."""

    @abstractmethod
    def run(self, code: str) -> None:
        """Run code in the case's namespace; raise what it raises."""

    @abstractmethod
    def holds(self, expression: str) -> bool:
        """Whether an expression is true there."""

    @abstractmethod
    def edited(self, files: list[Path]) -> None:
        """Take note that files were saved, or deleted."""


class Plain(Engine):
    """Code runs in a module of this process, with `await` at the top level."""

    def start(self, folder: Path) -> None:
        """See Engine."""
        self._scratch = sys.modules["scratch"] = ModuleType("scratch")
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def run(self, code: str) -> None:
        """See Engine."""
        self._evaluate(code, "exec")

    def holds(self, expression: str) -> bool:
        """See Engine."""
        return self._evaluate(expression, "eval") is True

    def _evaluate(self, text: str, mode: str) -> Any:
        code = compile(text, "<case>", mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        value = eval(code, vars(self._scratch))
        return self._loop.run_until_complete(value) if asyncio.iscoroutine(value) else value


class ImportlibReload(Plain):
    """`importlib.reload` of each saved module that is loaded, those that others import first."""

    def edited(self, files: list[Path]) -> None:
        """See Engine."""
        importlib.invalidate_caches()
        saved = {str(file) for file in files if file.exists()}
        loaded = [each for each in sys.modules.values() if getattr(each, "__file__", "") in saved]
        for module in reversed(loaded):  # an importing module is there before what it imports
            try:
                importlib.reload(module)
            except BaseException:
                traceback.print_exc()  # a person would see it, and go on


class Jurigged(Plain):
    """Its watcher, told of each saved file at once instead of by the file system."""

    def start(self, folder: Path) -> None:
        """See Engine."""
        super().start(folder)
        import jurigged

        inside = os.path.join(folder, "")
        self._watcher = jurigged.watch(lambda file: file.startswith(inside), autostart=False)

    def edited(self, files: list[Path]) -> None:
        """See Engine."""
        importlib.invalidate_caches()
        for file in files:
            if self._watcher.registry.get(str(file)) is not None:
                self._watcher.refresh(str(file))


class Autoreload(Engine):
    """IPython's `%autoreload`, in a shell of its own: it looks at the files before each cell."""

    mode = "2"

    def start(self, folder: Path) -> None:
        """See Engine."""
        os.environ["IPYTHONDIR"] = str(folder / ".ipython")
        from IPython.core.interactiveshell import (
            InteractiveShell,
        )
        from traitlets.config import Config

        config = Config()
        config.HistoryManager.enabled = False
        self._shell = InteractiveShell.instance(config=config)
        self._shell.run_line_magic("load_ext", "autoreload")
        self._shell.run_line_magic("autoreload", self.mode)

    def run(self, code: str) -> None:
        """See Engine."""
        self._shell.run_cell(code).raise_error()

    def holds(self, expression: str) -> bool:
        """See Engine."""
        told = self._shell.run_cell(expression)
        told.raise_error()
        return told.result is True

    def edited(self, files: list[Path]) -> None:
        """See Engine."""
        importlib.invalidate_caches()


class Autoreload3(Autoreload):
    """The same, with new names of modules brought into the shell too."""

    mode = "3"


class Reloadium(Plain):
    """Under `reloadium run`, which watches the files; it is done when it says no more."""

    _notices_within_s = 3.0
    _is_done_after_s = 0.5

    def edited(self, files: list[Path]) -> None:
        """See Engine."""
        importlib.invalidate_caches()
        said = _size_of_output()
        deadline = time.monotonic() + self._notices_within_s
        while _size_of_output() == said and time.monotonic() < deadline:
            time.sleep(0.05)
        while (more := _size_of_output()) != said:
            said = more
            time.sleep(self._is_done_after_s)


def _size_of_output() -> int:
    sys.stdout.flush()
    return os.fstat(1).st_size  # whoever started this process gave it a file to write to


class Relive(Engine):
    """A session, which is told of the saved files as one step."""

    def start(self, folder: Path) -> None:
        """See Engine."""
        from relive import Session

        self._session = Session(os.environ["COMPARED_PYTHON"], folder)

    def run(self, code: str) -> None:
        """See Engine."""
        told = self._session.evaluate(code)
        if told.error is not None:
            raise RuntimeError(told.error.message)

    def holds(self, expression: str) -> bool:
        """See Engine."""
        told = self._session.evaluate(expression)
        if told.error is not None:
            raise RuntimeError(told.error.message)
        value = told.results[-1].value
        return value is not None and value.text == "True"

    def edited(self, files: list[Path]) -> None:
        """See Engine."""
        self._session.redefine(list(files))


ENGINES: dict[str, type[Engine]] = {
    "importlib.reload": ImportlibReload,
    "%autoreload 2": Autoreload,
    "%autoreload 3": Autoreload3,
    "jurigged": Jurigged,
    "Reloadium": Reloadium,
    "Relive": Relive,
}
