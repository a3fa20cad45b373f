"""`relive/stale`, `relive/fresh` and `relive.rerunStale`, with real processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, place, span

TEXT = """\
rate = 0.2


def net(price):
    return price * (1 - rate)


prices = [10, 20]
total = sum(map(net, prices))
total
other = 1
other
"""


class Project:
    """A file that is open, and what was told of its results."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.file = folder / "m.py"
        self.file.write_text(TEXT)
        self.uri = client.open(self.file, TEXT)
        self.text = TEXT
        self.ids: dict[str, str] = {}
        """By the code of results: their ids."""

    def evaluate(self, code: str, text: str = "") -> dict[str, Any]:
        """Evaluate the form that begins with some code."""
        answer = self.client.evaluate(self.uri, "form", position=place(self.text, code))
        return self._took(answer)

    def evaluate_all(self) -> dict[str, Any]:
        return self._took(self.client.evaluate(self.uri, "file"))

    def _took(self, answer: dict[str, Any]) -> dict[str, Any]:
        lines = self.text.split("\n")
        for each in answer["results"]:
            self.ids[lines[each["range"]["start"]["line"]]] = each["id"]
        return answer

    def edit(self, old: str, new: str) -> None:
        assert old in self.text
        self.text = self.text.replace(old, new)
        self.client.change(self.uri, {"text": self.text})

    @property
    def stale(self) -> dict[str, str]:
        """By their code: the results that are stale by now, and why."""
        reasons: dict[str, str] = {}
        for message in self.client.timeline:
            if message.get("method") == "relive/stale":
                told = message["params"]
                reasons.update(zip(told["results"], told["reasons"], strict=True))
            elif message.get("method") == "relive/fresh":
                for each in message["params"]["results"]:
                    del reasons[each]
        return {code: reasons[number] for code, number in self.ids.items() if number in reasons}

    def value(self, expression: str) -> str:
        argument = {"uri": self.uri, "expression": expression}
        answer: str = self.client.execute("relive.inspect", argument)["text"]
        return answer

    def rerun(self, **argument: Any) -> tuple[list[str], list[str]]:
        """Run stale results again; return the lines of what ran, and why what did not."""
        answer = self.client.execute("relive.rerunStale", argument)
        lines = self.text.split("\n")
        ran = []
        for each in answer["ran"]:
            self._took(each)
            ran += [lines[one["range"]["start"]["line"]] for one in each["results"]]
        return ran, [each["why"] for each in answer["left"]]


@pytest.fixture
def project(start_client: StartClient, workspace: Path) -> Project:
    client = start_client()
    client.initialize(workspace)
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    return Project(client, workspace)


TOTAL = "total = sum(map(net, prices))"
ASSIGNED = "`rate` was assigned again"


def test_the_story_of_a_constant(project: Project) -> None:
    project.evaluate_all()
    assert project.stale == {}
    project.edit("rate = 0.2", "# of taxes\nrate = 0.5")
    assert project.stale == {}
    project.evaluate("rate = ")
    assert project.stale == {TOTAL: ASSIGNED, "total": f"`total` is stale: {ASSIGNED}"}
    assert project.rerun(uri=project.uri) == ([TOTAL, "total"], [])
    assert project.stale == {}
    told = project.client.seen("relive/evaluated")
    assert [each["evaluation"]["results"][0]["value"]["text"] for each in told] == ["15.0", "15.0"]
    assert {each["uri"] for each in told} == {project.uri}
    progress = [each.get("token") for each in project.client.seen("relive/progress")]
    assert {each["token"] for each in told} < set(progress)


def test_a_definition_that_follows_and_goes_back(project: Project) -> None:
    project.evaluate_all()
    project.edit("(1 - rate)", "2")
    project.client.execute("relive.redefine", {"uri": project.uri, "name": "net"})
    why = "function `net` was redefined"
    assert project.stale == {TOTAL: why, "total": f"`total` is stale: {why}"}
    project.edit("price * 2", "price * (1 - rate)")
    project.client.execute("relive.redefine", {"uri": project.uri, "name": "net"})
    assert project.stale == {}
    project.edit("price * (1 - rate)", "price * 2")
    project.client.save(project.uri)
    project.client.wait_for_notification("relive/redefined")
    assert set(project.stale) == {TOTAL, "total"}
    project.client.execute("relive.undo", {"uri": project.uri})
    assert project.stale == {}


