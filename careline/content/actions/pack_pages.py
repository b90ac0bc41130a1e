"""Storing a pack's pages, in every language, and publishing them under the pack's signature."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from wagtail.actions.unpublish_page import UnpublishPageAction

from careline.content.actions.publishing import Signature, publish_signed, retire_unpublished
from careline.content.actions.site import translation_key
from careline.content.actions.tally import Tally
from careline.content.actions.translations import follow_as_packed
from careline.content.models import PAGE_MODELS, ClaimConflict, ReviewedPage, SiteRootPage
from careline.content.packs.bodies import body_of, conflicts_in
from careline.content.packs.markdown import PageText
from careline.content.packs.read import PackText


@dataclass(frozen=True)
class Choice:
    """Whose text stands where a page was changed both here and in the pack.

    Pages are named like `en/how-it-works`; "all" stands for every one.
    """

    ours: frozenset[str] = frozenset()
    theirs: frozenset[str] = frozenset()

    def is_ours(self, page: str) -> bool:
        """Whether the text of here was chosen."""
        return page in self.ours or ("all" in self.ours and page not in self.theirs)

    def is_theirs(self, page: str) -> bool:
        """Whether the pack's text was chosen."""
        return page in self.theirs or ("all" in self.theirs and page not in self.ours)


UNDECIDED = Choice()


def store_pages(
    pack: PackText,
    roots: dict[str, SiteRootPage],
    signature: Signature,
    choice: Choice,
    tally: Tally,
) -> None:
    """Bring every page to the pack's text; take out of sight those that the pack no longer has.

    The source language comes first: a translation follows what is stored then.
    """
    stored = {
        (page.key, page.language): page
        for page in ReviewedPage.objects.filter(pack=pack.header.pack).select_related("locale")
    }
    storing = _Storing(pack, roots, signature, choice, tally)
    for text in sorted(pack.pages, key=lambda each: each.language != settings.LANGUAGE_CODE):
        storing.page(text, stored.pop((text.head.key, text.language), None))
    for page in stored.values():
        storing.take_away(page)


@dataclass(frozen=True)
class _Storing:
    pack: PackText
    roots: dict[str, SiteRootPage]
    signature: Signature
    choice: Choice
    tally: Tally

    def page(self, text: PageText, stored: ReviewedPage | None) -> None:
        signature = self._signature(text)
        digest = _digest(text, signature, self._written_by(text))
        if stored is not None and stored.pack_digest == digest:
            self.tally.unchanged["page"] += 1
        elif stored is not None and self._stays(stored):
            if self.choice.is_ours(_name(stored)):
                ReviewedPage.objects.filter(pk=stored.pk).update(pack_digest=digest)
        else:
            self._store(text, stored, signature, digest)

    def _stays(self, stored: ReviewedPage) -> bool:
        """Whether a page that was edited here keeps its text; asked for where nobody decided."""
        name = _name(stored)
        if not _edited_here(stored) or self.choice.is_theirs(name):
            return False
        if not self.choice.is_ours(name):
            self.tally.both_changed.append(name)
        return True

    def _store(
        self, text: PageText, stored: ReviewedPage | None, signature: Signature, digest: str
    ) -> None:
        page = stored.specific if stored is not None else PAGE_MODELS[text.head.type]()
        for name, value in _values(self.pack, text, digest).items():
            setattr(page, name, value)
        page.written_by = self._written_by(text)
        if stored is None:
            root = self.roots[text.language]
            page.locale = root.locale
            page.live = False
            page.translation_key = translation_key("page", text.head.key)
            root.add_child(instance=page)
        revision = page.save_revision(log_action=False)
        renew = _renews(stored, signature)
        publish_signed(page, revision, signature, acting_user=None, renew=renew)
        if text.head.follows:
            follow_as_packed(page, text.head.follows)
        # Not part of a revision's text: which state of the pack's file the page follows.
        says = {"pack_digest": digest, "pack_revision": revision.pk}
        ReviewedPage.objects.filter(pk=page.pk).update(**says)
        self.tally.count("page", created=stored is None)

    def _written_by(self, text: PageText) -> str:
        return text.head.written_by or self.pack.header.written_by

    def _signature(self, text: PageText) -> Signature:
        review = text.head.review
        if review is None:
            return self.signature
        return Signature(
            reviewer_name=review.reviewer,
            reviewed_on=review.reviewed_on,
            review_due=review.next_review_on,
            demonstration=review.demonstration,
        )

    def take_away(self, page: ReviewedPage) -> None:
        """Unpublish a page that the pack no longer has; one that stays is the editors' own."""
        if not page.live:
            return
        if self._stays(page):
            if self.choice.is_ours(_name(page)):
                ReviewedPage.objects.filter(pk=page.pk).update(pack="", pack_digest="")
            return
        UnpublishPageAction(page.specific).execute(skip_permission_checks=True)
        retire_unpublished(acting_user=None)
        self.tally.removed["page"] += 1


def _name(page: ReviewedPage) -> str:
    return f"{page.language}/{page.key}"


def _values(pack: PackText, text: PageText, digest: str) -> dict[str, Any]:
    head = text.head
    values: dict[str, Any] = {
        "key": head.key,
        "slug": head.slug or head.key,
        "title": head.title,
        "draft_title": head.title,
        "summary": head.summary,
        "topic_id": head.topic,
        "order": head.order,
        "pack": pack.header.pack,
        "pack_digest": digest,
        "body": json.dumps(body_of(text)),
    }
    if head.drug is not None:
        values["drug_id"] = head.drug
    return values


def _edited_here(page: ReviewedPage) -> bool:
    """Whether somebody saved or signed the page in the editor's screens since it was loaded."""
    since = page.revisions.filter(pk__gt=page.pack_revision or 0)
    return bool(since.exclude(user=None).exists())


def _renews(page: ReviewedPage | None, signature: Signature) -> bool:
    """Whether the pack was reviewed anew, so that unchanged sentences get the new signature."""
    if page is None:
        return False
    last = page.approvals.last()
    return last is None or not signature.matches(last)


def _digest(text: PageText, signature: Signature, written_by: str) -> str:
    """Return a hash of everything of the pack that the page's signed sentences come from."""
    keys = conflicts_in(text)
    notes = {each.key: each.note for each in ClaimConflict.objects.filter(pk__in=keys)}
    whole = [
        text.head.model_dump(mode="json", exclude={"written_by", "review", "follows"}),
        body_of(text),
        notes,
        written_by,
        signature.reviewer_name,
        signature.reviewed_on.isoformat(),
        signature.review_due.isoformat(),
        signature.demonstration,
    ]
    if text.head.follows:
        whole.append(text.head.follows)
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
