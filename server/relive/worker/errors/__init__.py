"""Exceptions as data: what failed, where, with which values, and all that led to it."""
