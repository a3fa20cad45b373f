"""Prints what fills the packaged extension: `npm run package` first."""

from __future__ import annotations

import sys
import zipfile
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "relive.vsix"
PARTS = {
    "typeshed's stubs of the standard library, in jedi": "extension/bundled/libs/jedi/third_party/",
    "jedi": "extension/bundled/libs/jedi/",
    "prompt_toolkit": "extension/bundled/libs/prompt_toolkit/",
    "Pygments": "extension/bundled/libs/pygments/",
    "parso": "extension/bundled/libs/parso/",
    "the daemon's other libraries": "extension/bundled/libs/",
    "the daemon and the worker": "extension/server/",
    "the client and its libraries": "extension/client/dist/extension.js",
    "the results panel and its libraries": "extension/client/dist/webview/",
    "the walkthrough and pictures": "extension/client/",
    "texts and manifests": "",
}
"""What is shown, by the path it begins with: the first that fits."""
_ENTRY = 76
"""Bytes of an entry's two headers, besides its name."""


Counts = tuple[Counter[str], Counter[str], Counter[str]]


def main() -> int:
    """Print the table, and how CONTRIBUTING.md has it."""
    if not PACKAGE.exists():
        print(f"{PACKAGE} is not there: `npm run package` makes it.", file=sys.stderr)
        return 1
    with zipfile.ZipFile(PACKAGE) as opened:
        packed, whole, files = sizes(opened)
    print(f"{'packed':>10} {'unpacked':>12} {'files':>6}")
    for part, size in packed.most_common():
        print(f"{size:10,} {whole[part]:12,} {files[part]:6,}  {part}")
    total = PACKAGE.stat().st_size
    print(f"{total:10,} {whole.total():12,} {files.total():6,}  in all\n")
    for part, size in [*packed.most_common(), ("in all", total)]:
        print(f"| {part} | {round(size / 1000):,} kB |")
    return 0


def sizes(package: zipfile.ZipFile) -> Counts:
    """Return what is packed, unpacked and counted of each part."""
    packed, whole, files = Counter[str](), Counter[str](), Counter[str]()
    for each in package.infolist():
        part = next(name for name, start in PARTS.items() if each.filename.startswith(start))
        packed[part] += each.compress_size + _ENTRY + 2 * len(each.filename)
        whole[part] += each.file_size
        files[part] += 1
    return packed, whole, files


if __name__ == "__main__":
    sys.exit(main())
