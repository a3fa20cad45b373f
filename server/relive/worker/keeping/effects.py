"""What a form does outside the process while it runs, as the interpreter's audit tells it.

A hook for audit events cannot be taken away again, so there is one for good once a form was kept,
which looks at nothing while no such form runs.
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident

from relive.worker.keeping.belonging import is_own_file
from relive.worker.keeping.marks import mark_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from relive.worker.keeping.marks import Mark

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ACTS = {
    "socket.connect": "it used the network",
    "socket.bind": "it used the network",
    "socket.sendto": "it used the network",
    "socket.sendmsg": "it used the network",
    "socket.getaddrinfo": "it used the network",
    "urllib.Request": "it used the network",
    "subprocess.Popen": "it started another program",
    "os.system": "it started another program",
    "os.exec": "it started another program",
    "os.posix_spawn": "it started another program",
    "os.spawn": "it started another program",
    "os.fork": "it started another process",
    "os.forkpty": "it started another process",
    "os.startfile": "it started another program",
    "os.putenv": "it changed the environment",
    "os.unsetenv": "it changed the environment",
    "os.chdir": "it went to another folder",
    "os.kill": "it sent a signal",
    "sqlite3.connect": "it used a database",
    "builtins.input": "it asked for input",
    "webbrowser.open": "it opened the browser",
}
_FILE_ACTS = frozenset(
    [
        "os.remove",
        "os.rename",
        "os.mkdir",
        "os.rmdir",
        "os.link",
        "os.symlink",
        "os.truncate",
        "os.chmod",
        "os.chown",
        "os.utime",
        "os.setxattr",
        "os.removexattr",
        "shutil.copyfile",
        "shutil.copytree",
        "shutil.move",
        "shutil.rmtree",
        "shutil.make_archive",
        "shutil.unpack_archive",
        "tempfile.mkstemp",
        "tempfile.mkdtemp",
    ]
)
_LISTS = frozenset(["os.listdir", "os.scandir"])
_CODE = (".py", ".pyc", ".so", ".pyd", ".dylib")
_SYSTEM = ("/proc/", "/sys/", "/dev/")
_READ_CODE = ("<frozen importlib", os.path.join(os.path.dirname(os.__file__), "linecache.py"))
_MAX_FILES = 5_000


_HEARD = frozenset(["open", *_ACTS, *_FILE_ACTS, *_LISTS])


def _only_heard(hear: Callable[[str, tuple[Any, ...]], None]) -> Callable[..., None]:
    """Return a hook that is quick with what is nothing to us.

    The interpreter tells of much that happens very often, as of each call of `id`.
    """

    def hook(event: str, arguments: tuple[Any, ...], heard: frozenset[str] = _HEARD) -> None:
        if event in heard:
            hear(event, arguments)

    return hook


class Effects:
    """What one form reads and does; `begin` to `end`, and nothing between two forms."""

    def __init__(self) -> None:
        self._is_on = False
        self._looking: set[int] = set()
        """Threads that look at a file for us just now."""
        self.acts: list[str] = []
        """What it did that running it again would do again, in words."""
        self.read: dict[str, Mark] = {}
        """The files and folders it read, by absolute path, as they were when it opened them."""
        sys.addaudithook(_only_heard(self._hear))

    def begin(self) -> None:
        """Listen from now on."""
        self.acts, self.read = [], {}
        self._is_on = True

    def end(self) -> None:
        """Listen no more."""
        self._is_on = False

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._is_on and get_ident() not in self._looking:
            try:
                self._take(event, arguments)
            except Exception:  # it would be raised in the user's code
                self._act("it did something that cannot be followed")

    def _take(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            self._opened(*arguments)
        elif event in _ACTS:
            self._act(_ACTS[event])
        elif event in _FILE_ACTS:
            if not _is_importing(sys._getframe()):
                self._act(f"it changed files ({_text(arguments[0]) or event})")
        elif event in _LISTS:
            self._note(arguments[0] if arguments[0] is not None else ".")

    def _opened(self, path: Any, mode: Any, flags: Any) -> None:
        if type(path) is int:  # what was opened by its name before was told then
            return
        if _is_importing(sys._getframe()):
            return  # modules are compared by themselves; what an import writes is only a cache
        writes = isinstance(flags, int) and flags & _WRITING
        if writes or (isinstance(mode, str) and set(mode) & set("wax+")):
            if _text(path) != os.devnull:
                self._act(f"it wrote {_text(path) or 'a file'}")
        elif mode is None and not os.path.isabs(os.fsdecode(path)) and not os.path.exists(path):
            self._act("it opened a file by its folder's descriptor")
        else:
            self._note(path)

    def _note(self, path: Any) -> None:
        if type(path) is int:
            self._act("it read a folder by its descriptor")
            return
        name = os.path.abspath(os.fsdecode(path))
        if name.endswith(_CODE) and not is_own_file(name):
            return
        if name.startswith(_SYSTEM):
            self._act(f"it read {name}, which is no file")
        elif len(self.read) >= _MAX_FILES:
            self._act("it read too many files to compare them")
        elif name not in self.read:
            self._looking.add(get_ident())  # what that does is ours
            try:
                self.read[name] = mark_of(name, with_content=False)
            finally:
                self._looking.discard(get_ident())

    def _act(self, words: str) -> None:
        if words not in self.acts and len(self.acts) < 20:
            self.acts.append(words)


def _is_importing(frame: FrameType | None) -> bool:
    """Whether an import does it, or what shows a line of code: that is no reading of the form's."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(_READ_CODE):
            return True
        frame = frame.f_back
    return False


def _text(path: Any) -> str | None:
    try:
        return os.fsdecode(path)
    except TypeError:
        return None
