"""Which code is the cell around the caret."""

from __future__ import annotations

import pytest
from carets import caret

from relive.source.cells import cell_at, is_marker
from relive.source.positions import LineTable

TEXT = '''import os
x = 1

# %% load
# a comment
rows = """
# %% not a marker: inside a string
"""
y = 2

#%%
def f():
    # %% indented: no marker
    return 1


# In[3]
z = 3
# %% nothing follows
'''


@pytest.mark.parametrize(
    ("mark", "first", "last"),
    [
        ("import os", "import os", "x = 1"),
        ("# %% load", "rows", "y = 2"),
        ("# %% not", "rows", "y = 2"),
        ("# a comment", "rows", "y = 2"),
        ("#%%", "def f", "return 1"),
        ("return 1", "def f", "return 1"),
        ("z = 3", "z = 3", "z = 3"),
    ],
)
def test_a_cell_is_the_code_between_its_markers(mark: str, first: str, last: str) -> None:
    text, position = caret(TEXT.replace(mark, "¦" + mark, 1))
    found = cell_at(text, position)
    assert found is not None
    code = LineTable(text).slice(found)
    assert code.startswith(first)
    assert code.endswith(last)


@pytest.mark.parametrize("marked", ["x = ¦1\n", "# %% empty¦\n", "¦# %%\n# %%\nx = 1\n", "¦"])
def test_there_may_be_no_cell(marked: str) -> None:
    assert cell_at(*caret(marked)) is None


def test_markers_are_comments_at_the_margin() -> None:
    lines = TEXT.split("\n")
    found = [lines[number] for number in range(len(lines)) if is_marker(TEXT, number)]
    assert found == ["# %% load", "#%%", "# In[3]", "# %% nothing follows"]
