"""The protocol between daemon and worker. Standard library only; runs on CPython 3.9 and up."""

PROTOCOL_VERSION = 1
"""Raised with every change that an older peer would not understand."""

LOST_CHANNEL_STATUS = 97
"""Exit status of a worker whose descriptors were closed by the code it runs."""
