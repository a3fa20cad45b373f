"""`relive.runTests`, `relive.affectedTests`, and the fixtures' commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conftest import INTERPRETERS, VERSIONS
from lsp.conftest import StartClient
from lsp.driver import Client, RequestError, span

SHOP = """\
def net(price):
    return price


def gross(price):
    return net(price) + 1


def other():
    return 7
"""
TESTS = """\
import shop


def test_net():
    assert shop.net(2) == 2


def test_gross():
    assert shop.gross(2) in (3, 5)


def test_other():
    assert shop.other() == 7


def test_hang():
    import threading
    assert shop.other() == 7
    threading.Event().wait()
"""
CONFTEST = """\
import pytest


@pytest.fixture
def price():
    yield 42
    raise OSError("the till is open")
"""


class Shop:
    """A project that is loaded, with its module and its tests open in the editor."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        client.answers_to["workspace/codeLens/refresh"] = lambda _: None
        for name, text in (("shop.py", SHOP), ("test_shop.py", TESTS), ("conftest.py", CONFTEST)):
            (folder / name).write_text(text)
        client.execute("relive.evaluateText", {"text": "import shop"})
        self.uri = client.open(folder / "shop.py", SHOP)
        self.tests = client.open(folder / "test_shop.py", TESTS)

    def redefine(self, old: str, new: str, name: str) -> None:
        self.client.change(self.uri, {"range": span(SHOP, old), "text": new})
        receipt = self.client.execute("relive.redefine", {"uri": self.uri, "name": name})
        assert receipt["status"] == "ok"

    def affected(self) -> dict[str, str]:
        told = self.client.execute("relive.affectedTests", {"uri": self.uri})
        return {each["id"].partition("::")[2]: each["why"] for each in told["items"]}

    def run(self, *ids: str) -> dict[str, Any]:
        more = {"ids": [f"test_shop.py::{each}" for each in ids]} if ids else {}
        answer = self.client.execute("relive.runTests", {"uri": self.uri, **more})
        assert isinstance(answer, dict)
        return answer


@pytest.fixture
def shop(start_client: StartClient, tmp_path: Path) -> Shop:
    client = start_client()
    client.initialize(tmp_path)
    return Shop(client, tmp_path)


def test_tests_that_reach_a_change_are_affected_until_they_pass(shop: Shop) -> None:
    assert shop.affected() == {}
    shop.redefine("return price\n", "return price * 2\n", "net")
    because = "`net` was redefined"
    assert shop.affected() == {"test_net": because, "test_gross": because}
    ran = shop.run()
    assert (ran["passed"], ran["failed"], ran["errors"], ran["left"]) == (1, 1, 0, [])
    failed = next(each for each in ran["items"] if each["outcome"] == "failed")
    assert failed["id"] == "test_shop.py::test_net"
    assert failed["uri"] == shop.tests
    assert failed["range"]["start"]["line"] == 3
    assert failed["at"]["start"]["line"] == 4
    assert "assert 4 == 2" in failed["message"]
    assert (failed["expected"], failed["actual"]) == ("2", "4")
    told = [item for params in shop.client.seen("relive/tests") for item in params["items"]]
    assert told == ran["items"]
    assert shop.affected() == {"test_net": because}
    answer = shop.client.execute(
        "relive.evaluateText", {"text": "import sys; 'test_shop' in sys.modules"}
    )
    assert answer["results"][-1]["value"]["text"] == "False"


def test_what_only_looks_like_a_test_keeps_no_other_from_running(
    shop: Shop, tmp_path: Path
) -> None:
    (tmp_path / "test_more.py").write_text(
        "import shop, unittest\n"
        "class Base(unittest.TestCase):\n    def setUp(self): shop.net(1)\n"
        "if False:\n    def test_elsewhere(): shop.net(1)\n"
        "def test_more(): shop.net(1)\n"
    )
    shop.redefine("return price\n", "return price + 0\n", "net")
    assert {"Base", "test_elsewhere", "test_more"} <= set(shop.affected())
    ran = shop.run()
    assert ran["passed"] == 3
    assert "problem" not in ran
    assert shop.affected() == {}


def test_an_edit_of_a_fixture_affects_the_tests_that_use_it_once_it_is_saved(
    shop: Shop, tmp_path: Path
) -> None:
    before = TESTS.replace("def test_net():", "def test_net(paid):")
    fixture = "\n\n@pytest.fixture\ndef paid():\n    assert 3 == 3\n"
    (tmp_path / "test_shop.py").write_text(before)
    (tmp_path / "conftest.py").write_text(CONFTEST + fixture)
    uri = shop.client.open(tmp_path / "conftest.py", CONFTEST + fixture)
    assert shop.run("test_net", "test_gross")["passed"] == 2
    edited = CONFTEST + fixture.replace("3 ==", "4 ==")
    shop.client.change(uri, {"text": edited})
    assert shop.affected() == {}
    assert uri in shop.run("test_net")["unsaved"]
    (tmp_path / "conftest.py").write_text(edited)
    assert shop.affected() == {"test_net": "`paid` was edited"}
    assert shop.run()["errors"] == 1
    assert shop.affected() == {"test_net": "`paid` was edited"}


