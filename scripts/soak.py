"""Hours of use in minutes: very many evaluations against a real daemon, with trouble in between.

    .venv/bin/python scripts/soak.py --evaluations 100000

Values, output, errors, redefinitions and edits, several requests under way at a time; meanwhile
evaluations are interrupted, workers killed, made to exit and restarted. Each request must have one
answer, and the right one unless trouble came in its way. At the end it prints the memory of daemon
and worker as it went, and whether both stayed flat. The last third is without deaths, so that one
worker lives long enough for a leak of its own to show.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from relive.lsp.frames import FrameReader, frame

WINDOW = 8
"""Requests under way at a time, at most."""
PATIENCE_S = 60
"""For anything to come from the daemon; only a failing run waits this long."""
SAMPLES = 40
ENOUGH_TO_JUDGE = 20_000
"""Evaluations below which memory says nothing yet: caches are still filling."""
GROWTH, SLACK_MB = 1.10, 3.0
"""What counts as flat: so much more at the end than after the first third."""

Message = dict[str, Any]


class SoakError(Exception):
    """Something was not as it has to be."""


@dataclass(eq=False)  # one is not another that asks for the same
class Request:
    """What was asked, and what may come of it."""

    what: str
    may: set[str]
    value: str | None = None
    """The value it has if it ends well."""
    price: int | None = None
    """Or the lowest that it may have."""


class Daemon:
    """A daemon process, driven over its standard streams."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-m", "relive"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.waiting: dict[int, Callable[[Message], None]] = {}
        self.session: Message = {"state": "idle", "pid": None, "generation": 0}
        self.on_progress: Callable[[Message], None] = lambda params: None
        self.on_session: Callable[[Message], None] = lambda params: None
        self._frames = FrameReader()
        self._last_id = 0
        uri = folder.as_uri()
        folders = [{"uri": uri, "name": "soak"}]
        opening = {"processId": os.getpid(), "rootUri": uri, "workspaceFolders": folders}
        # An error that is held has a second answer, which comes when somebody lets it go on.
        options = {"settings": {"holdErrors": "off"}}
        about = {**opening, "capabilities": {}, "initializationOptions": options}
        self.call("initialize", about)
        self.notify("initialized", {})

    def request(self, method: str, params: Any, done: Callable[[Message], None]) -> None:
        self._last_id += 1
        self.waiting[self._last_id] = done
        self._send({"id": self._last_id, "method": method, "params": params})

    def command(self, name: str, argument: Message, done: Callable[[Message], None]) -> None:
        params = {"command": name, "arguments": [argument]}
        self.request("workspace/executeCommand", params, done)

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def call(self, method: str, params: Any) -> Message:
        answers: list[Message] = []
        self.request(method, params, answers.append)
        self.pump_until(lambda: bool(answers))
        return answers[0]

    def pump_until(self, is_done: Callable[[], bool]) -> None:
        """Take what the daemon says until `is_done()`."""
        assert self.process.stdout is not None
        out = self.process.stdout.fileno()
        while not is_done():
            if not select.select([out], [], [], PATIENCE_S)[0]:
                raise SoakError(f"nothing came for {PATIENCE_S} s; {len(self.waiting)} wait")
            data = os.read(out, 1 << 20)
            if not data:
                raise SoakError("the daemon has ended")
            for body in self._frames.feed(data):
                self._take(json.loads(body))

    def stop(self) -> None:
        self.call("shutdown", None)
        self.notify("exit", None)
        if self.process.wait(PATIENCE_S) != 0:
            raise SoakError(f"the daemon ended with status {self.process.returncode}")

    def _take(self, message: Message) -> None:
        method = message.get("method")
        if method is None:
            done = self.waiting.pop(message["id"], None)
            if done is None:
                raise SoakError(f"a second answer to request {message['id']}")
            done(message)
        elif method == "relive/session":
            self.on_session(message["params"])
            self.session = message["params"]
        elif method == "relive/progress":
            self.on_progress(message["params"])

    def _send(self, message: Message) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(frame(json.dumps({"jsonrpc": "2.0", **message}).encode()))
        self.process.stdin.flush()


