"""The command line: `python -m relive`, also the console script `relive`."""

from __future__ import annotations

import sys

if __name__ == "__main__" and not sys.flags.isolated and not getattr(sys.flags, "safe_path", False):
    # `python -m` puts the folder it is started in first, and an editor starts us in the workspace:
    # a `json.py` that lies there must not become ours.
    del sys.path[0]

import argparse

from relive import __version__

_OLDEST_PYTHON = (3, 10)


def main(arguments: list[str] | None = None) -> int:
    """Run the sub-command that `arguments` name; return the exit code."""
    options = _parser().parse_args(arguments)
    if sys.version_info < _OLDEST_PYTHON:
        needed, found = (".".join(map(str, v[:2])) for v in (_OLDEST_PYTHON, sys.version_info))
        return _fail(f"relive needs Python {needed} or newer to run in, and this is {found}")
    return int(options.run())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="relive",
        description="Live Python: evaluate and redefine code in a process that stays alive.",
        epilog="Without a command, `relive lsp` is run.",
    )
    parser.add_argument("--version", action="version", version=f"relive {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    lsp = commands.add_parser("lsp", help="serve an editor on standard input and output (LSP)")
    for each in (parser, lsp):
        each.add_argument(
            "--stdio", action="store_true", help="for editors that say so; the default"
        )
        each.set_defaults(run=_serve_lsp)
    return parser


def _serve_lsp() -> int:
    # Late, because this loads pygls and LSP's types, which `--help` can do without.
    try:
        from relive.lsp.server import run
    except (Exception, SystemExit) as error:  # whatever a broken library does
        return _fail(f"relive is not installed whole ({error}); set it up again as README.md says")
    return run()


def _fail(message: str) -> int:
    print(f"relive: {message}", file=sys.stderr)  # noqa: T201 - a command line's own words
    return 2


if __name__ == "__main__":
    sys.exit(main())
