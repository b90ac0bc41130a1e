"""The screens of the medical review: who gets in, what they show, what their buttons do."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.actions import create_staff
from careline.accounts.enums import Role
from careline.accounts.models import Competency, Staff
from careline.content.actions import comment_on, send_for_review, sign_review, withdraw
from careline.content.actions.packs import load_pack
from careline.content.enums import PageState
from careline.content.extraction import sentences_of
from careline.content.models import ReviewComment, ReviewedPage
from careline.content.states import standing_of
from careline.content.tests.conftest import ANSWERS, PASSWORD, page_named, signed_in
from careline.content.tests.test_approve_and_publish import NEW, rewrite
from careline.core.models import AuditEntry

KEY = "how-it-works"
POSTS = ("review_send", "review_sign", "review_send_back", "review_withdraw", "review_comment")


def url(name: str, page: ReviewedPage, *more: Any) -> str:
    return reverse(name, args=[page.pk, *more])


def member(role: Role) -> Staff:
    return create_staff(username="m", password=PASSWORD, roles=[role], acting_user=None)


def words_of(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


@pytest.fixture
def in_review(page: ReviewedPage, editor: Staff) -> ReviewedPage:
    rewrite(page, editor)
    send_for_review(page_named(KEY), acting_user=editor)
    return page_named(KEY)


# --- Refused ---


def screens(page: ReviewedPage) -> list[str]:
    revision = page.get_latest_revision().pk
    return [
        reverse("reviews"),
        url("review", page),
        url("review_trail", page),
        url("review_preview", page, revision),
    ]


def test_nobody_sees_a_review_without_signing_in(in_review: ReviewedPage) -> None:
    for path in screens(in_review):
        assert "/staff/sign-in/" in Client().get(path)["Location"]
    for name in POSTS:
        Client().post(url(name, in_review))
    assert page_named(KEY).is_signed()


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.SUPERVISOR])
def test_other_roles_see_no_review(in_review: ReviewedPage, role: Role) -> None:
    client = signed_in(member(role))
    assert {client.get(path).status_code for path in screens(in_review)} == {403}
    assert {client.post(url(name, in_review)).status_code for name in POSTS} == {403}


def test_an_editors_post_signs_nothing(in_review: ReviewedPage, editor: Staff) -> None:
    data = ANSWERS | {"revision": in_review.get_latest_revision().pk}
    response = signed_in(editor).post(url("review_sign", in_review), data)
    assert response.status_code == 422 and "Only a medical reviewer" in words_of(response)
    assert NEW not in words_of(Client().get(f"/en/{KEY}/"))


@pytest.mark.parametrize("revision", ["", "x", "-1", "²", "9" * 30, "999999"])
def test_a_revision_that_is_none_is_not_found(
    in_review: ReviewedPage, reviewer: Staff, revision: str
) -> None:
    for name in ("review_sign", "review_comment"):
        response = signed_in(reviewer).post(url(name, in_review), {"revision": revision})
        assert response.status_code == 404


def test_a_signature_without_its_checklist_is_refused_and_keeps_the_answers(
    in_review: ReviewedPage, reviewer: Staff
) -> None:
    data: dict[str, Any] = {**ANSWERS, "revision": in_review.get_latest_revision().pk}
    del data["risk"]
    response = signed_in(reviewer).post(url("review_sign", in_review), data)
    text = response.content.decode()
    assert response.status_code == 422 and "Answer every question" in text
    assert text.count("checked") == len(ANSWERS) - 1


def test_supervisors_alone_certify(reviewer: Staff, editor: Staff) -> None:
    path = reverse("competencies")
    for user in (reviewer, editor):
        assert signed_in(user).get(path).status_code == 403
    client = signed_in(member(Role.SUPERVISOR))
    data = {"staff": editor.pk, "topic": "", "language": "en", "certified_until": "2001-01-01"}
    assert client.post(path, data).status_code == 422
    client.post(path, data | {"certified_until": "2099-01-01"})
    competency = Competency.objects.get(staff=editor)
    assert client.get(path).status_code == 200
    client.post(reverse("competency_revoke", args=[competency.pk]))
    assert not Competency.objects.filter(staff=editor).exists()


# --- Shown ---


def test_the_list_shows_what_waits_for_whom(in_review: ReviewedPage, reviewer: Staff) -> None:
    text = words_of(signed_in(reviewer).get(reverse("reviews")))
    assert "Waiting for a signature (1)" in text and "In medical review" in text


def test_the_screen_shows_each_change_and_each_signature(
    in_review: ReviewedPage, reviewer: Staff
) -> None:
    response = signed_in(reviewer).get(url("review", in_review))
    text = words_of(response)
    assert "<ins>your own</ins>" in response.content.decode()
    assert "changed by Edith" in text and "Sign and publish" in text
    assert "Signed for a demonstration only" in text


def test_the_preview_shows_the_draft_to_staff_only(
    in_review: ReviewedPage, reviewer: Staff
) -> None:
    path = url("review_preview", in_review, in_review.get_latest_revision().pk)
    response = signed_in(reviewer).get(path)
    assert NEW in words_of(response)
    assert NEW not in words_of(Client().get(f"/en/{KEY}/"))


def test_the_editors_home_leads_to_the_reviews(in_review: ReviewedPage, reviewer: Staff) -> None:
    response = signed_in(reviewer).get("/editor/")
    assert reverse("reviews") in response.content.decode()
    assert url("review", in_review) in response.content.decode()
    assert "Waiting for a signature: 1" in words_of(response)


# --- Done ---


def test_comments_stand_at_their_sentence_until_settled(
    in_review: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = in_review.get_latest_revision()
    sentence = next(iter(in_review.sentences.filter(label="fever"))).pk
    data = {"revision": revision.pk, "sentence": sentence, "words": "Is it <b>common</b>?"}
    response = signed_in(reviewer).post(url("review_comment", in_review), data)
    assert response["Location"].endswith(f"#{sentence}")
    comment = ReviewComment.objects.get()

    client = signed_in(editor)
    shown = client.get(url("review", in_review)).content.decode()
    assert "Is it &lt;b&gt;common&lt;/b&gt;?" in shown

    client.post(url("review_settle", in_review, comment.pk))
    assert "Is it" not in client.get(url("review", in_review)).content.decode()


def test_a_comment_on_words_that_changed_still_shows_with_them(
    in_review: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    draft = in_review.get_latest_revision()
    sentence = sentences_of(draft.as_object())[0].id
    comment_on(in_review, draft, "Too long.", sentence_id=sentence, acting_user=reviewer)
    signed_in(reviewer).post(url("review_send_back", in_review), {"words": "See above."})
    rewrite(page_named(KEY), editor, "It helps.")
    send_for_review(page_named(KEY), acting_user=editor)
    text = words_of(signed_in(editor).get(url("review", in_review)))
    assert "Too long." in text and NEW in text and "See above." in text


def test_one_click_withdraws_at_once(page: ReviewedPage, reviewer: Staff) -> None:
    reader = Client()
    for _visit in range(2):  # The second may come from what is kept ready.
        assert reader.get(f"/en/{KEY}/").status_code == 200
    signed_in(reviewer).post(url("review_withdraw", page))
    assert reader.get(f"/en/{KEY}/").status_code == 404
    assert AuditEntry.objects.filter(actor=reviewer, action="content.page_withdrawn").exists()


def test_the_editing_screen_withdraws_too(page: ReviewedPage, editor: Staff) -> None:
    client = signed_in(editor)
    edit = url("wagtailadmin_pages:edit", page)
    assert "action-withdraw" in client.get(edit).content.decode()
    client.post(edit, {"action-withdraw": "1"})
    assert standing_of(page_named(KEY)).public is PageState.WITHDRAWN
    assert "action-withdraw" not in client.get(edit).content.decode()


def test_a_withdrawn_page_is_given_back_by_a_signature(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    withdraw(page, acting_user=editor)
    client = signed_in(reviewer)
    assert "Its signature was withdrawn" in words_of(client.get(url("review", page)))
    data = ANSWERS | {"revision": page.approvals.get().revision}
    client.post(url("review_sign", page), data)
    assert Client().get(f"/en/{KEY}/").status_code == 200


def test_the_trail_says_who_did_what(
    in_review: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = in_review.get_latest_revision()
    sign_review(in_review, revision, answers=ANSWERS, acting_user=reviewer)
    text = words_of(signed_in(editor).get(url("review_trail", in_review)))
    for words in ("Edith Draft saved", "Edith Sent for review", "Rita Signed and published"):
        assert words in text


def test_a_pack_does_not_end_a_review(
    in_review: ReviewedPage, loaded: Any, reviewer: Staff
) -> None:
    load_pack(loaded, again=True)
    assert standing_of(page_named(KEY)).draft is PageState.IN_REVIEW
