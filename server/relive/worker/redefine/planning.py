"""What planning one file's changes shares: the module, its image, where writes and news go."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

from relive.worker.redefine.classes.enums import FormerMembers, is_enum
from relive.worker.redefine.classes.exchange import OwnDict
from relive.worker.redefine.finding.live import class_or_none, owner_of
from relive.worker.redefine.finding.running import Running
from relive.worker.redefine.functions.beside import bound_anew
from relive.worker.redefine.functions.build import Built, Making, build
from relive.worker.redefine.functions.generics import note_generics, only_registers, plan_dropped
from relive.worker.redefine.functions.header import is_still
from relive.worker.redefine.reading.class_text import names_read
from relive.worker.redefine.reading.definitions import MEMBERS
from relive.worker.redefine.reading.origins import attach_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable
    from types import CodeType, FunctionType
    from typing import Any

    from relive.worker.module_image import ModuleImage
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.applying.transaction import Transaction
    from relive.worker.redefine.change import Change
    from relive.worker.redefine.classes.kin import Kin
    from relive.worker.redefine.modules.follow import Follower
    from relive.worker.redefine.modules.snapshot import Names
    from relive.worker.redefine.reading.codes import Coded, Pair
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.toplevel import DataStatement


class Known:
    """What a step knows of a module besides its image."""

    def __init__(self, kin: Kin, names: Names, is_as_made: Callable[[str], bool | None]) -> None:
        self.kin = kin
        """The classes that the step changes, in whichever module."""
        self.names = names
        """The module's names before the step."""
        self.were: dict[str, Any] = {}
        """What names were that have followed a change elsewhere; see `FileEdit.plan_again`."""
        self.is_as_made = is_as_made
        """Whether a name was what the module's text made it, before the step; None: unknown."""
        self.planned: dict[str, Definition] = {}
        """The definitions of the new text that have been compiled, by key."""
        self.replaced: set[str] = set()
        """Names whose definition has been decorated anew, and gives another object now."""
        self.decorated: set[str] = set()
        """Keys of the definitions whose decorators have run in this step."""
        self.refused: set[str] = set()
        """Keys of the definitions that nothing live can run: the image keeps what it held."""
        self.forgotten: set[str] = set()
        """Keys of definitions that are gone, and have nothing registered any more."""


