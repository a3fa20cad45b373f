"""Starts the daemon out of the packaged extension, with the libraries that come in it.

Run by path, by whatever Python was found: so old ones must be able to read this file too.
"""

import os
import sys

OLDEST = (3, 10)


def prepare():
    """Put our code and libraries before all others: the daemon uses no package of the user's."""
    if sys.version_info < OLDEST:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"Relive's daemon needs Python 3.10 or newer; {sys.executable} is {version}. "
            "Choose another with the setting relive.daemon.path."
        )
    server = os.path.dirname(os.path.abspath(__file__))
    libraries = os.path.join(os.path.dirname(server), "bundled", "libs")
    sys.path[:0] = [server, libraries]


if __name__ == "__main__":
    prepare()
    from relive.__main__ import main

    sys.exit(main())
