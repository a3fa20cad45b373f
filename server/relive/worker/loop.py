"""The worker's two threads: the main one runs user code, the control one answers meanwhile."""

from __future__ import annotations

import os
import sys
from _functools import partial  # type: ignore[import-not-found]  # in C: it loads less
from _thread import RLock, get_ident, start_new_thread
from time import perf_counter

from relive.wire import LOST_CHANNEL_STATUS, PROTOCOL_VERSION
from relive.worker import hygiene, stacks
from relive.worker.channel import Channel
from relive.worker.descriptors import StandardDescriptors
from relive.worker.evaluate import Evaluator
from relive.worker.history import Cause
from relive.worker.interrupt import Interrupts
from relive.worker.late_image import LateImage
from relive.worker.namespace import Namespaces
from relive.worker.origins import Origins
from relive.worker.own import own
from relive.worker.plots import Plots
from relive.worker.run import Run
from relive.worker.sources import Sources
from relive.worker.spawning import SpawnedImports
from relive.worker.streams import Streams, flush
from relive.worker.waiting import Waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.checkpoints.checkpoints import Checkpoints
    from relive.worker.held.inside import InsideFrame
    from relive.worker.held.pauses import Pauses
    from relive.worker.patches import Patches
    from relive.worker.testing.tester import Tester
    from relive.worker.trying import Examples
    from relive.worker.viewing.viewer import Viewer


_FIRST_TO_HOLD = (3, 11)
"""Before it, code whose errors can be held is slower."""
_ABOUT_HELD = frozenset(("resume", "resume_point", "frames"))
_ABOUT_TESTS = frozenset(("run_tests", "fixtures", "use_fixtures", "release_fixtures"))


