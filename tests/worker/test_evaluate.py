"""Evaluating in a real worker, on each supported interpreter."""

from __future__ import annotations

from pathlib import Path

from relive.session.answers import Evaluation
from relive.session.requests import EvaluateRequest
from relive.session.session import Session
from relive.session.settings import Settings


def texts(evaluation: Evaluation) -> list[str | None]:
    assert evaluation.status == "ok", evaluation.error
    return [None if r.value is None else r.value.text for r in evaluation.results]


def value(evaluation: Evaluation) -> str | None:
    return texts(evaluation)[-1]


def output(evaluation: Evaluation) -> str:
    return "".join(chunk.text for chunk in evaluation.output)


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_expression_gives_its_value(session: Session) -> None:
    assert value(session.evaluate("1 + 1")) == "2"


def test_statements_give_one_result_each(session: Session) -> None:
    given = session.evaluate("a = 1\nb: int = a + 1\na, c = b, 9\nimport os\na += 5\n[a, b, c]")
    assert texts(given) == ["1", "2", "(2, 9)", None, None, "[7, 2, 9]"]
    assert [r.range.start[0] for r in given.results] == [0, 1, 2, 3, 4, 5]


def test_assignment_leaves_no_trace_in_the_namespace(session: Session) -> None:
    session.evaluate("x = 5")
    assert (
        value(session.evaluate("sorted(n for n in globals() if not n.startswith('__'))")) == "['x']"
    )


def test_state_lives_between_evaluations(session: Session) -> None:
    session.evaluate("items = []")
    session.evaluate("items.append(1)")
    assert value(session.evaluate("items")) == "[1]"


def test_output_belongs_to_its_evaluation(session: Session) -> None:
    code = "import os, subprocess, sys\nprint('py')\nos.write(1, b'fd\\n')\n"
    code += "_ = subprocess.run([sys.executable, '-c', 'print(\"child\")'])\nprint('err', file=sys.stderr)"
    given = session.evaluate(code)
    assert [(c.stream, c.text) for c in given.output if c.stream == "stdout"] == [
        ("stdout", "py\nfd\nchild\n")
    ]
    assert "err\n" in output(given)
    assert output(session.evaluate("1")) == ""


def test_top_level_await_and_a_loop_that_lives_on(session: Session) -> None:
    session.evaluate(
        "import asyncio\nlog = []\nasync def tick():\n    await asyncio.sleep(0)\n    log.append(1)\n"
    )
    session.evaluate(
        "task = asyncio.get_event_loop_policy() and asyncio.ensure_future(tick()) if 0 else None"
    )
    assert value(session.evaluate("await asyncio.sleep(0, 'waited')")) == "'waited'"
    session.evaluate(
        "async def start():\n    global task\n    task = asyncio.create_task(tick())\nawait start()"
    )
    assert value(session.evaluate("await task\nlog")) == "[1]"


def test_asyncio_run_works_beside_top_level_await(session: Session) -> None:
    session.evaluate("import asyncio\nawait asyncio.sleep(0)")
    assert value(session.evaluate("asyncio.run(asyncio.sleep(0, 3))")) == "3"
    assert value(session.evaluate("await asyncio.sleep(0, 4)")) == "4"


def test_error_keeps_the_results_before_it(session: Session) -> None:
    given = session.evaluate("a = 1\n1 / 0\nb = 2")
    assert given.status == "error"
    assert given.error is not None
    assert given.error.type == "ZeroDivisionError"
    assert [r.value.text for r in given.results if r.value] == ["1"]
    assert value(session.evaluate("'b' in globals()")) == "False"


def test_errors_of_our_own_frames_do_not_show(session: Session) -> None:
    given = session.evaluate("def f():\n    raise ValueError('x')\nf()")
    assert given.error is not None
    assert [frame.name for frame in given.error.frames] == ["<module>", "f"]
    assert "relive/worker" not in given.error.traceback


def test_syntax_error_tells_its_place(session: Session, workspace: Path) -> None:
    file = write(workspace / "m.py", "a = 1\nb = (2,\n")
    given = session.evaluate("b = (2,\n", file)
    assert given.error is not None
    assert given.error.type == "SyntaxError"
    assert given.error.range is not None
    assert given.error.range.start[0] == 1


def test_what_no_text_can_do_to_the_worker(session: Session) -> None:
    for text in (
        "x = 1\0",
        "-" * 100_000 + "1",
        "'\ud800'",
        "\ufeff1",
        "raise SystemExit(3)",
        "exit()",
    ):
        assert session.evaluate(text).status in ("ok", "error")
    assert value(session.evaluate("1 + 1")) == "2"