@dataclass
class Sample:
    """Where it stood at one moment."""

    evaluations: int
    seconds: float
    daemon_mb: float
    worker_mb: float | None
    worker_age: int
    generation: int
    descriptors: int

    def __str__(self) -> str:
        worker = "-" if self.worker_mb is None else f"{self.worker_mb:.1f}"
        return (
            f"{self.evaluations:11,}  {self.seconds:7.1f}  {self.daemon_mb:9.1f}  {worker:>9}"
            f"  {self.worker_age:7,}  {self.generation:10}  {self.descriptors:20}"
        )


_HEAD = "evaluations  seconds  daemon MB  worker MB  its age  worker no.  daemon's descriptors"


@dataclass
class Soak:
    """One run."""

    daemon: Daemon
    uri: str
    total: int
    chance: random.Random
    done: int = 0
    price: int = 0
    under_way: list[Request] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    redefinitions: dict[int, str] = field(default_factory=dict)
    """What became of those to each price."""
    doubtful: list[tuple[Request, int]] = field(default_factory=list)
    """Calls that ran an older text, though a redefinition that was asked for before has no answer
    yet: unless that was refused, it is wrong."""
    doomed: int | None = None
    """The generation of a worker that was killed and is not known to be dead yet."""
    worker_since: tuple[int, int] = (0, 0)
    """The generation of the present worker, and the evaluations before it."""

    def run(self) -> None:
        started = time.monotonic()
        print(_HEAD)
        item = {"uri": self.uri, "languageId": "python", "version": 1, "text": self._text()}
        self.daemon.notify("textDocument/didOpen", {"textDocument": item})
        self.daemon.on_session = self._see_session
        trouble = self._troubles()
        while self.done < self.total:
            self._count(next(self._usual())())
            if self.done in trouble:
                self._count(trouble[self.done]())
            self.daemon.pump_until(lambda: len(self.under_way) < WINDOW)
            if self.done * SAMPLES // self.total > len(self.samples):
                self._sample(time.monotonic() - started)
        self.daemon.pump_until(lambda: not self.daemon.waiting)
        if self.doubtful:
            raise SoakError(f"no end of redefinitions that calls did not see: {self.doubtful}")

    # -- what is asked -----------------------------------------------------------------------------

    def _usual(self) -> Iterator[Callable[[], str]]:
        kinds = [self._value, self._state, self._output, self._error, self._broken, self._method]
        weights = [40, 15, 10, 10, 5, 15]
        while True:
            kind = self.chance.choices([*kinds, self._redefine], [*weights, 5])[0]
            yield kind

    def _value(self) -> str:
        a, b = self.chance.randrange(10**6), self.chance.randrange(10**6)
        return self._evaluate("value", f"{a} + {b}", "ok", str(a + b))

    def _state(self) -> str:
        code = "seen = [n * n for n in range(500)]\nlen(seen)"
        return self._evaluate("several statements", code, "ok", "500")

    def _output(self) -> str:
        return self._evaluate("output", "for n in range(50): print('line', n)\n7", "ok", "7")

    def _error(self) -> str:
        return self._evaluate("error", "def f(): raise ValueError([1])\nf()", "error", None)

    def _broken(self) -> str:
        return self._evaluate("syntax error", "class (", "error", None)

    def _method(self) -> str:
        """Call the function, whose value tells which of its texts ran.

        It is the one that stood there or a later one: redefining overtakes what waits.
        """
        self._evaluate("call", "Shop().total(1)", "ok", None, uri=self.uri)
        self.under_way[-1].price = self.price
        return "call"

    def _redefine(self) -> str:
        self.price += 1
        change = {"text": self._text()}
        document = {"uri": self.uri, "version": self.price + 1}
        self.daemon.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [change]}
        )
        # Refused while nothing of the file is loaded; whether it took effect, a later call tells.
        request = self._request("redefinition", {"ok", "refused"})
        argument, price = {"uri": self.uri, "name": "Shop.total"}, self.price
        self.redefinitions[price] = "under way"

        def done(message: Message) -> None:
            self._answered(request, message)
            result = message["result"]
            outcomes = [each["outcome"] for each in result["definitions"]]
            self.redefinitions[price] = " ".join([result["status"], *outcomes])
            doubtful, self.doubtful = self.doubtful, []
            for call, found in doubtful:
                self._check_price(call, found)

        self.daemon.command("relive.redefine", argument, done)
        return "redefinition"

    def _text(self) -> str:
        return f"class Shop:\n    def total(self, n):\n        return n * {self.price}\n"

    def _evaluate(self, what: str, code: str, status: str, value: str | None, **more: Any) -> str:
        self.done += 1
        request = self._request(what, {status}, value)
        argument = {"text": code, **more}
        self.daemon.command("relive.evaluateText", argument, lambda m: self._answered(request, m))
        return what

    # -- trouble -----------------------------------------------------------------------------------

    def _troubles(self) -> dict[int, Callable[[], str]]:
        """Return what goes wrong, by the number of evaluations after which it does."""
        mild = cycle([self._endless, self._interrupt])
        deadly = cycle([self._kill, self._exit, self._restart])
        found: dict[int, Callable[[], str]] = {}
        for number in self._times(self.total // 100, self.total):
            found[number] = next(mild)
        for number in self._times(max(6, self.total // 1500), self.total * 2 // 3):
            found[number] = next(deadly)
        return found

    def _times(self, count: int, before: int) -> list[int]:
        return self.chance.sample(range(1, before), min(count, before - 1))

    def _endless(self) -> str:
        """Interrupt code that would run for ever, once it runs."""
        token, runs = f"endless {self.done}", []

        def hear(params: Message) -> None:
            if params.get("token") == token and params["state"] == "running":
                runs.append(params)

        self.daemon.on_progress = hear
        self._evaluate("endless loop", "while True: pass", "interrupted", None, token=token)
        endless = self.under_way[-1]
        self.daemon.pump_until(lambda: bool(runs) or endless not in self.under_way)
        self._interrupt()
        self.daemon.pump_until(lambda: endless not in self.under_way)
        return "interrupt of a loop"

    def _interrupt(self) -> str:
        """Interrupt whatever happens to be under way."""
        for request in self.under_way:
            request.may.add("interrupted")
        self.daemon.command("relive.interrupt", {}, lambda message: None)
        return "interrupt at any moment"

    def _kill(self) -> str:
        pid = self.daemon.session["pid"]
        if pid is not None and self.daemon.session["state"] != "dead":
            self.doomed = self.daemon.session["generation"]
            self._allow_death()
            os.kill(pid, signal.SIGKILL)
        return "kill"

    def _exit(self) -> str:
        self._evaluate("exit", "import os; os._exit(3)", "died", None)
        self.doomed = self.daemon.session["generation"]
        self._allow_death()
        return "exit"

    def _restart(self) -> str:
        self._allow_death()
        restarted: list[Message] = []
        self.daemon.command("relive.restart", {}, restarted.append)
        self.daemon.pump_until(lambda: bool(restarted))
        return "restart"

    def _allow_death(self) -> None:
        for request in self.under_way:
            request.may |= {"died", "error"}  # a redefinition's worker is gone: that is an error

    # -- answers -----------------------------------------------------------------------------------

    def _request(self, what: str, may: set[str], value: str | None = None) -> Request:
        request = Request(what, may, value)
        self.under_way.append(request)
        if self.doomed is not None:
            generation, state = self.daemon.session["generation"], self.daemon.session["state"]
            if generation > self.doomed and state != "dead":
                self.doomed = None
            else:
                request.may |= {"died", "error"}
        return request

    def _answered(self, request: Request, message: Message) -> None:
        self.under_way.remove(request)
        answer = message.get("result")
        if answer is None:
            raise SoakError(f"{request.what} was refused: {message.get('error')}")
        if answer["status"] not in request.may:
            raise SoakError(f"{request} ended as {answer['status']}: {answer['error']}")
        if answer["status"] == "ok" and (request.value, request.price) != (None, None):
            self._check_value(request, answer["results"][-1]["value"]["text"])

    def _check_value(self, request: Request, text: str) -> None:
        if "interrupted" in request.may and text.endswith(": showing it was interrupted>"):
            return
        if request.price is not None:
            self._check_price(request, int(text))
        elif text != request.value:
            raise SoakError(f"{request} gave {text}")

    def _see_session(self, session: Message) -> None:
        """Note what a process that came back from a checkpoint may no longer have."""
        is_another = session["generation"] != self.daemon.session["generation"]
        if is_another and session.get("cameBack") is not None:
            for price, outcome in self.redefinitions.items():
                if outcome.startswith("ok"):
                    self.redefinitions[price] = "undone"

    def _check_price(self, request: Request, found: int) -> None:
        missed = range(found + 1, (request.price or 0) + 1)
        outcomes = {self.redefinitions[price] for price in missed}
        if found > self.price or any(each.startswith("ok") for each in outcomes):
            raise SoakError(f"{request} gave {found}; the redefinitions since: {outcomes}")
        if "under way" in outcomes:
            self.doubtful.append((request, found))

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    # -- memory ------------------------------------------------------------------------------------

    def _sample(self, seconds: float) -> None:
        session = self.daemon.session
        if session["generation"] != self.worker_since[0]:
            self.worker_since = (session["generation"], self.done)
        daemon = self.daemon.process.pid
        self.samples.append(
            Sample(
                self.done,
                seconds,
                memory_mb(daemon) or 0.0,
                None if session["pid"] is None else memory_mb(session["pid"]),
                self.done - self.worker_since[1],
                session["generation"],
                len(os.listdir(f"/proc/{daemon}/fd")),
            )
        )
        print(self.samples[-1], flush=True)


def memory_mb(pid: int) -> float | None:
    """Return the resident memory of a process; None if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) / 1024 if found else None


def is_flat(values: list[float]) -> bool:
    """Whether the last quarter is no higher than the second, which is after the caches filled."""
    quarter = len(values) // 4
    early, late = values[quarter : 2 * quarter], values[-quarter:]
    return quarter == 0 or max(late) <= max(early) * GROWTH + SLACK_MB


def report(soak: Soak) -> bool:
    """Print what happened; return whether memory stayed flat, as far as that can be said."""
    for what, count in sorted(soak.counts.items()):
        print(f"{count:8,} {what}")
    print(f"{soak.done:,} evaluations, each answered once; {len(soak.daemon.waiting)} wait.")
    if soak.total < ENOUGH_TO_JUDGE:
        print(f"Too few to judge memory by; that takes {ENOUGH_TO_JUDGE:,}.")
        return True
    last = [each for each in soak.samples if each.generation == soak.samples[-1].generation]
    daemon = is_flat([each.daemon_mb for each in soak.samples])
    worker = is_flat([each.worker_mb for each in last if each.worker_mb is not None])
    print(
        f"Memory: daemon {'flat' if daemon else 'GROWS'}, worker {'flat' if worker else 'GROWS'}."
    )
    return daemon and worker


def main(arguments: list[str] | None = None) -> int:
    """Run; return 0 if everything was as it has to be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--evaluations", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(Path(folder))
        uri = (Path(folder) / "shop.py").as_uri()
        soak = Soak(daemon, uri, options.evaluations, random.Random(options.seed))
        try:
            soak.run()
            flat = report(soak)
            daemon.stop()
        except SoakError as error:
            print(f"after {soak.done:,} evaluations: {error}", file=sys.stderr)
            return 1
        finally:
            daemon.process.kill()
            daemon.process.wait()
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
