"""A matplotlib backend of ours, for who has chosen none: what is shown goes to the editor.

Nothing of matplotlib is imported by us. When user code imports `matplotlib.pyplot`, matplotlib
itself is there already, and knows whether a backend is set: by the environment, a `matplotlibrc` or
`matplotlib.use`. Only if none is, ours is named. An environment variable would do that too, but it
would go before a `matplotlibrc`, and be inherited by processes that cannot find our module.

The backend draws with Agg, which needs no display. `plt.show()` sends the figures and closes them,
as notebooks do; with `block=False`, as in an animation, they stay open.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

    Show = Callable[[Any], None]

MODULE = "relive_matplotlib"
_PYPLOT = "matplotlib.pyplot"


class Plots:
    """Looks on as modules are imported, and finds the backend's module; asked for all others."""

    def __init__(self, show: Show) -> None:
        """Make the finder; `show` sends a figure."""
        self._show = show

    def watch(self) -> None:
        """Look on from now on."""
        sys.meta_path.insert(0, self)

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        """Return the spec of the backend, None for any other module; the import system's call."""
        if name == _PYPLOT:
            _choose()
        return ModuleSpec(name, self, origin="relive") if name == MODULE else None  # type: ignore[arg-type]

    def create_module(self, _spec: ModuleSpec) -> None:
        """Have the module made as any other."""

    def exec_module(self, module: ModuleType) -> None:
        """Fill the backend's module."""
        vars(module).update(_backend(self._show))


def _choose() -> None:
    """Name our backend if none was chosen."""
    try:
        matplotlib: Any = sys.modules["matplotlib"]
        settings = matplotlib.rcParams
        unset = matplotlib.rcsetup._auto_backend_sentinel
        if dict.__getitem__(settings, "backend") is unset:
            settings["backend"] = f"module://{MODULE}"
    except Exception:  # another version's ways: then it chooses for itself
        return


def _backend(show: Show) -> dict[str, Any]:
    """Return what a backend's module has to have."""
    bases: Any = import_module("matplotlib.backend_bases")
    agg: Any = import_module("matplotlib.backends.backend_agg")
    figures: Any = import_module("matplotlib._pylab_helpers").Gcf

    class FigureManagerRelive(bases.FigureManagerBase):  # type: ignore[misc]
        """Stands for a window."""

        def show(self) -> None:
            """Send the figure."""
            show(self.canvas.figure)

    class FigureCanvasRelive(agg.FigureCanvasAgg):  # type: ignore[misc]
        """Draws in memory."""

        manager_class = FigureManagerRelive

    def show_all(*_args: Any, block: bool | None = None, **_more: Any) -> None:
        """Send all open figures; then close them, unless the program goes on with them."""
        for manager in figures.get_all_fig_managers():
            show(manager.canvas.figure)
            if block is not False:
                figures.destroy(manager)

    return {
        "FigureCanvas": FigureCanvasRelive,
        "FigureManager": FigureManagerRelive,
        "show": show_all,
    }
