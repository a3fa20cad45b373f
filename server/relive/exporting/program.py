"""A session's steps as the program that gives its state again.

Statements that ran to their end are in it, in their order. What failed, or cannot run anywhere
else, is there in words. A redefinition is its definition's text at that time; an undo is the text
before; what was rewound is among the steps no more. Then definitions are brought to their last
texts, as far as that changes nothing (`merging.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from relive.exporting import reading
from relive.exporting.merging import merged
from relive.exporting.pieces import LeftOut, Module, Piece
from relive.exporting.reading import heading, without_comments
from relive.session.gave import ChangedDefinition, Gave, RanStatement
from relive.session.timeline import Step, shortened
from relive.source.pragmas import forms_with

NameOf = Callable[[str], str]
"""Returns the name that a file is imported by."""
Key = tuple[Module, str, int]
"""A definition: its module, its name, and which one it is of those that share the name."""
Texts = dict[Key, str | None]

_HIDDEN = "`# relive: nolog` keeps it out"


@dataclass(frozen=True)
class Program:
    """What gives the state of a session again."""

    pieces: tuple[Piece, ...]
    main: Module
    """The module whose code is the program's own; that of others runs in theirs."""
    left_out: tuple[LeftOut, ...]
    imported: frozenset[str]
    """The names of those that the program imports."""

    @property
    def count(self) -> int:
        """How many statements it has."""
        return sum(1 for each in self.pieces if each.kind != "note")


def program(steps: Iterable[Step], name_of: NameOf, file: str | None = None) -> Program:
    """Return the program that a session's steps make.

    Args:
        steps: in their order.
        name_of: names the modules of files that nothing was evaluated in.
        file: whose code is to be the program's own; otherwise it is that of which there is most.
    """
    making = _Making(name_of)
    for step in steps:
        making.take(step)
    imported = _imported(making.pieces)
    pieces = merged(making.pieces, imported)
    main = _main(pieces, file)
    return Program(tuple(pieces), main, tuple(making.left_out), imported - {main.name})


def _main(pieces: list[Piece], file: str | None) -> Module:
    counts = Counter(each.module for each in pieces if each.kind != "note")
    own = next((module for module in counts if file is not None and module.file == file), None)
    most = counts.most_common(1)
    return own or (most[0][0] if most else Module("scratch", None))


def _imported(pieces: list[Piece]) -> frozenset[str]:
    """Return which of the modules that code ran in are imported by code of another one."""
    modules = {each.module for each in pieces if each.module.file is not None}
    found = set()
    for piece in pieces:
        named = reading.imports(piece.text) if "import" in piece.words else frozenset()
        for module in modules - {piece.module}:
            last = module.name.rpartition(".")[2]
            if module.name in named or any(n.startswith(".") and n.endswith(last) for n in named):
                found.add(module.name)
    evaluated = {each.module for each in pieces if each.is_evaluated}
    return frozenset(found | {each.name for each in modules - evaluated})


