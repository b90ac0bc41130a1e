"""The link in the mail: forged, old and used ones change nothing."""

import uuid

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from careline.engagement import actions, tokens
from careline.engagement.models import NewsSubscription
from careline.engagement.tests.support import PostOffice, confirmed, path, token_in

pytestmark = pytest.mark.django_db


def _assert_refused(client: Client, token: str) -> None:
    for reply in (client.get(path(f"confirm/{token}/")), client.post(path(f"confirm/{token}/"))):
        assert reply.status_code == 410
        assert "This link can't be used" in reply.content.decode()


def test_forged_tokens_are_refused(client: Client, post_office: PostOffice) -> None:
    [message] = post_office.sign_up()
    token = token_in(message, "confirm")
    subscription = NewsSubscription.objects.get()
    for forged in (
        token[:-1],
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        "x",
        "a:b:c",
        subscription.pk.hex,
        tokens.leave_token(subscription.pk),
    ):
        with pytest.raises(tokens.LinkRefused):
            actions.confirm(forged, acting_user=None)
    _assert_refused(client, token[:-1])
    assert not NewsSubscription.objects.consenting().exists()


@given(st.text())
def test_no_text_is_a_token(text: str) -> None:
    for read in (tokens.read_confirm_token, tokens.read_leave_token):
        with pytest.raises(tokens.LinkRefused):
            read(text)


def test_a_token_of_nobody_is_refused(client: Client) -> None:
    _assert_refused(client, tokens.confirm_token(uuid.uuid4()))


def test_a_used_token_is_refused(client: Client, post_office: PostOffice) -> None:
    [message] = post_office.sign_up()
    token = token_in(message, "confirm")
    actions.confirm(token, acting_user=None)
    before = NewsSubscription.objects.values().get()

    _assert_refused(client, token)
    assert NewsSubscription.objects.values().get() == before


def test_a_token_from_before_leaving_does_not_sign_up_again(
    client: Client, post_office: PostOffice
) -> None:
    [message] = post_office.sign_up()
    actions.leave(token_in(message, "leave"), acting_user=None)
    post_office.sign_up()

    _assert_refused(client, token_in(message, "confirm"))


def test_a_token_is_too_old_after_a_week(
    client: Client, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    [message] = post_office.sign_up()
    clock.shift(7 * 86_400 + 1)

    _assert_refused(client, token_in(message, "confirm"))


def test_too_many_tries_from_one_place_are_refused(client: Client) -> None:
    replies = [client.get(path("confirm/x/")).status_code for _ in range(11)]

    assert replies == [410] * 10 + [429]


def test_opening_the_link_alone_is_no_consent(client: Client, post_office: PostOffice) -> None:
    [message] = post_office.sign_up()

    reply = client.get(path(f"confirm/{token_in(message, 'confirm')}/"))

    assert reply.status_code == 200
    assert "no-store" in reply.headers["Cache-Control"]
    assert not NewsSubscription.objects.consenting().exists()


def test_pressing_the_button_records_the_consent(
    client: Client, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    [message] = post_office.sign_up()
    clock.shift(3600)

    reply = client.post(path(f"confirm/{token_in(message, 'confirm')}/"), follow=True)

    subscription = NewsSubscription.objects.consenting().get()
    assert "You are on the list" in reply.content.decode()
    assert subscription.consented_at is not None
    assert (subscription.consented_at - subscription.mailed_at).total_seconds() == 3600
    assert (subscription.delete_after - subscription.consented_at).days == 730


def test_consent_ends_with_its_time(post_office: PostOffice, clock: time_machine.Traveller) -> None:
    confirmed(post_office)
    clock.shift(730 * 86_400)
    assert not NewsSubscription.objects.consenting().exists()

    [message] = post_office.sign_up()
    assert "/confirm/" in message.body
