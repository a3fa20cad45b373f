"""Packages' own tests, plain and with errors held: each test has to come out the same.

Usage: packages.py [NAME …], with an interpreter that can hold errors. It installs pytest and unpacks
the pinned releases into `.cache/holding`, then runs each suite twice in the same interpreter, the
second time with the package and its tests prepared as the worker prepares them. It prints counts,
and each test that differs, and exits with 1 if one does.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = HERE.parents[1] / ".cache" / "holding" / "packages-{}.{}".format(*sys.version_info[:2])
NEEDED = ["pytest==8.4.2", "hypothesis==6.140.3"]
PACKAGES: dict[str, tuple[str, str, list[str]]] = {
    "attrs": ("25.3.0", "src", ["tests", "--ignore=tests/test_mypy.yml"]),
    "boltons": ("25.0.0", ".", ["tests"]),
    "more-itertools": ("10.7.0", ".", ["tests"]),
    "pluggy": ("1.6.0", "src", ["testing"]),
    "sqlparse": ("0.5.3", ".", ["tests"]),
}
"""By name: the release, where its modules are, and what pytest is told."""
_TEST = re.compile(r"^(\S+::.+?) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)", re.MULTILINE)


def install() -> None:
    """Get what the suites need, once."""
    if not (PLACE / "complete").exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", PLACE / "needed"]
        subprocess.run([*pip, *NEEDED], check=True)
        (PLACE / "complete").touch()


def unpacked(name: str, version: str) -> Path:
    """Return the folder of a release's source."""
    stem = f"{name.replace('-', '_')}-{version}"
    if not (PLACE / stem).exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", PLACE]
        subprocess.run([*pip, "--no-binary", name, f"{name}=={version}"], check=True)
        with tarfile.open(PLACE / f"{stem}.tar.gz") as archive:
            archive.extractall(PLACE, filter="data")
    return PLACE / stem


def outcomes(way: str, folder: Path, modules: Path, arguments: list[str]) -> tuple[dict, str]:
    """Run a suite; return what came of each test, and what was held."""
    settings = ["-v", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:randomly", "--color=no"]
    ran = subprocess.run(
        [sys.executable, HERE / "prepared.py", way, folder, "-m", "pytest", *settings, *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(modules), str(PLACE / "needed")]),
            "PYTHONHASHSEED": "0",
            "HYPOTHESIS_STORAGE_DIRECTORY": str(PLACE / "hypothesis"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    found = dict(_TEST.findall(ran.stdout))
    if not found:
        sys.exit(f"no test ran:\n{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}")
    told = [line for line in ran.stderr.splitlines() if line.startswith("what was held")]
    return found, told[-1] if told else ""


def main() -> int:
    """Run the suites that are asked for."""
    install()
    version, all_same = "{}.{}.{}".format(*sys.version_info[:3]), True
    for name in sys.argv[1:] or PACKAGES:
        release, modules, arguments = PACKAGES[name]
        folder = unpacked(name, release)
        plain, _ = outcomes("plain", folder, folder / modules, arguments)
        held, told = outcomes("held", folder, folder / modules, arguments)
        differing = [test for test in plain | held if plain.get(test) != held.get(test)]
        counts = ", ".join(
            f"{count} {came.lower()}" for came, count in Counter(held.values()).items()
        )
        print(f"{version} {name} {release}: {len(held)} tests ({counts}), {len(differing)} differ")
        print(f"  {told}", flush=True)
        for test in differing:
            print(f"  {test}: {plain.get(test)} plain, {held.get(test)} held")
        all_same &= not differing
    return not all_same


if __name__ == "__main__":
    sys.exit(main())
