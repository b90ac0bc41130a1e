"""careline sentence: every id resolves, for good."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from careline.content.models import ReviewedPage, Sentence
from careline.content.tests.conftest import page_named


def printed(pk: str) -> str:
    out = StringIO()
    call_command("sentence", pk, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_an_unknown_id_is_said_to_be_unknown() -> None:
    with pytest.raises(CommandError, match="no sentence 's-nothing'"):
        printed("s-nothing")


def test_everything_behind_a_sentence_is_printed(page: ReviewedPage) -> None:
    sentence = Sentence.objects.get(page=page, label="what")
    text = printed(sentence.pk)
    for part in (
        "Immunotherapy helps the body fight cancer.",
        "How it works (how-it-works)",
        f"/en/how-it-works/#{sentence.pk}",
        f"revision:     {page.live_revision_id}",
        "Demonstration review (demonstration)",
        "2026-01-01",
        "2099-01-01",
        "A society. A page. April 2025. read 2026-01-01. https://example.org/page",
        "state:        approved",
    ):
        assert part in text


def test_a_sentence_of_a_deleted_page_still_resolves(page: ReviewedPage) -> None:
    pk = Sentence.objects.filter(page=page)[0].pk
    page_named("how-it-works").delete()
    text = printed(pk)
    assert "the page is gone" in text and "state:        unpublished" in text


@pytest.mark.parametrize("typed", ["", "s-000000000000", "\udcff", "a\x00", "x" * 5_000, "'; --"])
@pytest.mark.django_db
def test_what_is_no_sentence_is_refused_kindly(typed: str) -> None:
    with pytest.raises(CommandError, match="An id looks like s-0123456789ab"):
        call_command("sentence", typed)
