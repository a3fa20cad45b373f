"""What of a change is kept out of the log: forms with `# relive: nolog`, and what is too large."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from relive.source.pragmas import blanked, forms_with, lines_of, mentions
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from relive.changelog.entries import Change, Defined, Lack, Outcome

LARGEST = 4 << 20
"""Characters of a text that is stored: a hundred thousand lines. A larger one is data rather than
code, and each is in memory several times over while it is written."""


@dataclass(frozen=True)
class Redacted:
    """A change as it may be stored, and what its outcome must not tell."""

    change: Change
    hidden: bool = False
    """Some of the code itself was left out, not only of the text around it."""
    names: frozenset[str] = frozenset()
    """What the forms that were left out bind."""
    lacks: Lack | None = None

    def outcome(self, outcome: Outcome) -> Outcome:
        """Return the outcome as it may be stored."""
        if self.hidden and outcome.error is not None:
            outcome = replace(outcome, error=outcome.error.partition(":")[0])
        if not outcome.definitions:
            return outcome
        return replace(outcome, definitions=tuple(map(self._defined, outcome.definitions)))

    def _defined(self, defined: Defined) -> Defined:
        before = defined.before
        if before is None:
            return defined
        is_own = defined.name.partition(".")[0] in self.names or bool(forms_with(before, "nolog"))
        return replace(defined, before=None) if is_own or len(before) > LARGEST else defined


def redacted(change: Change) -> Redacted:
    """Return what of a change may be stored."""
    texts = [change.text, change.document, *(text for _, text in change.others)]
    given = [text for text in texts if text is not None]
    large = [text for text in given if len(text) > LARGEST]
    if large:
        return replace(redacted(_without_texts(change, large)), lacks="size")
    forms = [form for text in given for form in forms_with(text, "nolog")]
    if not forms:
        return Redacted(change)
    return _without_forms(change, {name for form in forms for name in form.binds})


def _without_texts(change: Change, large: list[str]) -> Change:
    """Leave out the texts of files, and the code if it is large.

    It also goes if what is large has a pragma: to find out which form that is about takes too long.
    """
    others = tuple((file, "") for file, _ in change.others)
    text = None if change.text in large or any(map(mentions, large)) else change.text
    return replace(change, text=text, document=None, others=others)


def _without_forms(change: Change, names: set[str]) -> Redacted:
    text = _text_without_forms(change, names)
    others = tuple((file, blanked(other, "nolog")) for file, other in change.others)
    document = None if change.document is None else blanked(change.document, "nolog")
    is_whole_file = change.kind == "redefine" and change.name is None
    is_other = (document, others) != (change.document, change.others)
    return Redacted(
        replace(change, text=text, document=document, others=others),
        hidden=text != change.text or (is_whole_file and is_other),
        names=frozenset(names),
    )


def _text_without_forms(change: Change, names: set[str]) -> str | None:
    """Return the code that runs without what the document, or it itself, keeps out of the log."""
    if change.text is None or (change.name or "").partition(".")[0] in names:
        return None
    hidden = lines_of(forms_with(change.text, "nolog"))
    if change.document is not None and not change.detached:
        around = lines_of(forms_with(change.document, "nolog"))
        hidden |= {line - change.line for line in around}
    lines = change.text.split("\n")
    left = "\n".join("" if at in hidden else line for at, line in enumerate(lines))
    return left if left.strip() else None
