"""A program as a `.py` that runs by itself."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from relive.exporting import changing, reading, support
from relive.exporting.pieces import LeftOut, Module, Piece
from relive.exporting.program import Program

_RECENT = frozenset(("_", "__", "___"))
_MOST_TOLD = 20
"""Things left out that the header names."""


@dataclass(frozen=True)
class About:
    """What the header says of the session."""

    what: str
    when: str
    """As a person writes it."""
    python: str
    """The interpreter's path."""
    version: str | None
    folder: str | None
    """The workspace's."""
    is_whole: bool = True
    """Whether all that ran is known: of very many requests the first are forgotten."""


def script(program: Program, about: About) -> str:
    """Return the text of the program."""
    rendering = Rendering(program)
    body = rendering.body(program.pieces)
    parts = [
        f'"""{_docstring(program, about)}"""',
        rendering.futures(),
        rendering.setup(about.folder),
        *rendering.support(),
        body,
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


class Rendering:
    """How the pieces of a program are written down; a notebook's cells are, too."""

    def __init__(self, program: Program, *, is_notebook: bool = False) -> None:
        self._program = program
        self._main = program.main
        self._is_notebook = is_notebook
        """Then `_` and `await` are the notebook's affair."""
        self._uses_recent = not is_notebook and any(
            each.words & _RECENT and not each.binds & _RECENT and _reads_recent(each.text)
            for each in program.pieces
            if each.kind != "note"
        )
        self._used: set[str] = set()

    def futures(self) -> str:
        """Return the import that has to come first."""
        own = (each for each in self._program.pieces if each.module == self._main)
        return _future_import(own)

    def setup(self, folder: str | None) -> str:
        """Return what makes the process like the session's: its folder, modules, and name."""
        lines = ["import os as _os", "import sys as _sys", ""]
        if folder is not None:
            lines.append(f"_os.chdir({folder!r})  # files are found as they were, and modules:")
            lines.append(f"_sys.path.insert(0, {folder!r})")
        if others := self._other_roots(folder):
            lines.append(f"_sys.path.extend({others!r})")
        name, file = self._main.name, self._main.file
        if file is not None:
            package, _, last = name.rpartition(".")
            lines.append('if __name__ == "__main__":  # as a program it is the module of its code')
            lines.append(f"    __name__, __file__, __package__ = {name!r}, {file!r}, {package!r}")
            lines.append('    _sys.modules[__name__] = _sys.modules["__main__"]')
            if package:
                module = f"__import__({package!r}, fromlist=['_'])"
                lines.append(f"    setattr({module}, {last!r}, _sys.modules[__name__])")
        return "\n".join(lines)

    def _other_roots(self, folder: str | None) -> list[str]:
        """Return the folders that modules are imported from besides the workspace's."""
        roots = {_root_of(each.module) for each in self._program.pieces}
        return sorted(root for root in roots - {folder} if root is not None)

    def support(self) -> Iterator[str]:
        """Yield what the code that was written so far needs of `support`."""
        for name, function in inspect.getmembers(support, inspect.isfunction):
            if any(f"{name}_".startswith(f"{each}_") for each in self._used):
                yield inspect.getsource(function)

    def body(self, pieces: Iterable[Piece]) -> str:
        """Return the code of pieces."""
        written, before = "", None
        for piece, text in self._blocks(pieces):
            written += _gap(before, piece) + text.strip("\n")
            before = piece
        return written

    def _blocks(self, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, str]]:
        for module, group in groupby(pieces, lambda each: each.module):
            own = list(group)
            if module == self._main:
                yield from ((each, self.own(each)) for each in own)
            else:
                yield own[0], self.elsewhere(module, own)

    def own(self, piece: Piece) -> str:
        """Return a piece of the program's own module."""
        if piece.kind == "note":
            return piece.text
        if reading.futures_in(piece.text):
            return f"# {piece.text} (above)"
        if not self._is_notebook and reading.awaits(piece.text):
            self._used.add("_in")
            return f"_in(__name__, {_quoted(self._plain(piece))})"
        return self._plain(piece)

    def elsewhere(self, module: Module, pieces: list[Piece]) -> str:
        """Return pieces of another module."""
        self._used.add("_in")
        code = "\n".join(self._plain(each) for each in pieces)
        text = "\n".join(part for part in (_future_import(pieces), code) if part)
        path = None if module.name in self._program.imported else module.file or module.name
        arguments = [repr(module.name), _quoted(text), *([] if path is None else [repr(path)])]
        needed = {"_redefined"} & self._used if any(each.changes for each in pieces) else set()
        needed |= {"_shown"} if "_shown(" in code else set()
        arguments += [f"{name}={name}" for name in sorted(needed)]
        return f"_in({', '.join(arguments)})"

    def _plain(self, piece: Piece) -> str:
        if piece.changes:
            self._used.add("_redefined")
            return f"@{changing.redefining(piece)}\n{_with_handle(piece)}"
        if piece.handle is not None:
            return _with_handle(piece)
        is_shown = piece.kind == "code" and piece.is_asked_for and self._uses_recent
        if is_shown and reading.kind_of(piece.text) == "expression":
            self._used.add("_shown")
            return _showing(piece.text)
        return piece.text


