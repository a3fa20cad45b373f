"""What redefinitions have changed in this worker, so that the last ones can be undone.

A step is what the user did once: a redefinition, a reverted patch, or an evaluation in which
definitions that were live already ran again. Of each the history keeps what its modules were
before, as far as the step changed them. That is little, and it is dropped after so many steps.
"""

from __future__ import annotations

from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.wire.texts import LateText
    from relive.worker.module_image import ModuleImage
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.modules.places import Given
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.known import Journal
    from relive.worker.redefine.reading.matching import Ran
    from relive.worker.redefine.reading.source import Source

_STEPS = 100
"""Steps that are remembered: they hold values which the program itself has let go of."""
_NAMED = 3
"""Definitions that a step is called by; of more only the number is told."""


class Changed:
    """What steps have changed of one module."""

    def __init__(self, namespace: Namespace, module: ModuleImage) -> None:
        self.namespace = namespace
        self.module = module
        """Its image; a module that is loaded anew has another."""
        self.before: dict[str, Definition | None] = {}
        """By key: the definitions that are other ones now, or came to be (None)."""
        self.after: dict[str, str | None] = {}
        """The texts they have now; None: gone."""
        self.as_before: set[str] = set()
        """Keys of classes with other texts that only differ in the definitions inside them."""
        self.bound: dict[str, tuple[Any, Any]] = {}
        """Names that mean another object, or came or went: what they meant, and mean."""
        self.uses: set[str] = set()
        """Names with other values than before, from which something was computed."""
        self.flags: tuple[int, int] | None = None
        """The compiler flags of `__future__` features before and after, if they are others."""
        self.retaken: set[str] = set()
        """Names that mean another one of the definitions that have it, or had."""
        self.spread: list[tuple[Any, str]] = []
        """Modules that import everything from this one, and names they got by that."""
        self.given: list[Given] = []
        """Attributes and items that statements have given other values, in their order."""
        self.ran: tuple[Ran, Ran] | None = None
        """The statements that had run, and those that had run then, if they are others."""
        self.has_other_statements = False
        """Whether any of those has another text, such as a lambda whose code was exchanged."""
        self.sources: tuple[Source | None, Source | None] | None = None
        """The whole text before and after, if one was brought in."""
        self.anew: set[str] = set()
        """Keys of definitions whose statement simply ran again: nothing was changed in place."""

    @property
    def differs(self) -> bool:
        """Whether there is anything that could be undone, besides lines that have moved."""
        keys = self.before.keys() - self.as_before
        has_other_texts = any(self._has_other_text(key, self.before[key]) for key in keys)
        bound = self.bound or self.given
        return bool(bound or self.anew or self.has_other_statements) or has_other_texts

    @property
    def names(self) -> list[str]:
        """The qualified names of the definitions with other texts, without those inside others."""
        keys = [key for key, each in self.before.items() if self._is_news(key, each)]
        names = list(dict.fromkeys(key.partition("@")[0].partition("#")[0] for key in keys))
        return [each for each in names if not any(each.startswith(f"{one}.") for one in names)]

    def _is_news(self, key: str, before: Definition | None) -> bool:
        return key in self.anew or self._has_other_text(key, before)

    def _has_other_text(self, key: str, before: Definition | None) -> bool:
        return (None if before is None else before.source) != self.after[key]

    def go_on_to(self, later: Changed) -> None:
        """Take in what a later part of the same step has changed."""
        for key, before in later.before.items():  # not all anew: a step may have a part for each
            self.before.setdefault(key, before)
        self.after.update(later.after)
        for name, (before, after) in later.bound.items():
            self.bound[name] = (self.bound.get(name, (before,))[0], after)
        self.uses |= later.uses
        self.retaken |= later.retaken
        if later.flags is not None:
            self.flags = ((self.flags or later.flags)[0], later.flags[1])
        self.spread += later.spread
        self.given += later.given
        self.anew |= later.anew
        if later.ran is not None:
            self.ran = ((self.ran or later.ran)[0], later.ran[1])
            self.has_other_statements |= later.has_other_statements
        if later.sources is not None:
            self.sources = ((self.sources or later.sources)[0], later.sources[1])


class Written:
    """An attribute that a step has given another value: a default, or data of a class.

    Or one that an object has been given, because its class has a new field.
    """

    def __init__(self, target: Any, name: str, before: Any, after: Any) -> None:
        self.target = target
        """A weak reference to the function, class or object."""
        self.name = name
        self.before = before
        self.after = after


