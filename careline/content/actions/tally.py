"""Counting what a load did, by kind of thing."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """`both_changed` names pages that were changed here and in the pack, left as they are here.

    `waits_again` tells of each signed change of the danger rules that the new ones don't take.
    """

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    both_changed: list[str] = field(default_factory=list)
    waits_again: list[str] = field(default_factory=list)

    def count(self, kind: str, *, created: bool) -> None:
        """Count one thing that was made or changed."""
        (self.created if created else self.changed)[kind] += 1

    @property
    def changes(self) -> int:
        """How many things were made, changed or removed."""
        return self.created.total() + self.changed.total() + self.removed.total()

    def as_counts(self) -> dict[str, int]:
        """Return the sums, for the log and the audit trail."""
        return {
            "created": self.created.total(),
            "changed": self.changed.total(),
            "removed": self.removed.total(),
        }