def test_true_lines_and_names_in_a_file(session: Session, workspace: Path) -> None:
    file = write(workspace / "pkg" / "mod.py", "# one\n\ndef f():\n    return 1 / 0\n\nf()\n")
    write(workspace / "pkg" / "__init__.py", "")
    given = session.evaluate("f()\n", file)
    assert given.module == "pkg.mod"
    assert given.error is not None
    assert [(f.file, f.line, f.text) for f in given.error.frames] == [
        (str(file), 5, "f()"),
        (str(file), 3, "return 1 / 0"),
    ]


def test_indented_selection_keeps_its_place(session: Session, workspace: Path) -> None:
    document = "class A:\n\n    x = 'é'; y = 1 / 0\n"
    request = EvaluateRequest("x = 'é'; y = 1 / 0", str(workspace / "a.py"), 2, 4, document)
    answers: list[Evaluation] = []
    session._wait(lambda done: session.submit(request, lambda e: (answers.append(e), done(e))))  # type: ignore[func-returns-value]
    error = answers[0].error
    assert error is not None
    assert error.frames[0].line == 2
    assert answers[0].results[0].range.start == (2, 4)
    assert answers[0].results[0].range.end == (2, 11)


def test_main_guard_runs_only_when_it_is_sent(session: Session, workspace: Path) -> None:
    file = write(workspace / "app.py", 'ran = []\nif __name__ == "__main__":\n    ran.append(1)\n')
    session.evaluate("ran = []\n", file)
    assert value(session.evaluate("import app\napp.ran")) == "[]"
    session.evaluate('if __name__ == "__main__":\n    ran.append(1)\n', file)
    assert value(session.evaluate("app.ran")) == "[1]"


def test_dependencies_run_first_and_are_listed(session: Session, workspace: Path) -> None:
    file = write(
        workspace / "m.py",
        "import json\nfrom os import path as p\nclass Base:\n    pass\nclass Thing(Base):\n"
        "    def go(self):\n        return json.dumps(helper())\ndef helper():\n    return [p.sep]\n"
        "def unused():\n    pass\nThing().go()\n",
    )
    given = session.evaluate("Thing().go()\n", file)
    assert value(given) == "'[\"/\"]'"
    assert [(r.range.start[0], r.origin) for r in given.results] == [
        (0, "dependency"),
        (1, "dependency"),
        (2, "dependency"),
        (4, "dependency"),
        (7, "dependency"),
        (11, "requested"),
    ]
    again = session.evaluate("Thing().go()\n", file)
    assert [r.origin for r in again.results] == ["requested"]


def test_assignment_that_is_needed_is_named_and_not_run(session: Session, workspace: Path) -> None:
    file = write(workspace / "m.py", "print('side effect')\nraw = [1]\nlen(raw)\n")
    given = session.evaluate("len(raw)", file)
    assert given.error is not None
    assert given.error.type == "NameError"
    assert given.error.missing is not None
    assert (given.error.missing.name, given.error.missing.line) == ("raw", 1)
    assert "line 2" in given.error.notes[-1]
    assert output(given) == ""


def test_import_runs_the_rest_into_the_same_module(session: Session, workspace: Path) -> None:
    file = write(
        workspace / "shapes.py",
        "log = ['loaded']\nclass Point:\n    pass\ndef make():\n    return Point()\n",
    )
    session.evaluate("class Point:\n    pass\n", file)
    session.evaluate("one = Point()", file)
    assert value(session.evaluate("import shapes\nisinstance(shapes.one, shapes.Point)")) == "True"
    assert value(session.evaluate("type(shapes.make()) is type(shapes.one)")) == "True"
    assert value(session.evaluate("from shapes import *\nlog")) == "['loaded']"


def test_import_alone_completes_the_module(session: Session, workspace: Path) -> None:
    file = write(workspace / "late.py", "a = 1\nprint('the rest')\n")
    session.evaluate("a = 1\n", file)
    assert output(session.evaluate("import late")) == "the rest\n"
    assert output(session.evaluate("import late")) == ""


def test_pickling_does_not_run_the_rest(session: Session, workspace: Path) -> None:
    file = write(workspace / "things.py", "class Thing:\n    pass\nprint('the rest')\n")
    session.evaluate("class Thing:\n    pass\n", file)
    given = session.evaluate(
        "import pickle\npickle.loads(pickle.dumps(Thing())).__class__ is Thing", file
    )
    assert value(given) == "True"
    assert output(given) == ""


