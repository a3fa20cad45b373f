"""Values whose code would be noticed if it ran: whoever only looks must not have it run."""

from __future__ import annotations

BEGUN = """\
ran, armed = [], []
def note(self, *rest, **more):
    if armed:
        ran.append(1)
        raise SystemExit
    raise AttributeError
"""
"""Hostile code notes that it ran, once it is armed, and ends."""
ALL = (
    "__repr__ __str__ __len__ __iter__ __getitem__ __eq__ __hash__ __bool__ __dir__ __getattr__"
    " __getattribute__ __format__ __sizeof__ __contains__ __length_hint__ __call__ __get__"
)
HOSTILE = {
    "methods": f"class H: pass\nx = H()\nfor n in {ALL!r}.split(): setattr(H, n, note)",
    "property": "class H:\n    p = property(note)\n    __class__ = property(note)\nx = H()",
    "dict property": "class H:\n    __dict__ = property(note)\nx = H()",
    "descriptor": "class D:\n    __get__ = note\nclass H:\n    d = D()\nx = H()",
    "metaclass": (
        "class M(type):\n    __getattribute__ = __repr__ = __instancecheck__ = __eq__ = note\n"
        "    __subclasscheck__ = note\n    __module__ = property(note)\n"
        "    def __hash__(self): return note(self) if armed else 1\n"
        "class H(metaclass=M): pass\nx = H()"
    ),
    "list": "class H(list):\n    __len__ = __iter__ = __getitem__ = __repr__ = note\nx = H([1])",
    "containers of a metaclass": (
        "class M(type): __getattribute__ = note\nclass L(list, metaclass=M): pass\n"
        "class S(set, metaclass=M): __repr__ = note\nclass D(dict, metaclass=M): pass\n"
        "x = {'a': L([1]), 0: S([1]), 'd': D(a=1)}"
    ),
    "dict": (
        "class H(dict):\n    keys = items = __len__ = __iter__ = __getitem__ = __repr__ = note\n"
        "x = H(a=1)"
    ),
    "text": "class H(str):\n    __len__ = __repr__ = __str__ = __getitem__ = note\nx = H('abc')",
    "number": "class H(int):\n    __repr__ = __str__ = __index__ = bit_length = note\nx = H(7)",
    "key": (
        "class K:\n    def __hash__(self): return note(self) if armed else 1\n"
        "    __eq__ = __repr__ = note\nx = {K(): 1}"
    ),
    "module": (
        "import types\nclass H(types.ModuleType):\n    __getattr__ = __getattribute__ = note\n"
        "    __repr__ = __dir__ = note\nx = H('hostile')"
    ),
    "function": "def x(a=type('R', (), {'__repr__': note})()): pass\nx.__signature__ = 1",
    "wrapped": "class W:\n    __get__ = note\ndef x(): pass\nx.__wrapped__ = W()",
    "generator": "def g():\n    note(0)\n    yield 1\nx = g()",
    "slots": "class H:\n    __slots__ = ('a', 'b')\n    __repr__ = note\nx = H(); x.a = 1",
    "mapping proxy": "class H:\n    a = property(note)\nx = H.__dict__",
    "exception": "class H(Exception):\n    __str__ = __repr__ = note\nx = H(1)",
    "names": (
        "class S(str): __str__ = __repr__ = __format__ = __len__ = note\n"
        "class H: pass\nH.__name__ = H.__qualname__ = S('H')\ndef f(): pass\n"
        "f.__name__ = f.__qualname__ = S('f')\nx = H(); x.f = f; x.H = H"
    ),
    "attributes": (
        "class D(dict): __len__ = __iter__ = __getitem__ = keys = items = get = note\n"
        "class H: pass\nx = H(); x.__dict__ = D(a=1)"
    ),
    "defaults": (
        "class T(tuple): __len__ = __iter__ = __getitem__ = note\n"
        "class D(dict): __len__ = __iter__ = __getitem__ = __contains__ = keys = items = note\n"
        "def x(a=1, *, b=2): pass\nx.__defaults__, x.__kwdefaults__ = T((3,)), D(b=4)"
    ),
    "partial": (
        "import functools\nclass F:\n    __wrapped__ = property(note)\n"
        "    def __call__(self, a, b): note(self)\nx = functools.partial(F(), b=F())"
    ),
    "lazy": "class H:\n    @property\n    def shape(self): return note(self)\nx = H()",
}
LIBRARY = {
    "pandas frame": (
        "import pandas\nclass H(pandas.DataFrame):\n"
        "    @property\n    def columns(self): return note(self)\n"
        "    @columns.setter\n    def columns(self, value): pass\nx = H.__new__(H)"
    ),
    "numpy array": (
        "import numpy\nclass H(numpy.ndarray):\n    shape = dtype = property(note)\n"
        "x = numpy.ndarray.__new__(H, (2,))"
    ),
}
