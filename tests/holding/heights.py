"""Whether prepared code says how high its stack may be, in the interpreter that it is started with.

Prints how many pieces of code were looked at: those of some of the standard library's modules and of
the fuzzer's programs. An interpreter does not look: more than was said is written over what is next
in memory.
"""

from __future__ import annotations

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), *[os.pardir] * 2, "server"))

from programs import Writer

from relive.worker.own import own

dressed = own("relive.worker.holding.dress").dressed
plain_of = own("relive.worker.holding.marks").plain_of
make_flow = own("relive.worker.holding.stacks").Flow
effect = own("relive.worker.library").standard("_opcode").stack_effect
codes_in = own("relive.worker.holding.bytecode").codes_in
has_argument = own("relive.worker.library").standard("opcode").HAVE_ARGUMENT
MODULES = "argparse", "ast", "contextlib", "asyncio/base_events", "asyncio/tasks", "subprocess"


def texts():
    """Yield programs."""
    for name in MODULES:
        with open(os.path.join(os.path.dirname(os.__file__), f"{name}.py")) as file:
            yield file.read()
    for seed in range(20):
        yield Writer(seed).program()


def height(code):
    """Return how high the stack of a piece of code may be."""
    flow = make_flow(code.co_code, code.co_exceptiontable)
    highest = max(len(stack) for stack in flow.before.values())
    for each in flow.instructions:
        if each.start in flow.before:
            arg = each.arg if each.op >= has_argument else None
            grows = effect(each.op, arg, jump=False)
            highest = max(highest, len(flow.before[each.start]) + grows)
    return highest


def look(code):
    """Look at a piece of code, and those in it; return how many are prepared."""
    count = sum(map(look, codes_in(code)))
    if plain_of(code) is None:
        return count
    assert height(code) <= code.co_stacksize, (code, height(code), code.co_stacksize)
    return count + 1


def main() -> None:
    """Look at all of them."""
    print(sum(look(dressed(compile(text, "<text>", "exec"), whole=True)) for text in texts()))


if __name__ == "__main__":
    main()
