"""Undoing: the last step that changed definitions is planned backwards, as one transaction.

No statement of a module runs again. Names that statements had given other values get the very
objects back that they had; so do defaults and attributes of classes, and names whose definition had
gone. Definitions that are other texts now are changed back by the engine, as any redefinition
would: what has been made of them since follows too. What the program itself has bound since stays,
and the receipt says so.
"""

from __future__ import annotations

from functools import partial

from relive.worker.redefine.engine import answer
from relive.worker.redefine.modules.moves import plan_moves
from relive.worker.redefine.modules.ripple import plan_ripple
from relive.worker.redefine.receipt import Receipt
from relive.worker.redefine.refused import Refused
from relive.worker.redefine.step import Step
from relive.worker.redefine.undoing.attributes import AttributeBack, back_of
from relive.worker.redefine.undoing.module_back import ModuleBack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.history import Done
    from relive.worker.image import Image
    from relive.worker.patches import Patches


def answer_undo(patches: Patches, message: dict[str, Any]) -> dict[str, Any]:
    """Carry out an `undo` message."""
    image = patches.image
    done = image.history.last
    files = [""] if done is None else done.files
    named = {**message, "name": "the last redefinition"}
    receipt = patches.told(files, lambda: answer(image, named, "", partial(undo, image)))
    told = {"undone": None if done is None else done.words(), "left": len(image.history)}
    return {**receipt, "op": "undone", **told}


def undo(image: Image) -> Receipt:
    """Undo the last step.

    Raises:
        Refused: there is none, or it cannot be undone; nothing has changed then.
        BaseException: what evaluating a default, annotation or decorator raises.
    """
    done = image.history.last
    if done is None:
        raise Refused("there is nothing to undo: no definition was changed in this process")
    _check(image, done)
    step = Step(image, is_recorded=False)
    with step:
        _plan(step, image, done)
    image.history.forget(done)
    _show_again(image, done)
    news = [each for each in step.changes if each.outcome != "unchanged"]
    return Receipt(news, altered=step.altered)


def _check(image: Image, done: Done) -> None:
    for each in done.modules:
        if image.of(each.namespace) is not each.module:
            image.history.forget(done)
            name = each.namespace.module.__name__
            raise Refused(
                f"{done.words()} cannot be undone: the module {name!r} was loaded anew since, and "
                "runs what its file says. Undo again for the step before"
            )


def _plan(step: Step, image: Image, done: Done) -> None:
    attributes = [back_of(each) for each in done.written]
    for attribute in attributes:
        if isinstance(attribute, AttributeBack):
            attribute.announce(step)
    ways = [ModuleBack(each, done.written, step, image) for each in done.modules]
    for way in ways:
        way.names()
    step.transaction.perform()  # what is made anew is to find the values as they were
    for way in ways:
        way.definitions()
    plan_moves(step, image)
    plan_ripple(step, image)
    for attribute in attributes:
        attribute.plan(step)


def _show_again(image: Image, done: Done) -> None:
    """Have tracebacks quote the text from before, whose lines the definitions have again."""
    for file, text in done.cause.shown.items():
        if text is not None:
            image.sources.show(file, text)
