"""Who may import whom. A new import that breaks a layer fails here, with the rule it breaks."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import relive

ROOT = Path(relive.__file__).parent
LAYERS = {
    "wire": set(),
    "worker": {"wire"},
    "source": {"wire"},
    "changelog": {"wire", "source"},
    "session": {"wire", "source", "changelog"},
    "exporting": {"wire", "source", "session"},
    "lsp": {"session", "source", "changelog", "exporting"},
    "console": {"source", "lsp"},
}
"""Each layer and the layers of ours it may import; every one may import the standard library."""
LIBRARIES = {
    "wire": set(),
    "worker": set(),
    "source": {"parso"},
    "changelog": set(),
    "session": set(),
    "exporting": set(),
    "console": {"prompt_toolkit", "pygments"},
}
"""Libraries a layer may import; `lsp` may import what the project depends on."""


def modules(layer: str) -> list[Path]:
    return sorted((ROOT / layer).rglob("*.py"))


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_what_is_below_it(layer: str) -> None:
    for file in modules(layer):
        ours = {name.split(".")[1] for name in imported(file) if name.startswith("relive.")}
        assert ours <= LAYERS[layer] | {layer}, f"{file} imports {ours - LAYERS[layer] - {layer}}"


@pytest.mark.parametrize("layer", LIBRARIES)
def test_a_layer_imports_only_its_libraries(layer: str) -> None:
    for file in modules(layer):
        tops = {name.split(".")[0] for name in imported(file)} - {"relive", "__future__"}
        foreign = {top for top in tops if top not in sys.stdlib_module_names}
        assert foreign <= LIBRARIES[layer], f"{file} imports {foreign}"


def test_the_console_knows_of_the_daemon_only_where_it_is_and_how_it_talks() -> None:
    found = {name for file in modules("console") for name in imported(file)}
    assert {name for name in found if name.startswith("relive.lsp")} <= {
        "relive.lsp",
        "relive.lsp.frames",
        "relive.lsp.rendezvous",
    }


def test_imports_within_ours_make_no_cycle() -> None:
    graph = {_name(file): _run_time_imports(file) for file in ROOT.rglob("*.py")}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path, name])
        if name in done:
            return
        for other in sorted(graph.get(name, ())):
            visit(other, (*path, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def _name(file: Path) -> str:
    parts = ("relive", *file.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _run_time_imports(file: Path) -> set[str]:
    """Return the modules of ours that importing `file` imports: top-level statements only."""
    tree = ast.parse(file.read_text())
    nodes = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    found = set()
    for node in nodes:
        for alias in node.names:
            inner = ROOT.parent / f"{node.module}.{alias.name}".replace(".", "/")
            is_module = inner.with_suffix(".py").exists() or inner.is_dir()
            found.add(f"{node.module}.{alias.name}" if is_module else str(node.module))
    return {name for name in found if name.startswith("relive")} - {_name(file)}


def test_the_worker_loads_nothing_but_the_standard_library(python: str) -> None:
    """In the user's interpreter, isolated: no library, none of the daemon's layers."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT.parent)!r}); import relive.worker.loop\n"
        "import relive.worker.redefine.engine\n"
        "print(*(n for n in sys.modules if n.startswith('relive.')))\n"
        "print(*(m.__file__ for m in sys.modules.values() if getattr(m, '__file__', None)))"
    )
    told = subprocess.run(
        [python, "-S", "-I", "-c", code], capture_output=True, text=True, check=True
    )
    ours, files = told.stdout.splitlines()
    assert {name.split(".")[1] for name in ours.split()} <= {"worker", "wire"}
    foreign = [f for f in files.split() if "site-packages" in f]
    assert not foreign


def test_source_touches_no_file_and_no_process() -> None:
    code = (
        "import sys, relive.source.forms as f, relive.source.definitions as d\n"
        "import relive.source.dependencies as p\n"
        "f.top_level_forms('def broken(:\\n x\\n\\ny = 1')\n"  # parso reads its grammar once
        "def watch(event, args):\n"
        "    if event in ('open', 'socket.connect', 'subprocess.Popen'): raise RuntimeError(event)\n"
        "sys.addaudithook(watch)\n"
        "t = 'import a\\ndef g(:\\n  pass\\nz = a.b\\n'\n"
        "f.form_at(t, (3, 0)); d.definitions(t); p.providers(t, {'a'}, 'all')\n"
        "import os; os._exit(0)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("file", sorted(ROOT.rglob("*.py")), ids=lambda f: os.path.relpath(f, ROOT))
def test_modules_and_functions_stay_small(file: Path) -> None:
    text = file.read_text()
    tree = ast.parse(text)
    if text.strip():
        assert ast.get_docstring(tree), f"{file} does not say what it is"
    assert text.count("\n") <= 450, f"{file} has two jobs by now"
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{file}: {node.name} is too long"
