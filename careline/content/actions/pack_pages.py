"""Storing a pack's pages, in every language, and publishing them under the pack's signature."""

import hashlib
import json
from typing import Any

from wagtail.actions.unpublish_page import UnpublishPageAction

from careline.content.actions.publishing import Signature, publish_signed, retire_unpublished
from careline.content.actions.site import translation_key
from careline.content.actions.tally import Tally
from careline.content.enums import PageType
from careline.content.models import (
    ArticlePage,
    ClaimConflict,
    DrugPage,
    ReviewedPage,
    ServicePage,
    SiteRootPage,
)
from careline.content.packs.bodies import body_of, conflicts_in
from careline.content.packs.markdown import PageText
from careline.content.packs.read import PackText

_MODELS: dict[PageType, type[ReviewedPage]] = {
    PageType.ARTICLE: ArticlePage,
    PageType.DRUG: DrugPage,
    PageType.SERVICE: ServicePage,
}


def store_pages(
    pack: PackText, roots: dict[str, SiteRootPage], signature: Signature, tally: Tally
) -> None:
    """Bring every page to the pack's text; take out of sight those that the pack no longer has."""
    stored = {
        (page.key, page.language): page
        for page in ReviewedPage.objects.filter(pack=pack.header.pack).select_related("locale")
    }
    for text in pack.pages:
        page = stored.pop((text.head.key, text.language), None)
        _store_page(pack, text, page, roots[text.language], signature, tally)
    for page in stored.values():
        _take_away(page, tally)


def _store_page(
    pack: PackText,
    text: PageText,
    stored: ReviewedPage | None,
    root: SiteRootPage,
    signature: Signature,
    tally: Tally,
) -> None:
    digest = _digest(text, signature, pack.header.written_by)
    if stored is not None and stored.pack_digest == digest:
        tally.unchanged["page"] += 1
        return
    if stored is not None and _edited_here(stored):
        tally.kept.append(text.file)
        return
    page = stored.specific if stored is not None else _MODELS[text.head.type]()
    values = _values(pack, text, digest)
    for name, value in values.items():
        setattr(page, name, value)
    if stored is None:
        page.locale = root.locale
        page.live = False
        page.translation_key = translation_key("page", text.head.key)
        root.add_child(instance=page)
    revision = page.save_revision(log_action=False)
    publish_signed(page, revision, signature, acting_user=None, renew=_renews(stored, signature))
    # Not part of a revision's text: which state of the pack's file the page follows.
    ReviewedPage.objects.filter(pk=page.pk).update(pack_digest=digest)
    tally.count("page", created=stored is None)


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
        "written_by": pack.header.written_by,
        "pack": pack.header.pack,
        "pack_digest": digest,
        "body": json.dumps(body_of(text)),
    }
    if head.drug is not None:
        values["drug_id"] = head.drug
    return values


def _edited_here(page: ReviewedPage) -> bool:
    """Whether somebody saved or signed the page in the editor's screens since it was loaded."""
    return bool(page.revisions.exclude(user=None).exists())


def _renews(page: ReviewedPage | None, signature: Signature) -> bool:
    """Whether the pack was reviewed anew, so that unchanged sentences get the new signature."""
    if page is None:
        return False
    last = page.approvals.last()
    return last is None or not signature.matches(last)


def _take_away(page: ReviewedPage, tally: Tally) -> None:
    if not page.live:
        return
    if _edited_here(page):
        tally.kept.append(page.key)
        return
    UnpublishPageAction(page.specific).execute(skip_permission_checks=True)
    retire_unpublished(acting_user=None)
    tally.removed["page"] += 1


def _digest(text: PageText, signature: Signature, written_by: str) -> str:
    """Return a hash of everything of the pack that the page's signed sentences come from."""
    keys = conflicts_in(text)
    notes = {each.key: each.note for each in ClaimConflict.objects.filter(pk__in=keys)}
    whole = [
        text.head.model_dump(mode="json"),
        body_of(text),
        notes,
        written_by,
        signature.reviewer_name,
        signature.reviewed_on.isoformat(),
        signature.review_due.isoformat(),
        signature.demonstration,
    ]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
