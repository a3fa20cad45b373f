"""What running a text again can do: told from the text, erring to one side."""

from __future__ import annotations

import pytest

from relive.source.effects import effects

CASES = {
    "definition": [
        "def f(a, b=2, *, c=None): return go()",
        "async def f(): ...",
        "def f(x: list[int] = DEFAULT, *rest: 'X') -> int | None: pass",
        "class A(Base, Generic[T], metaclass=M):\n    x: int = 1\n    def m(self): go()",
        "@dataclass(frozen=True)\nclass A:\n    x: int = 1",
        "class A:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v): ...",
        "@functools.lru_cache(maxsize=None)\ndef f(): pass",
        "pass",
        "",
        "# nothing",
    ],
    "import": [
        "import os",
        "import os\nfrom a import *",
        "def f(): pass\nimport os",
        "if TYPE_CHECKING:\n    import x",
        "try:\n    import x\nexcept ImportError:\n    import y as x",
    ],
    "data": [
        "x = 1",
        "x = y = -1",
        "x, (y, z) = 1, (2, 3)",
        "N = 2 * 3 + 1",
        "d = {'a': [1, other], (1, 2): None}",
        "x: int = 3",
        "key = lambda row: go(row)",
        "x",
        "import os\nx = os.sep\ndef f(): pass",
        "'text'",
        "try:\n    import x\nexcept ImportError:\n    x = None",
        "del x",
    ],
    "unknown": [
        "go()",
        "x = go()",
        "x = y + 1",
        "x += 1",
        "x[0] = 1",
        "a.b = 1",
        "f'{x}'",
        "x[0]",
        "print('x') if y else None",
        "def f(a=go()): pass",
        "def f(a: go()): pass",
        "def f(*, a=go()): pass",
        "@app.route('/')\ndef f(): pass",
        "@lru_cache(maxsize=go())\ndef f(): pass",
        "@x.cache\ndef f(): pass",
        "class A(make()): pass",
        "class A:\n    x = go()",
        "class A:\n    def m(self, a=go()): pass",
        "if go():\n    import x",
        "try:\n    import x\nexcept go():\n    pass",
        "for x in y: pass",
        "while True: pass",
        "with a: pass",
        "assert go()",
        "raise x",
        "[x for x in y]",
        "await x",
        "def broken(:",
        "x = 1\ngo(",
        "{**x}",
        "{x: 1}",
        "import os\ngo()",
    ],
}


@pytest.mark.parametrize(
    ("expected", "text"), [(kind, text) for kind, texts in CASES.items() for text in texts]
)
def test_effects(expected: str, text: str) -> None:
    assert effects(text) == expected
