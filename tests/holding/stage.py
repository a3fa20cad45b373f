"""Runs programs with their errors held, in the interpreter that it is started with.

It is given cases as JSON on its standard input and writes what came of each. Part of the tests, and
run by them in each version of Python: no worker and no daemon, just the engine.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(__file__), *[os.pardir] * 2, "server"))

from relive.worker.own import own

compile_user = own("relive.worker.compiling").compile_user
Text = own("relive.worker.statements").Text
Edit = own("relive.worker.holding.toplevel").Edit
declared = own("relive.worker.in_function").declared
VALUE = own("relive.worker.statements").VALUE
make_holding = own("relive.worker.holding.holding").Holding
refused = own("relive.worker.holding.going_on").Refused
FILE = "<program>"


class Stage:
    """One interpreter's cases, one after another."""

    def __init__(self) -> None:
        self.holding = make_holding(self.pause, lambda code: None)
        self.holding.watch(Stage.evaluate.__code__)
        self.holding.mode = "workspace"
        self.actions: list = []
        self.notes: list = []
        self.scope: dict = {}
        self.text = ""

    def evaluate(self, code, scope):
        """What user code runs in."""
        return eval(code, scope)

    def define(self, text, line=0, file=FILE):
        """Evaluate `text` as it stands on `line` of its file."""
        statements = Text(text, file, line, 0, 0).statements
        for place, statement in enumerate(statements):
            self.holding.rest_waits = place < len(statements) - 1
            code, mode = statement.compile(0)
            value = self.evaluate(code, self.scope)
            self.holding.rest_waits = False
            if mode == "assign":
                value = self.scope.pop(VALUE)
            self.scope["LAST"] = value

    def redefine(self, text, line):
        """Evaluate `text`, with its functions changed in place."""
        before = {n: v for n, v in self.scope.items() if type(v) is type(main)}
        self.define(text, line)
        for name, old in before.items():
            new = self.scope[name]
            if new is not old and type(new) is type(main) and new.__code__.co_name == name:
                old.__code__ = new.__code__

    def compiled(self, expression):
        """Return an expression's code, as that of an evaluation is compiled."""
        return compile_user(ast.parse(expression, FILE, "eval"), FILE, "eval", 0)

    def pause(self, hold):
        """Do what the case says for the hold that is next."""
        if not self.actions:
            self.notes.append(["unexpected", repr(hold.exception)])
            return hold.abandon()
        action = dict(self.actions.pop(0))
        self.notes.append(
            [
                type(hold.exception).__name__,
                [frame.name for frame in hold.frames],
                hold.frames[0].line + 1,
            ]
        )
        try:
            return self.act(hold, action)
        except refused as reason:
            self.notes.append(["refused", str(reason)])
            return hold.abandon()

    def act(self, hold, action):
        """Carry out one action of a case."""
        if "run" in action:
            self.define(action["run"])
        if "loose" in action:
            self.define(action["loose"], file="<evaluation 2>")
        if "edit" in action:
            self.redefine(action["edit"], action.get("at", 0))
        frame = action.get("frame", 0)
        for text in action.get("evaluate", ()):
            self.look(hold, action.get("look", frame), text)
        do = action["do"]
        if do == "retry":
            edit = Edit(self.text, action["file"]) if "file" in action else None
            where = frame, action.get("line"), edit
            point = hold.resume_point(*where)
            self.notes.append(["certain" if point.certain else "doubtful", point.line + 1])
            return hold.retry(*where)
        if do == "restart":
            return hold.restart(frame)
        if do == "return":
            return hold.give_back(frame, eval(action["value"], self.scope))
        return hold.abandon()

    def look(self, hold, frame, text):
        """Run a text in a frame that is held, and note its value."""
        held = hold.frames[frame]
        value = "nothing"
        try:
            statements = Text(text, "<held>", 0, 0, 0).statements
            outside = declared(statements)
            for statement in statements:
                piece = held.compiled(statement.node, "<held>", 0, outside)
                given = held.given(piece, hold.evaluate(frame, piece))
                if piece.gives and not callable(given):
                    value = repr(given)
        except Exception as error:
            value = repr(f"raises {type(error).__name__}".replace("UnboundLocal", "Name"))
        self.notes.append(["value", value])

    def run(self, case):
        """Run one case; return its outcome, what the program logged, and what happened."""
        self.actions, self.notes = list(case["actions"]), []
        self.scope = {"__name__": "program", "LOG": []}
        self.holding.rest_waits = False
        outcome = None
        try:
            self.text = case["before"]
            self.define(self.text)
            if "run" in case:
                value = self.evaluate(self.compiled(case["run"]), self.scope)
                outcome = ["value", repr(value)]
            else:
                outcome = ["done"]
        except BaseException as error:
            outcome = ["error", f"{type(error).__name__}: {error}"]
            if case.get("traceback"):
                outcome.append(traceback.format_exc())
        return {"outcome": outcome, "log": self.scope["LOG"], "notes": self.notes,
                "left": len(self.actions)}  # fmt: skip


def main() -> None:
    """Run the cases that are given."""
    stage = Stage()
    for case in json.load(sys.stdin):
        try:
            told = stage.run(case)
        except BaseException:
            told = {"outcome": ["defect", traceback.format_exc()]}
        print(json.dumps({"name": case["name"], **told}, default=repr), flush=True)


if __name__ == "__main__":
    main()