def _with_handle(piece: Piece) -> str:
    if piece.handle is None:
        return piece.text
    return f"{piece.text.rstrip()}\n\n\n{piece.handle} = {piece.name}  # it changes below"


def _showing(text: str) -> str:
    """Return an expression whose value is `_` after it."""
    code = text.rstrip().removesuffix(";").rstrip()
    is_plain = "\n" not in text and "#" not in text
    several = not reading.is_one_value(code)
    inside = code if is_plain else f"\n{text.rstrip()}\n"
    return f"_shown(({inside}))" if several else f"_shown({inside})"


def _reads_recent(text: str) -> bool:
    return bool(reading.names_read(text) & _RECENT)


def _future_import(pieces: Iterable[Piece]) -> str:
    names: dict[str, None] = {}
    for piece in pieces:
        names.update(dict.fromkeys((*piece.futures, *reading.futures_in(piece.text))))
    return f"from __future__ import {', '.join(names)}" if names else ""


def _root_of(module: Module) -> str | None:
    if module.file is None or not os.path.isabs(module.file):
        return None
    parts = module.name.split(".")
    is_package = os.path.basename(module.file) == "__init__.py"
    folder = os.path.dirname(module.file)
    for _ in range(len(parts) - (not is_package)):
        folder = os.path.dirname(folder)
    return folder


def _gap(before: Piece | None, piece: Piece) -> str:
    """Return the blank lines between two pieces, as a person sets them."""
    if before is None:
        return ""
    if "definition" in (before.kind, piece.kind):
        return "\n\n\n"
    return "\n" if before.step == piece.step and before.module == piece.module else "\n\n"


def _quoted(text: str) -> str:
    """Return code as a literal that is as easy to read as it can be."""
    for quote in ("'''", '"""'):
        if quote not in text and not text.endswith((quote[0], "\\")) and "\0" not in text:
            return f"r{quote}\n{text}\n{quote}"
    return repr(text)


def _docstring(program: Program, about: About) -> str:
    version = "" if about.version is None else f"{about.version} "
    where = "" if about.folder is None else f"; it goes to {about.folder} by itself"
    lines = [
        f"{about.what}, exported by Relive.",
        "",
        f"When    {about.when}",
        f"Python  {version}({about.python})",
        f"Run     {about.python} on this file{where}",
    ]
    told = list(told_left_out(program.left_out, about))
    if told:
        lines += ["", "Left out:", *told]
    text = "\n".join([*lines, ""])
    return text.replace("\\", "\\\\").replace('"""', "'''")


def told_left_out(left_out: Iterable[LeftOut], about: About) -> Iterator[str]:
    """Yield a line for each thing that is left out, as far as they are not too many."""
    every = list(dict.fromkeys(left_out))
    if not about.is_whole:
        yield "- what ran first: so much has run since that it is forgotten"
    for each in every[:_MOST_TOLD]:
        yield f"- {each.label}: {each.why}"
    if len(every) > _MOST_TOLD:
        yield f"- and {len(every) - _MOST_TOLD} more, which are named where they were"