def test_failing_rest_of_a_module_is_told_to_who_asks(session: Session, workspace: Path) -> None:
    file = write(workspace / "broken.py", "a = 1\nb = 1 / 0\n")
    session.evaluate("a = 1\n", file)
    given = session.evaluate("from broken import b")
    assert given.error is not None
    assert given.error.type == "ZeroDivisionError"


def test_a_file_imported_before_is_the_same_module(session: Session, workspace: Path) -> None:
    file = write(workspace / "pkg" / "__init__.py", "from .core import Core\n").with_name("core.py")
    write(file, "class Core:\n    pass\n")
    session.evaluate("import pkg\nc = pkg.Core()")
    assert value(session.evaluate("import __main__, pkg, sys\nCore is pkg.Core", file)) == "True"


def test_relative_import_in_a_file_evaluated_first(session: Session, workspace: Path) -> None:
    write(workspace / "pkg" / "__init__.py", "")
    write(workspace / "pkg" / "a.py", "X = 7\n")
    file = write(workspace / "pkg" / "b.py", "from .a import X\nX\n")
    assert value(session.evaluate("X\n", file)) == "7"


def test_src_layout_is_importable(session: Session, workspace: Path) -> None:
    write(workspace / "src" / "lib" / "__init__.py", "")
    write(workspace / "src" / "lib" / "other.py", "Y = 3\n")
    file = write(workspace / "src" / "lib" / "mod.py", "from lib.other import Y\nY\n")
    given = session.evaluate("Y\n", file)
    assert (given.module, value(given)) == ("lib.mod", "3")


def test_a_file_named_like_a_library_module(session: Session, workspace: Path) -> None:
    file = write(workspace / "json.py", "mine = 1\n")
    for name in ("random", "signal", "socket", "struct", "ast", "traceback", "types"):
        write(workspace / f"{name}.py", "raise RuntimeError('shadow')\n")
    assert value(session.evaluate("mine = 1\nmine", file)) == "1"
    assert value(session.evaluate("1 / 2")) == "0.5"


def test_future_import_stays_in_force(session: Session, workspace: Path) -> None:
    file = write(
        workspace / "m.py", "from __future__ import annotations\ndef f(a: Missing): pass\n"
    )
    session.evaluate("from __future__ import annotations\n", file)
    assert (
        value(session.evaluate("def f(a: Missing): pass\nf.__annotations__", file))
        == "{'a': 'Missing'}"
    )


def test_source_of_unsaved_text_is_found(session: Session, workspace: Path) -> None:
    request = EvaluateRequest(
        "def f():\n    return 'unsaved'\n",
        str(workspace / "u.py"),
        1,
        0,
        "\ndef f():\n    return 'unsaved'\n",
    )
    session._wait(lambda done: session.submit(request, done))
    look = "import inspect\ninspect.getsource(f)"
    given = session.evaluate(look, workspace / "u.py")
    assert value(given) == repr("def f():\n    return 'unsaved'\n")


def test_input_asks_and_ends_without_an_asker(session: Session, make_session, python: str) -> None:
    given = session.evaluate("input('name? ')")
    assert given.error is not None
    assert given.error.type == "EOFError"
    asking = make_session(python, ask=lambda request, reply: reply(request.prompt + "Ada"))
    assert value(asking.evaluate("input('I am ')")) == "'I am Ada'"
    assert value(asking.evaluate("import getpass\ngetpass.getpass('key ')")) == "'key Ada'"
    assert value(asking.evaluate("import sys\nsys.stdin.readline()")) == "'Ada\\n'"


def test_evaluating_a_definition_again_keeps_what_holds_it(session: Session) -> None:
    session.evaluate(
        "class C:\n    def m(self): return 1\nc = C(); bound = c.m\ndef f(): return 1\nalias = f"
    )
    session.evaluate(
        "def f(): return 2\nclass C:\n    def m(self): return 2\n    def new(self): return 3"
    )
    assert (
        value(session.evaluate("alias(), bound(), c.m(), c.new(), isinstance(c, C)"))
        == "(2, 2, 2, 3, True)"
    )


def test_a_class_is_evaluated_in_place_where_it_can_be_and_else_made_anew(session: Session) -> None:
    session.evaluate("class A: pass\nclass C: pass\nold = C()")
    given = session.evaluate("class C(A): pass\nissubclass(C, A), isinstance(old, C)")
    assert value(given) == "(True, True)"
    session.evaluate("class S: __slots__ = ('a',)\nold = S()")
    given = session.evaluate("class S: __slots__ = ('a', 'b')\nhasattr(S, 'b'), isinstance(old, S)")
    assert value(given) == "(True, False)"


