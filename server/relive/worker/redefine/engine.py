"""Entry points of the engine: a redefinition from the editor, and a definition evaluated again.

    read source -> diff against the image -> plan -> apply -> receipt
    definitions.py   plan.py (reads live.py, build.py)   transaction.py   receipt.py

One redefinition is one transaction. Whatever fails before the commit leaves the image as it was.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter

from relive.worker.errors import describe_error
from relive.worker.names import missing_names
from relive.worker.redefine.definitions import FUNCTIONS, Definition, definitions_in, flattened
from relive.worker.redefine.plan import Planner
from relive.worker.redefine.receipt import Change, Refused
from relive.worker.redefine.transaction import Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.namespace import Namespace

_MADE = (*FUNCTIONS, ast.ClassDef)


def redefine(image: Image, message: dict[str, Any]) -> dict[str, Any]:
    """Carry out a `redefine` message and return the `redefined` receipt."""
    changes: list[Change] = []
    error = None
    try:
        namespace = image.namespaces.of(message["file"])
        image.sources.show(message["file"], message["document"])
        if message["name"] is None:
            changes = _whole_file(image, namespace, message["document"])
        else:
            changes = _named(image, namespace, message)
    except Refused as refusal:
        changes = [_refused(message, str(refusal))]
    except BaseException as failure:  # a decorator or default may raise anything
        error = describe_error(failure, message["file"], image.locate)
    return {
        "op": "redefined",
        "id": message["id"],
        "changes": [change.to_wire() for change in changes],
        "error": error,
    }


def redefine_in_place(image: Image, namespace: Namespace, new: Definition) -> bool:
    """Bring one top-level definition into the image; False if it cannot be done in place."""
    try:
        _apply(image, namespace, [new], evaluated=True)
    except Refused:
        return False
    return True


def _named(image: Image, namespace: Namespace, message: dict[str, Any]) -> list[Change]:
    """Redefine the named definition from its own text: errors elsewhere do not matter."""
    found = [_from_segment(each, message["file"]) for each in message["segments"]]
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


def _whole_file(image: Image, namespace: Namespace, document: str) -> list[Change]:
    """Redefine every top-level definition that differs from the image; name what else differs."""
    live = image.definitions(namespace)
    parsed = _parsed(document, 0, namespace.file or "")
    new = [each for each in image.in_force(namespace, parsed) if not each.scopes]
    moved_or_changed = [
        each
        for each in new
        if each.key not in live
        or live[each.key].source != each.source
        or live[each.key].line != each.line
    ]
    imports = _new_imports(image, namespace, document)
    changes = _apply(image, namespace, moved_or_changed, imports)
    told = {change.name for change in changes}
    unchanged = [each for each in new if each.key in live and each.name not in told]
    changes += [Change.of(each, "unchanged") for each in unchanged]
    return changes + _statements_not_run(image, namespace, document)


def _apply(
    image: Image,
    namespace: Namespace,
    new: list[Definition],
    imports: list[ast.stmt] | None = None,
    *,
    evaluated: bool = False,
) -> list[Change]:
    """Plan and commit the change, then record it in the image."""
    live = image.definitions(namespace)
    transaction = Transaction()
    planner = Planner(namespace, live, transaction, evaluated=evaluated)
    _plan_imports(imports or [], namespace, transaction)
    for each in new:
        planner.plan(each)
    transaction.commit()
    for each in new:
        _record(live, each)
    return planner.changes


def _record(live: dict[str, Definition], new: Definition) -> None:
    """Make the image hold `new` and, of a class, what is in it and nothing that was."""
    for key in [key for key in live if key.startswith(new.name + ".")]:
        del live[key]
    live[new.key] = new
    for inner in definitions_in(new.source, line=new.line)[1:]:
        inner.scopes = (*new.scopes, *inner.scopes)
        live[inner.key] = inner


def _plan_imports(imports: list[ast.stmt], namespace: Namespace, transaction: Transaction) -> None:
    """Run new import statements aside, and plan to bind what they bring."""
    scope: dict[str, Any] = {}
    if imports:
        tree = ast.Module(imports, type_ignores=[])
        exec(compile(tree, namespace.file or "", "exec"), namespace.module.__dict__, scope)
    for name, value in scope.items():
        transaction.set_item(namespace.module.__dict__, name, value)


def _top_level(text: str) -> list[ast.stmt]:
    return [node for node in flattened(ast.parse(text).body) if not isinstance(node, _MADE)]


def _new_statements(image: Image, namespace: Namespace, document: str) -> list[ast.stmt]:
    """Return the top-level statements of `document` that the loaded text has not.

    Empty when the loaded text is not known, as in a module evaluated piece by piece: there each
    statement is the user's to run.
    """
    loaded = image.sources.loaded(namespace.file or "")
    if loaded is None:
        return []
    had = Counter(map(ast.dump, _top_level(loaded)))
    new = []
    for node in _top_level(document):
        had[ast.dump(node)] -= 1
        if had[ast.dump(node)] < 0:
            new.append(node)
    return new


def _new_imports(image: Image, namespace: Namespace, document: str) -> list[ast.stmt]:
    new = _new_statements(image, namespace, document)
    return [node for node in new if isinstance(node, (ast.Import, ast.ImportFrom))]


def _statements_not_run(image: Image, namespace: Namespace, document: str) -> list[Change]:
    reason = "a redefinition does not run top-level code; evaluate it when you want it to run"
    return [
        Change(f"line {node.lineno}", "statement", "refused", reason)
        for node in _new_statements(image, namespace, document)
        if not isinstance(node, (ast.Import, ast.ImportFrom))
    ]


def _refused(message: dict[str, Any], reason: str) -> Change:
    name = message["name"] or "the file"
    kind = "method" if "." in name else "function"
    return Change(name, kind, "refused", reason)
