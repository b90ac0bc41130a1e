"""Withdrawing takes effect at once, in pages and in answers."""

import pytest
from django.test import Client

from careline.accounts.models import Staff
from careline.content import version
from careline.content.actions import approve_and_publish, load_pack, withdraw
from careline.content.enums import SentenceState
from careline.content.errors import PublishingRefused
from careline.content.models import ReviewedPage, Sentence
from careline.content.tests.conftest import page_named


def test_a_stranger_cannot_withdraw(page: ReviewedPage) -> None:
    with pytest.raises(PublishingRefused):
        withdraw(page, acting_user=Staff.objects.create_user("nobody"))
    assert page.is_signed()


def test_a_withdrawn_page_is_gone_at_once(
    page: ReviewedPage, editor: Staff, client: Client
) -> None:
    before = version.current()
    sentence = page.sentences.first()

    withdraw(page, acting_user=editor)

    assert client.get("/en/how-it-works/").status_code == 404
    assert not Sentence.objects.approved().filter(page_id=page.pk).exists()
    assert Sentence.objects.get(pk=sentence.pk).state() is SentenceState.WITHDRAWN
    assert version.current() > before


def test_loading_the_same_pack_does_not_bring_it_back(
    page: ReviewedPage, editor: Staff, loaded: object
) -> None:
    withdraw(page, acting_user=editor)
    load_pack(loaded, again=True)  # type: ignore[arg-type]
    assert not page_named("how-it-works").live


def test_a_new_signature_brings_it_back(
    page: ReviewedPage, editor: Staff, reviewer: Staff, client: Client
) -> None:
    withdraw(page, acting_user=reviewer)
    revision = page_named("how-it-works").save_revision(user=editor)
    approve_and_publish(page, revision, acting_user=reviewer)

    assert client.get("/en/how-it-works/").status_code == 200
    assert Sentence.objects.approved().filter(page_id=page.pk).exists()
