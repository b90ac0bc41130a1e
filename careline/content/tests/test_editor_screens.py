"""The editor's screens: who gets in, and that nothing goes public around a signature."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision, Workflow
from wagtail.test.utils.form_data import nested_form_data, streamfield

from careline.accounts.actions import create_staff
from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.content.models import Approval, ReviewedPage, Sentence, Source
from careline.content.tests.conftest import page_named
from careline.core.models import AuditEntry

NEW = "Nivolumab blocks a protein."


@pytest.fixture
def drug_page(loaded: object) -> ReviewedPage:
    return page_named("nivolumab")


def signed_in(user: Staff) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def form(page: ReviewedPage, text: str, **button: str) -> dict[str, Any]:
    """What the editing screen posts: the page with one sentence and its table."""
    body = streamfield(
        [
            (
                "passage",
                {
                    "style": "paragraph",
                    "sentences": {
                        "count": "1",
                        "0": {
                            "id": "",
                            "order": "0",
                            "deleted": "",
                            "type": "item",
                            "value": {
                                "text": text,
                                "label": "what",
                                "sources": _items(["acs"]),
                            },
                        },
                    },
                },
            ),
            ("regimens", ""),
        ]
    )
    data = {
        "title": page.title,
        "slug": page.slug,
        "key": page.key,
        "order": "20",
        "written_by": page.written_by,
        "summary": page.summary,
        "topic": "basics",
        "drug": "nivolumab",
        "body": body,
        "comments": {
            "TOTAL_FORMS": "0",
            "INITIAL_FORMS": "0",
            "MIN_NUM_FORMS": "0",
            "MAX_NUM_FORMS": "",
        },
    }
    posted: dict[str, Any] = nested_form_data(data)
    return posted | button


def _items(keys: list[str]) -> dict[str, Any]:
    items: dict[str, Any] = {"count": str(len(keys))}
    for n, key in enumerate(keys):
        items[str(n)] = {"id": "", "order": str(n), "deleted": "", "type": "item", "value": key}
    return items


def edit_url(page: ReviewedPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def draft_by(page: ReviewedPage, user: Staff) -> Revision:
    response = signed_in(user).post(edit_url(page), form(page, NEW))
    assert response.status_code == 302, response.context["form"].errors
    revision: Revision = page_named(page.key).get_latest_revision()
    assert revision.user == user
    return revision


def is_public(page: ReviewedPage) -> bool:
    return NEW in Client().get(f"/en/{page.key}/").content.decode()


# --- Who gets in ---


@pytest.mark.django_db
def test_nobody_gets_in_without_signing_in() -> None:
    response = Client().get("/editor/")
    assert response.status_code == 302 and "/staff/sign-in/" in response["Location"]


@pytest.mark.django_db
def test_a_specialist_does_not_get_in() -> None:
    specialist = create_staff(
        username="sam", password="correct-horse-battery", roles=[Role.SPECIALIST], acting_user=None
    )
    assert signed_in(specialist).get("/editor/").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/editor/", "/editor/snippets/content/source/", "/editor/snippets/content/claimconflict/"],
)
def test_editors_and_reviewers_get_in(
    loaded: object, editor: Staff, reviewer: Staff, path: str
) -> None:
    for user in (editor, reviewer):
        assert signed_in(user).get(path).status_code == 200


def test_the_screens_keep_the_public_policy(drug_page: ReviewedPage, editor: Staff) -> None:
    response = signed_in(editor).get(edit_url(drug_page))
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_only_a_preview_can_be_framed_and_only_by_us(
    drug_page: ReviewedPage, editor: Staff
) -> None:
    client = signed_in(editor)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[drug_page.pk])
    assert client.post(url, form(drug_page, NEW)).json()["is_valid"]
    response = client.get(url)
    assert NEW in response.content.decode()
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert not is_public(drug_page)


# --- Facts ---


def test_facts_can_be_looked_at_but_not_changed(
    loaded: object, editor: Staff, reviewer: Staff
) -> None:
    for user in (editor, reviewer):
        client = signed_in(user)
        assert client.get("/editor/snippets/content/drug/inspect/nivolumab/").status_code == 200
        assert client.get("/editor/snippets/content/drug/edit/nivolumab/").status_code == 302
        assert client.get("/editor/snippets/content/source/edit/acs/").status_code == 302


def test_an_editor_adds_a_source(loaded: object, editor: Staff) -> None:
    data = {"key": "nih", "title": "T", "publisher": "P", "kind": "guideline", "order": "0"}
    signed_in(editor).post("/editor/snippets/content/source/add/", data)
    assert Source.objects.filter(pk="nih", pack="").exists()


# --- Publishing ---


def test_an_editor_has_no_way_to_publish(drug_page: ReviewedPage, editor: Staff) -> None:
    data = form(drug_page, NEW, **{"action-publish": "1"})
    signed_in(editor).post(edit_url(drug_page), data)
    assert not is_public(drug_page)
    assert page_named("nivolumab").is_signed()


def test_a_reviewer_cannot_publish_words_of_his_own(
    drug_page: ReviewedPage, reviewer: Staff
) -> None:
    data = form(drug_page, NEW, **{"action-publish": "1"})
    response = signed_in(reviewer).post(edit_url(drug_page), data, follow=True)
    assert "You changed this text yourself" in response.content.decode()
    assert not is_public(drug_page)
    latest = page_named("nivolumab").get_latest_revision_as_object()
    assert latest.body[0].value["sentences"][0]["text"] == NEW, "the draft is lost"


def test_an_administrator_cannot_publish_either(drug_page: ReviewedPage, editor: Staff) -> None:
    draft_by(drug_page, editor)
    admin = Staff.objects.create_superuser("root", password="x")
    data = form(drug_page, NEW, **{"action-publish": "1"})
    signed_in(admin).post(edit_url(drug_page), data)
    assert not is_public(drug_page)


def test_a_reviewer_publishes_what_an_editor_wrote(
    drug_page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    draft_by(drug_page, editor)
    data = form(drug_page, NEW, **{"action-publish": "1"})
    response = signed_in(reviewer).post(edit_url(drug_page), data, follow=True)

    assert "Signed and published" in response.content.decode()
    assert is_public(drug_page)
    page = page_named("nivolumab")
    assert page.signature() == Approval.objects.get(reviewer=reviewer)
    assert AuditEntry.objects.filter(actor=reviewer, action="content.page_published").exists()


def test_review_ends_in_a_signature(
    drug_page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = draft_by(drug_page, editor)
    state = Workflow.objects.get(name="Medical review").start(page_named("nivolumab"), editor)
    task = state.current_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[drug_page.pk, "approve", task.pk])
    signed_in(reviewer).post(url, {"comment": ""})

    assert is_public(drug_page)
    assert page_named("nivolumab").live_revision_id == revision.pk
    assert Approval.objects.get(reviewer=reviewer).revision == revision.pk


def test_review_by_the_author_ends_in_nothing(drug_page: ReviewedPage, reviewer: Staff) -> None:
    draft_by(drug_page, reviewer)
    state = Workflow.objects.get(name="Medical review").start(page_named("nivolumab"), reviewer)
    task = state.current_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[drug_page.pk, "approve", task.pk])
    signed_in(reviewer).post(url, {"comment": ""})

    assert not is_public(drug_page)
    task.refresh_from_db()
    assert task.status == "in_progress"


def test_a_new_page_is_a_draft_even_if_published_at_once(
    loaded: object, reviewer: Staff, editor: Staff
) -> None:
    page = page_named("nivolumab")
    data = form(page, NEW) | {"key": "new", "slug": "new", "action-publish": "1"}
    url = reverse("wagtailadmin_pages:add", args=["content", "drugpage", page.get_parent().pk])
    for user in (reviewer, editor, Staff.objects.create_superuser("root", password="x")):
        signed_in(user).post(url, data)
        assert Client().get("/en/new/").status_code == 404


def test_bulk_publishing_is_refused(drug_page: ReviewedPage, editor: Staff) -> None:
    draft_by(drug_page, editor)
    admin = Staff.objects.create_superuser("root", password="x")
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    signed_in(admin).post(f"{url}?id={drug_page.pk}")
    assert not is_public(drug_page)
    assert page_named("nivolumab").is_signed()


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete", "copy"])
def test_the_admin_api_has_no_actions(drug_page: ReviewedPage, action: str) -> None:
    admin = Staff.objects.create_superuser("root", password="x")
    url = f"/editor/api/main/pages/{drug_page.pk}/action/{action}/"
    assert signed_in(admin).post(url).status_code == 403
    assert page_named("nivolumab").is_signed()


def test_pages_are_not_copied(drug_page: ReviewedPage) -> None:
    admin = Staff.objects.create_superuser("root", password="x")
    url = reverse("wagtailadmin_pages:copy", args=[drug_page.pk])
    signed_in(admin).post(url, {"new_title": "C", "new_slug": "c", "publish_copies": "on"})
    assert ReviewedPage.objects.filter(key="nivolumab").count() == 2


def test_pages_are_not_moved(drug_page: ReviewedPage) -> None:
    admin = Staff.objects.create_superuser("root", password="x")
    elsewhere = page_named("nivolumab", "es").get_parent()
    url = reverse("wagtailadmin_pages:move_confirm", args=[drug_page.pk, elsewhere.pk])
    signed_in(admin).post(url)
    assert page_named("nivolumab").get_parent().slug == "en"


def test_autosave_never_overwrites_what_was_signed(
    drug_page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = draft_by(drug_page, editor)
    data = form(drug_page, NEW, **{"action-publish": "1"})
    signed_in(reviewer).post(edit_url(drug_page), data)
    signed = page_named("nivolumab").live_revision
    later = page_named("nivolumab")
    later.title = "Another title"

    saved = later.save_revision(user=reviewer, overwrite_revision=signed)

    assert saved.pk not in (signed.pk, revision.pk)
    signed.refresh_from_db()
    assert signed.as_object().title != "Another title"


# --- Taking out of sight ---


def test_unpublishing_retires_the_sentences(drug_page: ReviewedPage, reviewer: Staff) -> None:
    url = reverse("wagtailadmin_pages:unpublish", args=[drug_page.pk])
    signed_in(reviewer).post(url)
    sentences = Sentence.objects.filter(page_key="nivolumab", language="en")
    assert Client().get("/en/nivolumab/").status_code == 404
    assert not sentences.filter(retired_at=None).exists()
    assert AuditEntry.objects.filter(action="content.sentences_retired").exists()


@pytest.mark.parametrize("bulk", [False, True])
def test_deleting_retires_the_sentences(drug_page: ReviewedPage, bulk: bool) -> None:
    admin = Staff.objects.create_superuser("root", password="x")
    url = reverse("wagtailadmin_pages:delete", args=[drug_page.pk])
    if bulk:
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        url += f"?id={drug_page.pk}"
    signed_in(admin).post(url)
    sentences = Sentence.objects.filter(page_key="nivolumab", language="en")
    assert sentences.exists() and not sentences.filter(retired_at=None).exists()
