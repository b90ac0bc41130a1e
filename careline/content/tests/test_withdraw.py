"""Withdrawing takes effect at once, in pages and in answers."""

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.content import version
from careline.content.actions import approve_and_publish, explain_withdrawal, withdraw
from careline.content.actions.packs import load_pack
from careline.content.enums import SentenceState, WithdrawalReason
from careline.content.errors import PublishingRefused
from careline.content.models import ReviewedPage, Sentence
from careline.content.tests.conftest import page_named, signed_in
from careline.content.withdrawals import why_withdrawn
from careline.core.models import AuditEntry


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


# --- Why ---


def test_a_reason_is_refused_where_there_is_nothing_to_explain(
    page: ReviewedPage, editor: Staff
) -> None:
    with pytest.raises(PublishingRefused, match="isn't withdrawn"):
        explain_withdrawal(page, "wrong", acting_user=editor)
    withdraw(page, acting_user=editor)
    with pytest.raises(PublishingRefused, match="Choose why"):
        explain_withdrawal(page, "because", acting_user=editor)
    with pytest.raises(PublishingRefused):
        explain_withdrawal(page, "wrong", acting_user=Staff.objects.create_user("nobody"))
    assert why_withdrawn(page) is None


def test_the_reason_goes_on_record_without_typed_words(page: ReviewedPage, editor: Staff) -> None:
    client = signed_in(editor)
    client.post(reverse("review_withdraw", args=[page.pk]))
    screen = reverse("review", args=[page.pk])
    assert "Why was this page withdrawn?" in client.get(screen).content.decode()
    data = {"reason": "source", "words": "The label says <b>otherwise</b>."}
    client.post(reverse("review_say_why", args=[page.pk]), data)
    entry = AuditEntry.objects.get(action="content.withdrawal_explained")
    assert entry.actor_id == editor.pk and entry.detail == {"reason": "source"}
    shown = client.get(screen).content.decode()
    assert "A source changed or was withdrawn" in shown and "Why was this page" not in shown
    assert "The label says &lt;b&gt;otherwise" in shown
    trail = client.get(reverse("review_trail", args=[page.pk])).content.decode()
    assert "Reason for the withdrawal: A source changed" in trail


def test_each_withdrawal_has_a_reason_of_its_own(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    withdraw(page, acting_user=editor)
    explain_withdrawal(page, "outdated", acting_user=editor)
    assert why_withdrawn(page) is WithdrawalReason.OUTDATED
    revision = page_named("how-it-works").save_revision(user=editor)
    approve_and_publish(page, revision, acting_user=reviewer)
    withdraw(page_named("how-it-works"), acting_user=reviewer)
    assert why_withdrawn(page) is None
