"""Exploring an installed library: it is changed in the process alone, and brought back."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import file_of, value
from relive.session.session import Session

USED = """
import requests
from requests.utils import requote_uri
def url(): return requests.Request("GET", "http://x/a b").prepare().url
url()
"""

SEEN = "@lambda function: lambda uri: function(uri) + '#seen'\n"


def test_what_is_put_in_the_place_of_a_function_is_followed_in_the_whole_package(
    library: OpenModule, shared: Session
) -> None:
    live = library("requests.utils", USED)
    on_disk = live.file.read_bytes()
    live.edit("def requote_uri(", SEEN + "def requote_uri(", "requote_uri")
    live.shows("url(), requote_uri('http://x')", "('http://x/a%20b#seen', 'http://x#seen')")
    live.shows("requests.models.requote_uri is requests.sessions.requote_uri", "True")
    assert [each.name for each in shared.patches().items] == ["requote_uri"]
    assert shared.revert_patch(live.file).status == "ok"
    live.shows("url(), requote_uri('http://x')", "('http://x/a%20b', 'http://x')")
    assert not shared.patches().items
    assert live.file.read_bytes() == on_disk


def test_a_constant_is_followed_into_the_modules_that_imported_it(library: OpenModule) -> None:
    live = library("requests.models", USED)
    limit = "requests.Session().max_redirects"
    live.shows(limit, "30")
    live.edit("DEFAULT_REDIRECT_LIMIT: int = 30", "DEFAULT_REDIRECT_LIMIT: int = 3")
    live.shows(limit, "3")
    live.edit("DEFAULT_REDIRECT_LIMIT: int = 3\n", "DEFAULT_REDIRECT_LIMIT: int = 30\n")
    live.shows(limit, "30")


def test_a_slip_changes_nothing(library: OpenModule) -> None:
    live = library("requests.utils", USED)
    receipt = live.change("def requote_uri(uri:", "def requote_uri(uri=nowhere, *, and_:")
    assert receipt.status == "error"
    assert receipt.error is not None
    assert "nowhere" in receipt.error.message
    live.shows("url()", "'http://x/a%20b'")


def test_a_form_inside_a_library_has_its_names(shared: Session) -> None:
    shared.evaluate("import networkx")
    given = shared.evaluate("flatten([1, [2, (3,)]])", file_of("networkx.utils.misc"))
    assert given.module == "networkx.utils.misc"
    assert value(given) == "(1, 2, 3)"


MODULES = [
    "requests.models",
    "networkx.classes.graph",
    "rich.console",
    "flask.app",
    "click.core",
    "attr._make",
    "pydantic.main",
    "jinja2.environment",
    "pluggy._caller",
    "pandas.core.series",
    "numpy.lib._function_base_impl",
    "sqlalchemy.orm.session",
    "asyncio.base_events",
    "logging",
    "argparse",
    "dataclasses",
    "enum",
    "functools",
    "unittest.case",
]


@pytest.mark.parametrize("module", MODULES)
def test_a_file_whose_definitions_did_not_change_is_told_as_unchanged(
    library: OpenModule, module: str
) -> None:
    live = library(module)
    for text in (live.text, "# all lines move\n" + live.text, live.text):
        receipt = live.session.redefine(live.file, text)
        assert receipt.status == "ok", receipt
        assert {each.outcome for each in receipt.definitions} == {"unchanged"}
