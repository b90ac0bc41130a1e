"""What a load changes, sentence by sentence: the approved text before beside that after."""

from dataclasses import dataclass, field

from careline.content.actions.tally import Tally
from careline.content.models import Sentence

Texts = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class PageChange:
    """One page's sentences: (old, new), where "" stands for one that wasn't there or isn't any
    more. `behind` holds the translations that leave the answers."""

    page: str
    sentences: list[tuple[str, str]]
    behind: list[str]


@dataclass(frozen=True)
class Plan:
    """What a load would do."""

    pack: str
    version: str
    tally: Tally
    pages: list[PageChange]


@dataclass
class Snapshot:
    """The sentences that readers see, by page."""

    texts: dict[str, Texts] = field(default_factory=dict)
    behind: set[str] = field(default_factory=set)

    @classmethod
    def taken(cls) -> "Snapshot":
        """Take it now."""
        made = cls()
        for row in Sentence.objects.signed().order_by("page_key", "language", "position"):
            page = made.texts.setdefault(f"{row.language}/{row.page_key}", {})
            page[row.pk] = (row.label, row.text)
            if row.behind_since is not None:
                made.behind.add(row.pk)
        return made

    def changes_until_now(self) -> list[PageChange]:
        """Return the pages of which a sentence is another now."""
        now = Snapshot.taken()
        made = []
        for page in sorted(self.texts.keys() | now.texts.keys()):
            old, new = self.texts.get(page, {}), now.texts.get(page, {})
            behind = [text for pk, (_, text) in new.items() if pk in now.behind - self.behind]
            change = PageChange(page, _pairs(old, new), behind)
            if change.sentences or change.behind:
                made.append(change)
        return made


def _pairs(old: Texts, new: Texts) -> list[tuple[str, str]]:
    """Pair what went with what came by label; the others stand alone."""
    gone = {pk: each for pk, each in old.items() if pk not in new}
    came = {label: text for pk, (label, text) in new.items() if label and pk not in old}
    pairs = [(text, came.pop(label, "") if label else "") for label, text in gone.values()]
    paired = {text for _old, text in pairs}
    fresh = [text for pk, (_label, text) in new.items() if pk not in old and text not in paired]
    return pairs + [("", text) for text in fresh]
