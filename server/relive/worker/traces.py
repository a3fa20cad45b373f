"""The way to what traces statements: it is loaded once the first result has been sent."""

from __future__ import annotations

from relive.worker.names import used_names
from relive.worker.own import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from relive.worker.channel import Channel
    from relive.worker.interrupt import Interrupts
    from relive.worker.namespace import Namespace, Namespaces


class Traces:
    """Traces statements, and tells what they did."""

    def __init__(self, channel: Channel, namespaces: Namespaces, interrupts: Interrupts) -> None:
        self.channel = channel
        self._namespaces = namespaces
        self.interrupts = interrupts
        self.tracer: Any = None
        self.first: Traced | None = None
        """The first statement, while it runs: nothing has looked at what was before it."""

    def of(self, evaluation: int, number: int, code: CodeType, namespace: Namespace) -> Traced:
        """Return a context to run a statement in; `number`: of those of its evaluation."""
        about = {"op": "traced", "id": evaluation, "number": number}
        return Traced(self, about, code, namespace)

    def put_away(self) -> Callable[[], None]:
        """Let the statement that is traced be, and return what takes it up again.

        What runs meanwhile is traced by itself, and not noted as the statement's too.
        """
        first, self.first = self.first, None
        if self.tracer is None and first is None:
            return lambda: None
        tracer = self.load()
        with self.interrupts.held_back():
            self._try(lambda: first.begin_late(tracer) if first else tracer.put_away())
        self.tracer = own("relive.worker.tracing.tracer").Tracer(self._namespaces)

        def bring_back() -> None:
            self.tracer = tracer
            with self.interrupts.held_back():
                self._try(tracer.take_up)

        return bring_back

    def _try(self, look: Callable[[], None]) -> None:
        """Look at what there is, unless user code does not let us: less is known then."""
        try:  # contextlib is not loaded yet: nobody is to wait for that before a first value
            look()
        except BaseException:
            pass

    def load(self) -> Any:
        """Return what traces, loaded if need be."""
        if self.tracer is None:
            self.tracer = own("relive.worker.tracing.tracer").Tracer(self._namespaces)
        return self.tracer

    def drop(self) -> None:
        """Stop watching: the statement does not run."""
        if self.tracer is not None:
            self.tracer.drop()

    def rest(self) -> None:
        """Look at what the next statement may need, once the answer has been sent."""
        if self.tracer is not None:
            with self.interrupts.held_back():
                try:
                    self.tracer.rest()
                except BaseException:  # as in a statement: the next one looks at it by itself
                    self.tracer.forget()

    def forget(self) -> None:
        """Take nothing for known: something else than a traced statement ran."""
        if self.tracer is not None:
            self.tracer.forget()

    def drop_caches(self, outdated: list[list[str | None]]) -> None:
        """Empty the caches whose functions look up or run what these names stand for."""
        if self.tracer is not None and outdated:
            with self.interrupts.held_back():
                try:
                    self.tracer.drop_caches({(file, str(name)) for file, name in outdated})
                except Exception:  # such as what a metaclass of the user's raises when looked at
                    self.tracer.forget()

    def aside(self, files: list[str]) -> Any:
        """Return what looks at the code that a redefinition of these files runs; None: nothing."""
        if self.tracer is None:
            return None
        return own("relive.worker.tracing.aside").Aside(self._namespaces, files)


class Traced:
    """One statement that is traced: while it is entered, the statement runs."""

    def __init__(
        self, owner: Traces, about: dict[str, Any], code: CodeType, namespace: Namespace
    ) -> None:
        self._owner = owner
        self._about = about
        self._code = code
        self._scope = namespace.module.__dict__
        self._file = namespace.file
        self._has_package = "." in namespace.module.__name__
        """Whether other code may have run before it: a package is imported before what is in it."""
        self._problem: Exception | None = None
        self.value: Any = None
        """What it gave."""

    def __enter__(self) -> Traced:
        if self._owner.tracer is None and not self._has_package:
            self._owner.first = self  # it need not look: there is nothing before it
            return self
        try:
            with self._owner.interrupts.held_back():
                self._owner.load().begin(self._code, self._scope)
        except Exception as error:  # user code may patch what the library's modules go by
            self._owner.drop()
            self._problem = error
        except BaseException:
            self._owner.drop()
            raise
        return self

    def begin_late(self, tracer: Any) -> None:
        """Begin, once something else is to run in the middle of a first statement."""
        tracer.begin_late(self._code, self._scope)

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self._owner.first = None
        with self._owner.interrupts.held_back():
            trace = self._trace(failed=kind is not None)
            self._owner.channel.post({**self._about, "trace": trace})

    def _trace(self, *, failed: bool) -> dict[str, Any]:
        try:
            if self._problem is not None:
                raise self._problem
            tracer = self._owner.load()
            trace: dict[str, Any] = tracer.end(self._code, self._scope, self.value, failed=failed)
        except BaseException as error:  # also what a metaclass of the user's raises when looked at
            return self._by_names(error)
        return trace

    def _by_names(self, error: BaseException) -> dict[str, Any]:
        """Return what can be told of a statement by the names in its text alone."""
        names = [[self._file, name] for name in sorted(used_names(self._code))]
        told = {"reads": names, "writes": names, "changed": names, "ran": [], "imports": []}
        return {**told, "unknown": f"it could not be traced: {type(error).__name__}"}