def test_what_was_edited_runs_as_it_is_now(project: Project) -> None:
    project.evaluate_all()
    project.edit("other = 1", "other = 5")
    project.edit("def net(price):", "def net(price):  # dear")
    assert project.rerun() == (["other = 5", "other"], [])
    assert project.rerun() == ([], [])


def test_what_was_typed_or_deleted_is_left_with_the_reason(project: Project) -> None:
    project.edit("prices = [10, 20]\n", "")
    uri = project.uri
    project.client.execute("relive.evaluateText", {"uri": uri, "text": "prices = [1]"})
    project.edit("other\n", "prices.append(other)\nprices\n")
    project.evaluate_all()
    project.edit("other = 1", "other = 2")
    project.evaluate("other = 2")
    assert set(project.stale) == {"prices.append(other)", "prices", TOTAL, "total"}
    ran, left = project.rerun()
    assert ran == []
    assert set(left) == {
        f"it needs what {where} gave, which cannot run again: it stands in no file"
        for where in ("code that stands in no file", "line 8", "line 11")
    }


def test_one_that_fails_takes_those_that_need_it_with_it(project: Project) -> None:
    project.evaluate_all()
    project.edit("rate = 0.2", "rate = 'much'")
    project.evaluate("rate = ")
    ran, left = project.rerun()
    assert ran == []
    assert left[0].startswith("TypeError: ")
    assert left[1] == "it needs what line 9 gives, which failed"


def up_to_date(project: Project) -> tuple[list[str], list[str], bool]:
    """Bring the file up to date; return the lines that ran, what is left, and if a restart is due."""
    answer = project.client.execute("relive.bringUpToDate", {"uri": project.uri})
    lines = project.text.split("\n")
    ran = [
        lines[one["range"]["start"]["line"]]
        for each in answer["ran"]
        for one in project._took(each)["results"]
        if one["origin"] == "requested"
    ]
    return ran, [each["why"] for each in answer["left"]], answer["needsRestart"]


def test_a_file_is_brought_up_to_date_by_the_least_work(project: Project) -> None:
    everything, left, restart = up_to_date(project)
    assert everything[0] == "rate = 0.2"
    assert everything[-1] == "other"
    assert (left, restart) == ([], False)
    assert up_to_date(project) == ([], [], False)

    project.edit("return price * (1 - rate)", "return price * 2")
    project.edit("other = 1\n", "other = 1\nmore = total + other\n")
    assert up_to_date(project) == ([TOTAL, "total", "more = total + other"], [], False)
    assert project.stale == {}
    project.edit("rate = 0.2", "rate = 0.7")
    project.edit("more = total + other\n", "")
    project.edit("price * 2", "price * rate")
    ran, left, restart = up_to_date(project)
    assert ran == [TOTAL, "total"]
    assert project.value("total") == "21.0"
    assert (left, restart) == ([], False)


def test_of_a_file_that_was_evaluated_in_part_the_rest_runs(project: Project) -> None:
    project.evaluate("prices = ")
    project.evaluate("other = ")
    ran = ["rate = 0.2", "def net(price):", TOTAL, "total", "other"]
    assert up_to_date(project) == (ran, [], False)
    project.edit("other = 1\nother\n", "prices.append(30)\nlen(prices)\n")
    ran, left, restart = up_to_date(project)
    assert ran == ["prices.append(30)", "len(prices)"]
    assert (left, restart) == (
        ["`other` is not in the file any more, and the process still has it"],
        True,
    )
    project.edit("total\n", "prices.append(40)\nprices\n")
    ran, _, _ = up_to_date(project)
    assert ran[-4:] == ["prices.append(40)", "prices", "prices.append(30)", "len(prices)"]
    assert project.value("prices") == "[10, 20, 40, 30]"


