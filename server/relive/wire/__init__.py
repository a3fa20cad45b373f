"""The protocol between daemon and worker. Standard library only; runs on CPython 3.9 and up."""

import _signal  # type: ignore[import-not-found]  # in C: `signal` would load `enum` and more

PROTOCOL_VERSION = 8
"""Raised with every change that an older peer would not understand."""

LOST_CHANNEL_STATUS = 97
"""Exit status of a worker whose descriptors were closed by the code it runs."""

INTERRUPT_SIGNAL: int = getattr(_signal, "SIGRTMAX", _signal.SIGINT + 2) - 2
"""The daemon's interrupt: not SIGINT where there is another, since user code may have set that to
be ignored, or taken it for an orderly end of its own."""

STACKS_SIGNAL: int = getattr(_signal, "SIGRTMAX", 1) - 1
"""On it the worker writes the stacks of its threads; 0: the system has no signal to spare.
A real-time signal, since user code has uses of its own for SIGUSR1."""
