"""Random programs, each step of which fails once and is gone on from; run as

    python tests/holding/fuzz.py PROGRAMS [SEED]

with each interpreter that can hold errors. What comes of every run must equal a run that never
failed and was compiled plainly. It prints counts, and the programs that differ.
"""

from __future__ import annotations

import sys
import time

from programs import Writer
from stage import FILE, Stage, Text, refused

MOST_STEPS = 60
"""Of a program: more say little more."""
WAYS = ("retry", "edited")


class Fault(Exception):  # noqa: N818 - as it is called where such runs are made
    """Happens once."""


class Steps:
    """Counts the steps of a run, and lets one of them fail."""

    def __init__(self, failing: int | None) -> None:
        self.count = 0
        self.failing = failing
        self.log: list = []

    def __call__(self, number, value):
        self.count += 1
        if self.count > 400:
            raise SystemExit
        if self.count == self.failing:
            self.failing = None
            raise Fault(number)
        self.log.append(number)
        return value


class Fuzzer:
    """One stage for all programs."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.stage.pause = self.pause
        self.stage.holding._judge._pause = self.pause
        self.edit: str | None = None
        self.runs = self.refused = self.unheld = 0
        self.different: list[str] = []
        self.reasons: dict[str, int] = {}
        self.compiled: dict[str, list] = {}

    def pause(self, hold):
        if not isinstance(hold.exception, Fault):
            return hold.abandon()
        self.held += 1
        if self.edit is not None:
            self.define(self.edit)
        try:
            return hold.retry(0)
        except refused as reason:
            self.why = str(reason)
            return hold.abandon()

    def define(self, text):
        """Evaluate a program, which is compiled once."""
        if text not in self.compiled:
            statements = Text(text, FILE, 0, 0, 0).statements
            self.compiled[text] = [each.compile(0)[0] for each in statements]
        for code in self.compiled[text]:
            exec(code, self.stage.scope)

    def plain(self, text):
        """Run without anything of ours."""
        steps, scope = Steps(None), {"__name__": "program", "LOG": []}
        scope["S"] = steps
        exec(compile(text, FILE, "exec"), scope)
        return self.outcome(scope["main"], steps, scope)

    def outcome(self, run, steps, scope):
        try:
            value = ["value", run()]
        except BaseException as error:
            value = ["error", repr(error)]
        return value, steps.log, scope["LOG"], steps.count

    def held_run(self, text, failing):
        steps = Steps(failing)
        self.stage.scope = {"__name__": "program", "LOG": [], "S": steps}
        self.held, self.why = 0, None
        self.define(text)
        run = self.stage.compiled("main()")
        return self.outcome(
            lambda: self.stage.evaluate(run, self.stage.scope), steps, self.stage.scope
        )

    def program(self, seed):
        """Let each step of one program fail."""
        text = Writer(seed).program()
        expected = self.plain(text)
        steps = expected[3]
        if steps > 400:
            return
        edited = Writer(seed, spread=True).program()
        unfailed = self.held_run(text, None)
        if unfailed != expected:
            self.different.append(f"seed {seed}, dressed: {_other(expected, unfailed)}")
        for failing in range(1, min(steps, MOST_STEPS) + 1):
            for way in WAYS:
                self.edit = edited if way == "edited" else None
                told = self.held_run(text, failing)
                self.judge(seed, failing, way, expected, told)

    def judge(self, seed, failing, way, expected, told):
        self.runs += 1
        if self.why is not None:
            self.refused += 1
            self.reasons[self.why] = self.reasons.get(self.why, 0) + 1
        elif not self.held:
            self.unheld += 1
        elif told[:3] != expected[:3]:
            self.different.append(f"seed {seed}, step {failing}, {way}: {_other(expected, told)}")


def _other(expected, told):
    """Say where two runs part."""
    for name, one, other in zip(("value", "steps", "managers"), expected, told, strict=False):
        if one != other:
            at = next(
                (n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
                min(len(one), len(other)),
            )
            return f"{name} from {at}: {one[at:][:6]} and {other[at:][:6]}"
    return "nothing"


def main() -> int:
    """Run as many programs as asked for; return 1 if one differs."""
    programs = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    fuzzer, began = Fuzzer(), time.perf_counter()
    for number in range(seed, seed + programs):
        fuzzer.program(number)
    version = ".".join(map(str, sys.version_info[:2]))
    print(
        f"{version}: {programs} programs, {fuzzer.runs} faults, {len(fuzzer.different)} different, "
        f"{fuzzer.refused} refused, {fuzzer.unheld} not held, {time.perf_counter() - began:.0f} s"
    )
    for reason, count in fuzzer.reasons.items():
        print(f"  refused {count} times: {reason}")
    for each in fuzzer.different[:3]:
        print(each)
    return bool(fuzzer.different)


if __name__ == "__main__":
    sys.exit(main())
