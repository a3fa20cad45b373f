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
    return int(options.run(options))


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
    _add_console(commands)
    _add_serve(commands)
    return parser


def _add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser("serve", help="serve editors and consoles that join by a socket")
    _add_keep(serve)
    serve.set_defaults(run=_serve_others)


def _add_keep(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="how long a daemon stays once the last one has left (10)",
    )


def _add_console(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = "a REPL on the session of a folder"
    console = commands.add_parser("console", help=about, description=f"{about.capitalize()}.")
    console.add_argument("folder", nargs="?", metavar="FOLDER", help="the current one by default")
    console.add_argument("--module", metavar="PKG.MOD", help="evaluate in that module")
    console.add_argument("--python", metavar="PATH", help="the interpreter, where none runs yet")
    console.add_argument(
        "--startup", action="store_true", help="have .relive/startup.py run in each process"
    )
    _add_keep(console)
    console.set_defaults(run=_run_console)


def _run_console(options: argparse.Namespace) -> int:
    from relive.console.app import run  # late, for its libraries

    how = options.keep, options.startup
    return run(options.folder, options.module, options.python, *how)


def _serve_lsp(_options: argparse.Namespace) -> int:
    # Late, because this loads pygls and LSP's types, which `--help` can do without.
    try:
        from relive.lsp.loading import quickly

        with quickly():
            from relive.lsp.server import run
    except (Exception, SystemExit) as error:  # whatever a broken library does
        return _fail_broken(error)
    return run()


def _serve_others(options: argparse.Namespace) -> int:
    try:
        from relive.lsp.loading import quickly

        with quickly():
            from relive.lsp.server import run_without_client
    except (Exception, SystemExit) as error:
        return _fail_broken(error)
    return run_without_client(options.keep)


def _fail_broken(error: BaseException) -> int:
    return _fail(f"relive is not installed whole ({error}); set it up again as README.md says")


def _fail(message: str) -> int:
    print(f"relive: {message}", file=sys.stderr)  # noqa: T201 - a command line's own words
    return 2


if __name__ == "__main__":
    sys.exit(main())
