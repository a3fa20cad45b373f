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


def _redefined(new=None, name=None, kept="", gone="", anew="", old=None):
    """Have what has the name go on as `new`, so that whatever holds it follows, as it did then.

    Of a class the names in `kept` stay what they are, and those in `gone` go; `*`: all others. What
    is in `anew` is decorated otherwise. `old` is what changes if it has the name no more, which
    goes on meaning what was made of it, or another one of that name.
    """
    import sys

    names = sys._getframe(1).f_globals

    def redefine(new):
        now = names.get(name or getattr(new, "__name__", ""))
        was = now if old is None else old
        if isinstance(new, type) and isinstance(was, type):
            done = _redefined_bases(was, new)
            if done:
                _redefined_class(was, new, kept.split(), gone.split(), anew.split())
        else:
            done = _redefined_function(was, new)
            if done and anew:
                _redefined_cells(was, new)
        if done:
            _redefined_registered(was, new)
        return new if not done else now if old is not None and callable(now) else was

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
    annotations = "__annotate__" if hasattr(new, "__annotate__") else "__annotations__"
    setattr(old, annotations, getattr(new, annotations))
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
            new = functions[1][name]
            if _redefined_function(was, new, seen):
                _redefined_registered(was, new)


def _redefined_registered(old, new):
    """Have what `new` has been registered in hold `old`, and that once."""
    import gc

    for each in gc.get_referrers(new):
        if type(each) is list:
            has_old = any(value is old for value in each)
            changed = [old if value is new else value for value in each]
            each[:] = [value for value in each if value is not new] if has_old else changed
        elif type(each) is set:
            each.remove(new)
            each.add(old)
        elif type(each) is dict:
            each.update({key: old for key, value in list(each.items()) if value is new})


def _redefined_cells(old, new):
    """Have what a decorator has made use what it was given this time."""
    import types

    cells = dict(zip(new.__code__.co_freevars, new.__closure__ or ()))
    for name, cell in zip(old.__code__.co_freevars, old.__closure__ or ()):
        value = cells[name].cell_contents if name in cells else None
        if name in cells and type(value) is not types.FunctionType:
            cell.cell_contents = value


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


def _redefined_bases(old, new):
    """Have a class have the bases of another; return whether it can become that."""
    import types

    def layout(kind):
        slots = [n for n, v in vars(kind).items() if isinstance(v, types.MemberDescriptorType)]
        return type(kind), kind.__basicsize__, sorted(slots), getattr(kind, "_fields", None)

    if layout(old) != layout(new):
        return False
    if set(getattr(old, "__members__", ())) - set(getattr(new, "__members__", ())):
        return False  # an enumeration keeps its members
    if old.__bases__ != new.__bases__:
        try:
            old.__bases__ = new.__bases__
        except TypeError:
            return False
    return True


def _redefined_class(old, new, kept=(), gone=(), anew=()):
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
            _redefined_attribute(old, new, name, value, name in anew)


def _redefined_attribute(old, new, name, value, anew=False):
    import functools
    import gc

    before, inner = vars(old).get(name), getattr(value, "__func__", value)
    was = getattr(before, "__func__", before)
    if not anew and type(value) is type(before) and _redefined_function(was, inner):
        return
    if isinstance(value, type) and isinstance(before, type):
        if value.__qualname__ == f"{new.__qualname__}.{name}" == before.__qualname__:
            _redefined_class(before, value)
            return
    for cell in getattr(inner, "__closure__", None) or ():
        if cell.cell_contents is new:
            cell.cell_contents = old  # what `super()` goes by
    setattr(old, name, value)
    if anew and isinstance(value, functools.cached_property):  # what it gave is no longer true
        for each in gc.get_objects():
            if issubclass(type(each), old):
                getattr(each, "__dict__", {}).pop(name, None)


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