def test_a_run_is_stopped_and_says_what_is_left(shop: Shop) -> None:
    asked = shop.client.command(
        "relive.runTests", {"ids": ["test_shop.py::test_other", "test_shop.py::test_hang"]}
    )
    shop.client.wait_for_notification("relive/tests")
    assert shop.client.execute("relive.stopTests", {}) == {"stopped": True}
    answer = shop.client.result(asked)
    assert answer["passed"] == 1
    assert answer["problem"] == "The tests were stopped."
    assert answer["left"] == ["test_shop.py::test_hang"]
    assert shop.client.execute("relive.stopTests", {}) == {"stopped": False}
    shop.client.change(shop.tests, {"range": span(TESTS, "== 7"), "text": "== 8"})
    ran = shop.run("test_other")
    assert ran["passed"] == 1, "what is on disk runs"
    assert ran["unsaved"] == [shop.tests]


def test_affected_tests_run_by_themselves_if_that_is_wished(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    client.initialize(tmp_path, options={"settings": {"tests": {"afterRedefine": "affected"}}})
    shop = Shop(client, tmp_path)
    shop.redefine("return price\n", "return price * 2\n", "net")
    for name in ("test_net", "test_gross"):
        client.wait_for_notification(
            "relive/tests", lambda told, name=name: told["items"][0]["id"].endswith(name)
        )


def test_fixtures_are_used_and_released_and_lost_with_the_process(shop: Shop) -> None:
    client, about = shop.client, {"uri": shop.uri}
    first = client.execute("relive.fixtures", about)["items"][0]
    assert (first["name"], first["scope"], first["line"], first["active"]) == (
        "price",
        "function",
        3,
        False,
    )
    used = client.execute("relive.useFixture", {**about, "names": ["price"]})
    assert used == {"names": ["price"]}
    answer = client.execute("relive.evaluateText", {"text": "gross(price)", **about})
    assert answer["results"][0]["value"]["text"] == "43"
    with pytest.raises(RequestError, match="nothing_such"):
        client.execute("relive.useFixture", {**about, "names": ["nothing_such"]})
    released = client.execute("relive.releaseFixtures", about)
    assert released["released"] == ["price"]
    assert "the till is open" in released["problems"][0]
    client.execute("relive.useFixture", {**about, "names": ["price"]})
    client.execute("relive.restart", {})
    lost = client.wait_for_notification("relive/fixturesLost")
    assert lost["names"] == ["price"]
    assert client.execute("relive.releaseFixtures", about) == {"released": [], "problems": []}


def test_tests_need_a_folder(start_client: StartClient) -> None:
    client = start_client()
    client.initialize()
    with pytest.raises(RequestError, match="need a folder"):
        client.execute("relive.affectedTests", {})


@pytest.mark.parametrize("version", [each for each in VERSIONS if each in ("3.12", "3.13")])
def test_a_function_that_takes_the_name_of_an_imported_one_affects_what_came_by_that(
    version: str, start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    client.initialize(tmp_path, options={"interpreter": INTERPRETERS[version]})
    text = "from till import net\n\n\ndef gross(price):\n    return net(price) + 1\n"
    (tmp_path / "till.py").write_text("def net(price):\n    return price\n")
    (tmp_path / "shop.py").write_text(text)
    test = "import shop\n\n\ndef test_gross():\n    assert shop.gross(2) == 3\n"
    (tmp_path / "test_shop.py").write_text(test)
    libraries = str(Path(pytest.__file__).parent.parent)
    client.execute("relive.evaluateText", {"text": f"import sys; sys.path.append({libraries!r})"})
    client.execute("relive.evaluateText", {"text": "import shop"})
    uri = client.open(tmp_path / "shop.py", text)
    wanted = {"uri": uri, "ids": ["test_shop.py::test_gross"]}
    assert client.execute("relive.runTests", wanted)["passed"] == 1
    hiding = text.replace("\n\n\ndef", "\n\n\ndef net(price):\n    return 0\n\n\ndef", 1)
    client.change(uri, {"text": hiding})
    assert client.execute("relive.redefine", {"uri": uri})["status"] == "ok"
    told = client.execute("relive.affectedTests", {"uri": uri})["items"]
    assert [each["id"] for each in told] == wanted["ids"]