LIST = "xs = [1, 2]\nys = xs\nxs.append(3)\nn = len(xs)\n"
CLASS = "class A:\n    k = 1\na = A()\nb = a.k\nA.k = 10\nc = a.k\n"
ENVIRONMENT = "import os\nos.environ['RELIVE_X'] = '1'\na = os.getenv('RELIVE_X')\n"
ITERATOR = "it = iter(range(9))\na = next(it)\nb = next(it)\n"
CACHED = """\
import functools
RATE = 2
calls = 0
def helper(x):
    return x * RATE
@functools.lru_cache(maxsize=None)
def slow(x):
    global calls
    calls += 1
    return helper(x)
v = slow(3)
w = slow(3)
"""
MEMO = """\
RATE = 2
def memo(f, seen=None):
    seen = {}
    def inner(x):
        return seen[x] if x in seen else seen.setdefault(x, f(x))
    return inner
@memo
def slow(x): return x * RATE
v = slow(3)
"""
REBOUND = "x = 1\na = x\nb = x\n"


@pytest.mark.parametrize(
    ("text", "old", "new", "expression", "value"),
    [
        (LIST, "xs.append(3)\n", "", "xs, ys, n", "([1, 2], [1, 2], 2)"),
        (LIST, "n =", "xs.append(4)\nn =", "xs, n", "([1, 2, 3, 4], 4)"),
        (LIST + "del ys\n", "del ys\n", "", "ys", "[1, 2, 3]"),
        (LIST + "n += 1\nm = n\n", "n += 1\n", "", "n, m", "(3, 3)"),
        (ITERATOR, "a = next(it)\n", "", "b", "0"),
        (ITERATOR, "a = next(it)\n", "a = 7\n", "a, b", "(7, 0)"),
        (REBOUND, "b =", "x = 3\nb =", "a, b, x", "(1, 3, 3)"),
        (REBOUND + "x = 2\n", "x = 1", "x = 5", "a, b, x", "(5, 5, 2)"),
    ],
)
def test_what_is_gone_or_new_is_as_in_a_fresh_run(
    project: Project, text: str, old: str, new: str, expression: str, value: str
) -> None:
    project.edit(TEXT, text)
    up_to_date(project)
    project.edit(old, new)
    _, left, restart = up_to_date(project)
    assert (project.value(expression), left, restart) == (value, [], False)
    assert up_to_date(project) == ([], [], False)


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("RATE = 2", "RATE = 5", "(15, 15, 1)"),
        ("x * RATE", "x + RATE", "(5, 5, 1)"),
    ],
)
def test_what_a_cache_has_kept_of_what_was_edited_is_computed_anew(
    project: Project, old: str, new: str, value: str
) -> None:
    project.edit(TEXT, CACHED)
    up_to_date(project)
    project.edit(old, new)
    _, left, restart = up_to_date(project)
    assert (project.value("v, w, calls"), left, restart) == (value, [], False)


def test_a_cache_is_emptied_for_who_evaluates_by_hand_too(project: Project) -> None:
    project.edit(TEXT, CACHED)
    project.evaluate_all()
    project.edit("RATE = 2", "RATE = 5")
    project.evaluate("RATE = ")
    project.evaluate("v = ")
    assert project.value("v") == "15"


def test_what_was_taken_out_and_put_back_is_there_once(project: Project) -> None:
    project.edit(TEXT, LIST)
    up_to_date(project)
    project.edit("xs.append(3)\n", "")
    project.edit("n =", "xs.append(3)\nn =")
    _, left, restart = up_to_date(project)
    assert (project.value("xs, n"), left, restart) == ("([1, 2, 3], 3)", [], False)


@pytest.mark.parametrize(
    ("text", "old", "new", "why"),
    [
        (
            MEMO,
            "RATE = 2",
            "RATE = 5",
            "`slow` was changed in place by line 9, which is not undone by",
        ),
        (
            ENVIRONMENT,
            "os.environ['RELIVE_X'] = '1'\n",
            "",
            "`os.environ` was changed by code that",
        ),
        (CLASS, "A.k = 10\n", "", "`A` was changed by code that is not in the file any more"),
        (CLASS, "k = 1\n", "k = 2\n", "`A` was changed in place by line 5, which is not undone by"),
    ],
)
def test_what_only_a_fresh_process_can_give_is_told(
    project: Project, text: str, old: str, new: str, why: str
) -> None:
    project.edit(TEXT, text)
    up_to_date(project)
    project.edit(old, new)
    _, left, restart = up_to_date(project)
    assert restart
    assert left[-1].startswith(why) or left[0].startswith(why), left


