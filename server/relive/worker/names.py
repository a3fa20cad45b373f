"""Which global names a piece of code uses, found without running it."""

from __future__ import annotations

from relive.worker.library import standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from types import CodeType

_READS = frozenset(["LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"])
_BINDS = frozenset(["STORE_NAME", "STORE_GLOBAL"])


def missing_names(code: CodeType, *present: Collection[str]) -> set[str]:
    """Return the global names that `code`, and the functions inside it, read and nobody has."""
    candidates = {name for name in used_names(code) if not any(name in names for names in present)}
    if not candidates:
        return candidates
    # co_names also holds attributes; only now is it worth looking at the instructions.
    return candidates & _global_reads(code)


def used_names(code: CodeType) -> set[str]:
    """Return the names that `code`, and the functions inside it, use, attributes among them."""
    return {name for part in nested(code) for name in part.co_names}


def bound_names(code: CodeType) -> set[str]:
    """Return the names that running `code`, a module's top level, binds."""
    return {name for name, binds in _accesses(code) if binds}


def _global_reads(code: CodeType) -> set[str]:
    """Return the names looked up in the module before the code itself has bound them."""
    reads: set[str] = set()
    bound_at_top = bound_names(code)
    for part in nested(code):
        bound = set() if part is code else set(bound_at_top)
        for name, binds in _accesses(part):
            if binds:
                bound.add(name)
            elif name not in bound:
                reads.add(name)
    return reads


def _accesses(code: CodeType) -> Iterator[tuple[str, bool]]:
    """Yield the names that `code` reads (False) and binds (True) by name, in order."""
    if not code.co_names:
        return
    dis = standard("dis")  # late: most evaluations never come here
    for instruction in dis.get_instructions(code):
        if instruction.opname in _READS:
            yield instruction.argval, False
        elif instruction.opname in _BINDS:
            yield instruction.argval, True


def nested(code: CodeType) -> Iterator[CodeType]:
    """Yield `code` and all code inside it."""
    yield code
    for const in code.co_consts:
        if type(const) is type(code):
            yield from nested(const)
