"""Random programs for the fuzzer: each statement is one step, which can be made to fail once."""

from __future__ import annotations

import random

PRELUDE = """
import asyncio


class Manager:
    def __init__(self, name, swallows=False):
        self.name = name
        self.swallows = swallows

    def __enter__(self):
        LOG.append(("enter", self.name))
        return self.name

    def __exit__(self, kind, value, trace):
        LOG.append(("exit", self.name, kind and kind.__name__))
        return self.swallows

    async def __aenter__(self):
        await asyncio.sleep(0)
        return self.__enter__()

    async def __aexit__(self, *about):
        await asyncio.sleep(0)
        return self.__exit__(*about)


async def items(count):
    for each in range(count):
        await asyncio.sleep(0)
        yield each
"""


class Writer:
    """Writes one program; `spread` puts lines and statements without effect in between."""

    def __init__(self, seed: int, *, spread: bool = False) -> None:
        self._random = random.Random(seed)
        self._spread = random.Random(seed + 1) if spread else None
        self._lines: list[str] = []
        self._steps = 0
        self._names = 0

    def program(self) -> str:
        """Return the text: functions that call those before them, and `main`."""
        self._lines = PRELUDE.splitlines()
        made: list[tuple[str, str]] = []
        for number in range(self._random.randint(2, 4)):
            kind = self._random.choice(["plain", "plain", "generator", "coroutine", "closure"])
            self._function(f"f{number}", kind, made)
            made.append((f"f{number}", kind))
        self._function("main", "plain", made)
        return "\n".join(self._lines) + "\n"

    def _put(self, depth: int, text: str) -> None:
        if self._spread is not None and self._spread.random() < 0.25:
            self._lines.append("# a line more")
        self._lines.append("    " * depth + text)

    def _step(self, value: str) -> str:
        self._steps += 1
        return f"S({self._steps}, {value})"

    def _function(self, name: str, kind: str, made: list[tuple[str, str]]) -> None:
        begin = "async def" if kind == "coroutine" else "def"
        self._put(0, f"{begin} {name}(a=1):")
        self._put(1, "x = y = 0")
        if kind == "closure":
            self._put(1, "total = 0")
            self._put(1, "def inner(step):")
            self._put(2, "nonlocal total")
            self._put(2, f"total += {self._step('step')}")
            self._put(2, "return total + x")
        self._block(1, 3, kind, made, loop=False, raises=False)
        if kind == "closure":
            self._put(1, "z = inner(2)")
            self._put(1, f"x = {self._step('z')}")
            self._put(1, "y = inner(3)")
        self._put(1, f"return {self._step('x + y')}")

    def _block(
        self, depth: int, size: int, kind: str, made: list, *, loop: bool, raises: bool
    ) -> None:
        for _ in range(self._random.randint(1, size)):
            self._statement(depth, kind, made, loop=loop, raises=raises)
            if self._spread is not None and self._spread.random() < 0.2:
                self._put(depth, "spare = 1")

    def _statement(self, depth: int, kind: str, made: list, *, loop: bool, raises: bool) -> None:
        simple = ["assign", "assign", "call", "comprehension"]
        if kind == "generator":
            simple += ["yield", "yield"]
        if kind == "coroutine":
            simple += ["await", "await"]
        if loop:
            simple += ["break", "continue"]
        if raises:
            simple += ["raise", "raise"]
        if self._random.random() < 0.1:
            simple += ["return"]
        blocks = ["for", "while", "if", "with", "try", "finally", "match", "both"]
        if kind == "coroutine":
            blocks += ["async for", "async with"]
        choice = self._random.choice(
            simple if depth > 4 or self._random.random() < 0.45 else blocks
        )
        getattr(self, "_" + choice.replace(" ", "_"))(depth, kind, made, loop, raises)

    def _assign(self, depth, *_):
        self._put(depth, f"{self._random.choice('xy')} = {self._step('x + 1')}")

    def _call(self, depth, kind, made, *_):
        if not made:
            return self._assign(depth)
        name, called = self._random.choice(made)
        text = {
            "generator": f"sum(v or 0 for v in {name}(x))",
            "coroutine": f"asyncio.run({name}(x))",
        }
        if called == "coroutine" and kind == "coroutine":
            return self._put(depth, f"y = await {name}(x)")
        if called == "coroutine" and kind != "coroutine" and not self._is_outside(kind):
            return self._assign(depth)
        if called == "generator" and kind == "generator":
            return self._put(depth, f"y = (yield from {name}(x))")
        how = self._random.choice(
            ["{}", "list(map(lambda v: v, [{}]))[0]", "max([3, 1], key=lambda v: {})"]
        )
        return self._put(depth, f"y = {how.format(text.get(called, f'{name}(x)'))}")

    def _is_outside(self, kind):
        return False

    def _comprehension(self, depth, *_):
        self._put(depth, f"y = len([i for i in {self._step('range(3)')} if i])")

    def _yield(self, depth, *_):
        self._put(depth, f"x = (yield {self._step('x')}) or x")

    def _await(self, depth, *_):
        self._put(depth, "await asyncio.sleep(0)")
        self._put(depth, f"x = {self._step('x + 2')}")

    def _break(self, depth, *_):
        self._put(depth, f"if {self._step('x % 3 == 1')}: break")

    def _continue(self, depth, *_):
        self._put(depth, f"if {self._step('x % 2 == 1')}: continue")

    def _return(self, depth, *_):
        self._put(depth, f"if x % 5 == 3: return {self._step('x')}")

    def _raise(self, depth, *_):
        self._put(depth, f"if {self._step('x % 2 == 0')}: raise KeyError(x)")

    def _for(self, depth, kind, made, loop, raises):
        self._names += 1
        what = self._random.choice(["range(3)", "iter([1, 2])", "[1, 2]"])
        self._put(depth, f"for v{self._names} in {self._step(what)}:")
        self._block(depth + 1, 2, kind, made, loop=True, raises=raises)
        if self._random.random() < 0.3:
            self._put(depth, "else:")
            self._block(depth + 1, 1, kind, made, loop=loop, raises=raises)

    def _while(self, depth, kind, made, loop, raises):
        self._names += 1
        name = f"n{self._names}"
        self._put(depth, f"{name} = 0")
        self._put(depth, f"while {self._step(f'{name} < 2')}:")
        self._put(depth + 1, f"{name} += 1")
        self._block(depth + 1, 2, kind, made, loop=True, raises=raises)

    def _if(self, depth, kind, made, loop, raises):
        self._put(depth, f"if {self._step('x % 2 == 0')}:")
        self._block(depth + 1, 2, kind, made, loop=loop, raises=raises)
        self._put(depth, "else:")
        self._block(depth + 1, 2, kind, made, loop=loop, raises=raises)

    def _with(self, depth, kind, made, loop, raises):
        self._names += 1
        name, swallow = self._names, self._random.random() < 0.2
        first = self._step(f"Manager('{name}', {swallow})")
        second = f", Manager('{name}b') as w{name}b" if self._random.random() < 0.3 else ""
        self._put(depth, f"with {first} as w{name}{second}:")
        self._block(depth + 1, 2, kind, made, loop=loop, raises=raises)

    def _try(self, depth, kind, made, loop, raises):
        self._put(depth, "try:")
        self._block(depth + 1, 2, kind, made, loop=loop, raises=True)
        self._put(
            depth, self._random.choice(["except KeyError as e:", "except (ValueError, KeyError):"])
        )
        self._block(depth + 1, 2, kind, made, loop=loop, raises=raises)
        if self._random.random() < 0.4:
            self._put(depth, "else:")
            self._block(depth + 1, 1, kind, made, loop=loop, raises=raises)

    def _finally(self, depth, kind, made, loop, raises):
        self._put(depth, "try:")
        self._block(depth + 1, 2, kind, made, loop=loop, raises=raises)
        self._put(depth, "finally:")
        self._block(depth + 1, 2, kind, made, loop=False, raises=False)

    def _both(self, depth, kind, made, loop, raises):
        self._put(depth, "try:")
        self._block(depth + 1, 2, kind, made, loop=loop, raises=True)
        self._put(depth, "except KeyError as e:")
        self._block(depth + 1, 2, kind, made, loop=loop, raises=False)
        self._put(depth, "finally:")
        self._block(depth + 1, 1, kind, made, loop=False, raises=False)

    def _match(self, depth, kind, made, loop, raises):
        self._put(depth, f"match {self._step('x % 3')}:")
        self._put(depth + 1, "case 0:")
        self._block(depth + 2, 2, kind, made, loop=loop, raises=raises)
        self._put(depth + 1, "case other if other > 1:")
        self._block(depth + 2, 1, kind, made, loop=loop, raises=raises)

    def _async_for(self, depth, kind, made, loop, raises):
        self._names += 1
        self._put(depth, f"async for v{self._names} in {self._step('items(2)')}:")
        self._block(depth + 1, 2, kind, made, loop=True, raises=raises)

    def _async_with(self, depth, kind, made, loop, raises):
        self._names += 1
        self._put(depth, f"async with {self._step(f'Manager({self._names})')} as w{self._names}:")
        self._block(depth + 1, 2, kind, made, loop=loop, raises=raises)
