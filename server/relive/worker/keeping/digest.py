"""A mark in the making: what is put into it, and how."""

from __future__ import annotations

from _blake2 import blake2b  # the C module: `hashlib` would load OpenSSL into the user's process
from time import perf_counter

from relive.worker.keeping.objects import has_identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_SECONDS = 10.0
_OFTEN = 0xFFF
_LONGEST = 1000
_MOST = 1000
"""Texts that are looked at because they may be the names of files."""


class UnknownError(Exception):
    """There is something nobody can tell the content of; says what."""


class Digest:
    """The mark, and what has gone into it."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=32)
        self._numbers: dict[int, int] = {}
        self._alive: list[Any] = []
        """What has a number, and may have been made only to be looked at."""
        self._until = perf_counter() + _SECONDS
        self._current = ""
        """The name whose value is being added."""
        self.identities: dict[int, Any] = {}
        """Objects of which a copy is not as good, by `id`."""
        self.texts: set[str] = set()
        """Texts in the code and among the values: some may name files."""

    def digest(self) -> str:
        """Return the mark of all that was added, which is all there will be."""
        self._numbers, self._alive = {}, []
        return self._hash.hexdigest()

    def _plain(self, value: Any) -> None:
        if type(value) is str:
            self._note_text(value)
        self._put_repr(type(value).__name__, value)

    def _put_repr(self, kind: str, value: Any) -> None:
        try:
            told = repr(value)
        except ValueError:  # integers of thousands of digits
            told = hex(value) if type(value) is int else "".join(map(_long, _flat(value)))
        if type(value) is not str and self._current and len(told) < 10_000:
            for each in _flat(value):
                if type(each) is str:
                    self._note_text(each)
        self._put(kind, told.encode("utf-8", "surrogatepass"))

    def _put(self, kind: str, data: bytes = b"") -> None:
        self._hash.update(b"%s %d " % (kind.encode(), len(data)))
        self._hash.update(data)

    def _note_text(self, text: str) -> None:
        if 0 < len(text) < _LONGEST and "\n" not in text and len(self.texts) < _MOST:
            self.texts.add(text)

    def _is_known(self, value: Any) -> bool:
        number = self._numbers.get(id(value))
        if number is not None:
            self._put("again", str(number).encode())
            return True
        self._numbers[id(value)] = len(self._numbers)
        self._alive.append(value)
        return False

    def _note_identity(self, value: Any) -> None:
        if has_identity(value):
            self.identities[id(value)] = value

    def _check_time(self, *, always: bool = False) -> None:
        if (always or not len(self._numbers) & _OFTEN) and perf_counter() > self._until:
            what = self._current or "its input"
            raise UnknownError(f"{what} is too large to be compared in {_SECONDS:.0f} seconds")

    def _subject(self, value: Any) -> str:
        kind = f"a {type(value).__name__}"
        return f"{self._current} ({kind})" if self._current else kind


def _flat(value: Any) -> Iterable[Any]:
    if type(value) is dict:
        return [*value, *value.values()]
    return value if type(value) in (list, tuple) else [value]


def _long(value: Any) -> str:
    return f"{hex(value)}," if type(value) is int else f"{value!r},"