def test_the_docstring_of_a_file_becomes_the_modules_and_is_no_result(
    session: Session, workspace: Path
) -> None:
    file = write(workspace / "m.py", '"""About."""\n\nx = 1\n')
    assert texts(session.evaluate(file.read_text(), file)) == ["1"]
    assert value(session.evaluate("__doc__", file)) == "'About.'"
    assert value(session.evaluate('"""About."""\n', file)) == "'About.'"


def test_a_future_import_holds_for_every_form_of_its_file(
    session: Session, workspace: Path
) -> None:
    text = "from __future__ import annotations\n\ndef f(a: Y) -> Z:\n    return 1\n\nf(2)\n"
    assert texts(session.evaluate("f(2)", write(workspace / "m.py", text))) == [None, "1"]


def test_a_file_whose_name_has_dots(session: Session, workspace: Path) -> None:
    assert value(session.evaluate("__name__", write(workspace / "v1.2.py", "x = 1\n"))) == "'v1_2'"


def test_a_relative_import_makes_a_folder_a_package(session: Session, workspace: Path) -> None:
    write(workspace / "ns" / "other.py", "n = 41\n")
    file = write(workspace / "ns" / "m.py", "from .other import n\ndef f(): return n + 1\n")
    assert value(session.evaluate("f()", file)) == "42"
    assert session.evaluate("1", file).module == "ns.m"


def test_an_import_by_another_name_is_no_second_copy(session: Session, workspace: Path) -> None:
    text = "ran = globals().get('ran', 0) + 1\nclass K: pass\n"
    file = write(workspace / "ns" / "m.py", text)
    session.evaluate("class K: pass", file)
    session.evaluate("k = K()", file)
    assert value(session.evaluate("from ns.m import K, ran\nK, ran")) == "(<class 'm.K'>, 1)"
    assert value(session.evaluate("import ns.m\nisinstance(k, ns.m.K)", file)) == "True"


def test_a_workspace_reached_by_a_link_keeps_its_name(
    make_session, python: str, workspace: Path
) -> None:
    file = write(workspace / "real" / "m.py", "def f():\n    return 1 / 0\n")
    (workspace / "link").symlink_to(workspace / "real")
    with Session(python, workspace / "link") as linked:
        linked.evaluate("import m")
        error = linked.evaluate("f()", workspace / "link" / file.name).error
    assert error is not None
    assert error.range is not None
    assert (error.frames[-1].file, error.range.start[0]) == (str(workspace / "link" / "m.py"), 1)


def test_a_relative_file_is_one_of_the_session(session: Session, workspace: Path) -> None:
    file = write(workspace / "m.py", "def f():\n    return __file__\n")
    assert value(session.evaluate("f()", "m.py")) == repr(str(file))


def test_a_file_that_cannot_be_decoded_has_a_module(session: Session, workspace: Path) -> None:
    file = workspace / "m.py"
    file.write_bytes('x = "é"\n'.encode("latin-1"))
    assert value(session.evaluate("__name__", file)) == "'m'"
    receipt = session.redefine(file)
    assert (receipt.status, receipt.error and receipt.error.type) == ("error", "SyntaxError")


def test_text_is_placed_by_whole_lines_and_any_newlines(session: Session, workspace: Path) -> None:
    file = write(workspace / "m.py", "maximum = 1\ny = 2\r\nx\n")
    error = session.evaluate("y = 2\r\nx", file).error
    assert error is not None
    assert error.frames[-1].line == 2
    error = session.evaluate("x", file).error
    assert error is not None
    assert error.frames[-1].line == 2
    assert texts(session.evaluate("a = 1\rb = 2\ra + b")) == ["1", "2", "3"]


def test_indented_text_with_strings_at_the_margin(session: Session) -> None:
    given = session.evaluate('\n    a = """\nx"""\n    (a,\n1)\n')
    assert texts(given) == ["'\\nx'", "('\\nx', 1)"]
    assert given.results[0].range.start == (1, 4)
    error = session.evaluate("    a = 1\n    b = = 2").error
    assert error is not None
    assert error.range is not None
    assert error.range.start == (1, 8)


