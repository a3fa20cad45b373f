"""A job over several items that fails in the middle, for tests of what is held."""

from __future__ import annotations

JOB = """def scale(item):
    factor = 10
    return item["n"] * factor


def run(items):
    out = []
    for item in items:
        print("item", item)
        out.append(scale(item))
    return out
"""
CALL = "x = run([{'n': 1}, {'m': 2}, {'n': 3}])"
MENDED = JOB.replace('item["n"]', 'item.get("n", 2)')
