"""Which definitions of an edited text are live as it has them, without a look at each.

Those that were live as the text before had them still are, if neither the edit nor anything else
has touched them since. An edit is short, so what is left to look at is little.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.redefine.reading.known import Definitions
    from relive.worker.redefine.reading.source import Source


class Settled:
    """A text that was brought in, as of then."""

    def __init__(self, source: Source, definitions: Definitions, other: set[str]) -> None:
        """Note that `definitions` hold what `source` has, but for the names in `other`."""
        self.source = source
        self._revision = definitions.revision
        self._other = other

    def to_look_at(self, source: Source, definitions: Definitions) -> set[str] | None:
        """Return the names of definitions outside classes that may differ; None: maybe all.

        `source`: what this text was edited to be.
        """
        since = definitions.changed_since(self._revision)
        if source.touched is None or since is None:
            return None
        outermost = {each.partition(".")[0] for each in since}
        return source.touched | source.names_within | outermost | self._other