def test_cheap_results_run_again_by_themselves_if_the_user_wants_it(
    start_client: StartClient, workspace: Path
) -> None:
    client = start_client()
    client.initialize(workspace, options={"settings": {"results": {"rerunStale": "cheap"}}})
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    project = Project(client, workspace)
    project.edit("other\n", "print(rate)\n")
    project.evaluate_all()
    project.edit("rate = 0.2", "rate = 0.5")
    project.evaluate("rate = ")
    again = client.wait_for_notification(
        "relive/evaluated", lambda told: told["evaluation"]["results"][0]["value"]["text"] == "15.0"
    )
    place_of_first = client.timeline.index(
        next(item for item in client.timeline if item.get("params") == again)
    )
    client.wait_for_notification("relive/evaluated", after=place_of_first + 1)
    project.value("1")  # whatever was still to run has run
    told = [each["evaluation"] for each in client.seen("relive/evaluated")]
    assert [each["output"] for each in told] == [[], []]  # `print` waits for a command


def test_nothing_is_judged_of_a_process_that_is_gone(project: Project) -> None:
    project.evaluate_all()
    project.client.execute("relive.restart", {"uri": project.uri})
    project.evaluate("other = 1")
    project.evaluate("rate = ")
    assert project.stale == {}
    assert project.rerun() == ([], [])


def test_an_import_is_as_true_as_ever_when_its_function_is_redefined(
    client: Client, tmp_path: Path
) -> None:
    """What ran the function is stale until it runs again, and then no longer by the import."""
    helper = "def ratio(part, whole):\n    return part / whole\n"
    text = "from ratios import ratio\n\nratio(1, 2)\n"
    (tmp_path / "ratios.py").write_text(helper)
    uri = client.open(tmp_path / "shares.py", text)
    lib = client.open(tmp_path / "ratios.py", helper)
    client.execute(
        "relive.evaluateText",
        {"uri": uri, "text": f"import sys; sys.path.insert(0, {str(tmp_path)!r})"},
    )
    client.evaluate(uri, "form", position=place(text, "from ratios"))
    first = client.evaluate(uri, "form", position=place(text, "ratio(1"))
    client.change(lib, {"text": helper.replace("part / whole", "2 * part / whole")})
    client.execute("relive.redefine", {"uri": lib, "name": "ratio"})
    stale = client.wait_for_notification("relive/stale", lambda told: told["uri"] == uri)
    assert stale["results"] == [f"{first['id']}:1"]
    after = len(client.timeline)
    again = client.evaluate(uri, "form", position=place(text, "ratio(1"))
    assert again["results"][0]["value"]["text"] == "1.0"
    client.execute("relive.evaluateText", {"uri": uri, "text": "0"})  # what is told is told by now
    told = [
        each["params"] for each in client.timeline[after:] if each.get("method") == "relive/stale"
    ]
    assert told == []


HELD = """\
early = 1
by = 5
+by
if True:
    early = 2
    late = 10 // globals().get("by", 0)
+early
"""


@pytest.mark.parametrize("again", ["retryStatement", "run"])
@pytest.mark.parametrize("before", [[], ["early = 1", "+early"]])
def test_what_ran_while_a_statement_was_held_has_bound_its_own_names(
    project: Project, before: list[str], again: str
) -> None:
    project.client.notify(
        "workspace/didChangeConfiguration", {"settings": {"relive": {"holdErrors": "workspace"}}}
    )
    project.edit(TEXT, HELD)
    for code in before:
        project.evaluate(code)
    assert project.evaluate("if True")["status"] == "held"
    project.evaluate("by = 5")
    project.evaluate("+by")
    if again == "run":
        project.evaluate("if True")
    else:
        project.client.execute("relive.resume", {"action": again, "uri": project.uri})
    assert project.value("(early, late)") == "(2, 2)"
    assert project.stale == ({"+early": "`early` was assigned again"} if before else {})


