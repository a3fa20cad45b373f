"""What is known of the pins and doctests of one source file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from typing import Literal

from relive.lsp.failures import RefusedError
from relive.lsp.pins.files import PinFile
from relive.session.events import ANYTHING, Touched
from relive.session.judging import Verdict, unknown
from relive.source import doctests
from relive.source.doctests import Group, NotExamplesError
from relive.source.forms import top_level_forms
from relive.source.quick_dataclasses import dataclass
from relive.source.reach import Reach, definition_meant, reach

Groups = tuple[Group, ...]


@dataclass
class Item:
    """A pin or the examples of a docstring, and what came of it last."""

    id: str
    kind: Literal["pin", "doctest"]
    group: Group
    definition: str | None
    """What of the source file it is about."""
    reach: Reach
    """What it depends on, as far as the text tells."""
    verdict: Verdict

    @property
    def is_untried_pin(self) -> bool:
        """Whether it is a pin of which nothing is known."""
        return self.kind == "pin" and self.verdict.status == "unknown"

    def depends_on(self, touched: Touched, file: str) -> bool:
        """Whether it may give something else now; `file` is its source file."""
        if self.kind == "doctest" and self.verdict.status == "unknown":
            return touched.by == "change" and self._is_of(touched, file)
        return any(self._reaches(each, name, file) for each, name in touched.names)

    def _is_of(self, touched: Touched, file: str) -> bool:
        """Whether it documents what was changed, or something that this contains."""
        own = self.definition or ""
        return any(each == file and f"{own}.".startswith(f"{n}.") for each, n in touched.names)

    def _reaches(self, other: str | None, name: str, file: str) -> bool:
        ran = self.verdict.ran
        if ran is not None and any(_is_in(each, (other, name)) for each in ran):
            return True
        if other == file:
            return name == ANYTHING or name.partition(".")[0] in self.reach.names
        if not self.reach.leaves:
            return False
        # Of another module more than what was entered may count, such as its constants.
        return ran is None or any(each == other for each, _ in ran)


@dataclass
class Book:
    """The items of a source file, in the order in which they are written."""

    uri: str
    file: str
    pins: PinFile | None
    items: list[Item] = field(default_factory=list)
    problem: str | None = None
    is_loaded: bool = False
    """Whether its process had loaded the file when it was last asked."""
    text: str = ""
    """The source file's, as it was read last."""
    _pins_text: str | None = None

    def read(self, text: str) -> None:
        """Read anew what is to be tried; `text` is the source file's."""
        try:
            pins_text = "" if self.pins is None else self.pins.read()
        except RefusedError as problem:
            self.items, self.problem, self._pins_text = [], str(problem), None
            return
        if text is not self.text or pins_text != self._pins_text:
            self.text, self._pins_text = text, pins_text
            self._renew(pins_text, text)

    def _renew(self, pins_text: str, text: str) -> None:
        known = {each.id: each for each in self.items}
        self.problem = None
        try:
            pins = doctests.pins(pins_text)
        except NotExamplesError as problem:
            name = "" if self.pins is None else self.pins.name
            pins, self.problem = (), f"{name}: {problem}"
        self.items = list(self._items(pins, doctests.doctests(text), text))
        for item in self.items:
            before = known.get(item.id)
            if before is not None and before.group.key == item.group.key:
                item.verdict = before.verdict

    @property
    def bound(self) -> set[str]:
        """The names that the source file binds."""
        return {name for form in top_level_forms(self.text) for name in form.binds}

    def of(self, ids: list[str] | None) -> list[Item]:
        """Return the items of these ids, or all."""
        return [each for each in self.items if ids is None or each.id in ids]

    def forget_verdicts(self, reason: str) -> None:
        """Take it that nothing is known any more."""
        self.is_loaded = False
        for item in self.items:
            item.verdict = unknown(item.group, reason)

    def item(self, of: Item) -> Item | None:
        """Return the item that says the same as one that was there before."""
        return next(
            (each for each in self.items if (each.id, each.group.key) == (of.id, of.group.key)),
            None,
        )

    def _items(self, pins: Groups, found: Groups, text: str) -> Iterator[Item]:
        times: Counter[str] = Counter()
        for kind, groups in (("pin", pins), ("doctest", found)):
            for group in groups:
                name = f"{kind}:{self.uri}:{group.name if kind == 'doctest' else group.sources}"
                times[name] += 1
                about = group.name or None
                if kind == "pin":
                    about = definition_meant(group.examples[-1].source, text)
                yield Item(
                    id=f"{name}:{times[name]}",
                    kind="pin" if kind == "pin" else "doctest",
                    group=group,
                    definition=about,
                    reach=_reach(group, about, text),
                    verdict=unknown(group),
                )


def _is_in(entered: tuple[str, str], changed: tuple[str | None, str]) -> bool:
    """Whether a function that was entered is what has changed, or a part of it."""
    return entered[0] == changed[0] and f"{entered[1]}.".startswith(f"{changed[1]}.")


def _reach(group: Group, about: str | None, text: str) -> Reach:
    own = "" if about is None else about.partition(".")[0] + "\n"
    return reach(group.sources + own, text)
