"""A record as a line of a log: its length, a checksum, a seal, and JSON.

    0000002f 5a3c01d2 9f86d081884c7d65 {"entry":1,…}

The checksum shows what was damaged. The seal is made with the user's key, so it shows what
somebody else has written: a log that came with a repository is read by nobody.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zlib import crc32

from relive.changelog.key import derived, user_key
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
"""Pure ASCII: whatever a text is made of, lone surrogates too, comes back as it was."""
_SUM = 18
"""Bytes of a line's length and checksum."""
_HEAD = 35
"""Bytes of a line before its JSON."""


def log_key() -> bytes:
    """Return what the logs of this user are sealed with; raise `NoKey` if there is none."""
    return derived(user_key(), "changelog")


class Seal:
    """Marks the lines of one log."""

    def __init__(self, key: bytes, log: str) -> None:
        """Make the seal of a log, which no other log's lines bear.

        Args:
            key: see `log_key`.
            log: the session and the place of the log.
        """
        own = blake2b(log.encode("utf-8", "surrogatepass"), key=key, digest_size=32).digest()
        self._keyed = blake2b(key=own, digest_size=8)

    def of(self, body: bytes) -> bytes:
        """Return the seal of a line's JSON."""
        keyed = self._keyed.copy()
        keyed.update(body)
        return keyed.hexdigest().encode()


def line_of(record: Record, seal: Seal) -> bytes:
    """Return the line of a record."""
    body = _encode(record).encode()
    return b"%s%s %s\n" % (_sum(body), seal.of(body), body)


@dataclass(frozen=True)
class Damage:
    """A part of a log that cannot be read."""

    start: int
    end: int
    torn: bool = False
    """It is an unfinished line at the end: what was being written when the writer was killed."""


def read_lines(data: bytes, seal: Seal) -> Iterator[Record | Damage]:
    """Yield the records of a log, and in their place what is damaged."""
    at, bad = 0, None
    while at < len(data):
        end = data.find(b"\n", at) + 1
        record = _record(data, at, end, seal) if end else None
        if record is None:
            bad = at if bad is None else bad
        else:
            if bad is not None:
                yield Damage(bad, at)
                bad = None
            yield record
        at = end or len(data)
    if bad is not None:
        yield Damage(bad, len(data), torn=b"\n" not in data[bad:])


def read_back(data: bytes, seal: Seal) -> Iterator[Record | Damage]:
    """Yield what the lines of a log hold, the last one first; not what is torn at its end."""
    end = data.rfind(b"\n") + 1
    while end:
        start = data.rfind(b"\n", 0, end - 1) + 1
        record = _record(data, start, end, seal)
        yield Damage(start, end) if record is None else record
        end = start


def is_foreign(data: bytes, seal: Seal) -> bool:
    """Whether a log begins with a line that is whole, and bears another seal."""
    end = data.find(b"\n") + 1
    body = data[_HEAD : end - 1]
    return data[:_SUM] == _sum(body) and data[_SUM:_HEAD] != seal.of(body) + b" "


def _record(data: bytes, start: int, end: int, seal: Seal) -> Record | None:
    """Return the record of a line; None if any byte of it is other than it was written."""
    at, head = start + _SUM, start + _HEAD
    body = data[head : end - 1]
    if data[start:at] != _sum(body) or data[at:head] != seal.of(body) + b" ":
        return None
    record = json.loads(body)
    return record if isinstance(record, dict) else None


def _sum(body: bytes) -> bytes:
    return b"%08x %08x " % (len(body), crc32(body))
