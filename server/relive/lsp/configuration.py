"""The settings in force, read from what the client sends.

A value that does not fit is as if it had not been sent: a slip in a settings file must not stop
the server.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal, TypeVar, get_args

from relive.changelog.policy import Policy, Sync
from relive.session.settings import DependencyPolicy, Settings

T = TypeVar("T")
CodeLenses = Literal["off", "definitions"]
Reruns = Literal["off", "cheap"]
WorkingFolder = Literal["workspaceFolder", "fileDirectory"]
OnOff = Literal["on", "off"]
RunsAfterRedefine = Literal["off", "affected"]
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
        self.session = Settings()
        self.reruns_cheap = False
        """Whether stale results run again by themselves that are cheap and act on nothing."""
        self.code_lens: CodeLenses = "off"
        self.working_folder: WorkingFolder = "workspaceFolder"
        self.redefine_on_save: SavesThatRedefine = "manual"
        self.redefine_on_disk_change = True
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
        interpreter = given.get("interpreter")
        self.interpreter = interpreter if isinstance(interpreter, str) and interpreter else None
        self._take(given.get("settings"))

    def update(self, settings: Any) -> None:
        """Take all settings anew; those that are not given have their defaults."""
        self._take(settings)
        for listener in self._listeners:
            listener()

    def _take(self, settings: Any) -> None:
        usual = Settings()
        self.session = Settings(
            result_max_length=_read(settings, "results.maxLength", _count, usual.result_max_length),
            hover_max_length=_read(
                settings, "results.hoverMaxLength", _count, usual.hover_max_length
            ),
            repr_budget_ms=_read(settings, "repr.timeBudgetMs", _count, usual.repr_budget_ms),
            dependencies=_read(
                settings, "evaluate.dependencies", _one_of(DependencyPolicy), usual.dependencies
            ),
            terminal=_read(settings, "output.terminal", _switch, True),
            keep_max_megabytes=_read(
                settings, "keep.maxMegabytes", _count, usual.keep_max_megabytes
            ),
            staleness=_read(settings, "results.staleness", _one_of(OnOff), "off") == "on",
        )
        chosen = _read(settings, "results.rerunStale", _one_of(Reruns), "off")
        self.reruns_cheap = chosen == "cheap"
        self.code_lens = _read(settings, "codeLens", _one_of(CodeLenses), "off")
        self.working_folder = _read(
            settings, "session.cwd", _one_of(WorkingFolder), "workspaceFolder"
        )
        self.redefine_on_save = _read(
            settings, "redefineOnSave", _one_of(SavesThatRedefine), "manual"
        )
        self.redefine_on_disk_change = _read(settings, "redefineOnDiskChange", _switch, True)
        self.logs = _read(settings, "log.enabled", _switch, True)
        usual_tests = TestSettings()
        after = _read(settings, "tests.afterRedefine", _one_of(RunsAfterRedefine), "off")
        self.tests = TestSettings(
            seconds=_read(settings, "tests.timeoutSeconds", _seconds, usual_tests.seconds),
            after_redefine=after == "affected",
        )
        usual_pins = PinSettings()
        self.pins = PinSettings(
            folder=_read(settings, "pins.folder", _relative_folder, usual_pins.folder),
            seconds=_read(settings, "pins.timeLimit", _seconds, usual_pins.seconds),
            by_itself=_read(settings, "pins.runOnChange", _switch, usual_pins.by_itself),
        )
        common = Policy()
        self.log = Policy(
            sync=_read(settings, "log.sync", _one_of(Sync), common.sync),
            keep_days=_read(settings, "log.keepDays", _count, common.keep_days),
            max_megabytes=_read(settings, "log.maxMegabytes", _count, common.max_megabytes),
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
