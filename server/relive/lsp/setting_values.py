"""The settings as a client has sent them, read one by one.

A value that does not fit is as if it had not been sent: a slip in a settings file must not stop
the server.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, TypeVar, get_args

T = TypeVar("T")

_LONGEST_S = 3600
_log = logging.getLogger(__name__)


class SettingValues:
    """What was sent, by the names that the settings have in the editor."""

    def __init__(self, given: Any) -> None:
        self._given = given

    def one_of(self, choices: Any, name: str, default: T) -> T:
        """Return one of the texts that a `Literal` names."""

        def check(value: Any) -> Any:
            return value if value in get_args(choices) else None

        return self._read(check, name, default)

    def switch(self, name: str, default: bool) -> bool:
        """Return whether something is on."""
        return self._read(_switch, name, default)

    def count(self, name: str, default: int) -> int:
        """Return a whole number above 0."""
        return self._read(_count, name, default)

    def seconds(self, name: str, default: float) -> float:
        """Return a time that something may take."""
        return self._read(_seconds, name, default)

    def folder(self, name: str, default: str) -> str:
        """Return a folder in the workspace: nothing is written outside of it."""
        return self._read(_relative_folder, name, default)

    def _read(self, check: Callable[[Any], T | None], name: str, default: T) -> T:
        value = _lookup(self._given, name)
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


def _switch(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _seconds(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value <= _LONGEST_S else None


def _relative_folder(value: Any) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    path = PurePath(value.strip())
    return None if path.is_absolute() or ".." in path.parts else path.as_posix()
