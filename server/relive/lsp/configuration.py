"""The settings in force, read from what the client sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

from relive.changelog.policy import Policy, Sync
from relive.lsp.documents import file_of
from relive.lsp.setting_values import SettingValues
from relive.session.settings import Checkpointing, DependencyPolicy, HoldPolicy, Settings
from relive.source.quick_dataclasses import dataclass

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
        startup: Any = given.get("startup")
        self.startup = startup if startup in get_args(Startup) else "off"
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

    def _take(self, given: Any) -> None:
        settings = SettingValues(given)
        self.session = _of_sessions(settings)
        self.reruns_cheap = settings.one_of(Reruns, "results.rerunStale", "off") == "cheap"
        self.code_lens = settings.one_of(CodeLenses, "codeLens", "off")
        self.working_folder = settings.one_of(WorkingFolder, "session.cwd", "workspaceFolder")
        self.redefine_on_save = settings.one_of(SavesThatRedefine, "redefineOnSave", "manual")
        self.redefine_on_disk_change = settings.switch("redefineOnDiskChange", True)
        self.names = settings.one_of(LiveNames, "names", "off")
        self.logs = settings.switch("log.enabled", True)
        self.tests, self.pins = _of_tests(settings), _of_pins(settings)
        self.log = _of_logs(settings)


def _of_sessions(settings: SettingValues) -> Settings:
    usual = Settings()
    return Settings(
        result_max_length=settings.count("results.maxLength", usual.result_max_length),
        hover_max_length=settings.count("results.hoverMaxLength", usual.hover_max_length),
        repr_budget_ms=settings.count("repr.timeBudgetMs", usual.repr_budget_ms),
        dependencies=settings.one_of(DependencyPolicy, "evaluate.dependencies", usual.dependencies),
        terminal=settings.switch("output.terminal", True),
        keep_max_megabytes=settings.count("keep.maxMegabytes", usual.keep_max_megabytes),
        checkpoints=settings.one_of(Checkpointing, "checkpoints", usual.checkpoints),
        checkpoint_megabytes=settings.count("checkpointMemory", usual.checkpoint_megabytes),
        watch_acts=settings.switch("rewind.watchActs", usual.watch_acts),
        hold_errors=settings.one_of(HoldPolicy, "holdErrors", "workspace"),
        staleness=settings.one_of(OnOff, "results.staleness", "on") == "on",
    )


def _of_tests(settings: SettingValues) -> TestSettings:
    usual = TestSettings()
    after = settings.one_of(RunsAfterRedefine, "tests.afterRedefine", "off")
    return TestSettings(
        seconds=settings.seconds("tests.timeoutSeconds", usual.seconds),
        after_redefine=after == "affected",
    )


def _of_pins(settings: SettingValues) -> PinSettings:
    usual = PinSettings()
    return PinSettings(
        folder=settings.folder("pins.folder", usual.folder),
        seconds=settings.seconds("pins.timeLimit", usual.seconds),
        by_itself=settings.switch("pins.runOnChange", usual.by_itself),
    )


def _of_logs(settings: SettingValues) -> Policy:
    usual = Policy()
    return Policy(
        sync=settings.one_of(Sync, "log.sync", usual.sync),
        keep_days=settings.count("log.keepDays", usual.keep_days),
        max_megabytes=settings.count("log.maxMegabytes", usual.max_megabytes),
    )


def _interpreter(given: Any) -> str | None:
    return given if isinstance(given, str) and given else None
