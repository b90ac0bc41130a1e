"""Signing, publishing, withdrawing: the only ways in which reviewed text appears or goes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Revision

from careline.accounts.models import Staff
from careline.content import version
from careline.content.actions.translations import follow_source
from careline.content.enums import ConflictStatus
from careline.content.errors import PublishingRefused
from careline.content.extraction import SentenceDraft, sentences_of
from careline.content.models import Approval, ReviewedPage, Sentence, Source
from careline.content.permissions import may_withdraw, why_not_sign
from careline.core import audit, clock
from careline.core.events import Event, log


@dataclass(frozen=True)
class Signature:
    """Who signs, on which day, until when."""

    reviewer_name: str
    reviewed_on: dt.date
    review_due: dt.date
    demonstration: bool = False
    reviewer: Staff | None = None
    checklist: dict[str, str] = field(default_factory=dict)

    def matches(self, approval: Approval) -> bool:
        """Return whether a stored approval says the same."""
        return (
            approval.reviewer_name == self.reviewer_name
            and approval.reviewed_on == self.reviewed_on
            and approval.review_due == self.review_due
            and approval.demonstration == self.demonstration
            and approval.reviewer_id == (self.reviewer.pk if self.reviewer else None)
        )


@transaction.atomic
def approve_and_publish(
    page: ReviewedPage,
    revision: Revision,
    *,
    acting_user: Staff,
    checklist: dict[str, str] | None = None,
    whole: bool = False,
) -> Approval:
    """Sign exactly this revision and publish it.

    Sentences that the reviewer's signature adds nothing to keep the one they
    have: same words, same sources, a standing signature that isn't overdue and
    isn't a demonstration's. `whole` puts the new signature under those too.
    Raises PublishingRefused when the person may not sign it or the revision
    can't be published. People come here through `sign_review`.
    """
    lock(page)
    reason = why_not_sign(acting_user, page, revision)
    if reason:
        raise PublishingRefused(reason)
    today = clock.today()
    signature = Signature(
        reviewer_name=reviewer_name(acting_user),
        reviewer=acting_user,
        reviewed_on=today,
        review_due=today + dt.timedelta(days=settings.REVIEW_PERIOD_DAYS),
        checklist=checklist or {},
    )
    return publish_signed(page, revision, signature, acting_user=acting_user, renew=whole)


def reviewer_name(user: Staff) -> str:
    """Return the name under a signature: the person's own, with the professional title."""
    title = user.professional_title
    return f"{user.own_name}, {title}" if title else user.own_name


@transaction.atomic
def publish_signed(
    page: ReviewedPage,
    revision: Revision,
    signature: Signature,
    *,
    acting_user: Staff | None,
    renew: bool = False,
) -> Approval:
    """Publish a revision under a signature and index its sentences.

    Pack loading calls this with the pack's named reviewer; people go through
    `approve_and_publish`. `renew` puts the new signature under every sentence,
    unchanged ones too.
    """
    lock(page)
    held = revision.as_object()
    _check_publishable(page, revision, held)
    PublishPageRevisionAction(revision, user=acting_user).execute(skip_permission_checks=True)
    page.refresh_from_db()
    approval = Approval.objects.create(
        page_id=page.pk,
        revision=revision.pk,
        reviewer_name=signature.reviewer_name,
        reviewer=signature.reviewer,
        reviewed_on=signature.reviewed_on,
        review_due=signature.review_due,
        demonstration=signature.demonstration,
        checklist=signature.checklist,
    )
    drafts = sentences_of(held)
    _index(page, drafts, approval, renew=renew)
    follow_source(page, approval)
    version.bump()
    audit.record(
        "content.page_published",
        page,
        acting_user=acting_user,
        revision=revision.pk,
        approval=approval.pk,
        sentences=len(drafts),
    )
    if acting_user is not None:  # A pack's load has an event of its own.
        transaction.on_commit(
            lambda: log(Event.PAGE_PUBLISHED, page=page.pk, revision=revision.pk, count=len(drafts))
        )
    return approval


def lock(page: ReviewedPage) -> None:
    """Let one signature or withdrawal of a page happen at a time."""
    ReviewedPage.objects.select_for_update().filter(pk=page.pk).first()


def _check_publishable(page: ReviewedPage, revision: Revision, held: ReviewedPage) -> None:
    if str(revision.object_id) != str(page.pk):
        raise PublishingRefused(_("This revision belongs to another page."))
    if held.go_live_at or held.expire_at:
        raise PublishingRefused(_("Take away the schedule first: a signature holds from now on."))
    if Sentence.objects.filter(page_id=page.pk).exclude(page_key=held.key).exists():
        raise PublishingRefused(_("The key of a page that was published can't change."))
    twins = ReviewedPage.objects.filter(key=held.key, locale_id=held.locale_id)
    if twins.exclude(pk=page.pk).exists():
        raise PublishingRefused(_("Another page in this language has the same key."))
    for block in held.body:
        if block.block_type != "conflict":
            continue
        if block.value is None or block.value.status == ConflictStatus.OPEN:
            raise PublishingRefused(
                _("The page shows a conflict of sources that has no reviewer's note yet.")
            )