class _Making:
    """The pieces, as the steps are gone through."""

    def __init__(self, name_of: NameOf) -> None:
        self.pieces: list[Piece] = []
        self.left_out: list[LeftOut] = []
        self._name_of = name_of
        self._names: dict[str | None, Module] = {}
        self._texts: Texts = {}
        """The present text of each definition; None: nobody knows."""
        self._named: dict[tuple[Module, str], list[Key]] = {}
        """The definitions that share a name."""
        self._changes: list[tuple[int, Texts]] = []
        """What each step that changed definitions had found, the latest last."""

    def take(self, step: Step) -> None:
        """Take the next step."""
        gave, kind = step.gave, step.change.kind
        if gave is None or step.status in (None, "refused"):
            return
        if kind in ("evaluate", "resume"):
            self._evaluated(step, gave)
        elif kind == "undo":
            self._undone(step, gave)
        elif kind in ("redefine", "revert"):
            self._changed(step, gave)

    # -- evaluations -----------------------------------------------------------------------------

    def _evaluated(self, step: Step, gave: Gave) -> None:
        module = self._module(step.change.file, gave.module)
        if gave.inside is not None:
            self._leave_out(step, module, step.change.text or "", f"it ran in {gave.inside}")
            return
        found: Texts = {}
        for number, statement in enumerate(gave.statements):
            if number == 0 and step.change.action == "return":
                self._leave_out(
                    step, module, statement.text, "it was held, and went on with a value"
                )
            else:
                self._ran(step, module, gave, statement, found)
        self._note_change(step, found)
        if gave.failed is not None and step.status != "held":
            self._leave_out(step, module, gave.failed.text, _failure(gave))

    def _ran(
        self,
        step: Step,
        module: Module,
        gave: Gave,
        statement: RanStatement,
        found: Texts,
    ) -> None:
        text = statement.text
        if forms_with(text, "nolog"):
            self.left_out.append(LeftOut("code", _HIDDEN))
            return
        kind = reading.kind_of(text)
        piece = Piece(
            module,
            "code",
            reading.opened_guard(text) if kind == "guard" else text,
            step.number,
            trace=statement.trace,
            futures=gave.futures,
            result=None if statement.result is None else statement.result.id,
            is_asked_for=statement.is_asked_for,
        )
        is_definition = kind in ("function", "class")
        self.pieces.append(self._defined(piece, step, found) if is_definition else piece)

    def _defined(self, piece: Piece, step: Step, found: Texts) -> Piece:
        """Return the piece that a definition is; `found` is told what its text was."""
        (name,) = reading.bound(piece.text)
        key, is_anew = self._key(piece.module, name, step)
        before = self._texts.get(key)
        if before is not None:  # else it is no change of a definition
            found.setdefault(key, before)
        self._know(key, piece.text)
        return replace(piece, kind="definition", name=name, copy=key[2], is_anew=is_anew)

    def _leave_out(self, step: Step, module: Module, text: str, why: str) -> None:
        hidden = bool(forms_with(text, "nolog"))
        label = "code" if hidden else shortened(text)
        self.left_out.append(LeftOut(label, _HIDDEN if hidden else why))
        lines = [] if hidden else text.strip().split("\n")
        note = "\n".join(f"# {line}".rstrip() for line in (f"Left out: {why}.", *lines))
        self.pieces.append(Piece(module, "note", note, step.number))

    def _key(self, module: Module, name: str, step: Step) -> tuple[Key, bool]:
        """Return which definition of its name one is that ran, and whether it ran as a new one.

        So it does where its text has several of that name, each of which something may be made
        of, as of the `_` of registered handlers.
        """
        known = self._known(module, name)
        if reading.times_defined(name, self._text_around(step)) > 1:
            return (module, name, max(known, default=-1) + 1), True
        return (module, name, max(known, default=0)), False

    def _text_around(self, step: Step) -> str:
        if step.document is None or step.change.detached:
            return step.change.text or ""
        return step.document.text

    def _known(self, module: Module, name: str) -> dict[int, str]:
        keys = self._named.get((module, name), ())
        texts = {key[2]: self._texts[key] for key in keys}
        return {copy: text for copy, text in texts.items() if text is not None}

    def _know(self, key: Key, text: str | None) -> None:
        if key not in self._texts:
            self._named.setdefault(key[:2], []).append(key)
        self._texts[key] = text

    # -- redefinitions ---------------------------------------------------------------------------

    def _changed(self, step: Step, gave: Gave) -> None:
        found: Texts = {}
        for change in gave.changed:
            module = self._module(change.file)
            if change.kind == "statement":
                if change.text is not None:
                    self._add(step, module, change.text)
            else:
                self._redefined(step, module, change, found)
        self._note_change(step, found)

    def _redefined(
        self,
        step: Step,
        module: Module,
        change: ChangedDefinition,
        found: Texts,
    ) -> None:
        name = change.name.partition(".")[0]
        key = module, name, self._copy_changed(module, name, change)
        known = self._texts.get(key)
        if "." not in change.name:
            before, now = known or change.before, change.text
        else:
            outer = known or change.enclosing or ""
            before = known or reading.with_method(outer, change.name, change.before, None)
            now = reading.with_method(outer, change.name, change.text, change.enclosing)
        if change.outcome != "removed" and change.text is None:
            why = "its text is not known"
            self._leave_out(step, module, f"redefinition of {change.name}", why)
            return
        found.setdefault(
            key, None if change.outcome == "added" and key not in self._texts else before
        )
        self._bring(step, key, now, before)

    def _copy_changed(self, module: Module, name: str, change: ChangedDefinition) -> int:
        """Return which of the definitions of a name a change is about, which may be a new one."""
        known = self._known(module, name)
        if change.outcome == "added" and "." not in change.name:
            return max(known, default=-1) + 1
        before, new = without_comments(change.before or ""), change.text or ""
        alike = [copy for copy, text in known.items() if heading(text) == heading(new)]
        having = [copy for copy, text in known.items() if before in text]
        return (alike or having or [*known] or [0])[-1]

    def _undone(self, step: Step, gave: Gave) -> None:
        names = {(self._module(c.file), c.name.partition(".")[0]) for c in gave.changed}
        meant = [each for each in self._changes if names & {key[:2] for key in each[1]}]
        if meant:
            self._changes.remove(meant[-1])
            for key, before in meant[-1][1].items():
                self._bring(step, key, before)
        for change in gave.changed:
            if change.kind == "statement":
                self._bring_back(step, self._module(change.file), change.name)

    def _bring(self, step: Step, key: Key, text: str | None, former: str | None = None) -> None:
        """Have a definition be what `text` says; None: it is gone."""
        module, name, copy = key
        former = self._texts.get(key) or former
        self._know(key, text)
        if text is None:
            self._append(Piece(module, "removal", f"del {name}", step.number, name))
        elif not forms_with(text, "nolog"):
            self._append(Piece(module, "definition", text, step.number, name, copy, former=former))

    def _bring_back(self, step: Step, module: Module, name: str) -> None:
        """Have what bound a name before the last statement that did so run again."""
        own = [p for p in self.pieces if p.module == module and p.kind == "code"]
        binding = [each.text for each in own if name in each.binds]
        if len(binding) > 1:
            self._add(step, module, binding[-2])

    def _add(self, step: Step, module: Module, text: str) -> None:
        if not forms_with(text, "nolog"):
            self._append(Piece(module, "code", text, step.number))

    def _append(self, piece: Piece) -> None:
        self.pieces.append(replace(piece, is_evaluated=False))

    def _note_change(self, step: Step, found: Texts) -> None:
        if found:
            self._changes.append((step.number, found))

    def _module(self, file: str | None, name: str = "") -> Module:
        known = self._names.get(file)
        if known is None or (name and known.name != name):
            named = name or (self._name_of(file) if file else "scratch")
            known = self._names[file] = Module(named, file)
        return known


def _failure(gave: Gave) -> str:
    error = gave.error
    told = "it failed" if error is None else f"it failed with {error.type}"
    trace = None if gave.failed is None else gave.failed.trace
    names = [] if trace is None else [name for _, name in (*trace["writes"], *trace["changed"])]
    return f"{told}, having changed {', '.join(dict.fromkeys(names))}" if names else told
