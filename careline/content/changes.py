"""What a signature under a revision would change, sentence by sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from wagtail.models import Revision

from careline.content.enums import ChangeKind
from careline.content.extraction import SentenceDraft, sentences_of
from careline.content.models import Approval, ReviewedPage, Sentence, Source

_ALIKE = 0.4  # Below this share of common words two sentences are a removed and an added one.


@dataclass(frozen=True)
class Words:
    """Some words of a changed sentence; `mark` is "old", "new" or "" for those that stay."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class SentenceChange:
    """One sentence of the revision, or one that it no longer has."""

    kind: ChangeKind
    id: str
    section: str
    text: str
    before: str = ""
    words: tuple[Words, ...] = ()
    # The signature that the sentence keeps, or had until now.
    approval: Approval | None = None
    sources: tuple[Source, ...] = ()
    reason: str = ""

    @property
    def needs_signature(self) -> bool:
        """Return whether the reviewer's signature would stand under this sentence."""
        return self.kind in (ChangeKind.CHANGED, ChangeKind.ADDED, ChangeKind.AGAIN)


@dataclass(frozen=True)
class PartChange:
    """A part of the page that isn't a sentence: its title, its headings, its tables."""

    name: str
    before: str
    after: str


def sentence_changes(page: ReviewedPage, revision: Revision) -> list[SentenceChange]:
    """Compare the revision's sentences with those signed last, in reading order."""
    return list(_Comparison(page, revision.as_object()))


class _Comparison:
    def __init__(self, page: ReviewedPage, held: ReviewedPage) -> None:
        rows = Sentence.objects.filter(
            page_key=page.key, language=page.language, retired_at=None
        ).order_by("position")
        self.before = list(rows.select_related("approval").prefetch_related("sources"))
        self.after = sentences_of(held)
        self.known = {row.pk: row for row in self.before}
        keys = {key for draft in self.after for key in draft.source_keys}
        self.sources = Source.objects.in_bulk(keys)
        self.kept_ids = {draft.id for draft in self.after} & set(self.known)

    def __iter__(self) -> Iterator[SentenceChange]:
        old, new = [row.pk for row in self.before], [draft.id for draft in self.after]
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for _tag, start, end, first, last in matcher.get_opcodes():
            gone = [row for row in self.before[start:end] if row.pk not in self.kept_ids]
            yield from self._block(gone, self.after[first:last])

    def _block(self, gone: list[Sentence], drafts: list[SentenceDraft]) -> Iterator[SentenceChange]:
        for draft in drafts:
            if draft.id in self.known:
                yield self._same(draft, self.known[draft.id])
                continue
            before = _predecessor(draft, gone)
            if before is None:
                yield self._change(ChangeKind.ADDED, draft)
            else:
                gone.remove(before)
                yield self._changed(draft, before)
        for row in gone:
            yield SentenceChange(
                ChangeKind.REMOVED, row.pk, row.section, row.text, approval=row.approval
            )

    def _same(self, draft: SentenceDraft, row: Sentence) -> SentenceChange:
        reason = _why_again(draft, row)
        kind = ChangeKind.AGAIN if reason else ChangeKind.KEPT
        return self._change(kind, draft, approval=row.approval, reason=reason)

    def _changed(self, draft: SentenceDraft, row: Sentence) -> SentenceChange:
        return self._change(
            ChangeKind.CHANGED,
            draft,
            before=row.text,
            words=_word_changes(row.text, draft.text),
            approval=row.approval,
        )

    def _change(
        self,
        kind: ChangeKind,
        draft: SentenceDraft,
        *,
        before: str = "",
        words: tuple[Words, ...] = (),
        approval: Approval | None = None,
        reason: str = "",
    ) -> SentenceChange:
        sources = tuple(self.sources[key] for key in draft.source_keys if key in self.sources)
        return SentenceChange(
            kind,
            draft.id,
            draft.section,
            draft.text,
            before=before,
            words=words,
            approval=approval,
            sources=sources,
            reason=reason,
        )


def _why_again(draft: SentenceDraft, row: Sentence) -> str:
    """Why unchanged words need a new signature; empty when they keep the one they have."""
    if {source.pk for source in row.sources.all()} != set(draft.source_keys):
        return _("Other sources than before")
    if row.keeps_signature():
        return ""
    if row.behind_since is not None:
        return _("The sentence that it translates has changed")
    if row.approval is None or not row.approval.is_standing():
        return _("Its signature was withdrawn")
    if row.approval.is_due():
        return _("Its review date has passed")
    return _("Signed for a demonstration only")


def _predecessor(draft: SentenceDraft, gone: list[Sentence]) -> Sentence | None:
    """Return the sentence that this one takes the place of: of the same label, else alike."""
    same_label = [row for row in gone if draft.label and row.label == draft.label]
    if same_label:
        return same_label[0]
    likeness = {row.pk: _likeness(row.text, draft.text) for row in gone}
    best = max(gone, key=lambda row: likeness[row.pk], default=None)
    return best if best is not None and likeness[best.pk] >= _ALIKE else None


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _word_changes(before: str, after: str) -> tuple[Words, ...]:
    old, new = before.split(), after.split()
    parts: list[Words] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Words(" ".join(old[start:end])))
            continue
        if end > start:
            parts.append(Words(" ".join(old[start:end]), "old"))
        if last > first:
            parts.append(Words(" ".join(new[first:last]), "new"))
    return tuple(parts)


def part_changes(page: ReviewedPage, revision: Revision) -> list[PartChange]:
    """Return what else differs from the revision signed last; all of it, when none was."""
    signed = page.approvals.exclude(revision=0).order_by("id").last()
    before = page.revisions.filter(pk=signed.revision).first() if signed else None
    old = _parts(before.as_object()) if before else {}
    new = _parts(revision.as_object())
    return [
        PartChange(name, old.get(name, ""), words)
        for name, words in new.items()
        if words != old.get(name, "")
    ]


def _parts(held: ReviewedPage) -> dict[str, str]:
    meta = ReviewedPage._meta
    names = ("title", "summary", "topic", "written_by")
    parts = {str(meta.get_field(name).verbose_name): str(getattr(held, name)) for name in names}
    parts[_("address")] = str(held.slug)
    parts[_("headings and tables")] = " · ".join(
        block.value["text"] if block.block_type == "heading" else str(block.block.label)
        for block in held.body
        if block.block_type != "passage"
    )
    return parts
