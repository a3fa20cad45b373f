"""Entry points of the engine: a redefinition from the editor, and a definition evaluated again.

    read source -> diff against the image -> plan -> apply -> receipt
    definitions.py, toplevel.py   plan.py, live.py, build.py, merge.py, enums.py, follow.py
    transaction.py   receipt.py

One redefinition is one transaction. Whatever fails before the commit leaves the image as it was.
"""

from __future__ import annotations

import ast
import builtins
from functools import partial
from types import FunctionType

from relive.worker.errors import describe_error
from relive.worker.names import missing_names
from relive.worker.redefine.definitions import Definition, definitions_in
from relive.worker.redefine.follow import Follower
from relive.worker.redefine.plan import Planner
from relive.worker.redefine.receipt import Change, Refused
from relive.worker.redefine.toplevel import TopLevel, ToRun, top_level
from relive.worker.redefine.transaction import Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.namespace import Namespace


def redefine(image: Image, message: dict[str, Any]) -> dict[str, Any]:
    """Carry out a `redefine` message and return the `redefined` receipt."""
    changes: list[Change] = []
    error = None
    try:
        changes = _changes(image, message)
    except Refused as refusal:
        changes = [_refused(message, str(refusal))]
    except BaseException as failure:  # a decorator or default may raise anything
        error = describe_error(failure, message["files"][0]["file"], image.locate)
    return {
        "op": "redefined",
        "id": message["id"],
        "changes": [change.to_wire() for change in changes],
        "error": error,
    }


def _changes(image: Image, message: dict[str, Any]) -> list[Change]:
    for each in message["files"]:
        image.sources.show(each["file"], each["document"])
    if message["name"] is not None:
        return _named(image, image.namespaces.of(message["files"][0]["file"]), message)
    found = [(image.namespaces.get(each["file"]), each["document"]) for each in message["files"]]
    loaded = [(namespace, document) for namespace, document in found if namespace is not None]
    if not loaded and len(found) == 1:
        raise Refused("the file is not loaded in the process; evaluate it first")
    return _files(image, loaded)


def redefine_in_place(image: Image, namespace: Namespace, new: Definition) -> bool:
    """Bring one top-level definition into the image; False if it cannot be done in place."""
    try:
        _apply(image, namespace, [new], evaluated=True)
    except Refused:
        return False
    return True


def _named(image: Image, namespace: Namespace, message: dict[str, Any]) -> list[Change]:
    """Redefine the named definition from its own text: errors elsewhere do not matter."""
    found = [_from_segment(each, message["files"][0]["file"]) for each in message["segments"]]
    if not found:
        raise Refused(f"the text has no definition {message['name']!r}")
    texts = [segment["text"] for segment in message["segments"]]
    imports = [node for text in texts for node in _imports_needed(message, namespace, text)]
    return _apply(image, namespace, image.in_force(namespace, found), imports)


def _from_segment(segment: dict[str, Any], file: str) -> Definition:
    scopes = tuple(name for kind, name in segment["scopes"] if kind == "class")
    if len(scopes) != len(segment["scopes"]):
        raise Refused("a function inside a function is changed with the function around it")
    found = _parsed(segment["text"], segment["line"], file)[0]
    found.scopes = scopes
    return found


def _imports_needed(message: dict[str, Any], namespace: Namespace, text: str) -> list[ast.stmt]:
    """Return the file's imports of names that `text` uses and the module has not yet."""
    code = compile(f"if 1:\n{text}" if text[:1] in (" ", "\t") else text, "", "exec")
    missing = missing_names(code, namespace.module.__dict__, builtins.__dict__)
    statements = [node for each in message["imports"] for node in ast.parse(each).body]
    return [
        node
        for node in statements
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and any((alias.asname or alias.name.split(".")[0]) in missing for alias in node.names)
    ]


def _parsed(text: str, line: int, file: str) -> list[Definition]:
    try:
        return definitions_in(text, line)
    except SyntaxError as error:
        # The text was parsed on its own, an indented one under a line of ours.
        shift = line - (1 if text[:1] in (" ", "\t") else 0)
        error.filename = file
        error.lineno = (error.lineno or 1) + shift
        if getattr(error, "end_lineno", None):
            error.end_lineno = (error.end_lineno or 1) + shift
        raise


def _files(image: Image, files: list[tuple[Namespace, str]]) -> list[Change]:
    """Redefine several files as one step: all of them, or none.

    A file may import what another one of the step only now defines: its turn comes again after
    the others.
    """
    edits = [FileEdit(image, namespace, document) for namespace, document in files]
    step = Step(image)
    with step:
        while edits:
            waiting = [edit for edit in edits if not edit.plan(step, last=len(edits) == 1)]
            if len(waiting) == len(edits):
                waiting[0].plan(step, last=True)
                waiting = waiting[1:]
            edits = waiting
    return [change for change in step.changes if change.kind != "statement"] + [
        change for change in step.changes if change.kind == "statement"
    ]


class FileEdit:
    """A file's new text against what the image holds of it."""

    def __init__(self, image: Image, namespace: Namespace, document: str) -> None:
        live = image.definitions(namespace)
        parsed = _parsed(document, 0, namespace.file or "")
        self._image = image
        self._namespace = namespace
        self._new = [each for each in image.in_force(namespace, parsed) if not each.scopes]
        self._differing = [each for each in self._new if _differs(live.get(each.key), each)]
        self._known = set(live)
        self._gone = [] if namespace.adopted else _vanished(live, self._new)
        whole = not namespace.adopted
        self._statements = ToRun(image.ran(namespace), top_level(document), whole=whole)

    def plan(self, step: Step, *, last: bool) -> bool:
        """Plan the edit; False if it has to wait for another file, unless it is the last."""
        nodes, before = [each.node for each in self._statements.run], len(step.changes)
        try:
            step.plan(self._namespace, self._differing, nodes, self._gone)
        except ImportError:
            if last:
                raise
            return False
        told = {change.name for change in step.changes[before:]}
        step.changes += [
            Change.of(each, "unchanged")
            for each in self._new
            if each.key in self._known and each.name not in told
        ]
        step.changes += map(_run, _told(self._statements.run))
        step.changes += map(_left, self._statements.left)
        step.afterwards(partial(self._image.note_ran, self._namespace, self._statements.run))
        return True


