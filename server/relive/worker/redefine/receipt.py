"""The receipt: what became of each definition, and how much of the live program it reached."""

from __future__ import annotations

from relive.worker.redefine.altering import NOTHING_ALTERED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.redefine.change import Change
    from relive.worker.redefine.modules.present import Present


class Receipt:
    """What became of all definitions that a redefinition was about."""

    def __init__(
        self,
        changes: list[Change],
        present: Iterable[tuple[str | None, Present]] = (),
        altered: dict[str, Any] = NOTHING_ALTERED,
        *,
        is_asked: bool = True,
    ) -> None:
        """Tell of `changes`, and of what else is `present`, by file: it is what it was.

        `is_asked`: somebody waits to hear of all there is, and not only of what is news.
        """
        self._changes = changes
        self._present = present
        self._altered = altered
        self._is_asked = is_asked

    def to_wire(self) -> dict[str, Any]:
        """Return the wire's fields of a receipt: definitions come before statements.

        What is unchanged are mostly many, and nothing is to be told of them but that.
        """
        changes = sorted(_as_one(self._changes), key=lambda each: each.kind == "statement")
        told = {(each.file, each.name) for each in changes}
        present = dict(reversed(list(self._present)))  # of a file's modules the first one's
        if not self._is_asked:
            others = sum(
                len(found) - len(found.named(_names_of(file, told)))
                for file, found in present.items()
            )
            return self._news(changes, others)
        return {
            "changes": [each.to_wire() for each in changes],
            "unchanged": [_unchanged(*each, told) for each in reversed(list(present.items()))],
            "untold": 0,
            "altered": self._altered,
        }

    def _news(self, changes: list[Change], others: int) -> dict[str, Any]:
        """Return what has become of `changes`, and only how many are what they were."""
        news = [each for each in changes if each.outcome != "unchanged"]
        return {
            "changes": [each.to_wire() for each in news],
            "unchanged": [],
            "untold": others + len(changes) - len(news),
            "altered": self._altered,
        }


def _as_one(changes: list[Change]) -> list[Change]:
    """Tell once of what became the same in all modules that one file was imported as."""
    first: dict[str | None, str | None] = {}
    known: dict[tuple[Any, ...], Change] = {}
    found: list[Change] = []
    for each in changes:
        what = (each.file, each.name, each.kind, each.outcome, each.line)
        same = known.setdefault(what, each)
        if same.module != each.module:
            same.add(each)
            continue
        if first.setdefault(each.file, each.module) != each.module and each.reason:
            each.reason = f"in the module {each.module!r}: {each.reason}"
        found.append(each)
    return found


def _names_of(file: str | None, told: set[tuple[str | None, str]]) -> set[str]:
    return {name for each, name in told if each == file}


def _unchanged(
    file: str | None, found: Present, told: set[tuple[str | None, str]]
) -> dict[str, Any]:
    """Return the wire's Unchanged for a file: the definitions that nothing is told of."""
    rest = found.without(_names_of(file, told))
    return {
        "file": file,
        "names": [each.name for each in rest],
        "kinds": [each.kind for each in rest],
        "lines": [each.header_line for each in rest],
        "patched": [],
    }
