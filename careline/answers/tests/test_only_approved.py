"""Nothing that isn't approved at the moment is shown, however old the index is.

The changes are made underneath, without the number that tells an index to be rebuilt: that
is the worst an index can be behind.
"""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from careline.answers import corpus_keeping, index
from careline.answers.asking import ask
from careline.answers.doctor_checks import passages as passages_check
from careline.answers.search import related_page_keys, suggest_sentences
from careline.content.models import Approval, ApprovedAnswer, ReviewedPage, Sentence
from careline.core import clock
from careline.core.doctor import Verdict

QUESTIONS = [
    "What is immunotherapy?",
    "what does nivolumab block",
    "¿qué es nivolumab?",
    "tell me about fever",
    "how many mg of nivolumab do I get",
]
CHANGES = ["withdraw", "expire", "retire", "behind", "unpublish", "other words", "delete"]


@pytest.fixture(params=["in memory", "on disk"])
def searched(
    request: pytest.FixtureRequest, settings: pytest.FixtureRequest, pack: object
) -> Iterator[str]:
    if request.param == "on disk":
        settings.LARGE_CORPUS_FROM = 1  # type: ignore[attr-defined]
        corpus_keeping.kept(corpus_keeping.folder(), index.corpus_encoder()).catch_up()
    index.current()
    yield request.param


@pytest.mark.django_db
def test_nothing_unapproved_is_ever_shown(searched: str) -> None:
    @given(
        changes=st.lists(
            st.tuples(st.sampled_from(CHANGES), st.integers(0, 99)), min_size=1, max_size=4
        ),
        question=st.sampled_from(QUESTIONS),
        language=st.sampled_from(["en", "es"]),
    )
    @hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    def shown_is_approved(changes: list[tuple[str, int]], question: str, language: str) -> None:
        with transaction.atomic():
            for change, which in changes:
                _make(change, which)
            _assert_shown_is_approved(question, language)
            transaction.set_rollback(True)

    shown_is_approved()


def _make(change: str, which: int) -> None:
    """Make one change to one row underneath the index."""
    sentences = Sentence.objects.order_by("pk")
    chosen = sentences.filter(pk=sentences[which % sentences.count()].pk)
    approvals = Approval.objects.order_by("pk")
    approval = approvals.filter(pk=approvals[which % approvals.count()].pk)
    if change == "withdraw":
        approval.update(withdrawn_at=clock.now())
    elif change == "expire":
        approval.update(review_due=clock.today() - dt.timedelta(days=1))
    elif change == "retire":
        chosen.update(retired_at=clock.now())
    elif change == "behind":
        chosen.update(behind_since=clock.now())
    elif change == "unpublish":
        pages = ReviewedPage.objects.order_by("pk")
        ReviewedPage.objects.filter(pk=pages[which % pages.count()].pk).update(live=False)
    elif change == "other words":
        chosen.update(approval=None, text="Nobody has read this.")
    elif change == "delete":
        chosen.update(page=None)


def _assert_shown_is_approved(question: str, language: str) -> None:
    answer = ask(question, language=language)
    shown = [*answer.sentences, *suggest_sentences(question, language)]
    approved = {row.pk: row for row in Sentence.objects.filter(pk__in=[one.id for one in shown])}
    assert all(approved[one.id].is_approved() for one in shown)
    assert all(approved[one.id].shown_text == one.text for one in shown)
    if answer.answered:
        assert ApprovedAnswer.objects.approved().exists()
    pages = set(Sentence.objects.approved().values_list("page_key", flat=True))
    assert set(related_page_keys(question, language)) <= pages


@pytest.mark.django_db
def test_the_index_on_disk_is_compared_with_the_database_in_both_directions(
    settings: pytest.FixtureRequest, pack: object
) -> None:
    settings.LARGE_CORPUS_FROM = 1  # type: ignore[attr-defined]
    behind = passages_check()
    assert behind.verdict is Verdict.NOTE
    many = Sentence.objects.approved().count()
    assert f"{many} approved sentences aren't in the index yet, and 0" in behind.words

    corpus_keeping.kept(corpus_keeping.folder(), index.corpus_encoder()).catch_up()
    assert passages_check().verdict is Verdict.OK

    Sentence.objects.filter(pk=Sentence.objects.approved()[0].pk).update(retired_at=clock.now())
    ahead = passages_check()
    assert ahead.verdict is Verdict.NOTE
    assert "0 approved sentences aren't in the index yet, and 1 in it" in ahead.words


@pytest.mark.django_db
def test_a_large_corpus_finds_what_the_small_one_finds(
    settings: pytest.FixtureRequest, pack: object
) -> None:
    small = [one.id for one in suggest_sentences("what does nivolumab block", "en")]
    index.forget()
    settings.LARGE_CORPUS_FROM = 1  # type: ignore[attr-defined]
    corpus_keeping.kept(corpus_keeping.folder(), index.corpus_encoder()).catch_up()

    large = [one.id for one in suggest_sentences("what does nivolumab block", "en")]

    assert small
    assert large[0] == small[0]
