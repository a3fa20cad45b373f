"""Entry points of the engine: a redefinition from the editor, and a definition evaluated again.

    read source -> diff against the image -> plan -> apply -> receipt
    reading/       modules/file_edit.py       plan.py with functions/, classes/
                                              applying/       receipt.py

One redefinition is one transaction. Whatever fails before the commit leaves the image as it was.
"""

from __future__ import annotations

from functools import partial

from relive.worker.errors.describe import describe_error
from relive.worker.rebound import named, rebound
from relive.worker.redefine.change import Change
from relive.worker.redefine.finding.compiled import check_module
from relive.worker.redefine.finding.unlisted import why_not_loaded, why_unlisted
from relive.worker.redefine.modules.file_edit import FileEdit
from relive.worker.redefine.modules.moves import plan_moves
from relive.worker.redefine.modules.ripple import Ripple
from relive.worker.redefine.modules.turns import in_order
from relive.worker.redefine.named import plan_named
from relive.worker.redefine.reading.definitions import Definition
from relive.worker.redefine.receipt import Receipt
from relive.worker.redefine.refused import Refused
from relive.worker.redefine.step import Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.applying.transaction import BeforeRun


def redefine(
    image: Image, message: dict[str, Any], before_run: BeforeRun | None = None
) -> dict[str, Any]:
    """Carry out a `redefine` message and return the `redefined` receipt.

    `before_run` is told of the code that runs for it.
    """
    step = Step(image, before_run=before_run)
    left_out: list[dict[str, Any]] = []
    file = message["files"][0]["file"]
    receipt = answer(image, message, file, partial(_changes, step, image, message, left_out))
    return {**receipt, "left_out": left_out}


def answer(
    image: Image, message: dict[str, Any], file: str, change: Callable[[], Receipt]
) -> dict[str, Any]:
    """Have `change` change the image; return the receipt of it for `message`, about `file`."""
    receipt, error = Receipt([]), None
    try:
        receipt = change()
    except Refused as refusal:
        receipt = Receipt([_refused(message, refusal)])
    except BaseException as failure:  # a decorator or default may raise anything
        error = describe_error(failure, file, image)
    return {
        "op": "redefined",
        "id": message["id"],
        **receipt.to_wire(),
        "left_out": [],
        "error": error,
    }


def _changes(
    step: Step, image: Image, message: dict[str, Any], left_out: list[dict[str, Any]]
) -> Receipt:
    for each in message["files"]:
        _check(image, each["file"])
        image.sources.show(each["file"], each["document"])
    if message["name"] is not None:
        return _named(step, image, message)
    files = [(each["file"], each["document"].text) for each in message["files"]]
    loaded = [(each, document) for file, document in files for each in image.namespaces.every(file)]
    if not loaded and len(files) == 1 and not message["unasked"]:
        raise Refused(why_not_loaded(files[0][0]))
    if not message["unasked"]:
        return _files(step, [FileEdit(image, *each) for each in loaded], image)
    edits = _readable_edits(image, loaded, left_out)
    for each in edits:
        each.leaves_new = message["leaves_new"]
    return _files(step, edits, image, is_asked=False)


def _check(image: Image, file: str) -> None:
    """Refuse a file whose module is not made from Python text."""
    namespace = image.namespaces.get(file)
    check_module(file, None if namespace is None else namespace.module)


def _readable_edits(
    image: Image, files: list[tuple[Namespace, str]], left_out: list[dict[str, Any]]
) -> list[FileEdit]:
    """Return the edits of files that parse; a broken one, of several, is left out and named."""
    edits = []
    for namespace, document in files:
        try:
            edits.append(FileEdit(image, namespace, document, unasked=True))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            if len(files) == 1:
                raise
            file = namespace.file or ""
            problem = describe_error(error, file, image)
            left_out.append({"file": file, "error": problem})
    return edits


def redefine_in_place(image: Image, namespace: Namespace, new: Definition) -> bool:
    """Bring one top-level definition into the image; False if it cannot be done in place.

    An evaluation has no receipt of it.
    """
    step = Step(image, is_told=False)
    try:
        with step:
            step.plan(namespace, [new], [], [], evaluated=True)
    except Refused:
        return False
    return True


def _named(step: Step, image: Image, message: dict[str, Any]) -> Receipt:
    """Redefine the named definition from its own text: errors elsewhere do not matter."""
    file = message["files"][0]["file"]
    if not message["segments"]:
        raise Refused(f"the text has no definition {message['name']!r}")
    if image.namespaces.get(file) is None and (reason := why_unlisted(file)) is not None:
        raise Refused(reason)
    first = image.namespaces.of(file)
    with step:
        for namespace in image.namespaces.every(file) or [first]:
            plan_named(step, image, namespace, message)
    _tell_rebound(step.changes, image, file)
    return Receipt(step.changes, altered=step.altered)


def _tell_rebound(changes: list[Change], image: Image, file: str) -> None:
    """Say why what was asked for is not what runs, though nothing was to be changed for it."""
    unchanged = [each for each in changes if each.outcome == "unchanged"]
    namespace = image.namespaces.get(file)
    if not unchanged or namespace is None:
        return
    about = named(image.definitions(namespace), {each.name for each in unchanged})
    instead = rebound(about, image, namespace)
    for each in unchanged:
        if each.name in instead:
            each.outcome, each.reason = "refused", instead[each.name]


def _files(step: Step, edits: list[FileEdit], image: Image, *, is_asked: bool = True) -> Receipt:
    """Redefine several files as one step: all of them, or none.

    A file comes after those it imports. Where they import each other, and one lacks what another
    one of the step only now defines, its turn comes again after the others.
    """
    ripple = Ripple(step, image, edits)
    with step:
        waiting = in_order(edits, ripple.imported)
        while waiting:
            refused = [edit for edit in waiting if not _planned(edit, step, ripple)]
            if len(refused) == len(waiting):
                refused.pop(0).plan(step)  # it has nobody to wait for: its error is the answer
            waiting = refused
        plan_moves(step, image)
        ripple.rest()
    return Receipt(step.changes, step.present, step.altered, is_asked=is_asked)


def _planned(edit: FileEdit, step: Step, ripple: Ripple) -> bool:
    """Plan an edit; False, and nothing of it done, if it lacks a name of another module."""
    ripple.plan_before(edit)
    parts, mark, changes = len(step.parts), step.transaction.mark(), len(step.changes)
    try:
        edit.plan(step)
    except ImportError:
        step.give_up(parts, mark, changes)
        return False
    return True


def _refused(message: dict[str, Any], refusal: Refused) -> Change:
    if refusal.definition is not None:
        return Change.of(refusal.definition, "refused", str(refusal))
    name = message["name"] or "the file"
    kind = "method" if "." in name else "function"
    return Change(name, kind, "refused", str(refusal))
