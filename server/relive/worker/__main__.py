"""Start-up of a worker: `python …/relive/worker/__main__.py MAIN CONTROL LIFE STACKS`.

The arguments are descriptors: three channels, and the pipe for the stacks of threads.

Run as a file and not with `-m`, so that nothing of the user's path is searched before our own
modules are loaded: a `json.py` in the workspace must not become ours.
"""

import os
import sys


def main() -> None:
    """Load the worker's modules from beside this file, give the path to the user, and run."""
    if sys.version_info < (3, 9):  # noqa: UP036 - it is the user's
        sys.exit(
            f"Python {sys.version.split()[0]} is too old: code runs in CPython 3.9 or newer; "
            "choose another in relive.session.pythonPath"
        )
    here = os.path.dirname(os.path.abspath(__file__))
    server = os.path.dirname(os.path.dirname(here))
    if sys.path and os.path.abspath(sys.path[0]) == here:
        del sys.path[0]  # the interpreter put this folder there, unless told -P
    user_path = list(sys.path)
    # Entries of PYTHONPATH may point into the workspace: ours and the standard library go first.
    sys.path[:] = [server] + [entry for entry in user_path if _is_installed(entry)]
    main_fd, control_fd, life_fd, stacks_fd = map(int, sys.argv[1:])
    sys.argv[:] = [""]  # as in an interactive interpreter: our arguments are not the user's
    writes_none = sys.dont_write_bytecode
    sys.dont_write_bytecode = False  # as `own` has it for all the others
    from relive.worker.own import own

    sys.dont_write_bytecode = writes_none
    warden = own("relive.worker.warden")
    channels = main_fd, control_fd, stacks_fd
    door_fd = warden.divide(life_fd, channels)  # the rest it has no use for
    run = own("relive.worker.loop").run
    workspace = _workspace()
    sys.path[:] = [workspace, *user_path]
    run(*channels, door_fd, workspace)


def _workspace() -> str:
    """Return the working folder by the name the daemon knows it by: `os.getcwd` follows links."""
    here, named = os.getcwd(), os.environ.get("PWD", "")
    return named if os.path.isdir(named) and os.path.samefile(named, here) else here


def _is_installed(entry: str) -> bool:
    return entry.startswith((sys.prefix, sys.base_prefix, sys.exec_prefix))


if __name__ == "__main__":
    main()