REGISTRY = """\
REG = {}
def register(f):
    REG[f.__name__] = f
    return f
@register
def a():
    return 1
class Plug:
    def run(self):
        return 2
"""


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("class Plug", "@register\ndef b():\n    return 2\nclass Plug", "['a', 'b']"),
        ("    def run", "    @register\n    def go(self): ...\n    def run", "['a', 'go']"),
        ("class Plug", "def b():\n    return 2\nclass Plug", None),
    ],
)
def test_what_a_decorator_registers_as_it_is_redefined_is_known(
    project: Project, workspace: Path, old: str, new: str, value: str | None
) -> None:
    (workspace / "plugs.py").write_text(REGISTRY)
    project.edit(TEXT, "import plugs\nsorted(plugs.REG)\n")
    project.evaluate_all()
    text = REGISTRY.replace(old, new)
    uri = project.client.open(workspace / "plugs.py", text)
    (workspace / "plugs.py").write_text(text)
    project.client.save(uri)
    project.client.wait_for_notification("relive/redefined")
    why = "`REG` was changed in place by what a redefinition ran"
    assert project.stale == ({} if value is None else {"sorted(plugs.REG)": why})
    assert project.rerun()[0] == ([] if value is None else ["sorted(plugs.REG)"])
    results = [
        each
        for one in project.client.seen("relive/evaluated")
        for each in one["evaluation"]["results"]
    ]
    assert [each["value"]["text"] for each in results] == ([] if value is None else [value])


READERS = REGISTRY + "names = sorted(REG)\nother = 1\n"
UNWATCHED = "it ran as the file was loaded, when nothing watched what it does, and `REG`"


def test_a_definition_that_comes_in_below_the_decorator_of_another_runs_in_its_place(
    project: Project,
) -> None:
    project.edit(TEXT, READERS.replace("names =", "@register\ndef c():\n    return 3\nnames ="))
    up_to_date(project)
    project.edit("def c", "def b():\n    return 2\n@register\ndef c")
    ran, left, restart = up_to_date(project)
    assert (project.value("list(REG), names"), left) == ("(['a', 'b', 'c'], ['a', 'b', 'c'])", [])
    assert (up_to_date(project)[0], restart) == ([], False)
    assert ran.count("@register") == 3


def test_what_a_renamed_definition_had_registered_goes_with_its_name(project: Project) -> None:
    project.edit(TEXT, READERS)
    up_to_date(project)
    project.edit("def a", "def z")
    up_to_date(project)
    assert project.value("list(REG), names") == "(['z'], ['z'])"


def test_a_decorated_definition_that_is_new_runs_once_and_in_its_place(project: Project) -> None:
    project.edit(TEXT, READERS)
    up_to_date(project)
    project.edit("class Plug", "@register\ndef b():\n    return 2\nclass Plug")
    assert up_to_date(project) == (["@register", "names = sorted(REG)"], [], False)
    assert project.value("names") == "['a', 'b']"
    project.edit("REG = {}", "def loud(f):\n    return register(f)\nREG = {}")
    project.edit("@register\ndef a", "@loud\n@register\ndef a")
    _, left, restart = up_to_date(project)
    assert (project.value("names"), left, restart) == ("['a', 'b']", [], False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@register\ndef a", "@loud\n@register\ndef a"),
        ("@register\ndef a", "@loud\ndef a"),
        ("def a", "@register\ndef a"),
    ],
)
def test_what_other_decorators_register_is_there_with_the_rest(
    project: Project, before: str, after: str
) -> None:
    text = READERS.replace(
        "@register\n", "@register\ndef b(): ...\ndef loud(f): return register(f)\n"
    )
    text = text.replace("def a", f"{before}")
    project.edit(TEXT, text)
    up_to_date(project)
    project.edit(before, after)
    _, left, restart = up_to_date(project)
    assert (project.value("names"), left, restart) == ("['a', 'b']", [], False)


