"""Applying: all planned writes as one transaction, or none."""
