"""The image, loaded when it is first asked: expressions, assignments and calls need none of it."""

from __future__ import annotations

from _thread import allocate_lock

from relive.worker.history import History
from relive.worker.own import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from types import CodeType, FunctionType

    from relive.worker.image import Image
    from relive.worker.interrupt import Interrupts
    from relive.worker.namespace import Namespace, Namespaces
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.sources import Sources

    Unread = dict[tuple[str, str], list[tuple[ast.stmt, CodeType]]]


class LateImage:
    """Makes the image when it is needed, and tells it then of what has run before."""

    def __init__(self, namespaces: Namespaces, sources: Sources, interrupts: Interrupts) -> None:
        self.sources = sources
        self._namespaces = namespaces
        self._interrupts = interrupts
        self._unread: Unread = {}
        """Statements evaluated in modules that nobody has needed to read so far."""
        self.history = History()
        self._image: Image | None = None
        self._making = allocate_lock()
        """Both of the worker's threads ask, and there is to be one image."""

    @property
    def now(self) -> Image:
        """The image itself."""
        if self._image is None:
            with self._interrupts.held_back(), self._making:
                if self._image is None:
                    self._image = self._made()
        return self._image

    def _made(self) -> Image:
        make: type[Image] = own("relive.worker.image").Image
        return make(self._namespaces, self.sources, self._unread, self.history)

    def note_ran(self, namespace: Namespace, node: ast.stmt, code: CodeType) -> None:
        """Record that a statement besides definitions has run, compiled to `code`."""
        if self._image is None:
            self._unread.setdefault(namespace.key, []).append((node, code))
        else:
            self._image.note_ran(namespace, node, code)

    def around(self, file: str, code: CodeType, line: int) -> Definition | None:
        """Return the live definition that a line of a function belongs to, if there is one."""
        return None if self._image is None else self._image.around(file, code, line)

    def function_of(self, code: CodeType) -> FunctionType | None:
        """Return the function that has had this code until it got other code, if it lives."""
        return None if self._image is None else self._image.exchanged.function_of(code)
