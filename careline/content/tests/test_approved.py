"""What is approved, said for one object and as a query, is the same."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.content.enums import SentenceState
from careline.content.models import Approval, ReviewedPage, Sentence
from careline.core import clock

TODAY = dt.date(2030, 6, 15)
# Every way in which the parts of the definition can stand, and in every mixture.
STATES = st.fixed_dictionaries(
    {
        "live": st.booleans(),
        "page": st.booleans(),
        "signed": st.booleans(),
        "withdrawn": st.booleans(),
        "retired": st.booleans(),
        "due_in": st.integers(min_value=-2, max_value=2),
    }
)


def _put(sentence: Sentence, page: ReviewedPage, state: dict[str, object]) -> Sentence:
    ReviewedPage.objects.filter(pk=page.pk).update(live=state["live"])
    approval = Approval.objects.create(
        page_id=page.pk,
        reviewer_name="R",
        reviewed_on=TODAY,
        review_due=TODAY + dt.timedelta(days=int(str(state["due_in"]))),
        withdrawn_at=clock.now() if state["withdrawn"] else None,
    )
    Sentence.objects.filter(pk=sentence.pk).update(
        page_id=page.pk if state["page"] else None,
        approval=approval if state["signed"] else None,
        retired_at=clock.now() if state["retired"] else None,
    )
    return Sentence.objects.get(pk=sentence.pk)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(state=STATES)
def test_object_and_query_agree_on_every_state(
    page: ReviewedPage, state: dict[str, object]
) -> None:
    sentence = _put(Sentence.objects.filter(page_key=page.key)[0], page, state)
    found = Sentence.objects.filter(pk=sentence.pk)

    assert found.approved(TODAY).exists() == sentence.is_approved(TODAY)
    assert found.signed().exists() == sentence.is_signed()
    assert (sentence.state(TODAY) is SentenceState.APPROVED) == sentence.is_approved(TODAY)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"retired": True}, SentenceState.RETIRED),
        ({"withdrawn": True}, SentenceState.WITHDRAWN),
        ({"signed": False}, SentenceState.WITHDRAWN),
        ({"live": False}, SentenceState.UNPUBLISHED),
        ({"page": False}, SentenceState.UNPUBLISHED),
        ({"due_in": -1}, SentenceState.OVERDUE),
        ({}, SentenceState.APPROVED),
    ],
)
def test_one_thing_amiss_is_enough(
    page: ReviewedPage, change: dict[str, object], state: SentenceState
) -> None:
    sound = {
        "live": True, "page": True, "signed": True,
        "withdrawn": False, "retired": False, "due_in": 0,
    }  # fmt: skip
    sentence = _put(page.sentences.first(), page, sound | change)

    assert sentence.state(TODAY) is state
    assert sentence.is_approved(TODAY) is (state is SentenceState.APPROVED)


def test_the_review_date_itself_still_counts(page: ReviewedPage) -> None:
    sentence = page.sentences.first()
    due = sentence.approval.review_due

    assert sentence.is_approved(due)
    assert not sentence.is_approved(due + dt.timedelta(days=1))


def test_pages_signed_by_query_and_by_object_agree(loaded: object) -> None:
    first, *_others = pages = list(ReviewedPage.objects.all())
    first.approvals.update(withdrawn_at=clock.now())

    signed = set(ReviewedPage.objects.signed().values_list("pk", flat=True))

    assert signed == {page.pk for page in pages if page.is_signed()}
    assert first.pk not in signed and len(signed) == len(pages) - 1
