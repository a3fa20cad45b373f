"""The marks of a file's live definitions, with news laid over them: the rest is not copied."""

from __future__ import annotations

from collections.abc import Mapping

_NEWS_KEPT = 64
"""Names that may have news before all marks are put together anew."""

_ByName = Mapping[str, list[str]]


class Marks:
    """The marks of texts by the qualified names of their definitions. Nothing changes in place."""

    def __init__(self, told: _ByName) -> None:
        self._told = told
        self._news: _ByName = {}
        """What is otherwise than was told; without any marks the name is gone."""

    def of(self, name: str) -> list[str]:
        """Return the marks of a definition; none: there is no such definition."""
        found = self._news.get(name)
        return self._told.get(name, []) if found is None else found

    def with_news(self, news: _ByName) -> Marks:
        """Return these with news; the same object if there is nothing new in them."""
        if all(self.of(name) == each for name, each in news.items()):
            return self
        newer = {**self._news, **news}
        if len(newer) > _NEWS_KEPT:
            return Marks(_together(self._told, newer))
        marks = Marks(self._told)
        marks._news = {n: each for n, each in newer.items() if each != self._told.get(n, [])}
        return marks

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Marks):
            return NotImplemented
        if self._told is other._told:
            return self._news == other._news
        return _together(self._told, self._news) == _together(other._told, other._news)

    __hash__ = None  # type: ignore[assignment]


def _together(told: _ByName, news: _ByName) -> _ByName:
    return {name: each for name, each in {**told, **news}.items() if each}