@pytest.mark.parametrize(
    ("old", "new", "is_told"),
    [
        ("class Plug", "@register\ndef b():\n    return 2\nclass Plug", True),
        ("@register\ndef a", "def a", True),
        ("@register\ndef a():\n    return 1\n", "", True),
        ("return 1", "return 5", True),
        ("return 2", "return 5", False),
        ("other = 1", "other = 2", False),
    ],
)
@pytest.mark.parametrize("is_saved", [True, False])
def test_what_was_loaded_unwatched_is_told_where_it_may_be_another(
    project: Project, workspace: Path, old: str, new: str, is_told: bool, is_saved: bool
) -> None:
    file = workspace / "plugs.py"
    file.write_text(READERS)
    project.edit(TEXT, "import plugs\n")
    project.evaluate_all()
    uri = project.client.open(file, READERS)
    text = READERS.replace(old, new)
    project.client.change(uri, {"text": text})
    if is_saved:
        file.write_text(text)
        project.client.save(uri)
        project.client.wait_for_notification("relive/redefined")
    answer = project.client.execute("relive.bringUpToDate", {"uri": uri})
    lines = text.split("\n")
    left = [
        (lines[each["range"]["start"]["line"]], each["why"].partition(", which it")[0])
        for each in answer["left"]
    ]
    assert left == ([("names = sorted(REG)", UNWATCHED)] if is_told else [])
    assert answer["needsRestart"] == is_told


STORE = """\
def load(n):
    return [n]

def report():
    return total + plain

rows = load(3)
total = len(rows)
plain = 7
print(load(plain))
"""


def test_what_was_read_of_a_file_that_computed_it_as_it_was_imported_is_stale(
    project: Project, workspace: Path
) -> None:
    (workspace / "store.py").write_text(STORE)
    project.edit(TEXT, "import store\nstore.rows\nstore.report()\nstore.plain\n")
    project.evaluate_all()
    uri = project.client.open(workspace / "store.py", STORE)
    project.client.change(uri, {"text": STORE.replace("[n]", "[n, n]")})
    project.client.execute("relive.redefine", {"uri": uri, "name": "load"})
    why = "function `load` was redefined"
    assert project.stale == {
        "store.rows": f"`rows` is stale: {why}",
        "store.report()": f"`total` is stale: {why}",
    }
    ran, left, restart = up_to_date(project)
    assert (ran, restart) == ([], True)
    assert left == [
        f"it came of `{name}`, which was made as store.py was loaded, from what is another now:"
        " restart and run the file"
        for name in ("rows", "total")
    ]
    project.evaluate("store.rows")
    assert set(project.stale) == {"store.rows", "store.report()"}

    project.client.execute("relive.undo", {"uri": uri})
    assert project.stale == {}
    assert up_to_date(project) == ([], [], False)

    project.client.execute("relive.redefine", {"uri": uri, "name": "load"})
    project.client.evaluate(
        uri,
        "selection",
        range=span(STORE.replace("[n]", "[n, n]"), "rows = load(3)\ntotal = len(rows)"),
    )
    assert set(project.stale) == {"store.rows", "store.report()"}
    assert up_to_date(project) == (["store.rows", "store.report()"], [], False)
    assert project.stale == {}


def test_what_an_import_has_made_is_told_with_the_file_that_made_it(
    project: Project, workspace: Path
) -> None:
    (workspace / "store.py").write_text(STORE)
    (workspace / "web.py").write_text("from store import rows\n")
    project.edit(TEXT, "import web\nweb.rows\n")
    project.evaluate_all()
    uri = project.client.open(workspace / "store.py", STORE)
    project.client.change(uri, {"text": STORE.replace("[n]", "[n, n]")})
    project.client.execute("relive.redefine", {"uri": uri, "name": "load"})
    assert [each.split(" was loaded")[0] for each in up_to_date(project)[1]] == [
        "it came of `rows`, which was made as store.py"
    ]


LOOP = "xs = [1, 2]\ntotal = 0\nfor x in xs:\n    total += x\ntotal\n"