class Worker:
    """Everything a worker is made of, put together once."""

    def __init__(
        self, main_fd: int, control_fd: int, stacks_fd: int, door_fd: int, workspace: str
    ) -> None:
        self.interrupts = Interrupts(region=Run.all_statements.__code__)
        self.main = Channel(main_fd, self.interrupts)
        self.control = Channel(control_fd, self.interrupts)
        self.descriptors = StandardDescriptors()
        self.sources = Sources(workspace)
        self.sources.listing.watch()
        self.namespaces = Namespaces(workspace, self.sources)
        self.image = LateImage(self.namespaces, self.sources, self.interrupts)
        SpawnedImports(self.image).watch()
        self.waiting = Waiting(self.main, self.interrupts)
        self.streams = Streams(self.main, self.interrupts, self.waiting.has_loop)
        self.evaluator = Evaluator(
            self.main,
            self.namespaces,
            self.sources,
            self.image,
            self.interrupts,
            self.waiting,
            self.streams,
        )
        self.evaluator.inside_frame = self._inside_frame
        Plots(self.evaluator.displays.show_figure).watch()
        self._viewer: Viewer | None = None
        self._examples: Examples | None = None
        self._patches: Patches | None = None
        self._pauses: Pauses | None = None
        self.changing: tuple[int, int] | None = None
        """The thread that changes the image, and the number of the request for it."""
        self._tester: Tester | None = None
        self._workspace = workspace
        self._checkpoints: Checkpoints | None = None
        self.quiet = RLock()
        """Held while the control thread is at work: a copy made meanwhile would be half-way."""
        self._stacks_fd = stacks_fd
        self._door_fd = door_fd
        self.clock = perf_counter
        """As it was before user code, which may have patched it by the time that others load."""

    def serve_main(self) -> None:
        """Take requests on the main thread until the daemon closes the channel."""
        while True:
            self.carry_out(self.waiting.next_message())

    def carry_out(self, message: dict[str, Any]) -> None:
        """Do what a request on the main channel asks for, and answer it."""
        if message["op"] == "evaluate":
            self.descriptors.repair()
            self._hold_as(message["hold"])
            self.evaluator.evaluate(message)
        elif message["op"] == "inspect" or message["op"].startswith("value_"):
            self._answer_unseen(self.viewer(), message)
        elif message["op"] == "load_ahead":
            with self.interrupts.held_back():
                own("relive.worker.ahead").load(holds=sys.version_info >= _FIRST_TO_HOLD)
        elif message["op"] == "checkpoint":
            self._make_checkpoint(message["id"])
        elif message["op"] == "watch":
            with self.interrupts.held_back():
                self.checkpoints().watch(on=message["on"])
        elif message["op"] == "look":
            with self.interrupts.held_back():
                self.checkpoints().look(message["id"])
        elif message["op"] == "examples":
            self._answer_unseen(self.examples(), message)
        elif message["op"] in _ABOUT_TESTS:
            self.evaluator.traces.forget()  # fixtures give names values
            self.tester().answer(message)
        elif message["op"] in _ABOUT_HELD:
            self.pauses.answer(message)
        else:
            with self.interrupts.held_back():
                self.main.send(self.redefine(message))

    def _answer_unseen(self, who: Viewer | Examples, message: dict[str, Any]) -> None:
        """Have a question answered by code whose calls are none of the program's."""
        captures = self.evaluator.captures
        captures.mute(on=True)
        try:
            who.answer(message)
        finally:
            captures.mute(on=False)

    def serve_control(self) -> None:
        """Answer on the control thread; end the process when the daemon is gone."""
        try:
            while True:
                message = self.control.receive()
                if message["op"] == "line":
                    self.streams.questions.answer(message)
                elif message["op"] == "interrupt":
                    self.interrupts.request(message["id"])
                elif message["op"] in _ABOUT_HELD:
                    self.pauses.answer_beside(message)
                else:
                    with self.quiet:
                        self.control.send(self._control_answer(message))
        except (EOFError, ConnectionError):
            hygiene.end_process_group()
        except OSError:  # user code has closed descriptors that are not its own
            os._exit(LOST_CHANNEL_STATUS)

    def greet(self, *, woken: int | None = None, warnings: list[str] | None = None) -> None:
        """Tell the daemon that this process is there, or that a checkpoint's copy goes on."""
        self.main.send(
            {
                "op": "hello",
                "protocol": PROTOCOL_VERSION,
                "pid": os.getpid(),
                "version": sys.version.split()[0],
                "woken": woken,
                "warnings": warnings or [],
            }
        )

    def own_descriptors(self) -> set[int]:
        """Return the descriptors that are Relive's and not the program's."""
        channels = {self.main.fd, self.control.fd, self._stacks_fd, self._door_fd}
        return channels | self.descriptors.own() | self.waiting.descriptors()

    def go_on_with(self, main_fd: int, control_fd: int) -> None:
        """Go on as a copy of the process that began, with channels of its own."""
        self.main.begin(main_fd)
        self.control.begin(control_fd)
        self.interrupts.start_over()
        self.streams.start_over()
        self.waiting.start_over()

    def _make_checkpoint(self, number: int) -> None:
        try:
            checkpoints = self.checkpoints()
        except Exception as error:  # the program has patched what an import takes
            told = {"warnings": [], "pid": 0, "files": [], "seconds": 0.0, "kilobytes": 0}
            why_not = f"what makes one cannot be loaded: {type(error).__name__}"
            self.main.send({"op": "checkpointed", "id": number, "why_not": why_not, **told})
        else:
            checkpoints.make(number)

    def checkpoints(self) -> Checkpoints:
        """Return what makes checkpoints, loaded when the first is asked for."""
        if self._checkpoints is None:
            make = own("relive.worker.checkpoints.checkpoints").Checkpoints
            self._checkpoints = make(self, self._door_fd, self._stacks_fd)
        return self._checkpoints

    def viewer(self) -> Viewer:
        """Return what answers questions about values, loaded when the first one comes."""
        if self._viewer is None:
            make = own("relive.worker.viewing.viewer").Viewer
            shelf = self.evaluator.shelf
            make_scopes = own("relive.worker.viewing.scopes").Scopes
            scopes = make_scopes(self.namespaces, self.sources, shelf, self._held_locals)
            parts = (self.main, self.namespaces, self.image, shelf, self.interrupts)
            self._viewer = make(*parts, scopes)
        return self._viewer

    def examples(self) -> Examples:
        """Return what tries examples, loaded when the first one comes."""
        if self._examples is None:
            make = own("relive.worker.trying").Examples
            parts = self.main, self.namespaces, self.interrupts, self.image
            self._examples = make(*parts, self.evaluator.displays, self.streams.questions)
        return self._examples

    def tester(self) -> Tester:
        """Return what runs tests and sets up fixtures, loaded when it is first asked to."""
        if self._tester is None:
            make = own("relive.worker.testing.tester").Tester
            restored = partial(stacks.install, self._stacks_fd)  # pytest has its own use of them
            where = (self.main, self.namespaces, self.interrupts, self._workspace)
            self._tester = make(*where, restored)
        return self._tester

    def _hold_as(self, mode: str) -> None:
        """Have errors held, or not; what does it is loaded when they first are to be."""
        evaluator = self.evaluator
        if mode != "off" and evaluator.holding is None and sys.version_info >= _FIRST_TO_HOLD:
            make = own("relive.worker.holding.holding").Holding
            holding = make(self.pauses.pause, self.image.function_of)
            for region in (Evaluator.execute, Evaluator.call, Waiting.run, *Origins.regions()):
                holding.watch(region.__code__)
            evaluator.holding = holding
        if evaluator.holding is not None and evaluator.holding.mode != mode:
            try:
                evaluator.holding.mode = mode
            except ValueError:
                return  # a CPython whose bytecode is not known: its errors end as ever

    def let_threads_go(self) -> None:
        """Let threads that are held go on: the process waits for them as it ends."""
        if self._pauses is not None:
            self._pauses.let_threads_go()

    def _held_locals(self, hold: int, frame: int) -> dict[str, Any]:
        return self.pauses.locals(hold, frame)

    def _inside_frame(self, hold: int, frame: int) -> InsideFrame:
        return self.pauses.inside(hold, frame)

    @property
    def pauses(self) -> Pauses:
        """What is held, loaded when the first error could be."""
        if self._pauses is None:
            self._pauses = own("relive.worker.held.pauses").Pauses(self)
        return self._pauses

    @property
    def patches(self) -> Patches:
        """What is patched in libraries."""
        if self._patches is None:
            self._patches = own("relive.worker.patches").Patches(self.image.now)
        return self._patches

    def redefine(self, message: dict[str, Any]) -> dict[str, Any]:
        """Carry out what changes the image; every failure becomes part of the receipt."""
        self.evaluator.traces.forget()  # what functions and classes are is another by this
        # Late: the engine needs `ast` and more, and most evaluations do not need the engine.
        redefine = own("relive.worker.redefine.engine").redefine
        if message["op"] == "undo":
            undone: dict[str, Any] = own("relive.worker.redefine.undoing.undo").answer_undo(
                self.patches, message
            )
            return undone
        files = [each["file"] for each in message.get("files", ())]
        aside = self.evaluator.traces.aside(files)
        kind = "redefinition" if files else "reverting"
        cause = Cause(kind, self.sources.known_as(*files))
        self.image.history.begin(cause)
        self.changing = get_ident(), message["id"]
        try:
            if message["op"] == "revert":
                receipt = self.patches.revert(message)
            else:
                runs = None if aside is None else aside.runs
                change = partial(redefine, self.image.now, message, runs)
                receipt = self.patches.told(files, change)
            altered = receipt["altered"] if aside is None else aside.told(receipt["altered"])
            return {**receipt, "altered": altered, "undoable": self.image.history.has(cause)}
        finally:
            self.changing = None
            self.image.history.end()

    def _control_answer(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["op"] in ("redefine", "revert", "undo"):
            return self.redefine(message)
        try:
            is_captures = message["op"] in ("capture", "captured")
            answer = self._captured(message) if is_captures else self._look_up(message)
        except Exception:  # this thread must go on answering, whatever a module does
            answer = None
        return {"op": message["op"], "id": message["id"], "answer": answer}

    def _captured(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return what is captured, after a change of what is to be."""
        captures = self.evaluator.captures
        if message["op"] == "capture":
            captures.want(message["wishes"])
        return captures.told()

    def _look_up(self, message: dict[str, Any]) -> Any:
        """Return what is asked for: modules, patches, or the definitions of a file."""
        if message["op"] == "interrupts":
            stacks.write(self._stacks_fd)
            return self.interrupts.state()
        if message["op"] == "stop_tests":
            return self._tester is not None and self._tester.runs.stop(message["run"])
        if message["op"] == "loaded":
            return self.namespaces.loaded(message["files"])
        if message["op"] == "texts":
            return own("relive.worker.running_texts").running_texts(self.image.now, message["file"])
        if message["op"] == "patches":
            return [patch.to_wire() for patch in self.patches.all()]
        told = own("relive.worker.live_definitions").live_definitions
        return told(self.image.now, self.patches, message["files"], message["known"])


def run(main_fd: int, control_fd: int, stacks_fd: int, door_fd: int, workspace: str) -> None:
    """Serve until the daemon closes the channels. Does not return."""
    stacks.install(stacks_fd)
    worker = Worker(main_fd, control_fd, stacks_fd, door_fd, workspace)
    hygiene.after_fork_in_child(
        worker.main.drop,
        worker.control.drop,
        partial(stacks.drop, stacks_fd),
        partial(stacks.drop, door_fd),
    )
    hygiene.fork_when_free(worker.quiet)
    worker.streams.install()
    worker.interrupts.install()
    start_new_thread(worker.serve_control, ())
    worker.greet()
    try:
        worker.serve_main()
    except (EOFError, ConnectionError):
        worker.let_threads_go()
        hygiene.end_politely()
    except OSError:  # user code has closed descriptors that are not its own
        os._exit(LOST_CHANNEL_STATUS)
    except BaseException:
        _end_at_a_defect()


def _end_at_a_defect() -> None:
    """Say what went wrong and end at once: an ordinary end would wait for the user's threads."""
    try:
        sys.excepthook(*sys.exc_info())
        flush()
    finally:
        os._exit(1)
