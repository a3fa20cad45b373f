"""One mark of all that code goes by: itself, what it calls, and the values it reads.

Beginning with the code of a form, what it looks up is followed: functions by their code, what those
look up in turn, classes with all that is in them, values by their content. Two marks are the same
only if all of it is. What cannot be told, such as what a generator will give or a lock is for, is
an `UnknownError`: no mark is better than one that does not change when it has to.

Of the user's own classes the attributes are read as they are, past properties and `__getstate__`,
which may leave out what matters. Of other objects what they tell `pickle` of themselves counts.
"""

from __future__ import annotations

import builtins
import sys
from functools import cached_property
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MappingProxyType,
    MethodType,
    ModuleType,
)

from relive.worker.keeping.belonging import is_own_class, is_own_file, is_own_module
from relive.worker.keeping.digest import UnknownError
from relive.worker.keeping.objects import BY_NAME, SPECIAL, grafted
from relive.worker.keeping.places import importable, whole_name
from relive.worker.keeping.uses import uses
from relive.worker.keeping.values import Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

_PASSING = frozenset(
    [
        "__dict__",
        "__weakref__",
        "__firstlineno__",
        "__slotnames__",
        "__static_attributes__",
        "__annotations_cache__",
        "_abc_impl",
    ]
)
"""What a class has besides its text and values: caches, and where it stands."""
_REFLECTING = frozenset(["eval", "exec", "globals", "locals", "vars", "__import__", "compile"])
"""Built-ins with which code can come by any name of its module."""
_ASKING = frozenset(["input", "breakpoint", "help"])
_ABSENT = object()