def test_a_name_defined_several_times_means_several_things(
    session: Session, workspace: Path
) -> None:
    text = "def f(x): return x\nold = f\ndef f(x): return old(x) + 1\nf(1)\n"
    file = write(workspace / "m.py", text)
    for _ in range(2):
        assert value(session.evaluate(text, file)) == "2"
    text = (
        "import functools\n@functools.singledispatch\ndef g(x): return 'any'\n"
        "@g.register\ndef _(x: int): return 'int'\n@g.register\ndef _(x: str): return 'str'\n"
    )
    file = write(workspace / "n.py", text)
    for _ in range(2):
        session.evaluate(text, file)
        assert value(session.evaluate("g(1), g(''), g(None)", file)) == "('int', 'str', 'any')"


def test_what_was_made_anew_is_registered_with_anew(session: Session, workspace: Path) -> None:
    text = (
        "def route(path):\n    return lambda f: routes.append(path) or f\n"
        "routes = []\n@route('/')\ndef index(): return 1\nroutes\n"
    )
    file = write(workspace / "m.py", text)
    for _ in range(2):
        assert value(session.evaluate(text, file)) == "['/']"
    session.evaluate("@route('/')\ndef index(): return 1\n", file)
    assert value(session.evaluate("routes", file)) == "['/']"


def test_scripts_see_no_arguments_of_ours(session: Session) -> None:
    code = "import argparse\np = argparse.ArgumentParser()\np.parse_args()"
    assert value(session.evaluate(code)) == "Namespace()"


def test_standard_input_is_a_whole_stream(make_session, python: str) -> None:
    lines = iter(["é1", "2", "3", None])
    asking = make_session(python, ask=lambda request, reply: reply(next(lines)))
    code = "import sys\nsys.stdin.readline(), sys.stdin.read(1), sys.stdin.buffer.read()"
    assert value(asking.evaluate(code)) == r"('é1\n', '2', b'3\n')"


def test_the_docstring_of_a_module_completed_by_an_import(
    session: Session, workspace: Path
) -> None:
    session.evaluate("1", write(workspace / "m.py", '"""About."""\nx = 1\n'))
    assert value(session.evaluate("import m\nm.__doc__")) == "'About.'"


def test_workspace_files_named_like_what_the_worker_needs(
    session: Session, workspace: Path
) -> None:
    for name in ("traceback", "linecache", "dis", "opcode", "tokenize", "json", "signal"):
        write(workspace / f"{name}.py", "raise SystemExit('not ours')\n")
    file = write(workspace / "m.py", "import os\ndef f(): return os.sep\nf()\n")
    assert value(session.evaluate("f()", file)) == "'/'"
    error = session.evaluate("1 / 0").error
    assert error is not None
    assert "ZeroDivisionError" in error.traceback
    assert session.evaluate("x =").status == "error"
    assert session.info().generation == 1


def test_a_list_of_slow_values_shares_one_budget(session: Session) -> None:
    session.settings = Settings(repr_budget_ms=1000)
    code = (
        "import time\nclass S:\n    def __init__(self, s): self.s = s\n"
        "    def __repr__(self): time.sleep(self.s); return 'S'\n"
    )
    given = session.evaluate(code + "[S(0), *[S(600) for _ in range(100)]]")
    assert value(given) == "[S, … the rest takes too long"
    bad = "class B:\n    def __repr__(self): 1 / 0\n[1, B(), 2]"
    shown = "[1, <unprintable scratch.B: ZeroDivisionError: division by zero>, 2]"
    assert value(session.evaluate(bad)) == shown


def test_what_was_shown_dies_when_user_code_lets_go_of_it(session: Session) -> None:
    session.evaluate(
        "import weakref\nlog = []\nclass C:\n    def __del__(self): log.append('gone')\nc = C()\nw = weakref.ref(c)"
    )
    assert value(session.evaluate("del c\nw(), log")) == "(None, ['gone'])"
    session.evaluate("C()\n1\n2\n3")  # `_` and the two after it keep three
    assert value(session.evaluate("log")) == "['gone', 'gone']"


def test_the_latest_values_have_names(session: Session, workspace: Path) -> None:
    session.evaluate("40 + 2\n'b'")
    session.evaluate("x = 'an assignment'\nNone")
    assert value(session.evaluate("_, __", workspace / "other.py")) == "('b', 42)"
    assert value(session.evaluate("___, _[1]")) == "(42, 42)"


def test_a_translation_called_underscore_stays(session: Session) -> None:
    session.evaluate("import builtins\nbuiltins._ = str.upper\n'a value'")
    assert value(session.evaluate("_('x')")) == "'X'"
    session.evaluate("_ = 'mine'\n5")
    assert value(session.evaluate("_")) == "'mine'"