def test_a_loop_runs_again_and_so_does_what_binds_its_names_first(project: Project) -> None:
    project.edit(TEXT, LOOP)
    project.evaluate_all()
    project.edit("[1, 2]", "[1, 5]")
    project.evaluate("xs =")
    assert project.rerun() == (["total = 0", "for x in xs:", "total"], [])
    assert project.value("total, x") == "(6, 5)"
    assert project.rerun() == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "n = 1\nwith open(__file__) as f:\n    f.read()\n    v = n\n",
        "n = 1\nmatch [n, 2]:\n    case [a, b]:\n        v = a + b\n",
        "import io\nn = 1\nf = io.StringIO(str(n))\nwhile (s := f.read()):\n    v = s\n",
        "import collections\nn = 1\nP = collections.namedtuple('P', [f'x{n}'])\nv = P(n)\n",
        "n = 1\nif n:\n    k = n\n    v = k + 1\n",
    ],
)
def test_names_that_a_statement_binds_before_it_reads_them_are_its_own(
    project: Project, text: str
) -> None:
    project.edit(TEXT, text)
    project.evaluate_all()
    project.edit("n = 1", "n = 2")
    project.evaluate("n = 2")
    ran, left = project.rerun()
    assert (bool(ran), left) == (True, [])
    assert "2" in project.value("v") or "4" in project.value("v") or "3" in project.value("v")


@pytest.mark.parametrize("hold", [True, False])
def test_what_began_and_came_to_no_end_begins_with_what_it_began_with(
    project: Project, hold: bool
) -> None:
    project.client.configure(holdErrors=hold)
    text = (
        "xs = [1, 0]\ndef inv(x):\n    return 1 / x\nys = []\nfor x in xs:\n    ys.append(inv(x))\n"
    )
    project.edit(TEXT, text)
    project.evaluate_all()
    project.edit("1 / x", "x + 1")
    _, left, restart = up_to_date(project)
    assert (project.value("ys"), left, restart) == ("[2, 1]", [], False)


BRANCH = "flag = True\nmode = 'a'\nif flag:\n    mode = 'b'\nout = mode\n"
BRANCHES = BRANCH.replace("out", "if not flag:\n    mode = 'c'\nout")
TURNS = "w = 'none'\nwords = ['a']\nfor w in words:\n    print(w)\nout = w\n"
CALL = """\
flag = True
mode = 'a'
def choose():
    global mode
    if flag:
        mode = 'b'
choose()
out = mode
"""


@pytest.mark.parametrize(
    ("text", "old", "new", "value"),
    [
        (BRANCH, "True", "False", "'a'"),
        (BRANCHES, "True", "None", "'c'"),
        (BRANCHES.replace("if not flag", "if flag == 2"), "True", "False", "'a'"),
        (BRANCH.replace("mode = 'b'", "del mode"), "True", "False", "'a'"),
        (TURNS, "['a']", "[]", "'none'"),
        (CALL, "True", "False", "'a'"),
    ],
)
def test_a_branch_that_is_not_taken_any_more_leaves_the_value_from_above(
    project: Project, text: str, old: str, new: str, value: str
) -> None:
    project.edit(TEXT, text)
    project.evaluate_all()
    project.edit(old, new)
    _, left, restart = up_to_date(project)
    assert (project.value("out"), left, restart) == (value, [], False)
    assert up_to_date(project) == ([], [], False)


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        ("rows = [50]", False),
        ("rows.append(50)", False),
        ("del rows", False),
        ("size = lambda: 9", False),
        ("class K: pass", False),
        ("K.limit = 9", True),
    ],
)
def test_what_was_typed_beside_the_file_is_undone_or_told(
    project: Project, typed: str, changed: bool
) -> None:
    text = "rows = [1]\ndef size():\n    return len(rows)\nclass K:\n    limit = 1\nn = size() + K.limit\n"
    project.edit(TEXT, text)
    up_to_date(project)
    project.client.execute("relive.evaluateText", {"uri": project.uri, "text": typed})
    _, left, restart = up_to_date(project)
    told = ["`K` was changed by code that is not in the file any more"] if changed else []
    assert (left, restart) == (told, changed)
    if not changed:
        assert project.value("rows, n, size(), K.limit") == "([1], 2, 1, 1)"
    assert up_to_date(project)[0] == []


TWICE = "xs = []\nfor x in [1, 2]:\n    xs.append(x)\nn = len(xs)\n"


