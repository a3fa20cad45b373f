"""What code may do, told from its instructions alone."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from relive.worker.library import standard
from relive.worker.statements import VALUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

_READS = frozenset(["LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"])
_BINDS_GLOBAL = frozenset(["STORE_GLOBAL", "DELETE_GLOBAL"])
_BINDS_NAME = frozenset(["STORE_NAME", "DELETE_NAME"])
_ATTRIBUTES = frozenset(["LOAD_ATTR", "LOAD_METHOD"])
_SET_ATTRIBUTES = frozenset(["STORE_ATTR", "DELETE_ATTR"])
_OTHER_ATTRIBUTES = frozenset([*_SET_ATTRIBUTES, "LOAD_SUPER_ATTR"])
_ITEMS = frozenset(["STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE", "STORE_ATTR", "DELETE_ATTR"])
_BETWEEN = frozenset(["EXTENDED_ARG", "CACHE", "NOP"])
_HARMLESS = frozenset(
    [
        "RESUME",
        "NOP",
        "CACHE",
        "EXTENDED_ARG",
        "PUSH_NULL",
        "POP_TOP",
        "COPY",
        "SWAP",
        "DUP_TOP",
        "ROT_TWO",
        "ROT_THREE",
        "LOAD_CONST",
        "LOAD_SMALL_INT",
        "LOAD_NAME",
        "LOAD_GLOBAL",
        "LOAD_FAST",
        "LOAD_CLOSURE",
        "STORE_NAME",
        "STORE_GLOBAL",
        "MAKE_FUNCTION",
        "SET_FUNCTION_ATTRIBUTE",
        "MAKE_CELL",
        "BUILD_LIST",
        "BUILD_TUPLE",
        "BUILD_MAP",
        "BUILD_CONST_KEY_MAP",
        "RETURN_VALUE",
        "RETURN_CONST",
        "RETURN_GENERATOR",
        "SETUP_ANNOTATIONS",
    ]
)
"""Instructions that call nothing and change nothing but names."""
_REFLECTING = frozenset(["eval", "exec", "globals", "locals", "vars", "compile"])
_BY_NAME = frozenset(
    ["getattr", "setattr", "delattr", "hasattr", "attrgetter", "methodcaller", "__dict__", "vars"]
)
_MUTATORS = frozenset(
    [
        "append",
        "extend",
        "insert",
        "sort",
        "reverse",
        "update",
        "setdefault",
        "add",
        "discard",
        "remove",
        "pop",
        "popitem",
        "clear",
        "appendleft",
        "popleft",
        "extendleft",
        "rotate",
        "fill",
        "put",
        "itemset",
        "partition",
        "resize",
        "move_to_end",
        "write",
        "__setitem__",
        "__delitem__",
        "__setattr__",
        "__delattr__",
        "shuffle",
        "heappush",
        "heappop",
        "heapify",
        "heapreplace",
        "insort",
        "insort_left",
        "insort_right",
        "setflags",
        "byteswap",
        "setfield",
        "difference_update",
        "intersection_update",
        "symmetric_difference_update",
        "copyto",
        "putmask",
        "place",
        "at",
    ]
)
"""Names of methods and functions that change what they are given."""
_KEYWORDS = frozenset(["inplace", "out"])
"""Names of arguments by which a function is asked to."""


class Read:
    """A global name that code looks up."""

    def __init__(self, name: str, attributes: tuple[str, ...], given: str | None) -> None:
        self.name = name
        self.attributes = attributes
        """Those looked up of it there and then, as `path` and `join` of `os.path.join`."""
        self.given = given
        """The one that what was found is given there and then, or loses."""


class Import:
    """A module that code imports."""

    def __init__(self, name: str, level: int, names: tuple[str, ...]) -> None:
        self.name = name
        self.level = level
        """How many packages up it begins."""
        self.names = names
        """What is taken from it."""


class Facts:
    """What a piece of code may do, without the code inside it."""

    def __init__(self) -> None:
        self.reads: dict[tuple[str, tuple[str, ...], str | None], Read] = {}
        self.binds: set[str] = set()
        """Global names it stores or deletes, declared as such."""
        self.names: set[str] = set()
        """Names it stores or deletes where it runs: of a module's own text its global names."""
        self.attributes: set[str] = set()
        self.imports: list[Import] = []
        self.texts: set[str] = set()
        """The strings in it: some may name what it looks up."""
        self.acts = False
        """Whether running its own instructions, or what they call, may change an object."""
        self.mutates = False
        """Whether it has the looks of changing a container or an object."""

    @property
    def reflects(self) -> bool:
        """Whether it can come by any name of its module."""
        return any(read.name in _REFLECTING for read in self.reads.values())

    @property
    def by_name(self) -> bool:
        """Whether it looks up attributes that its instructions do not name."""
        names = {read.name for read in self.reads.values()}
        return not _BY_NAME.isdisjoint(names | self.attributes)


_known: WeakKeyDictionary[CodeType, Facts] = WeakKeyDictionary()
"""Of code that something else refers to: a redefinition takes each reference for a function's, and
looks through the whole heap for who that is."""


def facts_of(code: CodeType) -> Facts:
    """Return what `code` may do."""
    known = _known.get(code)
    if known is None:
        known = _known[code] = _told_by(code)
    return known


def _told_by(code: CodeType) -> Facts:
    facts = Facts()
    instructions = list(standard("dis").get_instructions(code))
    facts.acts = any(each.opname not in _HARMLESS for each in instructions)
    _note(facts, [each for each in instructions if each.opname not in _BETWEEN])
    for const in code.co_consts:
        if type(const) is str:
            facts.texts.add(const)
        elif type(const) is tuple and not _KEYWORDS.isdisjoint(filter(_is_text, const)):
            facts.mutates = True
    return facts


def _note(facts: Facts, telling: list[Any]) -> None:
    for at, instruction in enumerate(telling):
        name = instruction.opname
        if name in _READS:
            read = _read(instruction.argval, telling[at + 1 :])
            facts.reads[read.name, read.attributes, read.given] = read
        elif name in _BINDS_GLOBAL:
            facts.binds.add(instruction.argval)
        elif name in _BINDS_NAME:
            facts.names |= {instruction.argval} - {VALUE}
        elif name in _ATTRIBUTES or name in _OTHER_ATTRIBUTES:
            facts.attributes.add(instruction.argval)
        elif name == "IMPORT_NAME":
            facts.imports.append(_import(telling, at))
        facts.mutates = facts.mutates or name in _ITEMS or _is_in_place(instruction)
    names = facts.attributes | {read.name for read in facts.reads.values()}
    facts.mutates = facts.mutates or not _MUTATORS.isdisjoint(names)


def _read(name: str, following: list[Any]) -> Read:
    found, given = [], None
    for each in following:
        if each.opname not in _ATTRIBUTES:
            given = each.argval if each.opname in _SET_ATTRIBUTES else None
            break
        found.append(each.argval)
    return Read(name, tuple(found), given)


def _import(telling: list[Any], at: int) -> Import:
    """Return an import: before it its level and what is taken from it are pushed."""
    constants = [getattr(each, "argval", None) for each in telling[max(at - 3, 0) : at]]
    level = next((each for each in reversed(constants) if type(each) is int), 0)
    names = next((each for each in reversed(constants) if type(each) is tuple), None)
    return Import(telling[at].argval, level, names or ())


def _is_in_place(instruction: Any) -> bool:
    name = instruction.opname
    return name.startswith("INPLACE_") or (
        name == "BINARY_OP" and str(instruction.argrepr).endswith("=")
    )


def _is_text(value: Any) -> bool:
    return type(value) is str
