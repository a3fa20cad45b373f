"""Patches: definitions of libraries that run as something else than what was loaded.

Nothing is marked when a definition is changed. A patch is a difference between two texts that the
image keeps: what a file outside the workspace held before anything of it was changed, and what is
live now. So it makes no difference how the change came, or whether it was saved since; and what is
changed back is no patch any more.
"""

from __future__ import annotations

from functools import partial

from relive.worker.own import own
from relive.worker.redefine.reading.definitions import definitions_in
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.receipt import Receipt
    from relive.worker.redefine.step import Step


class Patch:
    """A definition as it was loaded and as it is; None where it was not there, or has gone."""

    def __init__(self, file: str, original: Definition | None, running: Definition | None) -> None:
        self.file = file
        self.original = original
        self.running = running
        either = running or original
        assert either is not None
        self.definition: Definition = either
        self.name = either.name

    @property
    def is_changed_class(self) -> bool:
        """Whether it is a class that was there and still is."""
        return self.definition.kind == "class" and None not in (self.original, self.running)

    def is_in(self, name: str) -> bool:
        """Whether it is the definition of that name, or stands inside it."""
        return f"{self.name}.".startswith(f"{name}.")

    def to_wire(self) -> dict[str, Any]:
        """Return the patch as the wire's Patch."""
        return {
            "file": self.file,
            "name": self.name,
            "kind": self.definition.kind,
            "line": self.definition.line,
            "original": None if self.original is None else self.original.source,
            "running": None if self.running is None else self.running.source,
        }


class Patches:
    """What is patched in this worker."""

    def __init__(self, image: Image) -> None:
        self.image = image

    def all(self) -> list[Patch]:
        """Return every patch, file by file, in the order in which the files held them."""
        return [patch for file in list(self.image.originals) for patch in self.of(file)]

    def of(self, file: str) -> list[Patch]:
        """Return the patches of a file; of what is new or gone as a whole not also its parts."""
        found = list(self._differences(file))
        whole = [each.name for each in found if None in (each.original, each.running)]
        return [each for each in found if not _is_inside_one_of(whole, each.name)]

    def _differences(self, file: str) -> Iterator[Patch]:
        original, namespace = self.image.originals.get(file), self.image.namespaces.get(file)
        if original is None or namespace is None:
            return
        loaded, live = original.definitions, self.image.definitions(namespace)
        for key in [*loaded, *(key for key in list(live) if key not in loaded)]:
            before, now = loaded.get(key), live.get(key)
            not_evaluated_yet = now is None and namespace.adopted
            if not not_evaluated_yet and _differ(before, now):
                yield Patch(file, before, now)

    def told(self, files: list[str], redefine: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the receipt of `redefine`, with what made a patch or ended one marked in it."""
        before = self._names(files)
        receipt = redefine()
        now = self._names(files)
        for each in receipt["unchanged"]:
            each["patched"] = [name for file, name in now if file == (each["file"] or files[0])]
        for change in receipt["changes"]:
            which = (change["file"] or files[0], change["name"])
            change["patch"] = "patched" if which in now else "reverted" if which in before else None
        return receipt

    def _names(self, files: list[str]) -> set[tuple[str, str]]:
        return {(file, patch.name) for file in files for patch in self.of(file)}

    def revert(self, message: dict[str, Any]) -> dict[str, Any]:
        """Carry out a `revert` message: the engine changes everything back as one step."""
        answer = own("relive.worker.redefine.engine").answer  # late, as in `Worker.redefine`

        file, name = message["file"], message["name"]
        files = list(self.image.originals) if file is None else [file]
        revert = partial(self._revert, files, name, needed=file is not None)
        return self.told(files, lambda: answer(self.image, message, file or "", revert))

    def _revert(self, files: list[str], name: str | None, *, needed: bool) -> Receipt:
        step: Step = own("relive.worker.redefine.step").Step(self.image)

        chosen = {file: patches for file in files if (patches := self._chosen(file, name))}
        if needed and not chosen:
            raise Refused("there is no patch to revert: it runs as it was loaded")
        with step:
            for file, patches in chosen.items():
                new, gone = _backwards(patches)
                step.plan(self.image.namespaces.of(file), new, [], gone)
        for file in chosen:
            if not self.of(file):  # all of it stands again where it stood in the text it came from
                self.image.sources.show(file, self.image.originals[file].text)
        make = own("relive.worker.redefine.receipt").Receipt
        receipt: Receipt = make(step.changes, altered=step.altered)
        return receipt

    def _chosen(self, file: str, name: str | None) -> list[Patch]:
        return [each for each in self.of(file) if name is None or each.is_in(name)]


def _differ(before: Definition | None, now: Definition | None) -> bool:
    if before is None or now is None:
        return before is not now
    return before is not now and before.fingerprint != now.fingerprint


def _is_inside_one_of(names: list[str], name: str) -> bool:
    return any(name.startswith(f"{each}.") for each in names)


def _backwards(patches: list[Patch]) -> tuple[list[Definition], list[Definition]]:
    """Return the definitions to bring back, and those to remove.

    With a class everything in its text is brought back, and what its new text had added removed.
    """
    classes = [each for each in patches if each.is_changed_class]
    inside = [each.name for each in classes]
    removed = {name for each in classes for name in _members(each.running)}
    new = [each.original for each in patches if each.original is not None]
    gone = [each.running for each in patches if each.original is None]
    return (
        [each for each in new if not _is_inside_one_of(inside, each.name)],
        [each for each in gone if each is not None and each.name not in removed],
    )


def _members(cls: Definition | None) -> list[str]:
    """Return the qualified names of what the text of a class defines."""
    if cls is None:
        return []
    inner = definitions_in(cls.source)[1:]
    return [".".join([*cls.scopes, each.name]) for each in inner]
