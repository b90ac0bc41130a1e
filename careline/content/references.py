"""The numbers by which one page cites its sources."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from careline.content.models import Source


@dataclass
class References:
    """Numbers sources from 1 in the order in which a page first cites them."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _sources: list[Source] = field(default_factory=list)

    def of(self, source: Source) -> int:
        """Return the source's number, giving it the next one at its first citation."""
        if source.pk not in self._numbers:
            self._sources.append(source)
            self._numbers[source.pk] = len(self._sources)
        return self._numbers[source.pk]

    def of_all(self, sources: Iterable[Source]) -> list[int]:
        """Return the numbers of several sources, ascending, each once."""
        return sorted({self.of(source) for source in sources})

    def numbered(self) -> list[tuple[int, Source]]:
        """Return all cited sources with their numbers."""
        return list(enumerate(self._sources, start=1))
