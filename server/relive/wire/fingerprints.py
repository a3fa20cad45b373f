"""A short mark of a definition's text, the same wherever the definition stands."""

from __future__ import annotations

from _blake2 import blake2b  # the C module: `hashlib` would load OpenSSL into the user's process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


_BLANKS = " \t\f"


def fingerprint(source: str) -> str:
    """Return a mark of `source`: moving or re-indenting the definition does not change it."""
    lines = source.split("\n")
    margin = lines[0][: len(lines[0]) - len(lines[0].lstrip(_BLANKS))]
    plain = "\n".join(line.removeprefix(margin).rstrip(_BLANKS) for line in lines)
    return blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def class_fingerprint(source: str, members: Iterable[tuple[int, int]]) -> str:
    """Return a mark of a class without the definitions in it, which have marks of their own.

    Args:
        source: the whole class.
        members: their first and last lines, counted from the first line of `source` as 0.
    """
    inside = {line for first, last in members for line in range(first, last + 1)}
    lines = source.split("\n")
    kept = [line for number, line in enumerate(lines) if number not in inside and line.strip()]
    return fingerprint("\n".join(kept))
