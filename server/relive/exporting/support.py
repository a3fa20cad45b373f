"""What programs that were exported need besides their code: copied into them, if it is used.

It runs in the user's Python, 3.9 and up.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
# mypy: disable-error-code="var-annotated"
# ruff: noqa: B905, SIM102, SIM105 - no newer Python, and no more imports than it takes


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


def _redefined(new=None, name=None, kept="", gone=""):
    """Have what has the name go on as `new`, so that whatever holds it follows, as it did then.

    Of a class the names in `kept` stay what they are, and those in `gone` go; `*`: all others.
    """
    import sys

    names = sys._getframe(1).f_globals

    def redefine(new):
        old = names.get(name or getattr(new, "__name__", ""))
        if not isinstance(new, type) or not isinstance(old, type):
            return old if _redefined_function(old, new) else new
        if set(getattr(old, "__members__", ())) - set(getattr(new, "__members__", ())):
            return new  # an enumeration keeps its members
        _redefined_class(old, new, kept.split(), gone.split())
        return old

    return redefine if new is None else redefine(new)


def _redefined_function(old, new, seen=()):
    """Have a function be what another is; return whether it can."""
    if old is new or id(old) in seen:
        return True
    try:
        code, old.__code__ = old.__code__, new.__code__
    except (AttributeError, TypeError, ValueError):
        return False
    old.__defaults__, old.__kwdefaults__, old.__doc__ = (
        new.__defaults__,
        new.__kwdefaults__,
        new.__doc__,
    )
    _redefined_inside(code, new.__code__)
    if code.co_freevars == new.__code__.co_freevars:  # a decorator's: it may stand for another one
        _redefined_behind(old, new, (*seen, id(old)))
    return True


def _redefined_behind(old, new, seen):
    """Have the functions that one goes on to be those that the other goes on to."""
    import types

    functions = []
    for each in (old, new):
        cells = dict(zip(each.__code__.co_freevars, each.__closure__ or ()))
        functions.append({})
        for name, cell in cells.items():
            try:
                functions[-1][name] = cell.cell_contents
            except ValueError:  # nothing is in it yet
                pass
    for name, was in functions[0].items():
        if type(was) is type(functions[1].get(name)) is types.FunctionType:
            _redefined_function(was, functions[1][name], seen)


def _redefined_inside(old, new):
    """Have the functions that one function has made go on as those that the other makes."""
    import gc
    import types

    def inside(code):
        found = {}
        for each in code.co_consts:
            if isinstance(each, types.CodeType):
                number = sum(len(key) == 1 and key[0][0] == each.co_name for key in found)
                key = (each.co_name, number)
                found[(key,)] = each
                found.update({(key, *rest): inner for rest, inner in inside(each).items()})
        return found

    before, after = inside(old), inside(new)
    follows = {id(before[key]): after[key] for key in before if key in after}
    for each in gc.get_objects() if follows else ():
        if type(each) is types.FunctionType and id(each.__code__) in follows:
            try:
                each.__code__ = follows[id(each.__code__)]
            except ValueError:  # it has other variables
                pass


def _redefined_class(old, new, kept=(), gone=()):
    """Have a class be what another is, but for the values of what is to be kept."""
    import enum
    import types

    fixed = (types.GetSetDescriptorType, types.MemberDescriptorType)
    own = set(kept) & set(vars(old))
    if isinstance(new, enum.EnumMeta):
        own |= _redefined_members(old, new)
    for name in set(vars(old)) - set(vars(new)) - own:
        if (name in gone or "*" in gone) and not isinstance(vars(old)[name], fixed):
            delattr(old, name)
    for name, value in list(vars(new).items()):
        if name not in own and not isinstance(value, fixed):
            _redefined_attribute(old, new, name, value)


def _redefined_attribute(old, new, name, value):
    before, inner = vars(old).get(name), getattr(value, "__func__", value)
    if type(value) is type(before) and _redefined_function(
        getattr(before, "__func__", before), inner
    ):
        return
    if isinstance(value, type) and isinstance(before, type):
        if value.__qualname__ == f"{new.__qualname__}.{name}" == before.__qualname__:
            _redefined_class(before, value)
            return
    for cell in getattr(inner, "__closure__", None) or ():
        if cell.cell_contents is new:
            cell.cell_contents = old  # what `super()` goes by
    setattr(old, name, value)


def _redefined_members(old, new):
    """Have an enumeration have the members of another; return the names that are done with it."""
    for name, member in new.__members__.items():
        made = old.__members__.get(member.name)
        if made is None:
            kind = old._member_type_
            made = object.__new__(old) if kind is object else kind.__new__(old, member.value)
            vars(made).update(vars(member), __objclass__=old)
            old._member_names_.append(name)
        made._value_ = member.value
        old._member_map_[name] = made
        type.__setattr__(old, name, made)
        try:
            old._value2member_map_[member.value] = made
        except TypeError:  # it has no hash
            pass
    noted = {each for each in vars(new) if each[:1] == "_" and not callable(vars(new)[each])}
    for name in noted:
        if isinstance(vars(new)[name], int) or "hashable" in name:  # which bits and values it has
            type.__setattr__(old, name, vars(new)[name])
    return noted | set(new.__members__)


def _shown(value):
    """Have `_`, `__` and `___` be the latest values, as they were in the session."""
    import builtins

    if value is not None:
        names = vars(builtins)
        names.update(_=value, __=names.get("_"), ___=names.get("__"))
