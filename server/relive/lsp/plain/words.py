"""What came of a command in a line, for a client that shows no more than messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lsprotocol import types

from relive.lsp import commands, protocol, rewind_protocol, stale_protocol, version_protocol
from relive.source.quick_dataclasses import dataclass

_MOST_LINES = 5
_MOST_NAMES = 3
_CHANGES = ("redefined", "added", "removed")
"""What changes a definition, the strongest first."""


@dataclass(frozen=True)
class Said:
    """A message to the user."""

    kind: types.MessageType
    text: str


def said_of(command: str, answer: Any) -> Said | None:
    """Return what is to be said of a command's answer; None: what it did shows elsewhere."""
    if isinstance(answer, version_protocol.Undo):
        return redefinition(answer, "undone in the process, not in the file:")
    if isinstance(answer, protocol.Redefinition):
        return redefinition(answer)
    if isinstance(answer, protocol.Evaluation):
        return _evaluation(answer, shows_values=command == commands.EVALUATE_TEXT)
    if isinstance(answer, (stale_protocol.Rerun, stale_protocol.UpToDate)):
        return _ran_again(answer)
    does = _DONE.get(command)
    text = None if does is None else does(answer)
    return None if text is None else info(text)


def info(text: str) -> Said:
    """Return what is only to be known."""
    return Said(types.MessageType.Info, text)


def warning(text: str) -> Said:
    """Return what the user should see to."""
    return Said(types.MessageType.Warning, text)


def _error(text: str) -> Said:
    return Said(types.MessageType.Error, text)


# -- redefinitions --------------------------------------------------------------------------------


def redefinition(receipt: protocol.Redefinition, done: str | None = None) -> Said:
    """Return a receipt in a line; `done`: the words for what was done, as "undone in …"."""
    fails = f"✗ not {(done or 'redefined').split()[0]}:"
    if receipt.error is not None:
        return _error(f"{fails} {receipt.error.type}: {receipt.error.message}")
    reasons = [each.reason for each in receipt.definitions if each.reason]
    if receipt.status in ("refused", "error"):
        return warning(f"{fails} {(reasons or ['it cannot be changed in place'])[0]}")
    changed = [each for each in receipt.definitions if each.outcome != "unchanged"]
    parts = [_outcome(changed, done), *_reach(changed)]
    if receipt.status == "partial":
        return warning(" · ".join(["⚠ " + parts[0], *parts[1:], *(reasons[:1])]))
    return info(" · ".join(["✓ " + parts[0], *parts[1:]]))


def _outcome(changed: list[protocol.DefinitionChange], done: str | None) -> str:
    if not changed:
        return done or "unchanged"
    outcomes = {each.outcome for each in changed}
    word = done or next((each for each in _CHANGES if each in outcomes), "changed")
    names = [each.name for each in changed]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{word} {', '.join(names[:_MOST_NAMES])}{more}"


def _reach(changed: list[protocol.DefinitionChange]) -> Iterable[str]:
    least = "at least " if any(each.at_least for each in changed) else ""
    # The objects of a class are the same ones for each of its methods.
    instances = max((each.instances_updated for each in changed), default=0)
    aliases = sum(each.references_updated for each in changed)
    for count, one, many in ((instances, "instance", "instances"), (aliases, "alias", "aliases")):
        if count:
            yield f"{least}{count} {one if count == 1 else many}"


# -- evaluations ----------------------------------------------------------------------------------


def _evaluation(answer: protocol.Evaluation, *, shows_values: bool) -> Said | None:
    error = answer.error
    if answer.status == "interrupted":
        return info("Interrupted")
    if answer.status == "died" or error is not None:
        text = answer.status if error is None else f"{error.type}: {error.message}".rstrip(": ")
        return _error(f"held: {text}" if answer.status == "held" else text)
    lines = _last_lines("".join(chunk.text for chunk in answer.output))
    values = [each.value.text for each in answer.results if each.value is not None]
    if shows_values and values:
        lines.append(f"=> {values[-1]}")
    return info("\n".join(lines)) if lines else None


def _last_lines(output: str) -> list[str]:
    """Return the end of what was printed; the log has all of it."""
    lines = [line for line in output.splitlines() if line.strip()]
    left_out = len(lines) - _MOST_LINES
    if left_out <= 0:
        return lines
    return [f"… {left_out} lines before", *lines[-_MOST_LINES:]]


def _ran_again(answer: stale_protocol.Rerun | stale_protocol.UpToDate) -> Said:
    """Say what ran that was not true, and the first reason why something could not."""
    count = len(answer.ran)
    text = "1 evaluation ran again" if count == 1 else f"{count} evaluations ran again"
    if not answer.left:
        return info(text)
    first, others = answer.left[0], len(answer.left) - 1
    more = f" (and {others} more)" if others else ""
    return warning(f"{text}; line {first.range.start.line + 1} is left: {first.why}{more}")


# -- other commands -------------------------------------------------------------------------------

_DONE: dict[str, Callable[[Any], str | None]] = {
    commands.RESTART: lambda _: "A fresh process runs",
    commands.STOP: lambda _: "The process has been stopped",
    # What was interrupted says so itself.
    commands.INTERRUPT: lambda answer: (
        None if answer.interrupted else "Nothing runs that could be interrupted"
    ),
    commands.RECOVER: lambda _: "Recovered",
    commands.FORGET_KEPT: lambda answer: f"{answer.removed} kept values have been removed",
    rewind_protocol.REWIND: lambda _: "Back to before that evaluation",
    rewind_protocol.UNDO_EVALUATION: lambda _: "The last evaluation is undone",
}
