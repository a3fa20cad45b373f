"""Errors held inside the failing frame, and ways to go on from there; see `docs/holding.md`."""