class Content(Values):
    """A mark of code and values."""

    def __init__(self, resolved: dict[tuple[int, str], Any] | None = None) -> None:
        """Begin; `resolved` says what names were, if not what they are now."""
        super().__init__()
        self._fixed = resolved
        self.resolved: dict[tuple[int, str], Any] = {}
        """By the namespace's `id` and the name: what each name was."""
        self.roots: dict[int, tuple[str, str]] = {}
        """Objects that a name of a module holds, by `id`: the module and the name."""
        self.codes: set[CodeType] = set()
        """The code that can be reached."""
        self.trail: list[tuple[str, bytes]] = []
        """The mark as it was after each name, to tell which of them made it another."""

    def add(self, value: Any) -> None:
        """Add a value by its content."""
        kind = type(value)
        if kind in SPECIAL:
            self._plain(value)
            return
        self._check_time()
        if self._is_known(value):
            return
        handle = _HANDLERS.get(kind)
        if handle is not None:
            handle(self, value)
        elif isinstance(value, type):
            self._type(value)
        elif isinstance(value, ModuleType):
            self._module(value)
        else:
            self._instance(value)

    def aside(self, value: Any) -> str:
        """Return the mark of a value by itself, however it comes up elsewhere."""
        part = Content(self._fixed)
        part._until = self._until
        part.add(value)
        self._alive += part._alive
        self.identities.update(part.identities)
        self.resolved.update(part.resolved)
        self.roots.update(part.roots)
        self.codes |= part.codes
        self.texts |= part.texts
        return part.digest()

    def add_code(self, code: CodeType, scope: dict[str, Any]) -> None:
        """Add code, and what it looks up among the names of `scope`."""
        self._code(code)
        for use in uses(code):
            if use.level is not None:
                self._import(use.name, use.level, scope)
            else:
                self._name(use.name, use.attributes, scope)

    # -- code ------------------------------------------------------------------------------------

    def _code(self, code: CodeType) -> None:
        """Add what code does, wherever it stands."""
        self.codes.add(code)
        counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
        names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
        table = getattr(code, "co_exceptiontable", b"")
        self._put("code", repr((code.co_name, counts, names, code.co_code, table)).encode())
        for const in code.co_consts:
            if type(const) is CodeType:
                self._code(const)
            else:
                self.add(const)

    def _name(self, name: str, attributes: tuple[str, ...], scope: dict[str, Any]) -> None:
        value = self._resolve(name, scope)
        label = f"{scope.get('__name__')}.{name}"
        before, self._current = self._current, name
        self._put("name", label.encode("utf-8", "replace"))
        is_builtin = value is vars(builtins).get(name)
        if is_builtin and name in _ASKING:
            raise UnknownError("it asks for input")
        if is_builtin and name in _REFLECTING:
            self._names_of(scope)
        else:
            self._attributes(value, attributes)
        self._current = before
        self.trail.append((name, self._hash.digest()))

    def _attributes(self, value: Any, attributes: tuple[str, ...]) -> None:
        """Add of a module only what is read of it, of anything else the whole."""
        if not (isinstance(value, ModuleType) and attributes):
            self.add_or_absent(value)
        elif is_own_module(value):
            self._put("of", value.__name__.encode())
            self._name(attributes[0], attributes[1:], vars(value))
        else:
            self.add(value)
            part = vars(value).get(attributes[0])
            if isinstance(part, (type, FunctionType, ModuleType)):  # data of a library's is its own
                self._attributes(part, attributes[1:])

    def _resolve(self, name: str, scope: dict[str, Any]) -> Any:
        place = (id(scope), name)
        value = scope.get(name, _ABSENT)
        if self._fixed is not None and place in self._fixed:
            value = self._fixed[place]
        self.resolved[place] = value
        if value is _ABSENT:
            makes = scope.get("__getattr__", _ABSENT)
            return vars(builtins).get(name, makes)
        self.roots.setdefault(id(value), (str(scope.get("__name__")), name))
        return value

    def add_or_absent(self, value: Any) -> None:
        """Add a value, or that there is none."""
        if value is _ABSENT:
            self._put("absent")
        else:
            self.add(value)

    def _import(self, name: str, level: int, scope: dict[str, Any]) -> None:
        whole = whole_name(name, level, scope)
        module = sys.modules.get(whole)
        self._put("import", whole.encode())
        if isinstance(module, ModuleType):
            self.add(module)
        elif importable(whole):
            raise UnknownError(
                f"it imports {whole} only while it runs: import it at the top of the file"
            )

    def _function(self, function: FunctionType) -> None:
        self._put("function", function.__qualname__.encode("utf-8", "replace"))
        for part in (function.__defaults__, function.__kwdefaults__, vars(function)):
            self.add(part)
        self._annotations(function)
        for cell in function.__closure__ or ():
            self.add_or_absent(_held_in(cell))
        if is_own_file(function.__code__.co_filename):
            self.add_code(function.__code__, function.__globals__)
        else:
            self._code(function.__code__)

    def _annotations(self, function: FunctionType) -> None:
        """Add annotations as they are written: what they name is seldom looked at."""
        annotate = getattr(function, "__annotate__", None)  # from 3.14 on they are not made yet
        if type(annotate) is FunctionType:
            self._code(annotate.__code__)
        elif annotate is None:
            told = {n: _named(each) for n, each in function.__annotations__.items()}
            self._put("annotations", repr(told).encode("utf-8", "replace"))

    def _method(self, method: MethodType) -> None:
        self._put("method")
        self.add(method.__func__)
        self.add(method.__self__)

    def _builtin(self, function: BuiltinFunctionType) -> None:
        self._put("builtin", f"{function.__module__}.{function.__qualname__}".encode())
        if not isinstance(function.__self__, ModuleType):
            self.add(function.__self__)

    def _by_name(self, descriptor: Any) -> None:
        self._put("descriptor", f"{type(descriptor).__name__} {descriptor.__name__}".encode())

    def _wrapping(self, wrapper: Any) -> None:
        self._put(type(wrapper).__name__)
        self.add(wrapper.__func__)

    def _cached_property(self, found: cached_property[Any]) -> None:
        """Add what computes it; it has a lock, too, in older versions."""
        self._put("cached_property")
        self.add(found.func)

    def _property(self, found: property) -> None:
        self._put("property")
        for part in (found.fget, found.fset, found.fdel):
            self.add(part)

    def _type(self, kind: type) -> None:
        name = f"{kind.__module__}.{kind.__qualname__}"
        self._put("class", name.encode("utf-8", "replace"))
        if not is_own_class(kind):
            for each in kind.__mro__:
                if not is_own_class(each):
                    self._grafted(vars(each))
            return
        self.add(type(kind))
        for base in kind.__bases__:
            self.add(base)
        for attribute, value in list(vars(kind).items()):
            if attribute not in _PASSING:
                self._put("attribute", attribute.encode("utf-8", "replace"))
                self.add(value)

    def _module(self, module: ModuleType) -> None:
        self._put("module", module.__name__.encode("utf-8", "replace"))
        if is_own_module(module):
            self._names_of(vars(module))
        else:
            self._grafted(vars(module))

    def _grafted(self, held: Mapping[str, Any]) -> None:
        for name, part in grafted(held):
            self._put("grafted", name.encode("utf-8", "replace"))
            self.add(part)

    def _names_of(self, scope: dict[str, Any]) -> None:
        for name in self._all_names(scope):
            if not name.startswith("__"):
                self._name(name, (), scope)

    def _all_names(self, scope: dict[str, Any]) -> list[str]:
        """Return the names that a namespace has, or had."""
        if self._fixed is None:
            return sorted(scope)
        here = id(scope)
        known = [(name, value) for (place, name), value in self._fixed.items() if place == here]
        return sorted(name for name, value in known if value is not _ABSENT)


def changed_name(before: Content, after: Content) -> str:
    """Return the first name whose content is another in the second of two marks."""
    for (name, mark), (_, other) in zip(before.trail, after.trail):
        if mark != other:
            return name
    return "something"


def _named(annotation: Any) -> str:
    if isinstance(annotation, (str, type)):
        return annotation if isinstance(annotation, str) else annotation.__qualname__
    return type(annotation).__qualname__


def _held_in(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # nothing in it yet
        return _ABSENT


_HANDLERS: dict[type, Callable[[Content, Any], None]] = {
    list: Content._sequence,
    tuple: Content._sequence,
    dict: Content._dict,
    MappingProxyType: Content._dict,
    set: Content._set,
    frozenset: Content._set,
    bytearray: Content._bytes_like,
    CodeType: Content._code,
    FunctionType: Content._function,
    MethodType: Content._method,
    BuiltinFunctionType: Content._builtin,
    property: Content._property,
    cached_property: Content._cached_property,
    staticmethod: Content._wrapping,
    classmethod: Content._wrapping,
    **dict.fromkeys(BY_NAME, Content._by_name),
}
