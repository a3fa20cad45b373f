"""The last line while a call is typed: how that can be called, and which argument is due."""

from __future__ import annotations

from prompt_toolkit.formatted_text import StyleAndTextTuples

from relive.console.client import Json


def toolbar(signatures: list[Json]) -> StyleAndTextTuples | None:
    """Return a line of it, the parameter that is due marked; None: nothing is known."""
    if not signatures:
        return None
    fitting = [each for each in signatures if each.get("activeParameter") is not None]
    shown = (fitting or signatures)[0]
    number, count = signatures.index(shown) + 1, len(signatures)
    which: StyleAndTextTuples = [("", f"  ({number} of {count})")] if count > 1 else []
    return [*_marked(shown), *which]


def _marked(signature: Json) -> StyleAndTextTuples:
    parameters, active = signature["parameters"], signature.get("activeParameter")
    label = str(signature["label"])
    if active is None:
        return [("", label)]
    begin = label.index("(") + 1 + sum(len(each) + len(", ") for each in parameters[:active])
    end = begin + len(parameters[active])
    return [("", label[:begin]), ("class:due", label[begin:end]), ("", label[end:])]
