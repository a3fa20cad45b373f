"""The texts of files on a channel: each is sent as what is other than in the last one sent.

A document changes by a few characters from one message to the next, and may be long. Each channel
has its own memory at both ends, since messages are in order on one channel and not between two.
Who sends and who receives whole documents need not know.
"""

from __future__ import annotations

from relive.wire.edits import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


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
        self._texts: dict[str, str] = {}

    def complete(self, message: dict[str, Any]) -> dict[str, Any]:
        """Put the documents into a message in the place of their edits; return it."""
        for each in message["files"] if message["op"] == "redefine" else [message]:
            if _has_document(each):
                file = each["file"]
                each["document"] = self._texts[file] = Edit(*each["document"]).applied_to(
                    self._texts.get(file, "")
                )
        return message


def _has_document(each: dict[str, Any]) -> bool:
    return None not in (each.get("file"), each.get("document"))
