"""Drafts from people's questions: drafted by an editor, signed by a medical reviewer, then used."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from careline.accounts.models import Competency, Staff
from careline.accounts.permissions import may_approve_content, may_edit_content
from careline.content import version
from careline.content.actions.publishing import reviewer_name
from careline.content.enums import DraftKind, DraftState
from careline.content.errors import PublishingRefused
from careline.content.models import (
    AnswerSentence,
    Approval,
    ApprovedAnswer,
    QuestionDraft,
    QuestionVariant,
    RefusalClass,
    RefusalExample,
    Sentence,
)
from careline.core import audit, clock

# Stands where a word of a question wasn't kept.
MARK = "…"
MOST_SENTENCES = 6


@transaction.atomic
def draft_question(*, acting_user: Staff, **values: Any) -> QuestionDraft:
    """Make a draft; `values` are fields of QuestionDraft. It isn't used, and isn't in review yet.

    Raises PublishingRefused for a stranger and for an empty text.
    """
    _need_editor(acting_user)
    draft = QuestionDraft(changed_at=clock.now())
    _set(draft, values)
    draft.save()
    draft.authors.add(acting_user)
    audit.record("content.question_drafted", draft, acting_user=acting_user, kind=draft.kind)
    return draft


@transaction.atomic
def change_draft(draft: QuestionDraft, *, acting_user: Staff, **values: Any) -> None:
    """Change a draft that doesn't rest; whoever does is one of its authors from then on."""
    _need_editor(acting_user)
    _need_open(_locked(draft))
    before = {name: getattr(draft, name) for name in values}
    _set(draft, values)
    if {name: getattr(draft, name) for name in values} == before:
        return
    draft.changed_at = clock.now()
    draft.save()
    draft.authors.add(acting_user)
    audit.record("content.question_draft_changed", draft, acting_user=acting_user)


@transaction.atomic
def send_draft(draft: QuestionDraft, *, acting_user: Staff) -> None:
    """Lay the draft before the medical reviewers; raises PublishingRefused while it isn't whole."""
    _need_editor(acting_user)
    _need_open(_locked(draft))
    problem = why_not_whole(draft)
    if problem:
        raise PublishingRefused(problem)
    _move(draft, DraftState.IN_REVIEW, "content.question_draft_sent", acting_user)


@transaction.atomic
def send_draft_back(draft: QuestionDraft, words: str, *, acting_user: Staff) -> None:
    """Give the draft back to the editors with words on what to change."""
    if not may_approve_content(acting_user):
        raise PublishingRefused(_("Only a medical reviewer can send a draft back."))
    _need_waiting(_locked(draft))
    if not words.strip():
        raise PublishingRefused(_("Write what should change."))
    draft.note = words.strip()[:2000]
    _move(draft, DraftState.SENT_BACK, "content.question_draft_sent_back", acting_user)


@transaction.atomic
def discard_draft(draft: QuestionDraft, *, acting_user: Staff) -> None:
    """Put away a draft that doesn't rest."""
    _need_editor(acting_user)
    _need_open(_locked(draft))
    _move(draft, DraftState.DISCARDED, "content.question_draft_discarded", acting_user)


@transaction.atomic
def sign_draft(draft: QuestionDraft, *, acting_user: Staff, as_read: str | None = None) -> Approval:
    """Sign the draft, and use it from now on.

    `as_read` is the stamp of the text that was read; without it, that of `draft` as given.
    Raises PublishingRefused when the person may not sign it, when it isn't in review, when
    it was changed since it was read, or when what it names isn't there any more.
    """
    read = draft.stamp if as_read is None else as_read
    _locked(draft)
    reason = why_not_sign_draft(acting_user, draft)
    if reason:
        raise PublishingRefused(reason)
    _need_waiting(draft)
    if draft.stamp != read:
        raise PublishingRefused(_("The draft was changed since you read it. Please read it again."))
    problem = why_not_whole(draft)
    if problem:
        raise PublishingRefused(problem)
    today = clock.today()
    draft.approval = Approval.objects.create(
        reviewer_name=reviewer_name(acting_user),
        reviewer=acting_user,
        reviewed_on=today,
        review_due=today + dt.timedelta(days=settings.REVIEW_PERIOD_DAYS),
    )
    _put_to_use(draft, draft.approval)
    _move(draft, DraftState.SIGNED, "content.question_draft_signed", acting_user)
    version.bump()
    return draft.approval


@transaction.atomic
def withdraw_draft(draft: QuestionDraft, *, acting_user: Staff) -> None:
    """Take what was signed out of use at once; any editor or reviewer may."""
    _need_editor(acting_user)
    _locked(draft)
    if draft.approval is None or not draft.is_in_use:
        raise PublishingRefused(_("This isn't in use."))
    draft.approval.withdrawn_at = clock.now()
    draft.approval.save(update_fields=["withdrawn_at"])
    version.bump()
    audit.record("content.question_draft_withdrawn", draft, acting_user=acting_user)


