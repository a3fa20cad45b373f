"""The code that may run when some code does, and the names it may look up.

It is found without running it. Beginning with what a statement looks up, functions are followed by
their code, classes and objects by their methods of a name that is looked up anywhere in what was
followed so far, containers by what is in them. That is more than what runs. What runs, where the
interpreter tells it, is taken in by the same rules, but follows nothing.
"""

from __future__ import annotations

import sys
from functools import cached_property
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType, ModuleType

from relive.worker.keeping.belonging import is_own_class, is_own_file
from relive.worker.keeping.places import whole_name
from relive.worker.names import nested
from relive.worker.tracing.facts import facts_of
from relive.worker.tracing.graph import Graph
from relive.worker.tracing.inner import hands_over, may_run
from relive.worker.tracing.kinds import is_cache
from relive.worker.tracing.parts import functions_in
from relive.worker.tracing.places import is_followed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from relive.worker.tracing.facts import Facts, Import, Read
    from relive.worker.tracing.places import Place, Places

_ABSENT = object()
_HIDDEN = "<locals>"
_SHARED = {
    ("os", "getenv"): ("os", "environ"),
    ("os", "getenvb"): ("os", "environ"),
    ("posixpath", "expandvars"): ("os", "environ"),
    ("ntpath", "expandvars"): ("os", "environ"),
}
"""By a function of a library's: what it looks up that the whole process shares."""
_SUSPENDED = {GeneratorType: "gi", CoroutineType: "cr", AsyncGeneratorType: "ag"}
INSIDE = "<inside>"
"""What code that is inside other code is called: it belongs to that."""


