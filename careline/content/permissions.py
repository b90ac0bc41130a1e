"""Who may sign which revision. All predicates fail closed."""

from typing import Any

from wagtail.models import Revision

from careline.accounts.permissions import may_approve_content, may_edit_content
from careline.content.extraction import sentences_of
from careline.content.models import ReviewedPage


def may_sign(user: Any, page: ReviewedPage, revision: Revision) -> bool:
    """A medical reviewer signs a revision, never one that holds words of his or her own."""
    return may_approve_content(user) and user.pk not in authors_of(page, revision)


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
