"""The texts of files on a channel: each is sent as what is other than in the last one sent.

A document changes by a few characters from one message to the next, and may be long. Each channel
has its own memory at both ends, since messages are in order on one channel and not between two.
Who sends and who receives whole documents need not know. A function is redefined from its own text:
what comes with a redefinition is put together only when somebody reads it.
"""

from __future__ import annotations

from relive.wire.edits import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


_FURTHEST = 1 << 13
"""Characters that an edit of several may span before they are put into the text."""


class LateText:
    """A text that is known as an edit of another one, and put together when somebody reads it.

    What is edited again and again in one place is one edit of the same text all the while.
    """

    def __init__(self, text: str, edit: Edit | None = None) -> None:
        self._known = text, edit
        """At once, since two threads may read it."""

    @property
    def text(self) -> str:
        """The text."""
        text, edit = self._known
        if edit is not None:
            text = edit.applied_to(text)
            self._known = text, None
        return text

    def __len__(self) -> int:
        """Return how many characters it has."""
        text, edit = self._known
        return len(text) if edit is None else len(text) - (edit.end - edit.start) + len(edit.text)

    def edited(self, edit: Edit) -> LateText:
        """Return what an edit makes of it."""
        text, former = self._known
        if edit.is_none:
            return self
        if former is None:
            return LateText(text, edit)
        start = min(former.start, edit.start)
        if max(former.start + len(former.text), edit.end) - start > _FURTHEST:
            return LateText(self.text, edit)
        return LateText(text, former.and_then(edit, text))


class TextsSent:
    """The texts that the peer has, by file."""

    def __init__(self, between: Callable[[str, str], Edit] = Edit.between) -> None:
        """Begin with a peer that has none; `between` tells what of a text is other than before."""
        self._texts: dict[str, str] = {}
        self._between = between

    def shortened(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return a message as it is sent: with edits in the place of documents."""
        if message["op"] == "redefine":
            return {**message, "files": [self._shortened(each) for each in message["files"]]}
        return self._shortened(message)

    def _shortened(self, each: dict[str, Any]) -> dict[str, Any]:
        if not _has_document(each):
            return each
        edit = self._between(self._texts.get(each["file"], ""), each["document"])
        self._texts[each["file"]] = each["document"]
        return {**each, "document": [edit.start, edit.end, edit.text]}


class TextsReceived:
    """The texts that the peer has sent, by file."""

    def __init__(self) -> None:
        self._texts: dict[str, LateText] = {}

    def complete(self, message: dict[str, Any]) -> dict[str, Any]:
        """Put the documents into a message in the place of their edits; return it.

        Those of a redefinition are late.
        """
        is_late = message["op"] == "redefine"
        for each in message["files"] if is_late else [message]:
            if _has_document(each):
                now = self._edited(each["file"], Edit(*each["document"]))
                each["document"] = now if is_late else now.text
        return message

    def _edited(self, file: str, edit: Edit) -> LateText:
        now = self._texts[file] = self._texts.get(file, LateText("")).edited(edit)
        return now


def _has_document(each: dict[str, Any]) -> bool:
    return None not in (each.get("file"), each.get("document"))
