"""Making a copy of the process that waits until it is woken, or ends.

The copy is a grandchild whose parent ends at once, so that the warden becomes its parent: user code
finds it among no children, waits for none of them, and is sent no signal at its end. The process
that goes on is the original: its threads, children, locks and graphics contexts are its own.

What wakes the copy are the channels it is to go on with, sent to its own socket. The end of that
socket ends it, at once and without a finaliser: so it outlives neither its warden nor its use.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: user code may have patched `signal`
import _socket
import os
import sys

from relive.worker.checkpoints.descriptors import descriptors_in, room_for, with_descriptors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

NAME = "relive-parked"
"""What such a process is called, for whoever lists the processes."""

_CHANNELS = 2
_PACKET_BYTES = 4096
_CLOSED_IN_CHILDREN: int = getattr(_socket, "MSG_CMSG_CLOEXEC", 0)
_FIRST_TO_GO = 900
"""Of what the system ends when memory runs out, copies come before what is in use."""

_fork, _waitpid, _exit, _getpid = os.fork, os.waitpid, os._exit, os.getpid


class NotParkedError(Exception):
    """There is no copy; the text says why."""


def park(door: int, number: int) -> tuple[int, list[int] | None]:
    """Make a copy. Return its pid in the process that goes on; in the copy, woken, its channels.

    Raises:
        NotParkedError: it could not be made, or the warden could not take it in.
    """
    near, far = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    before = _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
    handler = _take_handler()
    try:
        middle = _quietly_forked()
        if middle == 0:
            channels = _be_copy(near, far)
        else:
            near.close()
            _wait_for(middle)
    except OSError as error:
        raise NotParkedError(f"the system made no copy: {error.strerror}") from None
    finally:
        _give_back(handler)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
    if middle == 0:
        return 0, channels
    try:
        return _hand_over(door, number, far), None
    finally:
        far.close()


def _quietly_forked() -> int:
    """Fork without the warning that there are threads: all but this one are Relive's own.

    The filters are put back as they were: a change of them that Python is told of would have it
    forget which warnings have been given.
    """
    warnings = sys.modules.get("warnings")
    filters = getattr(warnings, "filters", None)
    if not isinstance(filters, list):
        return _fork()
    quiet = ("ignore", None, DeprecationWarning, None, 0)
    filters.insert(0, quiet)
    try:
        return _fork()
    finally:
        filters[:] = [each for each in filters if each is not quiet]


def _be_copy(near: _socket.socket, far: _socket.socket) -> list[int]:
    """Be the process between, which ends, or the copy: returns in that, once it is woken."""
    try:
        if _quietly_forked() != 0:
            _exit(0)
        far.close()
        os.setsid()  # what ends the original's group is not for the copy
        name = _take_name()
        near.send(str(_getpid()).encode())
        channels = _woken_with(near)
        _take_name(name)
        return channels
    except BaseException:
        _end()


def _end() -> NoReturn:
    _exit(1)


def _woken_with(near: _socket.socket) -> list[int]:
    data, ancillary, _, _ = near.recvmsg(_PACKET_BYTES, room_for(_CHANNELS), _CLOSED_IN_CHILDREN)
    channels = descriptors_in(ancillary)
    if not data or len(channels) != _CHANNELS:
        _exit(0)
    near.close()
    return channels


def _take_name(name: tuple[str, str] = (NAME, str(_FIRST_TO_GO))) -> tuple[str, str]:
    """Take a name and a rank among what the system ends first; return those there were."""
    former = []
    for file, text in zip(("/proc/self/comm", "/proc/self/oom_score_adj"), name):
        try:
            with open(file, "r+", encoding="ascii") as told:
                former.append(told.read().strip())
                told.write(text)
        except OSError:
            former.append("")
    return former[0], former[1]


def _wait_for(middle: int) -> None:
    """Wait for the process between."""
    try:
        _waitpid(middle, 0)
    except ChildProcessError:
        pass  # user code ignores its children's ends: then none is waited for


def _take_handler() -> Callable[..., object] | None:
    """Take the program's handler of its children's ends away: the one to come is not its child's.

    The signal may be given to any thread, so that blocking it here would not do.
    """
    handler: Callable[..., object] | int | None = _signal.getsignal(_signal.SIGCHLD)
    if not callable(handler):
        return None
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    return handler


def _give_back(handler: Callable[..., object] | None) -> None:
    if handler is not None:
        _signal.sigtimedwait([_signal.SIGCHLD], 0)  # one that is blocked waits, also to be ignored
        _signal.signal(_signal.SIGCHLD, handler)
        if _has_ended_children():  # maybe meanwhile
            os.kill(_getpid(), _signal.SIGCHLD)


def _has_ended_children() -> bool:
    try:
        return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False


def _hand_over(door: int, number: int, far: _socket.socket) -> int:
    """Give the warden the copy, and wait until it has it; return the copy's pid."""
    warden = _socket.socket(fileno=os.dup(door))
    try:
        about = f"{number} {_getpid()}".encode()
        warden.sendmsg([about], with_descriptors([far.fileno()]))
        answer = [b""]
        while answer and answer[:2] != about.split():  # one may be for a worker that was ended
            answer = warden.recv(_PACKET_BYTES).split()
    finally:
        warden.close()
    if not answer:
        raise NotParkedError("the worker's parent process is gone")
    pid = int(answer[2])
    if pid == 0:
        raise NotParkedError("the copy ended at once")
    return pid
