"""Answers questions about values, on the main thread between evaluations.

A value's own code runs for that, within a budget of time, and an interrupt ends it.
"""

from __future__ import annotations

from relive.worker import streams
from relive.worker.own import own
from relive.worker.render import Renderer
from relive.worker.shelf import GoneError
from relive.worker.timelimit import OutOfTime
from relive.worker.viewing.children import children, children_below, find
from relive.worker.viewing.inspection import inspected
from relive.worker.viewing.listing import listing
from relive.worker.viewing.mimes import all_mimes, data_of
from relive.worker.viewing.names import Names
from relive.worker.viewing.paging import table_page
from relive.worker.viewing.texts import whole_text
from relive.worker.viewing.words import NoViewError, in_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.channel import Channel
    from relive.worker.interrupt import Interrupts
    from relive.worker.late_image import LateImage
    from relive.worker.namespace import Namespaces
    from relive.worker.shelf import Shelf
    from relive.worker.viewing.scopes import Scopes

_FIRST_CHILDREN = 100


class Viewer:
    """Answers one question at a time."""

    def __init__(
        self,
        channel: Channel,
        namespaces: Namespaces,
        image: LateImage,
        shelf: Shelf,
        interrupts: Interrupts,
        scopes: Scopes,
    ) -> None:
        self._channel = channel
        self._namespaces = namespaces
        self._image = image
        self._shelf = shelf
        self._interrupts = interrupts
        self._renderer = Renderer(interrupts)
        names = Names(scopes)
        self._views: dict[str, Callable[[dict[str, Any]], Any]] = {
            "inspect": self._inspect,
            "value_text": self._text,
            "value_mimes": self._mimes,
            "value_mime": self._mime,
            "value_children": self._children,
            "value_table": self._table,
            "value_leftovers": self._leftovers,
            "value_complete": names.complete,
            "value_describe": names.describe,
            "value_modules": scopes.modules,
            "value_variables": lambda message: listing(message, scopes, shelf),
        }
        interrupts.watch(Viewer._view.__code__)

    def answer(self, message: dict[str, Any]) -> None:
        """Send the answer to `message`, whatever the value's own code does."""
        self._interrupts.install()
        gone = problem = answer = None
        before = self._interrupts.count
        try:
            answer = self._view(message)
        except GoneError as failure:
            gone = str(failure)
        except NoViewError as failure:
            problem = str(failure)
        except OutOfTime:
            problem = "This takes too long to be shown."
        except BaseException as failure:
            problem = f"Showing it failed: {in_words(failure)}"
        self._interrupts.end()
        if self._interrupts.count > before:  # which the value's code may have swallowed
            problem = "Showing it was interrupted."
        streams.flush()
        about = {"op": message["op"], "id": message["id"]}
        self._channel.send({**about, "gone": gone, "problem": problem, "answer": answer})

    def _view(self, message: dict[str, Any]) -> Any:
        self._interrupts.begin(message["id"])
        view = self._views.get(message["op"])
        if view is None:
            raise NoViewError("This cannot be shown.")
        return view(message)

    def _inspect(self, message: dict[str, Any]) -> dict[str, Any]:
        namespace, expression = self._namespaces.of(message["file"]), message["expression"]
        value, ref = inspected(namespace, expression), f"{message['id']}:1"
        self._shelf.put(ref, value, namespace.module.__dict__, [expression.strip()])
        self._shelf.hold(ref, value)
        first = {"start": 0, "count": _FIRST_CHILDREN, "limits": message["limits"]}
        return {
            "value": self._renderer.render(value, ref, message["limits"]),
            "children": children(value, ref, first, self._renderer),
        }

    def _text(self, message: dict[str, Any]) -> dict[str, Any]:
        return whole_text(find(self._shelf, message["ref"]))

    def _mimes(self, message: dict[str, Any]) -> list[str]:
        return all_mimes(find(self._shelf, message["ref"]))

    def _mime(self, message: dict[str, Any]) -> dict[str, Any]:
        return data_of(find(self._shelf, message["ref"]), message["mime"])

    def _children(self, message: dict[str, Any]) -> dict[str, Any]:
        ref, path = message["ref"], message["path"]
        return children_below(find(self._shelf, ref), ref, path, message, self._renderer)

    def _table(self, message: dict[str, Any]) -> dict[str, Any]:
        value = find(self._shelf, message["ref"])
        return table_page(value, message, self._shelf.worked_out)

    def _leftovers(self, message: dict[str, Any]) -> dict[str, Any]:
        # Late: the image, whose own parts find them, is loaded when it is first needed.
        find = own("relive.worker.viewing.leftovers").leftovers
        found: dict[str, Any] = find(self._image.now, message, self._renderer, self._shelf)
        return found