class Planning:
    """One file's part in a redefinition while it is planned."""

    def __init__(
        self,
        namespace: Namespace,
        module: ModuleImage,
        transaction: Transaction,
        follower: Follower,
        *,
        evaluated: bool,
        known: Known,
    ) -> None:
        """Plan for one module.

        Args:
            namespace: the module.
            module: what is live of it.
            transaction: takes the writes.
            follower: finds the names elsewhere that hold what is replaced.
            evaluated: the user ran the statement, so its defaults are computed anew even where
                their text is what it was.
            known: what the step knows of the module besides.
        """
        self.namespace = namespace
        self.module = module
        self.live = module.definitions
        self.transaction = transaction
        self.follower = follower
        self.kin = known.kin
        self.evaluated = evaluated
        self.changed: set[str] = set()
        """Names with other values than before the step: what is computed from them is, anew."""
        self.planned = known.planned
        self.were = known.were
        self.replaced = known.replaced
        self.decorated = known.decorated
        self.refused = known.refused
        self.is_as_made = known.is_as_made
        self._known = known
        self.has_other_features = False
        """Whether the text has come to make annotations in another way, see `Part.use_features`."""
        self.changes: list[Change] = []
        self.running = Running(self.kin.searched)
        self.formers: dict[str, Any] = {}
        """For classes of the module that have got other data, what has the data they had."""
        self._data: dict[type, set[str]] = OwnDict()
        """For classes, the names that statements of their bodies give other values."""
        self.covered: set[str] = set()
        """Keys of new definitions whose name a namesake further down, that lives, defines anew."""
        self.given_by_statements: set[str] = set()
        """Keys of definitions whose names mean what a statement has given them until now."""
        self.alone: set[str] = set()
        """Keys of definitions whose object nothing but its name held, before they were planned."""
        self.moved: list[Pair] = []
        """Code of which nothing but the lines changed."""
        self._unbound: set[tuple[int, str]] = set()
        """Names that go, by their owner's `id`: several definitions may have had one."""
        self.exchanged: list[tuple[Coded, CodeType]] = []
        """Texts, and code of theirs that functions no longer run."""
        self._scopes: dict[type, dict[str, Any]] = OwnDict()

    @property
    def before(self) -> dict[str, Any]:
        """The names of the module, as they were before what has changed them."""
        had = {**vars(self.namespace.module), **self._known.names.had}
        return {**had, **self.formers, **self.were}

    @property
    def forgotten(self) -> set[str]:
        """Keys of definitions that are gone, and have nothing registered any more."""
        return self._known.forgotten

    def owner_of(self, definition: Definition) -> Any:
        """Return the live module or class that holds a definition.

        Raises:
            LookupError: an enclosing class is not there; the message names it.
        """
        return owner_of(definition, self.namespace.module, self.kin.retired)

    def build(
        self,
        definition: Definition,
        owner: Any,
        *,
        decorated: bool,
        parts: Iterable[DataStatement] = (),
    ) -> Any:
        """Run a definition's statement aside, with the names in view that its scope will have.

        `parts`: statements of a class, to be told what the lambdas run that they make now.
        """
        is_decorated = bool(decorated and definition.decorators)
        if is_decorated or not is_still(definition.node):
            self.transaction.expect_anything()
        cls = class_or_none(owner)
        if is_decorated:
            self._expect_decorators(definition, cls)
        names = {} if cls is None else dict(self.scope(cls))

        def before_run(code: CodeType) -> None:
            self.transaction.about_to_run(code, self.namespace, definition.line)
            attach_parts(definition, parts, code)

        made = build(
            definition,
            self.namespace,
            cls,
            before_run,
            decorated=decorated,
            scope=names,
            itself=self.itself(cls),
        )
        self._take_beside(definition, cls, names)
        return made

    def run(self, making: Making, cls: type | None, *, decorated: bool) -> Built:
        """Run a compiled statement aside, in the same way."""
        self.transaction.expect_anything()
        if decorated:
            self._expect_decorators(making.definition, cls)
        names = {} if cls is None else dict(self.scope(cls))
        built = making.run(names, self.itself(cls), self.transaction)
        self._take_beside(making.definition, cls, names)
        return built

    def _expect_decorators(self, definition: Definition, cls: type | None) -> None:
        """Have them find all as it will be, and what they register be known."""
        self.transaction.perform()
        note_generics(definition, self.names_in_view(cls), self.transaction)

    def names_in_view(self, cls: type | None) -> dict[str, Any]:
        """Return the names that the module's code finds, or that of a class's body."""
        scope = vars(self.namespace.module)
        return scope if cls is None else {**scope, **self.scope(cls)}

    def forget_registered(self, gone: Definition) -> None:
        """Plan that generic functions lack what a definition that goes, or a member, registered."""
        inside = (*gone.scopes, gone.own_name)
        members = self.live.family(inside[0]) if gone.kind == "class" else ()
        for each in (gone, *(one for one in members if one.scopes[: len(inside)] == inside)):
            self._known.forgotten.add(each.key)
            if each.decorators:
                plan_dropped(each, self.names_around(each), self.transaction, self.files)

    def only_registers(self, definition: Definition) -> bool:
        """Whether all that its decorators do is to register it with generic functions."""
        return only_registers(definition, self.names_around(definition))

    def names_around(self, definition: Definition) -> dict[str, Any]:
        """Return the names that its decorators find, or found where what it stands in is gone."""
        try:
            cls = class_or_none(self.owner_of(definition))
        except LookupError:  # what it stands in is gone as well
            cls = None
        return {**self.before, **self.names_in_view(cls)}

    def _take_beside(self, new: Definition, cls: type | None, names: dict[str, Any]) -> None:
        """Bind what the statement of a definition has bound besides its name, and is another."""
        old = None if self.evaluated else self.live.get(new.key)
        for name in sorted(bound_anew(new, old) & names.keys()):
            if cls is not None:
                self.bind(cls, name, names[name])
            else:
                self._bind_beside(name, names[name])

    def _bind_beside(self, name: str, value: Any) -> None:
        scope = vars(self.namespace.module)
        if name in scope:
            self.follower.follow(name, scope[name], value, own=False)
        else:
            self.follower.spread(name, value)
        scope[name] = value  # what is below finds it, as the step's snapshot finds what it was
        self.changed.add(name)

    def itself(self, cls: type | None) -> type | None:
        """Return what `super()` in a class is to mean: the class that takes its place."""
        return None if cls is None else self.kin.touched.get(cls, cls)

    def perform_for(self, node: ast.AST, scope: dict[str, Any], *, plain: bool) -> None:
        """Perform what is planned if code about to run may see it: it calls, or names a class.

        `scope`: the names of the class body that it stands in.
        """
        outer = vars(self.namespace.module)
        named = (scope.get(name, outer.get(name)) for name in names_read(node))
        if not plain or any(each in self.kin.touched for each in named if isinstance(each, type)):
            self.transaction.perform()

    def scope(self, cls: type) -> dict[str, Any]:
        """Return the names of a class as they will be with what is planned so far."""
        if cls not in self._scopes:
            self._scopes[cls] = OwnDict(vars(cls))
        return self._scopes[cls]

    def in_view(self, owner: Any) -> set[str]:
        """Return the changed names that statements in a class, or a module, look up as they run."""
        own = self._data.get(owner) if isinstance(owner, type) else None
        return {*self.changed, *own} if own else self.changed

    def note_bound(self, cls: type, names: set[str]) -> None:
        """Note that statements of a class give names other values: what is below looks them up."""
        self._data[cls] = names

    def note_data(self, name: str, cls: type, data: set[str]) -> None:
        """Note that a class of the module, of that name, gets other `data`; it has the former."""
        had = {each: value for each, value in vars(cls).items() if not hasattr(value, "__get__")}
        if is_enum(cls) and not set(data) <= set(cls.__members__):  # type: ignore[attr-defined]
            self.formers.setdefault(name, FormerMembers(cls, had))
            self.changed.update((f"{name}{MEMBERS}", f"{name}.__members__"))
        self.formers.setdefault(name, SimpleNamespace(**had))
        self.changed.update(f"{name}.{each}" for each in data)

    def is_imported(self, name: str) -> bool:
        """Whether an import of the module has bound a name, as far as its text tells."""
        return name in self.module.ran.imported

    def passing_on(self, name: str, meant: Any) -> list[FunctionType]:
        """Return functions that pass calls on to what statements have made a name mean."""
        return self.module.passing_on(name, meant)

    def is_deleted(self, name: str) -> bool:
        """Whether a statement of the module has deleted a name."""
        return any(each.is_deletion and name in each.binds for each in self.module.ran)

    @property
    def files(self) -> tuple[str | None, ...]:
        """The names that the module's code is compiled under."""
        return (self.namespace.file, getattr(self.namespace.module, "__file__", None))

    def is_another(self, path: str) -> bool:
        """Whether a name, with attributes or without, means something else than before the step.

        What one definition has made, and makes anew, is followed by whoever has taken it.
        """
        now = _meant(path, vars(self.namespace.module))
        return not callable(now) or _made_by(now) != _made_by(_meant(path, self.before))

    def bind(self, owner: Any, name: str, value: Any) -> None:
        """Plan that a module or class holds `value` under `name`."""
        self.transaction.expect_anything()
        self._unbound.discard((id(owner), name))
        if isinstance(owner, type):
            if self.scope(owner).get(name) is not value and hasattr(type(value), "__set_name__"):
                value.__set_name__(owner, name)
            self.scope(owner)[name] = value
            self.transaction.set_attribute(owner, name, value)
            self._bring_formers(owner, name)
            return
        scope = vars(owner)
        self.transaction.set_item(scope, name, value)
        if name not in scope:
            scope[name] = value  # what is planned next may use it; the step's snapshot knows it

    def unbind(self, owner: Any, name: str) -> None:
        """Plan that a module or class no longer has `name` of its own."""
        self.transaction.expect_anything()
        if (id(owner), name) in self._unbound:
            return
        self._unbound.add((id(owner), name))
        if not isinstance(owner, type):
            self.transaction.delete_item(vars(owner), name)
            return
        self._bring_formers(owner, name)
        planned = self.scope(owner).pop(name, None) is not None
        if name in vars(owner):
            self.transaction.delete_attribute(owner, name)
        elif planned:
            self.transaction.call(partial(delattr, owner, name), partial(bool))

    def _bring_formers(self, cls: type, name: str) -> None:
        formers = self.kin.formers
        if formers.of(cls):
            self.transaction.afterwards(partial(formers.bring_up_to_date, cls, {name}))


def _meant(path: str, scope: dict[str, Any]) -> Any:
    """Return what a name means, with attributes or without."""
    first, *rest = path.split(".")
    value = scope.get(first)
    for name in rest:
        value = getattr(value, name, None)
    return value


def _made_by(value: Any) -> Any:
    """Return what tells which definition has made a function or class; or the value itself."""
    name = getattr(value, "__qualname__", None)
    return (getattr(value, "__module__", None), name) if isinstance(name, str) else value
