"""Evaluating and redefining inside installed libraries, with live objects of theirs held."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from relive.session.answers import Evaluation, Redefinition
from relive.session.session import Session


def value(evaluation: Evaluation) -> str:
    assert evaluation.status == "ok", evaluation.error
    last = evaluation.results[-1].value
    assert last is not None
    return last.text


def file_of(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


class Library:
    """A module of an installed library, edited in memory: nothing is written to its file."""

    def __init__(self, session: Session, module: str) -> None:
        self.session = session
        self.file = file_of(module)
        self.text = self.file.read_text()

    def run(self, code: str) -> str:
        return value(self.session.evaluate(code))

    def edit(self, old: str, new: str, name: str) -> Redefinition:
        assert self.text.count(old) == 1, f"{old!r} is not unique"
        self.text = self.text.replace(old, new)
        receipt = self.session.redefine(self.file, self.text, name)
        assert receipt.status == "ok", receipt
        return receipt


def test_requests_property_of_a_live_response(fast_session: Session) -> None:
    live = Library(fast_session, "requests.models")
    live.run("import requests\nr = requests.Response()\nr.status_code = 503\nr.ok")
    receipt = live.edit(
        "        except HTTPError:\n            return False\n        return True",
        "        except HTTPError:\n            return self.status_code == 503\n        return True",
        "Response.ok",
    )
    assert receipt.definitions[0].instances_updated >= 1
    assert live.run("r.ok") == "True"


def test_requests_function_that_other_modules_imported_by_name(fast_session: Session) -> None:
    live = Library(fast_session, "requests.utils")
    request = "requests.Request('GET', 'http://x/a b').prepare().url"
    assert live.run(f"import requests\n{request}") == "'http://x/a%20b'"
    old = "return quote(unquote_unreserved(uri), safe=safe_with_percent)"
    live.edit(old, f"{old} + '#seen'", "requote_uri")
    assert live.run(request) == "'http://x/a%20b#seen'"


def test_requests_method_of_a_session_in_use_with_super(fast_session: Session) -> None:
    live = Library(fast_session, "requests.sessions")
    live.run(
        "import requests\ns = requests.Session()\nheld = s.get_adapter\nheld('http://x').__class__.__name__"
    )
    old = '        raise InvalidSchema(f"No connection adapters were found for {url!r}")'
    live.edit(old, "        return 'none for ' + url", "Session.get_adapter")
    assert live.run("held('gopher://x')") == "'none for gopher://x'"


def test_networkx_function_behind_its_dispatcher(fast_session: Session) -> None:
    live = Library(fast_session, "networkx.algorithms.cluster")
    assert (
        live.run("import networkx as nx\nG = nx.complete_graph(4)\nt = nx.triangles\nt(G, 0)")
        == "3"
    )
    old = "            return next(_triangles_and_degree_iter(G, nodes))[2] // 2\n"
    live.edit(old, old.replace("// 2\n", "// 2 + 1000\n"), "triangles")
    assert live.run("t(G, 0), nx.triangles(G, 0), nx.triangles is t") == "(1003, 1003, True)"


def test_networkx_graph_method_while_the_graph_lives(fast_session: Session) -> None:
    live = Library(fast_session, "networkx.classes.graph")
    live.run("import networkx as nx\nG = nx.path_graph(3)\nH = nx.DiGraph(G)\nlen(G)")
    old = "        s = sum(d for v, d in self.degree(weight=weight))\n"
    receipt = live.edit(old, "        s = 84\n", "Graph.size")
    assert receipt.definitions[0].instances_updated >= 2
    assert live.run("G.size(), H.size()") == "(42, 42)"


def test_rich_text_and_console_that_exist(fast_session: Session) -> None:
    live = Library(fast_session, "rich.text")
    setup = "import io\nfrom rich.console import Console\nfrom rich.text import Text\n"
    setup += (
        "c = Console(file=io.StringIO(), width=40)\nt = Text('hello')\nlength = t.__len__\nlength()"
    )
    assert live.run(setup) == "5"
    old = "        return self._length\n\n    def __bool__"
    live.edit(old, old.replace("self._length", "self._length * 10"), "Text.__len__")
    assert live.run("len(t), length()") == "(50, 50)"
    live.edit(old.replace("self._length", "self._length * 10"), old, "Text.__len__")
    assert live.run("c.print('still [bold]works[/]'); c.file.getvalue()") == "'still works\\n'"


def test_rich_generator_method_of_a_console(fast_session: Session) -> None:
    live = Library(fast_session, "rich.rule")
    code = "import io\nfrom rich.console import Console\nfrom rich.rule import Rule\n"
    code += "c = Console(file=io.StringIO(), width=10)\nrule = Rule(characters='=')\nc.print(rule)\nc.file.getvalue()"
    assert live.run(code) == "'==========\\n'"
    old = "        width = options.max_width\n"
    live.edit(old, "        width = 3\n", "Rule.__rich_console__")
    assert (
        live.run("c.file.truncate(0); c.file.seek(0); c.print(rule); c.file.getvalue()")
        == "'===\\n'"
    )


def test_evaluating_a_form_inside_a_library_has_its_names(fast_session: Session) -> None:
    file = file_of("networkx.utils.misc")
    fast_session.evaluate("import networkx")
    given = fast_session.evaluate("flatten([1, [2, (3,)]])", file)
    assert given.module == "networkx.utils.misc"
    assert value(given) == "(1, 2, 3)"


@pytest.mark.parametrize("module", ["requests.models", "networkx.classes.graph", "rich.console"])
def test_a_whole_library_file_unchanged_is_told_as_unchanged(
    fast_session: Session, module: str
) -> None:
    fast_session.evaluate(f"import {module}")
    receipt = fast_session.redefine(file_of(module))
    assert receipt.status == "ok"
    assert {change.outcome for change in receipt.definitions} == {"unchanged"}
