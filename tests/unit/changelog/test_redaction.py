"""J16: what a form with `# relive: nolog` is never seen of, wherever its code turns up."""

from __future__ import annotations

from pathlib import Path

import pytest

from relive.changelog.entries import Change, Defined, Outcome
from relive.changelog.history import History
from relive.changelog.log import TOO_LARGE, ChangeLog
from relive.changelog.redaction import LARGEST, redacted

SECRET = "s3cr3t"
LINE = f"PASSWORD = '{SECRET}'  # relive: nolog"
DOCUMENT = f"import os\n{LINE}\n\ndef f():\n    return 1\n"
BROKEN = f"import os\n{LINE}\ndef f(:\n"
FILE = "/folder/a.py"

CHANGES = [
    ("the form itself", Change("evaluate", FILE, LINE, 1, document=DOCUMENT), None, True),
    ("without its comment", Change("evaluate", FILE, LINE[:19], 1, document=DOCUMENT), None, True),
    (
        "the whole file",
        Change("evaluate", FILE, DOCUMENT, document=DOCUMENT),
        "import os\n\n\ndef f():\n    return 1\n",
        True,
    ),
    ("another form", Change("evaluate", FILE, "import os", document=DOCUMENT), "import os", False),
    ("text of no document", Change("evaluate", None, f"x = 1\n{LINE}"), "x = 1\n", True),
    (
        "text that only runs there",
        Change("evaluate", FILE, "1\n2", document=DOCUMENT, detached=True),
        "1\n2",
        False,
    ),
    (
        "a document that is broken",
        Change("evaluate", FILE, "import os", document=BROKEN),
        "import os",
        False,
    ),
    ("a file redefined", Change("redefine", FILE, document=DOCUMENT), None, True),
    (
        "another file of the step",
        Change("redefine", FILE, document="", others=(("/b.py", DOCUMENT),)),
        None,
        True,
    ),
    (
        "another definition",
        Change("redefine", FILE, "def f(): 1", 3, document=DOCUMENT, name="f"),
        "def f(): 1",
        False,
    ),
    (
        "the definition",
        Change("redefine", FILE, LINE[:19], 7, document=DOCUMENT, name="PASSWORD.x"),
        None,
        True,
    ),
]


@pytest.mark.parametrize(
    ("change", "text", "hidden"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES]
)
def test_the_code_of_a_form_is_kept_out(change: Change, text: str | None, hidden: bool) -> None:
    stored = redacted(change)
    assert (stored.change.text, stored.hidden) == (text, hidden)
    assert SECRET not in repr(stored.change)
    before = (change.document or "").count("\n")
    assert (stored.change.document or "").count("\n") == before


def test_an_outcome_does_not_tell_what_the_change_does_not() -> None:
    stored = redacted(CHANGES[0][1])
    made = [
        Defined(FILE, name, "function", "redefined", f"{SECRET} = 1")
        for name in ("PASSWORD", "PASSWORD.x")
    ]
    others = [
        Defined(FILE, "f", "function", "redefined", "def f(): 0"),
        Defined(FILE, "g", "function", "added"),
    ]
    told = stored.outcome(
        Outcome("error", error=f"KeyError: '{SECRET}'", definitions=(*made, *others))
    )
    assert SECRET not in repr(told)
    assert told.error == "KeyError"
    assert told.definitions[2:] == tuple(others)


def test_nothing_of_it_is_in_any_file(tmp_path: Path) -> None:
    log = ChangeLog(tmp_path, key=b"k" * 32)
    log.begin_life("3.12")
    for _, change, _, _ in CHANGES:
        number = log.record(change)
        log.outcome(
            number,
            Outcome(
                "error",
                error=f"E: {SECRET}" if change.text is None or SECRET in change.text else "E",
            ),
        )
    log.close()
    files = [file for file in (tmp_path / ".relive").rglob("*") if file.is_file()]
    assert any(b"def f" in file.read_bytes() for file in files)
    assert not [file for file in files if SECRET.encode() in file.read_bytes()]


LONG = "x = 1\n" * (LARGEST // 6 + 1)


def test_a_file_that_is_too_large_still_keeps_its_secrets() -> None:
    for document, text in ((LONG, "x"), (LONG + LINE, None)):
        stored = redacted(Change("evaluate", FILE, "x", document=document))
        assert (stored.change.text, stored.change.document, stored.lacks) == (text, None, "size")
    stored = redacted(Change("evaluate", FILE, LINE, document=LONG))
    assert (stored.change.text, stored.lacks, stored.hidden) == (None, "size", True)


def test_code_that_is_too_large_is_told_and_does_not_stand_in_the_way(tmp_path: Path) -> None:
    log = ChangeLog(tmp_path, key=b"k" * 32)
    log.begin_life("3.12")
    told: list[str | None] = []
    for text in ("1", "x" * (LARGEST + 1), "2"):
        log.when_safe(log.record(Change("evaluate", text=text)), told.append)
    assert told == [None, TOO_LARGE, None]
    read = History(tmp_path, key=b"k" * 32).entries(log.id, 1).entries
    assert [(each.change.text, each.lacks) for each in read] == [
        ("1", None),
        (None, "size"),
        ("2", None),
    ]
    log.close()