class Registered(Written):
    """A type that a generic function has another handler for than before a step, or none."""

    def __init__(self, generic: Any, kind: type, before: Any, after: Any) -> None:
        super().__init__(generic, "", before, after)
        self.kind = kind


class Cause:
    """What the user did: a message of the daemon, which may come to several changes."""

    def __init__(self, kind: str, shown: dict[str, str | LateText | None]) -> None:
        self.kind = kind
        """`redefinition`, `evaluation` or `reverting`."""
        self.shown = shown
        """The texts by which files were known before."""


class Done:
    """A step that can be undone."""

    def __init__(self, cause: Cause) -> None:
        self.cause = cause
        self.modules: list[Changed] = []
        self.written: list[Written] = []

    def add(self, modules: list[Changed], written: list[Written]) -> None:
        """Take in changes that were made by one transaction."""
        known = {id(each.module): each for each in self.modules}
        for each in modules:
            if id(each.module) in known:
                known[id(each.module)].go_on_to(each)
            else:
                self.modules.append(each)
        self.written += written

    def words(self) -> str:
        """Say what it was, as "the redefinition of 'area' and 'edge' in shapes.py"."""
        names = list(dict.fromkeys(name for each in self.modules for name in each.names))
        where = _listed(list(map(_base_name, self.files)) or ["the scratch module"], "files")
        if not names:
            return f"the {self.cause.kind} of {where}"
        return f"the {self.cause.kind} of {_listed([repr(each) for each in names])} in {where}"

    @property
    def files(self) -> list[str]:
        """The files whose modules it has changed."""
        return list(dict.fromkeys(each.namespace.file or "" for each in self.modules))


class History:
    """The last steps, the latest one last."""

    def __init__(self) -> None:
        self._done: list[Done] = []
        self._causes: dict[int, Cause] = {}
        """What each thread does at present."""
        self.turns = 0
        """How often the program has begun to run, or ended."""

    def begin(self, cause: Cause) -> None:
        """Have what this thread changes from now on count as one step."""
        self._causes[get_ident()] = cause
        self._count(cause)

    def end(self) -> None:
        """Have nothing more count to the step that this thread has begun."""
        self._count(self._causes.pop(get_ident(), None))

    def _count(self, cause: Cause | None) -> None:
        if cause is not None and cause.kind == "evaluation":
            self.turns += 1

    def cause(self) -> Cause | None:
        """Return what this thread's changes count to by now."""
        return self._causes.get(get_ident())

    def put_away(self) -> Callable[[], None]:
        """Let the step that this thread has begun be, and return what takes it up again."""
        cause = self._causes.pop(get_ident(), None)
        return lambda: None if cause is None else self.begin(cause)

    def note(self, modules: list[Changed], written: list[Written]) -> None:
        """Remember what a transaction has changed."""
        if not written and not any(each.differs for each in modules):
            return
        cause = self.cause() or Cause("evaluation", {})
        if not self._done or self._done[-1].cause is not cause:
            self._done.append(Done(cause))
            del self._done[:-_STEPS]
        self._done[-1].add(modules, written)

    def note_anew(
        self, namespace: Namespace, module: ModuleImage, journal: Journal, name: str, former: Any
    ) -> None:
        """Remember that the statement of a definition that was live has simply run again.

        `former`: what its name meant.
        """
        changed = Changed(namespace, module)
        changed.before.update(journal)
        changed.anew.update(journal)
        for key in journal:
            now = module.definitions.get(key)
            changed.after[key] = None if now is None else now.source
        changed.bound[name] = former, namespace.module.__dict__[name]
        self.note([changed], [])

    def has(self, cause: Cause) -> bool:
        """Whether it has come to a step that can be undone."""
        return any(each.cause is cause for each in self._done)

    @property
    def last(self) -> Done | None:
        """The last step that has not been undone."""
        return self._done[-1] if self._done else None

    def holding(self) -> list[tuple[Any, Any]]:
        """Return what holds, for undoing alone, the objects that names meant before."""
        changed = [each for done in self._done for each in done.modules]
        return [pair for each in changed for pair in each.bound.values()]

    def forget(self, done: Done) -> None:
        """Take a step out: it is undone, or cannot be any more."""
        self._done = [each for each in self._done if each is not done]

    def __len__(self) -> int:
        return len(self._done)


def _base_name(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2] or "the scratch module"


def _listed(items: list[str], many: str = "more") -> str:
    """Return items as words: a few by name, and how many more there are."""
    if len(items) <= _NAMED:
        return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]]))
    if many == "files":
        return f"{len(items)} files"
    return f"{', '.join(items[:_NAMED])} and {len(items) - _NAMED} more"
