"""Runs programs plain and prepared, and compares what tools see of them; in the interpreter it is started with.

It is given programs as JSON and writes, for each, what differs. What is held is let go at once.
"""

from __future__ import annotations

import inspect
import json
import linecache
import re
import sys
import traceback
from collections.abc import Callable

from stage import FILE, Stage, Text, compile_user

from relive.worker.own import own

plain = own("relive.worker.compiling").plain
ADDRESS = re.compile(r"0x[0-9a-f]+")
SHOWN = ("told", "traced", "monitored")
MONITORED = ("PY_START", "PY_RETURN", "PY_YIELD", "PY_UNWIND", "LINE", "RAISE", "JUMP")


class Seen:
    """What one run showed."""

    def __init__(self, text: str, *, prepared: bool) -> None:
        self.traced: list = []
        self.monitored: list = []
        self.told: dict = {}
        self._text, self._prepared = text, prepared

    def run(self, stage: Stage, expression: str | None, look: Callable[[], object]) -> None:
        """Run the program as `stage` does, `look` having been called before and after."""
        scope = stage.scope = {"__name__": "program", "LOG": []}
        try:
            for statement in Text(self._text, FILE, 0, 0, 0).statements:
                self.evaluate(stage, statement.compile(0)[0], scope)
            if expression is not None:
                look()
                code = compile_user(compile(expression, FILE, "eval", 1024), FILE, "eval", 0)
                self.told["value"] = ADDRESS.sub("", repr(self.evaluate(stage, code, scope)))
        except BaseException as error:
            self.told["error"] = ADDRESS.sub("", "".join(told_of(error)))
        finally:
            look()
        self.told["log"] = ADDRESS.sub("", repr(scope["LOG"]))
        self.told["sources"] = sources(scope)

    def evaluate(self, stage: Stage, code, scope):
        """Run code, undressed where it is to be plain."""
        return stage.evaluate(code if self._prepared else plain(code), scope)

    def trace(self, frame, event, argument):
        """Note an event, with the values of the variables."""
        if frame.f_code.co_filename != FILE:
            return None
        values = {} if frame.f_locals is frame.f_globals else dict(frame.f_locals)
        shown = ADDRESS.sub("", repr(sorted((n, v) for n, v in values.items() if is_plain(v))))
        self.traced.append([event, frame.f_code.co_qualname, frame.f_lineno, shown])
        return self.trace

    def monitor(self, name: str) -> Callable[..., None]:
        def note(code, *about):
            if code.co_filename == FILE:
                place = [about[0]] if name == "LINE" else []
                self.monitored.append([name, code.co_qualname, *place])

        return note


def is_plain(value: object) -> bool:
    return type(value) in (int, str, float, bool, type(None))


def told_of(error: BaseException) -> list[str]:
    """Return the formatted exception without the frames of the stage."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != FILE:
        trace = trace.tb_next
    return traceback.format_exception(type(error), error.with_traceback(trace), trace)


def sources(scope: dict) -> dict:
    """Return what `inspect` and `dis` tell of the functions at top level."""
    found = {}
    for name, value in scope.items():
        if inspect.isfunction(value):
            code = plain(value.__code__)
            lines = list(value.__code__.co_lines())
            found[name] = [
                inspect.getsource(value),
                str(inspect.signature(value)),
                sorted({line for _, _, line in lines if line}),
                [list(each) for each in value.__code__.co_positions()][: len(code.co_code) // 2],
                value.__code__.co_names,
                value.__code__.co_varnames,
                value.__code__.co_flags,
            ]
    return found


def compare(case: dict) -> list:
    """Run a case both ways under each kind of tool; return what differs."""
    differences = []
    linecache.cache[FILE] = len(case["before"]), None, case["before"].splitlines(True), FILE
    for tool in (under_nothing, under_settrace, under_monitoring):
        runs = []
        for prepared in (False, True):
            stage.actions, stage.notes = [{"do": "abandon"}] * 20, []
            seen = Seen(case["before"], prepared=prepared)
            tool(seen, case.get("run"))
            runs.append(seen)
        one, other = runs
        pairs = [(name, vars(one)[name], vars(other)[name]) for name in SHOWN]
        differences += [[tool.__name__, *each] for each in pairs if each[1] != each[2]]
    return differences


def under_nothing(seen: Seen, expression: str | None) -> None:
    seen.run(stage, expression, lambda: None)


def under_settrace(seen: Seen, expression: str | None) -> None:
    def look():
        sys.settrace(None if sys.gettrace() else seen.trace)

    seen.run(stage, expression, look)
    sys.settrace(None)


def under_monitoring(seen: Seen, expression: str | None) -> None:
    if sys.version_info < (3, 12):
        return
    tools = sys.monitoring
    tools.use_tool_id(3, "alike")
    wanted = 0
    for name in MONITORED:
        event = getattr(tools.events, name)
        wanted |= event
        tools.register_callback(3, event, seen.monitor(name))
    tools.set_events(3, wanted)
    try:
        seen.run(stage, expression, lambda: None)
    finally:
        tools.set_events(3, 0)
        tools.free_tool_id(3)


stage = Stage()

if __name__ == "__main__":
    for each in json.load(sys.stdin):
        print(json.dumps([each["name"], compare(each)], default=repr), flush=True)