def why_not_sign_draft(user: Staff, draft: QuestionDraft) -> str:
    """Return why the person can't sign the draft, in words; empty when nothing is against it."""
    if not may_approve_content(user):
        return _("Only a medical reviewer can sign a draft.")
    if draft.authors.filter(pk=user.pk).exists():
        return _("You wrote this yourself, so another medical reviewer has to sign it.")
    current = Competency.objects.current().filter(staff=user, language=draft.language)
    topic = _topic_of(draft)
    # What is refused has no topic: it takes somebody who is certified in the language.
    if not (current.covering(topic, draft.language) if topic else current).exists():
        return _(
            "You need a current competency for this topic and language. A supervisor gives it."
        )
    return ""


def why_not_whole(draft: QuestionDraft) -> str:
    """Return what the draft still lacks, in words; empty when it can be used as it is."""
    if MARK in draft.text:
        return _("Put words where the mark “…” stands, or take the mark out.")
    if draft.kind == DraftKind.REFUSAL:
        known = RefusalClass.objects.filter(pk=draft.refusal).exists()
        return "" if known else _("Choose with which words the question is refused.")
    if draft.kind == DraftKind.VARIANT:
        known = ApprovedAnswer.objects.filter(pk=draft.answer_key).exists()
        return "" if known else _("Choose the answer that this asks for.")
    return _what_an_answer_lacks(draft)


def _what_an_answer_lacks(draft: QuestionDraft) -> str:
    if not draft.answer_key or ApprovedAnswer.objects.filter(pk=draft.answer_key).exists():
        return _("Give the new answer a key that no other answer has.")
    if draft.topic is None:
        return _("Choose the topic of the new answer.")
    if not 0 < len(draft.sentences) <= MOST_SENTENCES:
        return _("Choose from 1 to %(most)s sentences.") % {"most": MOST_SENTENCES}
    for name in draft.sentences:
        if not Sentence.objects.approved().in_language(draft.language).named(name).exists():
            return _("There is no approved sentence “%(name)s” in this language.") % {"name": name}
    return ""


def _put_to_use(draft: QuestionDraft, approval: Approval) -> None:
    words = {"language": draft.language, "text": draft.text, "approval": approval}
    if draft.kind == DraftKind.REFUSAL:
        refusal = RefusalClass.objects.get(pk=draft.refusal)
        RefusalExample.objects.create(refusal=refusal, position=_after(refusal.examples), **words)
        return
    if draft.kind == DraftKind.ANSWER:
        _make_answer(draft, approval)
    answer = ApprovedAnswer.objects.get(pk=draft.answer_key)
    QuestionVariant.objects.create(answer=answer, position=_after(answer.variants), **words)


def _make_answer(draft: QuestionDraft, approval: Approval) -> None:
    last = ApprovedAnswer.objects.aggregate(last=Max("order"))["last"] or 0
    answer = ApprovedAnswer.objects.create(
        key=draft.answer_key, topic_id=draft.topic_id or "", order=last + 1, approval=approval
    )
    for position, name in enumerate(draft.sentences):
        page, _hash, label = name.partition("#")
        AnswerSentence.objects.create(answer=answer, page_key=page, label=label, position=position)


def _after(rows: Any) -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _topic_of(draft: QuestionDraft) -> str:
    if draft.kind == DraftKind.ANSWER:
        return draft.topic_id or ""
    answer = ApprovedAnswer.objects.filter(pk=draft.answer_key).first()
    return answer.topic_id if answer and draft.kind == DraftKind.VARIANT else ""


def _set(draft: QuestionDraft, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(draft, name, " ".join(value.split()) if name == "text" else value)
    if not draft.text:
        raise PublishingRefused(_("Write the question."))


def _move(draft: QuestionDraft, state: DraftState, action: str, acting_user: Staff) -> None:
    draft.state = state
    draft.changed_at = clock.now()
    draft.save()
    audit.record(action, draft, acting_user=acting_user)


def _locked(draft: QuestionDraft) -> QuestionDraft:
    """Let one step of a draft happen at a time, on its present row: `draft` becomes that."""
    QuestionDraft.objects.select_for_update().get(pk=draft.pk)
    draft.refresh_from_db()
    return draft


def _need_editor(user: Staff) -> None:
    if not may_edit_content(user):
        raise PublishingRefused(_("Only editors and medical reviewers work on drafts."))


def _need_open(draft: QuestionDraft) -> None:
    if draft.rests:
        raise PublishingRefused(_("The draft rests: it is in review, or done with."))


def _need_waiting(draft: QuestionDraft) -> None:
    if draft.state != DraftState.IN_REVIEW:
        raise PublishingRefused(_("The draft isn't in review."))
