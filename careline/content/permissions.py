"""Who may sign which revision. All predicates fail closed."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Revision

from careline.accounts.models import Competency
from careline.accounts.permissions import may_approve_content, may_edit_content
from careline.content.extraction import sentences_of
from careline.content.models import ReviewedPage


def why_not_sign(user: Any, page: ReviewedPage, revision: Revision) -> str:
    """Return why the person can't sign the revision, in words; empty when nothing is against it.

    A medical reviewer signs, never words of his or her own, and only with a
    current competency for the topic in the page's language.
    """
    if not may_approve_content(user):
        return _("Only a medical reviewer can sign and publish a page.")
    if user.pk in authors_of(page, revision):
        return _("You changed this text yourself, so another medical reviewer has to sign it.")
    if not is_competent(user, page, revision):
        return _(
            "You need a current competency for this topic and language. A supervisor gives it."
        )
    return ""


def is_competent(user: Any, page: ReviewedPage, revision: Revision) -> bool:
    """Return whether the person is certified today for what the revision is about.

    A revision that moves a public page to another topic needs both.
    """
    held = revision.as_object()
    topics = {held.topic_id}
    topics |= set(
        ReviewedPage.objects.filter(pk=page.pk, live=True).values_list("topic", flat=True)
    )
    current = Competency.objects.current().filter(staff=user)
    return all(current.covering(topic, held.language).exists() for topic in topics)


def may_withdraw(user: Any) -> bool:
    """Whoever edits or reviews may take a page out of sight at once: that way is always safe."""
    return may_edit_content(user)


def authors_of(page: ReviewedPage, revision: Revision) -> set[int]:
    """Return whose words a signature under this revision would cover.

    They are the people who changed the text since the last signature; when
    nothing was changed since, the authors of the text that was signed then.
    Saving a revision without changing anything makes nobody an author; so a
    reviewer who opens a draft and presses "publish" signs somebody else's words.
    """
    steps = _since_signature(page, revision)
    authors: set[int] = set()
    changed = False
    signed_before = bool(steps) and steps[0].pk != revision.pk and _is_signed(page, steps[0])
    before = _text_of(steps[0]) if signed_before else None
    for step in steps[1:] if signed_before else steps:
        after = _text_of(step)
        if after != before:
            changed = True
            authors |= {step.user_id} - {None}
        before = after
    if signed_before and not changed:
        return authors_of(page, steps[0])
    return authors


def _since_signature(page: ReviewedPage, revision: Revision) -> list[Revision]:
    """The last signed revision before this one, if there is any, and all that followed."""
    upto = list(page.revisions.filter(pk__lte=revision.pk).order_by("pk"))
    signed = [number for number, each in enumerate(upto[:-1]) if _is_signed(page, each)]
    return upto[signed[-1] :] if signed else upto


def _is_signed(page: ReviewedPage, revision: Revision) -> bool:
    return bool(page.approvals.filter(revision=revision.pk).exists())


def _text_of(revision: Revision) -> tuple[Any, ...]:
    """Everything in a revision that a reader sees and a reviewer answers for."""
    held = revision.as_object()
    blocks = [block.get_prep_value() for block in held.body]
    return (
        held.title,
        held.slug,
        held.key,
        held.summary,
        held.topic_id,
        held.written_by,
        getattr(held, "drug_id", None),
        [_without_ids(block) for block in blocks],
        [(draft.id, draft.source_keys) for draft in sentences_of(held)],
    )


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(part) for name, part in value.items() if name != "id"}
    if isinstance(value, list):
        return [_without_ids(part) for part in value]
    return value
