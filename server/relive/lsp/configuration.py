"""The settings in force, read from what the client sends.

A value that does not fit is as if it had not been sent: a slip in a settings file must not stop
the server.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Literal, TypeVar, get_args

from relive.changelog.policy import Policy, Sync
from relive.lsp.documents import file_of
from relive.session.settings import Checkpointing, DependencyPolicy, HoldPolicy, Settings
from relive.source.quick_dataclasses import dataclass

T = TypeVar("T")
CodeLenses = Literal["off", "definitions"]
Reruns = Literal["off", "cheap"]
WorkingFolder = Literal["workspaceFolder", "fileDirectory"]
OnOff = Literal["on", "off"]
ShowsValues = Literal["lenses", "hints", "diagnostics"]
LiveNames = Literal["off", "live", "all"]
"""`live`: names that the text does not tell."""
RunsAfterRedefine = Literal["off", "affected"]
Startup = Literal["off", "ask", "run"]
"""Whether the client has start-up code run: not, if its user says so, or in any case."""
SavesThatRedefine = Literal["off", "manual", "all"]
"""`manual`: those the user makes, not those that come of a timer or of leaving the editor."""

_LONGEST_S = 3600


@dataclass(frozen=True)
class TestSettings:
    """The choices about tests."""

    __test__ = False

    seconds: float = 60.0
    """What one may take."""
    after_redefine: bool = False
    """Whether those that a redefinition affects run by themselves."""


@dataclass(frozen=True)
class PinSettings:
    """The choices about pins."""

    folder: str = "pins"
    """Where they are written, in each workspace folder."""
    seconds: float = 5.0
    """What a pin may take."""
    by_itself: bool = True
    """Whether they are tried when what they depend on changes."""


_log = logging.getLogger(__name__)


class Configuration:
    """What the user has chosen."""

    def __init__(self) -> None:
        self.interpreter: str | None = None
        """The user's Python; None is the one that runs the daemon."""
        self._interpreters: dict[str, str | None] = {}
        """By the paths of the folders that have one of their own."""
        self.is_console = False
        """Whether the client is a console, whose user has no files open there."""
        self.is_plain = False
        """Whether the client knows LSP alone, and none of our messages."""
        self.shows_values: ShowsValues | None = None
        """How values are shown to such a one; None: as it can."""
        self.startup: Startup = "off"
        """Whether start-up code of folders runs."""
        self.session = Settings()
        self.reruns_cheap = False
        """Whether stale results run again by themselves that are cheap and act on nothing."""
        self.code_lens: CodeLenses = "off"
        self.working_folder: WorkingFolder = "workspaceFolder"
        self.redefine_on_save: SavesThatRedefine = "manual"
        self.redefine_on_disk_change = True
        self.names: LiveNames = "off"
        """Which live names the editor is told of."""
        self.logs = True
        """Whether what runs is recorded before it does."""
        self.log = Policy()
        self.pins = PinSettings()
        self.tests = TestSettings()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Have `listener` called when the settings have been replaced by others."""
        self._listeners.append(listener)

    def start(self, options: Any) -> None:
        """Take the `initializationOptions`."""
        given = options if isinstance(options, dict) else {}
        self.choose(given.get("interpreter"), given.get("interpreters"))
        self.is_console = given.get("console") is True
        self.startup = _one_of(Startup)(given.get("startup")) or "off"
        plain = given.get("plain")
        self.is_plain = plain is True or plain in get_args(ShowsValues)
        self.shows_values = plain if plain in get_args(ShowsValues) else None
        self._take(given.get("settings"))

    def choose(self, interpreter: Any, interpreters: Any) -> None:
        """Take the user's Python, and those of folders by their URIs."""
        self.interpreter = _interpreter(interpreter)
        items = interpreters.items() if isinstance(interpreters, dict) else ()
        self._interpreters = {file_of(str(uri)): _interpreter(each) for uri, each in items}

    def interpreter_of(self, folder: str | None) -> str | None:
        """Return the Python for the folder of this path; None: for what is in no folder."""
        return self._interpreters.get(folder or "", self.interpreter)

    def update(self, settings: Any) -> None:
        """Take all settings anew; those that are not given have their defaults."""
        self._take(settings)
        for listener in self._listeners:
            listener()

    def _take(self, settings: Any) -> None:
        self.session = _of_sessions(settings)
        self.reruns_cheap = _read(settings, "results.rerunStale", _one_of(Reruns), "off") == "cheap"
        self.code_lens = _read(settings, "codeLens", _one_of(CodeLenses), "off")
        self.working_folder = _read(
            settings, "session.cwd", _one_of(WorkingFolder), "workspaceFolder"
        )
        self.redefine_on_save = _read(
            settings, "redefineOnSave", _one_of(SavesThatRedefine), "manual"
        )
        self.redefine_on_disk_change = _read(settings, "redefineOnDiskChange", _switch, True)
        self.names = _read(settings, "names", _one_of(LiveNames), "off")
        self.logs = _read(settings, "log.enabled", _switch, True)
        self.tests, self.pins = _of_tests(settings), _of_pins(settings)
        self.log = _of_logs(settings)