def _differs(old: Definition | None, new: Definition) -> bool:
    return old is None or old.source != new.source or old.line != new.line


def _vanished(live: dict[str, Definition], new: list[Definition]) -> list[Definition]:
    present = {each.name for each in new}
    return [each for each in live.values() if not each.scopes and each.name not in present]


def _told(statements: list[TopLevel]) -> list[TopLevel]:
    """Leave out imports: they are part of the definitions that use them."""
    return [each for each in statements if not each.is_import]


def _run(statement: TopLevel) -> Change:
    return Change(f"line {statement.node.lineno}", "statement", "redefined")


def _left(statement: TopLevel) -> Change:
    reason = "changed top-level code does not run by itself; evaluate it when you want it to"
    return Change(f"line {statement.node.lineno}", "statement", "refused", reason)


def _apply(
    image: Image,
    namespace: Namespace,
    new: list[Definition],
    statements: list[ast.stmt] | None = None,
    *,
    evaluated: bool = False,
) -> list[Change]:
    """Redefine definitions of one module as a step of their own."""
    step = Step(image)
    with step:
        step.plan(namespace, new, statements or [], [], evaluated=evaluated)
    return step.changes


class Step:
    """One redefinition, of one file or several: leaving its context commits all, or nothing.

    Statements, and definitions that are new, take effect in the modules while it is planned, since
    what is planned next must see them; snapshots bring the modules back if anything fails.
    """

    def __init__(self, image: Image) -> None:
        self.changes: list[Change] = []
        self._image = image
        self._transaction = Transaction()
        self._snapshots: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self._records: list[Callable[[], None]] = []

    def plan(
        self,
        namespace: Namespace,
        new: list[Definition],
        statements: list[ast.stmt],
        gone: list[Definition],
        *,
        evaluated: bool = False,
    ) -> None:
        """Plan the changes of one module.

        Raises:
            Refused: something cannot be done in place.
            BaseException: what a statement, default or decorator raises; an error in a statement
                leaves the module as it was, and the step can go on.
        """
        live, scope = self._image.definitions(namespace), namespace.module.__dict__
        before = dict(scope)
        follower = Follower(namespace.module, self._image.sources, self._transaction)
        planner = Planner(namespace, live, self._transaction, follower, evaluated=evaluated)
        try:
            _run_statements(statements, namespace)
        except BaseException:
            _restore(scope, before)
            raise
        self._snapshots.append((scope, before))
        for name in [name for name in scope if scope[name] is not before.get(name, scope[name])]:
            _carry_over(name, before[name], scope, self._transaction, follower)
        for each in new:
            planner.plan(each)
            self._records.append(partial(_record, live, each))
        for each in gone:
            planner.plan_removed(each)
            self._records.append(partial(_forget, live, each))
        self.changes += planner.changes

    def afterwards(self, record: Callable[[], None]) -> None:
        """Have `record` called when the step is committed."""
        self._records.append(record)

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        try:
            if kind is None:
                self._transaction.commit()
        except BaseException:
            self._take_back()
            raise
        if kind is not None:
            self._take_back()
            return
        for record in self._records:
            record()

    def _take_back(self) -> None:
        for scope, before in reversed(self._snapshots):
            _restore(scope, before)


def _carry_over(
    name: str,
    old: Any,
    scope: dict[str, Any],
    transaction: Transaction,
    follower: Follower,
) -> None:
    """Plan that holders of what `name` was go over to what it is; a lambda stays the object."""
    new = scope[name]
    functions = isinstance(old, FunctionType) and isinstance(new, FunctionType)
    if functions and len(old.__code__.co_freevars) == len(new.__code__.co_freevars):
        transaction.move_function(new, old, header=True)
        transaction.set_item(scope, name, old)
    else:
        follower.follow(name, old, new)


def _run_statements(statements: list[ast.stmt], namespace: Namespace) -> None:
    for node in statements:
        tree = ast.Module([node], type_ignores=[])
        file, flags = namespace.file or "", namespace.future_flags
        exec(compile(tree, file, "exec", flags, dont_inherit=True), namespace.module.__dict__)


def _restore(scope: dict[str, Any], before: dict[str, Any]) -> None:
    for name in [name for name in scope if name not in before]:
        del scope[name]
    scope.update(before)


def _record(live: dict[str, Definition], new: Definition) -> None:
    """Make the image hold `new` and, of a class, what is in it and nothing that was."""
    _forget(live, new)
    live[new.key] = new
    for inner in definitions_in(new.source, line=new.line)[1:]:
        inner.scopes = (*new.scopes, *inner.scopes)
        live[inner.key] = inner


def _forget(live: dict[str, Definition], gone: Definition) -> None:
    for key in [key for key in live if key == gone.key or key.startswith(gone.name + ".")]:
        del live[key]


def _refused(message: dict[str, Any], reason: str) -> Change:
    name = message["name"] or "the file"
    kind = "method" if "." in name else "function"
    return Change(name, kind, "refused", reason)
