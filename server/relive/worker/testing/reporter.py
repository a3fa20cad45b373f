"""The plugin that pytest is given: it tells what became of each test, and where it came by."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from relive.worker.testing import theirs
from relive.worker.tracing.ran import Ran

Tell = Callable[[dict[str, Any]], None]

_INSIDE = re.compile(r"\[|::")
_MAX_TEXT = 20_000
_MAX_SIDE = 5_000
_MAX_RAN = 2_000
"""Definitions that are told of one test; of more it is not known which."""


def reporter(pytest: Any, workspace: str, ids: list[str], tell: Tell) -> Reporter:
    """Return the plugin, which has the tests of these ids run."""
    pytest.hookimpl(tryfirst=True)(Reporter.pytest_configure)
    pytest.hookimpl(trylast=True)(Reporter.pytest_collection_modifyitems)
    return Reporter(pytest, workspace, ids, tell)


class Reporter:
    """Hears what pytest tells its plugins."""

    def __init__(self, pytest: Any, workspace: str, ids: list[str], tell: Tell) -> None:
        self._usage_error = pytest.UsageError
        self._workspace = workspace
        self._ids = ids
        self._tell = tell
        self._root = workspace
        self._tests: dict[str, dict[str, Any]] = {}
        """By pytest's own id: what is known of a test before it runs."""
        self._reports: list[Any] = []
        self._compared: tuple[str, str] | None = None
        self._ran = Ran()
        self._common: set[Any] = set()
        """Code that ran for tests before: what they have set up may serve others too."""
        self._has_forked = False
        """Whether there was a child: what runs in it, perhaps for others too, is not heard of."""
        os.register_at_fork(after_in_parent=self._note_fork)

    def pytest_configure(self, config: Any) -> None:
        """Have the tests run here, all of them."""
        theirs.put_aside(config)
        self._root = str(config.rootpath)

    def pytest_sessionstart(self, session: Any) -> None:
        """Watch what runs while the tests are found."""
        theirs.leave_cache_alone(session.config)
        self._ran.__enter__()

    def pytest_collectreport(self, report: Any) -> None:
        """Tell of a file in which no tests could be found."""
        if report.failed:
            file = os.path.join(self._root, report.nodeid.partition("::")[0])
            known = {"test": self._id(file, report.nodeid), "file": file, "line": None}
            self._send(known, "error", [report])

    def pytest_collection_modifyitems(self, session: Any, items: list[Any]) -> None:
        """Leave those that were asked for.

        An id that nothing has is passed over: texts do not tell for sure what pytest finds.
        """
        asked = {(os.path.realpath(file), names) for file, names in map(self._split, self._ids)}
        items[:] = [item for item in items if not asked.isdisjoint(_ids_of(item))]
        if not items and not session.testsfailed:
            raise self._usage_error("not found: " + ", ".join(self._ids))

    def pytest_collection_finish(self, session: Any) -> None:
        """Tell which tests are to run."""
        self._ran.__exit__()
        self._common |= self._ran.codes
        for item in session.items:
            file = str(item.path)
            known = {"file": file, "line": item.location[1]}
            self._tests[item.nodeid] = {"test": self._id(file, item.nodeid), **known}
        self._tell({"op": "found", "tests": list(self._tests.values())})

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Take note that a test begins."""
        self._reports, self._compared, self._ran = [], None, Ran()
        self._tell({"op": "began", "test": self._tests[nodeid]["test"]})
        self._ran.__enter__()

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        """Keep the two sides of what does not hold: pytest asks how to explain it."""
        if op == "==":
            self._compared = _side(left), _side(right)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take note of a part of a test."""
        self._reports.append(report)
        if report.when == "setup":
            self._common |= self._ran.codes

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Tell what became of a test."""
        self._ran.__exit__()
        known = self._tests[nodeid]
        ran = None if self._has_forked else _places(self._ran, self._common)
        self._send(known, _outcome(self._reports), self._reports, ran)

    def _send(
        self,
        known: dict[str, Any],
        outcome: str,
        reports: list[Any],
        ran: list[list[str]] | None = None,
    ) -> None:
        failed = next((each for each in reports if each.failed), None)
        actual, expected = (failed and self._compared) or (None, None)
        told = {
            **known,
            "outcome": outcome,
            "message": _message(outcome, reports),
            "at": None if failed is None else _line_in(failed, known["file"]),
            "expected": expected,
            "actual": actual,
            "output": "" if failed is None else _cut(failed.capstdout + failed.capstderr),
            "seconds": float(sum(getattr(each, "duration", 0.0) for each in reports)),
            "ran": ran,
        }
        self._tell({"op": "ended", **told})

    def _note_fork(self) -> None:
        self._has_forked = True

    def _split(self, test: str) -> tuple[str, str]:
        file, _, names = test.partition("::")
        return os.path.join(self._workspace, file), names

    def _id(self, file: str, nodeid: str) -> str:
        """Return a test's id as it is in the workspace, wherever pytest has its root."""
        names = nodeid.partition("::")[2]
        path = os.path.relpath(file, self._workspace).replace(os.sep, "/")
        return f"{path}::{names}" if names else path


def _ids_of(item: Any) -> Iterator[tuple[str, str]]:
    """Yield what may be asked for to have an item run: itself, what it is in, a file or folder."""
    path, names = os.path.realpath(item.path), item.nodeid.partition("::")[2]
    yield path, names
    yield from ((path, names[: each.start()]) for each in _INSIDE.finditer(names))
    while path != os.path.dirname(path):
        yield path, ""
        path = os.path.dirname(path)


def _outcome(reports: list[Any]) -> str:
    by_part = {each.when: each.outcome for each in reports}
    if by_part.get("call") == "failed":
        return "failed"
    if "failed" in by_part.values():
        return "error"
    return "skipped" if "skipped" in by_part.values() else "passed"


def _message(outcome: str, reports: list[Any]) -> str | None:
    if outcome == "passed":
        return None
    wanted = next((each for each in reports if each.outcome != "passed"), None)
    longrepr = getattr(wanted, "longrepr", None)
    if outcome == "skipped" and isinstance(longrepr, tuple):
        return _cut(str(longrepr[-1]))
    return _cut(str(getattr(wanted, "longreprtext", "")) or str(longrepr or ""))


def _line_in(report: Any, file: str) -> int | None:
    """Return the line of the test's own file where it failed, 0-based."""
    traceback = getattr(report.longrepr, "reprtraceback", None)
    lines = []
    for entry in getattr(traceback, "reprentries", ()):
        place = getattr(entry, "reprfileloc", None)
        if place is not None and os.path.basename(place.path) == os.path.basename(file):
            lines.append(int(place.lineno) - 1)
    return lines[-1] if lines else None


def _places(ran: Ran, common: set[Any]) -> list[list[str]] | None:
    """Return the definitions a test came by, each as file and name; None: it is not known."""
    if not ran.is_told:
        return None
    found = {
        (code.co_filename, str(getattr(code, "co_qualname", "")).partition(".<locals>")[0])
        for code in ran.codes | common
    }
    return [list(each) for each in sorted(found)] if len(found) <= _MAX_RAN else None


def _side(value: object) -> str:
    # Late: it is loaded by pytest in any case.
    from pprint import pformat

    try:
        return pformat(value)[:_MAX_SIDE]
    except Exception:
        return object.__repr__(value)


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}\n… (cut)"