def _index(
    page: ReviewedPage, drafts: list[SentenceDraft], approval: Approval, *, renew: bool
) -> None:
    """Make the page's sentences those of the signed revision; retire the others."""
    rows = Sentence.objects.filter(page_key=page.key, language=page.language)
    known = {row.pk: row for row in rows.select_related("approval").prefetch_related("sources")}
    new = [_fresh(draft, page, approval) for draft in drafts if draft.id not in known]
    Sentence.objects.bulk_create(new)
    _link_sources(draft for draft in drafts if draft.id not in known)
    for draft in drafts:
        if draft.id in known:
            _refresh(known[draft.id], draft, page, approval, renew=renew)
    ids = [draft.id for draft in drafts]
    rows.filter(retired_at=None).exclude(pk__in=ids).update(retired_at=clock.now())


def _fresh(draft: SentenceDraft, page: ReviewedPage, approval: Approval) -> Sentence:
    sentence = Sentence(
        id=draft.id,
        page_key=page.key,
        language=page.language,
        text=draft.text,
        revision=approval.revision,
        approval=approval,
    )
    _place(sentence, draft, page)
    return sentence


def _place(sentence: Sentence, draft: SentenceDraft, page: ReviewedPage) -> None:
    """Set what needs no signature: where the sentence stands."""
    sentence.page_id = page.pk
    sentence.page_title = page.title
    sentence.label = draft.label
    sentence.section = draft.section
    sentence.anchor = draft.anchor
    sentence.position = draft.position
    sentence.conflict_key = draft.conflict_key


def _refresh(
    sentence: Sentence, draft: SentenceDraft, page: ReviewedPage, approval: Approval, *, renew: bool
) -> None:
    same_sources = {source.pk for source in sentence.sources.all()} == set(draft.source_keys)
    _place(sentence, draft, page)
    kept = sentence.keeps_signature(under_demonstration=approval.demonstration)
    if renew or not (same_sources and kept):
        sentence.approval = approval
        sentence.revision = approval.revision
    sentence.retired_at = None
    sentence.save()
    if not same_sources:
        sentence.sources.set(Source.objects.filter(pk__in=draft.source_keys))


def _link_sources(drafts: Iterable[SentenceDraft]) -> None:
    through = Sentence.sources.through
    through.objects.bulk_create(
        through(sentence_id=draft.id, source_id=key)
        for draft in drafts
        for key in dict.fromkeys(draft.source_keys)
    )


@transaction.atomic
def withdraw(page: ReviewedPage, *, acting_user: Staff) -> None:
    """Take a page out of sight and out of the answers at once, with all its signatures.

    It comes back only under a new signature. Raises PublishingRefused when the
    person may not withdraw.
    """
    if not may_withdraw(acting_user):
        raise PublishingRefused(_("Only editors and medical reviewers can withdraw a page."))
    lock(page)
    count = Approval.objects.standing().filter(page_id=page.pk).update(withdrawn_at=clock.now())
    if page.live:
        UnpublishPageAction(page.specific, user=acting_user).execute(skip_permission_checks=True)
    page.refresh_from_db()
    version.bump()
    audit.record("content.page_withdrawn", page, acting_user=acting_user, approvals=count)
    transaction.on_commit(lambda: log(Event.PAGE_WITHDRAWN, page=page.pk))


@transaction.atomic
def retire_unpublished(*, acting_user: Staff | None) -> int:
    """Retire every sentence whose page is gone or no longer public; return how many.

    Called after anything that unpublishes or deletes pages. Sentences of a
    withdrawn page stay as they are: withdrawn.
    """
    shown = ReviewedPage.objects.filter(live=True).values("pk")
    stale = Sentence.objects.filter(retired_at=None, approval__withdrawn_at=None).exclude(
        page_id__in=shown, page__isnull=False
    )
    keys = sorted(set(stale.values_list("page_key", "language")))
    count = stale.update(retired_at=clock.now())
    if count:
        version.bump()
    for page_key, language in keys:
        _record_retired(page_key, language, acting_user)
    return count


def _record_retired(page_key: str, language: str, acting_user: Staff | None) -> None:
    sentence = Sentence.objects.filter(page_key=page_key, language=language).latest("retired_at")
    audit.record(
        "content.sentences_retired",
        sentence,
        acting_user=acting_user,
        page_key=page_key,
        language=language,
    )
    transaction.on_commit(lambda: log(Event.PAGE_WITHDRAWN, page=page_key, language=language))
