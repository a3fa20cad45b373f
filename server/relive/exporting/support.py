"""What programs that were exported need besides their code: copied into them, if it is used.

It runs in the user's Python, 3.9 and up.
"""

# mypy: allow-untyped-defs, allow-untyped-calls


def _in(name, code, path=None, **lent):
    """Run code in the module of that name; without a path that is one to be imported."""
    import ast
    import asyncio
    import importlib.util
    import inspect
    import sys

    if path is not None and name not in sys.modules:  # the session had only what follows of it
        package, _, last = name.rpartition(".")
        spec = importlib.machinery.ModuleSpec(name, None, origin=path)
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        module.__file__ = path
        if package:
            setattr(importlib.import_module(package), last, module)
    names = vars(importlib.import_module(name))
    names.update(lent)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    running = eval(compile(code, path or f"<{name}>", "exec", flags, dont_inherit=True), names)
    if inspect.iscoroutine(running):
        loop = vars(_in).setdefault("loop", None) or asyncio.new_event_loop()
        vars(_in)["loop"] = loop
        loop.run_until_complete(running)
    for each in lent:
        del names[each]


def _redefined(new):
    """Have what has the name go on as `new`, so that whatever holds it follows, as it did then."""
    import sys
    import types

    def change(old, new):
        try:
            old.__code__ = new.__code__
        except (AttributeError, TypeError, ValueError):
            return False
        old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
        old.__doc__ = new.__doc__
        return True

    old = sys._getframe(1).f_globals.get(getattr(new, "__name__", ""))
    if not isinstance(new, type) or not isinstance(old, type):
        return old if change(old, new) else new
    fixed = (types.GetSetDescriptorType, types.MemberDescriptorType)
    for name in set(vars(old)) - set(vars(new)):
        if not isinstance(vars(old)[name], fixed):
            delattr(old, name)
    for name, value in list(vars(new).items()):
        inner = getattr(value, "__func__", value)
        before = getattr(vars(old).get(name), "__func__", vars(old).get(name))
        if isinstance(value, fixed) or (
            type(value) is type(vars(old).get(name)) and change(before, inner)
        ):
            continue
        for cell in getattr(inner, "__closure__", None) or ():
            if cell.cell_contents is new:
                cell.cell_contents = old  # what `super()` goes by
        setattr(old, name, value)
    return old


def _shown(value):
    """Have `_`, `__` and `___` be the latest values, as they were in the session."""
    import builtins

    if value is not None:
        names = vars(builtins)
        names.update(_=value, __=names.get("_"), ___=names.get("__"))
