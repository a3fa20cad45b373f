"""The texts that run: what each live definition of the workspace says, told for comparing."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.module_image import ModuleImage
    from relive.worker.redefine.reading.definitions import Definition


def running_texts(image: Image, file: str | None) -> list[dict[str, Any]] | None:
    """Return what runs of a file, or with None of all files of the workspace that are loaded.

    None: the file is not loaded.
    """
    if file is not None:
        told = _of_file(image, file)
        return None if told is None else [told]
    loaded = image.namespaces.loaded(None)
    own = [each for each in loaded if os.path.isabs(each) and image.sources.workspace.owns(each)]
    return [told for each in own for told in [_of_file(image, each)] if told is not None]


def _of_file(image: Image, file: str) -> dict[str, Any] | None:
    namespace = image.namespaces.get(file)
    if namespace is None:
        return None
    module = image.of(namespace)
    texts = [_told(each, module) for each in list(module.definitions.values())]
    return {"file": file, "whole": not namespace.adopted, "texts": texts}


def _told(definition: Definition, module: ModuleImage) -> dict[str, Any]:
    return {
        "name": definition.name,
        "kind": definition.kind,
        "line": definition.line,
        "source": _source(definition, module),
        "fingerprint": definition.fingerprint,
    }


def _source(definition: Definition, module: ModuleImage) -> str:
    """Return the text of a definition; a class's with its members as they are now.

    The image keeps a class's text as it was brought in; a member may have been changed alone.
    """
    if definition.kind != "class" or not module.is_altered(definition):
        return definition.source
    lines, known = definition.source.split("\n"), set()
    depth = len(definition.scopes) + 1
    for member in reversed([each for each in definition.members() if len(each.scopes) == depth]):
        now = module.definitions.get(member.key)
        first, end = member.line - definition.line, member.end_line - definition.line + 1
        lines[first:end] = [] if now is None else _source(now, module).split("\n")
        known.add(member.key)
    for each in module.definitions.family(definition.outermost):
        is_member = each.scopes == (*definition.scopes, definition.own_name)
        if is_member and each.key not in known:
            lines += ["", *_source(each, module).split("\n")]
    return "\n".join(lines)
