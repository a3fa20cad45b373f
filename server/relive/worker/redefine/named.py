"""One definition by its name, from its own text: errors elsewhere in the file do not matter.

Those that share its name are read as well, since it is one of them, and the name means the last.
"""

from __future__ import annotations

import ast
import builtins

from relive.wire.blocks import Margin
from relive.worker.names import missing_names
from relive.worker.redefine.modules.meanings import COVERED
from relive.worker.redefine.reading.definitions import Definition, parsed
from relive.worker.redefine.reading.namesakes import meant_anew
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.step import Step

_NOT_TAKEN = (
    "it stands in a branch that did not run, and what lives of the name is another definition; "
    "evaluate it to have the name mean it"
)


def plan_named(step: Step, image: Image, namespace: Namespace, message: dict[str, Any]) -> None:
    """Plan that a module has the definition that a message names.

    Raises:
        Refused: it cannot be done in place.
        BaseException: what evaluating a default, annotation or decorator raises.
    """
    found = _Found(image, namespace, message)
    texts = [each["text"] for each in message["segments"] if each["is_asked"]]
    imports = [node for text in texts for node in _imports_needed(message, namespace, text)]
    step.plan(namespace, found.new, imports, [], above=found.above, meant=found.meant())


class _Found:
    """The definitions that a text has of one name."""

    def __init__(self, image: Image, namespace: Namespace, message: dict[str, Any]) -> None:
        self._image = image
        self._namespace = namespace
        self._live = image.definitions(namespace)
        asked, every = _read(message)
        self._note_places(every)
        self._in_force = image.in_force(namespace, self._in_branches_taken(every))
        self.new = [each for each in self._in_force if each in asked]
        """Those to bring in."""
        if not self.new:
            is_class = asked[0].kind == "class"
            raise Refused(COVERED if is_class else _NOT_TAKEN)

    def _note_places(self, every: list[Definition]) -> None:
        """Note which of them each is, and whether it stands in a branch, as far as can be told."""
        around = self._live.get(".".join(every[0].scopes))
        body = getattr(around.node, "body", ()) if around is not None else ()
        margin = body[0].col_offset if body else 0 if not every[0].scopes else None
        for place, each in enumerate(every):
            only = self._live.get(each.key) if len(every) == 1 else None
            each.place = place if only is None else only.place
            each.is_conditional = margin is not None and each.node.col_offset != margin

    def _in_branches_taken(self, every: list[Definition]) -> list[Definition]:
        if not any(each.is_conditional for each in every):
            return every
        return self._image.of(self._namespace).in_branches_taken(every)

    @property
    def above(self) -> set[str]:
        """The keys of those that are new, and that the name does not mean."""
        return {each.key for each in self.new if each.key not in self._live and self._below(each)}

    def _below(self, one: Definition) -> list[Definition]:
        return [
            each
            for each in self._namesakes(one)
            if each.line > one.line and not each.is_conditional and self._is_to_live(each)
        ]

    def meant(self) -> Definition | None:
        """Return the definition that the name means by this text, and did not by the one before."""
        last, name = self.new[-1], self.new[-1].own_name
        before, scope = self._live.namesakes(last.shared_key), self._namespace.module.__dict__
        several = [each for each in self._namesakes(last) if self._is_to_live(each)]
        if len(several) < 2 > len(before):
            return None
        if not last.scopes and self._image.is_as_made(self._namespace, name, scope) is False:
            return None  # the program has bound it to something else
        return meant_anew(several, before)

    def _namesakes(self, one: Definition) -> list[Definition]:
        return [each for each in self._in_force if each.shared_key == one.shared_key]

    def _is_to_live(self, each: Definition) -> bool:
        return each in self.new or each.key in self._live


def _read(message: dict[str, Any]) -> tuple[list[Definition], list[Definition]]:
    """Return the definitions that are asked for, and all of the name, in order."""
    asked, every = [], []
    for segment in message["segments"]:
        try:
            found = _from_segment(segment, message["files"][0]["file"])
        except (Refused, SyntaxError, ValueError, RecursionError, MemoryError):
            if segment["is_asked"]:
                raise
            continue
        every.append(found)
        asked += [found] if segment["is_asked"] else []
    return asked, every


def _from_segment(segment: dict[str, Any], file: str) -> Definition:
    scopes = tuple(name for kind, name in segment["scopes"] if kind == "class")
    if len(scopes) != len(segment["scopes"]):
        raise Refused("a function inside a function is changed with the function around it")
    return parsed(segment["text"], segment["line"], file, scopes)[0]


def _imports_needed(message: dict[str, Any], namespace: Namespace, text: str) -> list[ast.stmt]:
    """Return the file's imports of names that `text` uses and the module has not yet."""
    code = compile(f"if 1:\n{text}" if text[:1] in (" ", "\t") else text, "", "exec")
    missing = missing_names(code, namespace.module.__dict__, builtins.__dict__)
    if not missing:
        return []
    imports = message["imports"]
    if imports is None:
        imports = Margin(message["files"][0]["document"].text).imports() or []
    statements = [node for each in imports for node in ast.parse(each).body]
    return [
        node
        for node in statements
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and any((alias.asname or alias.name.split(".")[0]) in missing for alias in node.names)
    ]