@pytest.mark.parametrize(
    ("text", "order", "expression", "value"),
    [
        ("a = 1\nb = a\na = 10\n", ["a = 1", "a = 10", "b ="], "a, b", "(10, 1)"),
        ("xs = []\nxs.append(1)\nn = len(xs)\n", ["xs =", "xs.a", "xs.a", "n ="], "n", "1"),
        (TWICE, ["xs =", "for x", "for x", "n ="], "n", "2"),
    ],
)
def test_what_ran_in_another_order_than_that_of_the_text_runs_again(
    project: Project, text: str, order: list[str], expression: str, value: str
) -> None:
    project.edit(TEXT, text)
    for code in order:
        project.evaluate(code)
    _, left, restart = up_to_date(project)
    assert (project.value(expression), left, restart) == (value, [], False)
    assert up_to_date(project) == ([], [], False)


SHARED = "xs = []\nfor i in [1, 2]:\n    xs.append(i)\nys = []\nfor i in [3]:\n    ys.append(i)\n"
WITHS = """\
import io
with io.StringIO('a') as f:
    a = f.read()
with io.StringIO('b') as f:
    b = f.read()
"""


@pytest.mark.parametrize(
    ("text", "old", "new", "ran"),
    [
        (SHARED, "[3]", "[4]", ["ys = []", "for i in [4]:"]),
        (WITHS, "'b'", "'c'", ["with io.StringIO('c') as f:"]),
    ],
)
def test_blocks_that_share_a_variable_have_nothing_of_each_other(
    project: Project, text: str, old: str, new: str, ran: list[str]
) -> None:
    project.edit(TEXT, text)
    project.evaluate_all()
    assert project.stale == {}
    project.edit(old, new)
    assert up_to_date(project) == (ran, [], False)
    assert up_to_date(project) == ([], [], False)


def test_what_a_function_adds_to_that_is_called_counts_twice(project: Project) -> None:
    project.edit(TEXT, "n = 0\ndef following():\n    return n + 1\nn = following()\n")
    project.evaluate_all()
    project.evaluate("n = following")
    project.evaluate("n = following")
    assert up_to_date(project) == (["n = 0", "n = following()"], [], False)


def test_a_loop_that_begins_anew_each_time_may_run_twice(project: Project) -> None:
    project.edit(TEXT, "a = [1]\nfor i in a:\n    print(i)\n")
    project.evaluate_all()
    project.evaluate("for i in a:")
    assert up_to_date(project) == ([], [], False)


TWO = "def f():\n    return 1\nx = f()\ndef f():\n    return 2\ny = f()\n"
TWO_CLASSES = TWO.replace("def f():\n    return", "class f(list):\n    v =").replace("f()", "f().v")
ONE = "def f():\n    return 1\nx = f()\ny = f()\n"
WRAPPED = "def f():\n    return 1\nx = f()\ndef twice(g):\n    return lambda: 2 * g()\nf = twice(f)\ny = f()\n"


@pytest.mark.parametrize("text", [TWO, TWO_CLASSES])
def test_another_definition_of_the_name_further_down_is_nothing_to_who_called_the_first(
    project: Project, text: str
) -> None:
    project.edit(TEXT, text)
    project.evaluate_all()
    assert project.stale == {}


@pytest.mark.parametrize(
    ("text", "old", "new", "value"),
    [
        (TWO, " 2", " 3", "(1, 3)"),
        (TWO, " 1", " 3", "(3, 2)"),
        (TWO_CLASSES, " 2", " 3", "(1, 3)"),
        (TWO_CLASSES, " 1", " 3", "(3, 2)"),
        (ONE, "y =", "def f():\n    return 5\ny =", "(1, 5)"),
        (ONE, "def f", "def f():\n    return 5\nw = f()\ndef f", "(1, 1)"),
        (WRAPPED, " 1", " 3", "(3, 6)"),
        (WRAPPED, "2 *", "3 *", "(1, 3)"),
    ],
)
def test_what_is_made_of_a_name_twice_is_made_so_again(
    project: Project, text: str, old: str, new: str, value: str
) -> None:
    project.edit(TEXT, text)
    project.evaluate_all()
    project.edit(old, new)
    _, left, restart = up_to_date(project)
    assert (project.value("x, y"), left, restart) == (value, [], False)
