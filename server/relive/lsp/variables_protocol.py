"""What messages say of the names of modules and frames, and of what they stand for.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Range

from relive.lsp.quick_attrs import message

VARIABLES = "relive.variables"
MODULES = "relive.modules"
DELETE_NAME = "relive.deleteName"

NameKind = Literal["value", "function", "class", "module"]


@message
class VariablesParams:
    """Argument of `relive.variables`: the names of a module, or of a frame, or parts of a value.

    No code of any value runs for it: no property, no `__repr__`, no `__getattr__`.
    """

    uri: str | None = None
    """Whose module is meant; absent: the scratch module. With `parent`: any document of the
    session, or its folder."""
    parent: str | None = None
    """The `ref` of what the parts are asked of: of a module, a variable, or a part of one."""
    start: int = 0
    count: int = 100
    """At most 1,000."""
    filter: str | None = None
    """What the names have in them, whatever the case."""
    hold: int | None = None
    """With `frame`: which error that is held; absent: the innermost."""
    frame: int | None = None
    """The variables of a frame that is held are meant; 0 is the innermost."""


@message
class ModulesParams:
    """Argument of `relive.modules`: the modules of the workspace that the processes have."""


@message
class DeleteNameParams:
    """Argument of `relive.deleteName`: runs `del` of the name, as an evaluation like any other."""

    name: str
    uri: str | None = None
    """Whose module is meant; absent: the scratch module."""
    token: str | None = None


@message
class SetBy:
    """The form that gave a name what it stands for, where it is by now."""

    uri: str
    range: Range


@message
class ListedVariable:
    """A name and what it stands for, or a part of a value."""

    name: str
    text: str
    """The value as text, as far as it is known without its own code."""
    type: str
    ref: str
    """The `relive.value…` commands take it, and `relive.variables` as `parent`."""
    children: bool
    """Whether it has parts."""
    set_by: SetBy | None
    """Null: nobody knows, or it is a part."""
    kind: NameKind
    size: str | None = None
    """How large it is, in words, as `3 items` or `1,000 rows × 3 columns`."""
    length: int | None = None
    """`len()` of a container or string."""
    has_table: bool | None = None
    """Whether `relive.valueTable` shows it."""


@message
class Variables:
    """Some of the names, values first, then functions, classes and modules."""

    items: list[ListedVariable]
    total: int
    """How many there are in all that the filter lets through."""


@message
class ModuleNamespace:
    """A module of the workspace, in a process."""

    name: str
    uri: str | None
    """Null: the scratch module."""
    folder: str | None
    """The URI of the workspace folder whose process it is in; null: of none."""
    ref: str
    """`relive.variables` takes it as `parent`."""
    names: int
    """How many names it has."""


@message
class ModuleNamespaces:
    """The modules, sorted by name, the scratch module first."""

    items: list[ModuleNamespace]