def _of_sessions(settings: Any) -> Settings:
    usual = Settings()
    return Settings(
        result_max_length=_read(settings, "results.maxLength", _count, usual.result_max_length),
        hover_max_length=_read(settings, "results.hoverMaxLength", _count, usual.hover_max_length),
        repr_budget_ms=_read(settings, "repr.timeBudgetMs", _count, usual.repr_budget_ms),
        dependencies=_read(
            settings, "evaluate.dependencies", _one_of(DependencyPolicy), usual.dependencies
        ),
        terminal=_read(settings, "output.terminal", _switch, True),
        keep_max_megabytes=_read(settings, "keep.maxMegabytes", _count, usual.keep_max_megabytes),
        checkpoints=_read(settings, "checkpoints", _one_of(Checkpointing), usual.checkpoints),
        checkpoint_megabytes=_read(
            settings, "checkpointMemory", _count, usual.checkpoint_megabytes
        ),
        watch_acts=_read(settings, "rewind.watchActs", _switch, usual.watch_acts),
        hold_errors=_read(settings, "holdErrors", _one_of(HoldPolicy), "workspace"),
        staleness=_read(settings, "results.staleness", _one_of(OnOff), "on") == "on",
    )


def _of_tests(settings: Any) -> TestSettings:
    usual = TestSettings()
    after = _read(settings, "tests.afterRedefine", _one_of(RunsAfterRedefine), "off")
    return TestSettings(
        seconds=_read(settings, "tests.timeoutSeconds", _seconds, usual.seconds),
        after_redefine=after == "affected",
    )


def _of_pins(settings: Any) -> PinSettings:
    usual = PinSettings()
    return PinSettings(
        folder=_read(settings, "pins.folder", _relative_folder, usual.folder),
        seconds=_read(settings, "pins.timeLimit", _seconds, usual.seconds),
        by_itself=_read(settings, "pins.runOnChange", _switch, usual.by_itself),
    )


def _of_logs(settings: Any) -> Policy:
    usual = Policy()
    return Policy(
        sync=_read(settings, "log.sync", _one_of(Sync), usual.sync),
        keep_days=_read(settings, "log.keepDays", _count, usual.keep_days),
        max_megabytes=_read(settings, "log.maxMegabytes", _count, usual.max_megabytes),
    )


def _read(settings: Any, name: str, check: Callable[[Any], T | None], default: T) -> T:
    value = _lookup(settings, name)
    if value is None:
        return default
    checked = check(value)
    if checked is None:
        _log.warning("the setting relive.%s cannot be %r; %r is used", name, value, default)
    return default if checked is None else checked


def _lookup(settings: Any, name: str) -> Any:
    """Find `a.b` as editors send it: nested objects, or one object with dotted names."""
    if not isinstance(settings, dict):
        return None
    if name in settings:
        return settings[name]
    head, _, rest = name.partition(".")
    return _lookup(settings.get(head), rest) if rest else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _seconds(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value <= _LONGEST_S else None


def _relative_folder(value: Any) -> str | None:
    """Take a folder in the workspace: nothing is written outside of it."""
    if not isinstance(value, str) or not value.strip():
        return None
    path = PurePath(value.strip())
    return None if path.is_absolute() or ".." in path.parts else path.as_posix()


def _switch(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _one_of(choices: Any) -> Callable[[Any], Any]:
    return lambda value: value if value in get_args(choices) else None


def _interpreter(given: Any) -> str | None:
    return given if isinstance(given, str) and given else None
