"""Values as text and in their size, without any code of theirs: whoever looks on leaves no trace.

What would have to be asked is told by its type and its attributes instead. Of the library's own
types, whose `repr` is known to ask nobody else, that is shown; of data its shape.
"""

from __future__ import annotations

import sys
from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)

from relive.worker import layouts
from relive.worker.bare import Kinds, class_name, module_of, plain_text, type_name
from relive.worker.glances import extent, glance, has_table
from relive.worker.libraries import answers_itself, kind_of
from relive.worker.parts import Parts, parts_of
from relive.worker.render import bounded_repr
from relive.worker.timelimit import within
from relive.worker.viewing.signatures import function_of, parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SECONDS = 0.2
"""For one value: a library may have much to count."""
_FIELDS = 8
_MAX_FIELD = 60
_FUNCTIONS = Kinds(
    [
        FunctionType,
        BuiltinFunctionType,
        MethodType,
        MethodDescriptorType,
        WrapperDescriptorType,
    ]
)
_PLAIN = Kinds([int, float, complex, bool, type(None), type(...), range])
_KNOWN = {
    "datetime": ("datetime", "date", "time", "timedelta", "timezone"),
    "decimal": ("Decimal",),
    "fractions": ("Fraction",),
    "pathlib": ("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"),
    "uuid": ("UUID",),
    "re": ("Pattern", "Match"),
}
"""Types of the standard library whose `repr` asks nobody else."""
_UNITS: dict[type, str] = {str: "character", bytes: "byte", bytearray: "byte"}
_scope_of: Any = vars(ModuleType)["__dict__"].__get__


def name_kind(value: Any) -> str:
    """Return what a name stands for: `value`, `function`, `class` or `module`."""
    kind = type(value)
    if issubclass(kind, ModuleType):
        return "module"
    if issubclass(kind, type):
        return "class"
    return "function" if kind in _FUNCTIONS else "value"


def text_of(value: Any, size: int) -> str:
    """Return a text of at most `size` characters."""
    told = _callable_or_module(value) or _data(value)
    if told is None and _walks(value):
        told = bounded_repr(value, size, _SECONDS, asks=False)[0]
    if told is None:
        told = repr(value) if _is_known(value) else _by_attributes(value)
    return told if len(told) <= size else told[: max(size - 1, 0)] + "…"


def size_of(value: Any) -> str | None:
    """Return how large a container, a text or data is, in words."""
    if kind_of(value) is not None:
        return None if answers_itself(value) else _limited(extent, value)
    if not layouts.has_size(type(value)):
        return None
    count, base = layouts.size_of(value), layouts.text_base(value, asks=False)
    unit = "item" if base is None else _UNITS[base]
    return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"


def length_of(value: Any) -> int | None:
    """Return `len()` of a container or text."""
    return layouts.size_of(value) if layouts.has_size(type(value)) else None


def quiet_parts(value: Any) -> Parts:
    """Return the parts of a value; none of one that would answer by itself what they are."""
    if answers_itself(value):
        return Parts([])
    return _limited(parts_of, value) or Parts([])


def has_quiet_parts(value: Any) -> bool:
    """Whether there are any."""
    return quiet_parts(value).total > 0


def is_quiet_table(value: Any) -> bool:
    """Whether it can be shown as rows."""
    return not answers_itself(value) and bool(_limited(has_table, value))


def signature_text(value: Any, name: str) -> str | None:
    """Return how something is called; None: it is not known."""
    found = parameters(value)
    return None if found is None else f"{name}({', '.join(found)})"


def called(value: Any) -> str:
    """Return the name that a function or a class has been given."""
    kind = type(value)
    if issubclass(kind, type):
        return class_name(value)
    inner = value.__func__ if kind is MethodType else value
    if type(inner) not in _FUNCTIONS:
        inner = function_of(inner)
    return class_name(kind) if inner is None else plain_text(inner.__name__)


def _callable_or_module(value: Any) -> str | None:
    kind = name_kind(value)
    if kind == "module":
        name = _scope_of(value).get("__name__")
        return f"module {name}" if type(name) is str else "module"
    if kind == "class":
        return f"class {type_name(value)}"
    return (signature_text(value, called(value)) or called(value)) if kind == "function" else None


def _data(value: Any) -> str | None:
    if kind_of(value) is None or answers_itself(value):
        return None
    told: str | None = glance(value, _SECONDS)["summary"]
    return told


def _walks(value: Any) -> bool:
    """Whether it is laid out by us, and asked nothing."""
    kind = type(value)
    walked = layouts.layout_of(value, asks=False) or layouts.text_base(value, asks=False)
    return bool(walked) or kind in _PLAIN or layouts.inherits_repr(kind, int)


def _is_known(value: Any) -> bool:
    kind = type(value)
    for module, names in _KNOWN.items():
        loaded = sys.modules.get(module)
        if type(loaded) is ModuleType and module_of(kind).partition(".")[0] == module:
            return any(_scope_of(loaded).get(name) is kind for name in names)
    return False


def _by_attributes(value: Any) -> str:
    """Return a value as its class with its attributes, as a dataclass would show itself."""
    name = class_name(type(value))
    parts = quiet_parts(value)
    scope = {key: held for _, key, held in parts.page(0, _FIELDS)}
    if type(scope.get("_name_")) is str:  # a member of an enumeration
        return f"{name}.{scope['_name_']}"
    fields = [
        f"{key}={bounded_repr(held, _MAX_FIELD, _SECONDS, 3, asks=False)[0]}"
        for key, held in scope.items()
        if type(key) is str
    ]
    more = ["…"] if parts.total > len(scope) else []
    return f"{name}({', '.join(fields + more)})" if fields else f"<{type_name(type(value))}>"


def _limited(function: Any, value: Any) -> Any:
    """Return what a look at a value gives; nothing where a library fails or takes long."""
    try:
        return function(value) if kind_of(value) is None else within(_SECONDS, function, value)
    except BaseException:  # OutOfTime, and whatever a half made object raises
        return None
