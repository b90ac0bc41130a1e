"""Leaving the list: only with the mailed link, at once, and without a trace of the address."""

import pytest
from django.test import Client

from careline.engagement import tokens
from careline.engagement.models import NewsSubscription
from careline.engagement.tests.support import ADDRESS, PostOffice, confirmed, path

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("damage", ["x", "", "confirm"])
def test_a_forged_link_deletes_nothing(
    client: Client, post_office: PostOffice, damage: str
) -> None:
    subscription = confirmed(post_office)
    token = tokens.leave_token(subscription.pk)
    forged = {
        "x": token + "x",
        "": subscription.pk.hex,
        "confirm": tokens.confirm_token(subscription.pk),
    }[damage]

    for reply in (client.get(path(f"leave/{forged}/")), client.post(path(f"leave/{forged}/"))):
        assert reply.status_code == 410
    assert NewsSubscription.objects.exists()


def test_opening_the_link_alone_deletes_nothing(client: Client, post_office: PostOffice) -> None:
    subscription = confirmed(post_office)

    reply = client.get(path(f"leave/{tokens.leave_token(subscription.pk)}/"))

    assert "Stop and delete my address" in reply.content.decode()
    assert NewsSubscription.objects.exists()


def test_too_many_tries_from_one_place_are_refused(client: Client) -> None:
    replies = [client.post(path("leave/x/")).status_code for _ in range(11)]

    assert replies == [410] * 10 + [429]


def test_a_mail_program_leaves_by_one_post_without_a_cookie(post_office: PostOffice) -> None:
    subscription = confirmed(post_office)

    Client(enforce_csrf_checks=True).post(
        path(f"leave/{tokens.leave_token(subscription.pk)}/"),
        {"List-Unsubscribe": "One-Click"},
    )

    assert not NewsSubscription.objects.filter(address=ADDRESS).exists()


def test_leaving_twice_says_both_times_that_it_is_done(
    client: Client, post_office: PostOffice
) -> None:
    leave = path(f"leave/{tokens.leave_token(confirmed(post_office).pk)}/")

    for _ in range(2):
        reply = client.post(leave, follow=True)
        assert "Your address is deleted" in reply.content.decode()