class Closure:
    """What code looks up and runs, as far as it was taken in."""

    def __init__(self, places: Places, graph: Graph, *, follows: bool) -> None:
        """Begin with nothing.

        `follows`: functions that are come by are taken in, too; otherwise only those that are
        cached somewhere, whose results go by what they looked up when they ran.
        """
        self._places = places
        self.graph = graph
        self._follows = follows
        self.reads: dict[Place, None] = {}
        self.binds: set[Place] = set()
        """Names that the code stores or deletes."""
        self.ran: dict[Place, None] = {}
        self.imports: dict[str, None] = {}
        self.roots: dict[Place, int] = {}
        """Names whose values were walked, with the `id` of those."""
        self.scopes: set[int] = set()
        """The modules whose names some of the code may bind: its own, and those it has."""
        self.has_imports = False
        self.acts = False
        """Whether some of the code does more than to give names to what is there."""
        self.mutates = False
        """Whether some of the code has the looks of changing a container or an object."""
        self.suspended: list[tuple[CodeType, dict[str, Any], str]] = []
        """Generators and the like: their code, which nothing leads to any more once they end."""
        self.followed: list[tuple[CodeType, dict[str, Any], str]] = []
        """The code of functions, to which nothing may lead any more once they have run."""
        self.caches: list[Any] = []
        """What `lru_cache` has made, as far as it was come by."""
        self._uncalled: set[Place] = set()
        """Names of functions that are read, and as yet only given other names."""
        self._taken: set[int] = set()
        self._attributes: set[str] = set()
        self._any_attribute = False
        self._modules: dict[int, ModuleType] = {}
        self._methods: dict[str, list[FunctionType]] = {}
        """Methods that nothing has looked up so far, by name."""

    def add(
        self,
        code: CodeType,
        scope: dict[str, Any],
        name: str | None = None,
        *,
        is_handed: bool = False,
    ) -> None:
        """Take code in; `name`: the qualified one of its function, if it is one's.

        `is_handed`: see `may_run`.
        """
        if id(code) in self._taken:
            return
        self._taken.add(id(code))
        self.scopes.add(id(scope))
        facts = facts_of(code)
        self.acts = self.acts or facts.acts
        self.mutates = self.mutates or facts.mutates
        if name is not None:
            self._note_ran(scope, code, name)
        self._take_binds(facts.binds if name is not None else facts.binds | facts.names, scope)
        for read in facts.reads.values():
            self._read(read, scope)
        self.has_imports = self.has_imports or bool(facts.imports)
        for each in facts.imports:
            self._import(each, scope, is_called=name is not None)
        if facts.reflects:
            self._read_all(scope)
            for text in filter(str.isidentifier, facts.texts):
                self._look_up(text, scope)
        for module in self._places.named(facts.texts):
            self._meet(module)
        self._take_attributes(facts)
        if self._follows and facts.acts:
            handed = is_handed or hands_over(code, scope)
            for inner in may_run(code, is_handed=handed):
                self.add(inner, scope, INSIDE, is_handed=handed)

    def add_value(self, value: Any) -> None:
        """Take in what a value refers to."""
        for each in self.graph.walk(value):
            self._meet(each)

    @property
    def attributes(self) -> set[str]:
        """All attributes that are looked up by their names."""
        return self._attributes

    def _note_ran(self, scope: dict[str, Any], code: CodeType, name: str) -> None:
        outermost = name.partition(f".{_HIDDEN}")[0]
        place = self._places.of(scope, outermost)
        if place is None and is_own_file(code.co_filename):
            place = (code.co_filename, outermost)
        if place is not None and not outermost.startswith("<"):
            self.ran[place] = None

    def _take_binds(self, names: set[str], scope: dict[str, Any]) -> None:
        for name in names:
            place = self._places.of(scope, name)
            if place is not None and is_followed(name):
                self.binds.add(place)

    # -- names -----------------------------------------------------------------------------------

    def _read(self, read: Read, scope: dict[str, Any]) -> None:
        value = self._look_up(read.name, scope)
        if issubclass(type(value), ModuleType):
            self._read_of(value, read.attributes)
            if read.given is not None:
                self._give_to(value, read.attributes, read.given)

    def _give_to(self, value: Any, attributes: tuple[str, ...], name: str) -> None:
        """Note that a library's module is given a name, or loses it; ours are compared."""
        for each in attributes:
            value = vars(value).get(each) if issubclass(type(value), ModuleType) else None
        if issubclass(type(value), ModuleType) and not self._places.has(vars(value)):
            self.binds.add(_place_in(value, name))

    def _look_up(self, name: str, scope: dict[str, Any], *, is_called: bool = True) -> Any:
        """Read a name of a module: note it, and take in what it holds.

        `is_called`: a function may run by it, and not only be given a name.
        """
        place = self._places.of(scope, name)
        if place is None or not is_followed(name):
            return scope.get(name, _ABSENT)
        value = scope.get(name, _ABSENT)
        if place in self.reads and not (is_called and place in self._uncalled):
            return value
        self.reads[place] = None
        self._uncalled.discard(place)
        if not is_called and issubclass(type(value), FunctionType):
            self._uncalled.add(place)
        elif value is not _ABSENT:
            self.roots[place] = id(value)
            self.add_value(value)
            if issubclass(type(value), ModuleType):
                self._meet(value)
        return value

    def _read_of(self, module: ModuleType, attributes: tuple[str, ...]) -> None:
        """Read attributes of a module, one of the other."""
        if self._places.has(vars(module)):
            if attributes:
                found = self._look_up(attributes[0], vars(module))
                if found is _ABSENT:
                    self._meet(vars(module).get("__getattr__"))  # which is called then
                if issubclass(type(found), ModuleType):
                    self._read_of(found, attributes[1:])
            else:
                self._read_all(vars(module))
        elif attributes:
            self._read_library(module, attributes)

    def _read_library(self, module: ModuleType, attributes: tuple[str, ...]) -> None:
        """Read what the whole process shares, such as `os.environ`, or what was put in its place.

        What functions and classes of libraries refer to is no matter.
        """
        name, *rest = attributes
        value = vars(module).get(name, _ABSENT)
        place = _place_in(module, name)
        if issubclass(type(value), ModuleType):
            self._read_of(value, tuple(rest))
        elif place not in self.reads:
            self.reads[place] = None
            if issubclass(type(value), FunctionType):
                self._meet(value)
            elif value is not _ABSENT and not callable(value):
                self.roots[place] = id(value)
                self.add_value(value)

    def _read_all(self, scope: dict[str, Any]) -> None:
        for name in list(scope):
            self._look_up(name, scope)

    def _import(self, found: Import, scope: dict[str, Any], *, is_called: bool) -> None:
        module = sys.modules.get(whole_name(found.name, found.level, scope))
        if not issubclass(type(module), ModuleType):
            return
        file = self._places.files.get(id(vars(module)))
        if file is not None:
            self.imports[file] = None
        if self._places.has(vars(module)):
            self._meet(module)
            for name in found.names:
                if name == "*":
                    self._read_all(vars(module))
                else:
                    value = self._look_up(name, vars(module), is_called=is_called)
                    if value is _ABSENT:
                        self._meet(vars(module).get("__getattr__"))
        for name in found.names:  # such as `from package import module`
            inner = vars(module).get(name)
            inner_file = self._places.files.get(id(vars(inner))) if _is_module(inner) else None
            if inner_file is not None:
                self.imports[inner_file] = None

    # -- attributes ------------------------------------------------------------------------------

    def _take_attributes(self, facts: Facts) -> None:
        new = facts.attributes - self._attributes
        self._attributes |= new
        self._any_attribute = self._any_attribute or facts.by_name
        for module in list(self._modules.values()):
            self._read_attributes(module)
        wanted = list(self._methods) if self._any_attribute else new & self._methods.keys()
        for name in wanted:
            for function in self._methods.pop(name, ()):
                self._function(function)

    def _read_attributes(self, module: ModuleType) -> None:
        """Read of a module that is about what is looked up anywhere."""
        scope = vars(module)
        names = list(scope) if self._any_attribute else self._attributes & scope.keys()
        for name in names:
            self._look_up(name, scope)

    # -- values ----------------------------------------------------------------------------------

    def _meet(self, value: Any) -> None:
        """Take in an object that was come by."""
        if issubclass(type(value), ModuleType):
            if self._places.has(vars(value)) and id(value) not in self._modules:
                self._modules[id(value)] = value
                self.scopes.add(id(vars(value)))
                self._read_attributes(value)
        elif issubclass(type(value), FunctionType):
            shared = _SHARED.get((value.__module__, value.__name__))
            if shared is not None:
                self._read_of(sys.modules[shared[0]], shared[1:])
            if self._follows:
                self._function(value)
        elif issubclass(type(value), type) and is_own_class(value):
            self._class(value)
        elif is_cache(value):
            self.add_cached(value)
        elif self._follows:
            self._suspended(value)

    def _function(self, function: FunctionType) -> None:
        code, scope = function.__code__, function.__globals__
        if is_own_file(code.co_filename):
            self.follow(code, scope, function.__qualname__)

    def follow(self, code: CodeType, scope: dict[str, Any], name: str) -> None:
        """Take in a function's code."""
        self.followed.append((code, scope, name))
        self.add(code, scope, name)
        if name.rpartition(".")[2] != code.co_name:
            self._note_ran(scope, code, _made_in(code, scope))

    def _suspended(self, value: Any) -> None:
        """Take in what goes on when a generator or coroutine is resumed, if it is one."""
        for kind, prefix in _SUSPENDED.items():
            if issubclass(type(value), kind):
                code, frame = getattr(value, f"{prefix}_code"), getattr(value, f"{prefix}_frame")
                if frame is not None and is_own_file(code.co_filename):
                    self.suspended.append((code, frame.f_globals, value.__qualname__))
                    self.add(*self.suspended[-1])

    def add_cached(self, cache: Any) -> None:
        """Take in what `lru_cache` has made, and the function it was made of."""
        self.caches.append(cache)
        self._cached(vars(cache).get("__wrapped__"))

    def _cached(self, function: Any) -> None:
        """Take in a function that may not run because its result is there already."""
        if issubclass(type(function), FunctionType):
            follows, self._follows = self._follows, True
            self._function(function)
            self._follows = follows

    def _class(self, kind: type) -> None:
        scope = _scope_of(kind)
        place = None if scope is None else self._places.of(scope, kind.__qualname__.split(".")[0])
        if place is not None:
            self.reads[place] = None
        for name, held in list(vars(kind).items()):
            if issubclass(type(held), cached_property):
                self._cached(held.func)
            for function in functions_in(held) if self._follows else ():
                if self._any_attribute or name in self._attributes or _is_special(name):
                    self._function(function)
                else:
                    self._methods.setdefault(name, []).append(function)


def _made_in(code: CodeType, scope: dict[str, Any]) -> str:
    """Return the qualified name of code whose function goes by another's, as `wraps` has it do.

    Before 3.11 that of the module's function that it is in; if there is none, its own.
    """
    known: str | None = getattr(code, "co_qualname", None)
    if known is not None:
        return known
    for each in list(scope.values()):
        is_function = issubclass(type(each), FunctionType)
        if is_function and any(inner is code for inner in nested(each.__code__)):
            return each.__qualname__  # type: ignore[no-any-return]
    return code.co_name


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _place_in(module: ModuleType, name: str) -> Place:
    own_name = str(vars(module).get("__name__"))
    return own_name, f"{own_name}.{name}"


def _is_module(value: Any) -> bool:
    return issubclass(type(value), ModuleType)


def _scope_of(kind: type) -> dict[str, Any] | None:
    name: Any = type.__dict__["__module__"].__get__(kind)
    module = sys.modules.get(name) if isinstance(name, str) else None
    return vars(module) if issubclass(type(module), ModuleType) else None
