"""The editor's screens: who gets in, and that nothing goes public around a signature."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Revision, Workflow, WorkflowTask
from wagtail.test.utils.form_data import nested_form_data, streamfield

from careline.accounts.actions import create_staff
from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.content.actions import approve_and_publish, send_for_review, withdraw
from careline.content.models import Approval, ReviewedPage, Source
from careline.content.tests.conftest import ANSWERS, page_named, signed_in
from careline.core.models import AuditEntry

NEW = "Nivolumab blocks a protein."


@pytest.fixture
def drug_page(loaded: object) -> ReviewedPage:
    return page_named("nivolumab")


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
    for user in (editor, reviewer, Staff.objects.create_superuser("root", password="x")):
        client = signed_in(user)
        assert client.get("/editor/snippets/content/drug/inspect/nivolumab/").status_code == 200
        for path in ("drug/edit/nivolumab", "source/edit/acs", "source/delete/acs", "drug/add"):
            assert client.get(f"/editor/snippets/content/{path}/").status_code == 302
            assert client.post(f"/editor/snippets/content/{path}/").status_code == 302
        bulk = reverse("wagtail_bulk_action", args=["content", "source", "delete"])
        client.post(f"{bulk}?id=acs")
    assert Source.objects.filter(pk="acs").exists()


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


@pytest.mark.parametrize("name", ["edit", "delete", "unpublish", "copy", "history"])
def test_a_reviewer_changes_no_page(drug_page: ReviewedPage, reviewer: Staff, name: str) -> None:
    url = reverse(f"wagtailadmin_pages:{name}", args=[drug_page.pk])
    data = form(drug_page, NEW, **{"action-publish": "1"})
    for response in (signed_in(reviewer).get(url), signed_in(reviewer).post(url, data)):
        assert response.status_code in (302, 403)
    page = page_named("nivolumab")
    assert page.is_signed() and page.get_latest_revision() == page.live_revision


def test_an_editor_deletes_no_page_that_was_ever_signed(
    drug_page: ReviewedPage, editor: Staff
) -> None:
    withdraw(drug_page, acting_user=editor)
    signed_in(editor).post(reverse("wagtailadmin_pages:delete", args=[drug_page.pk]))
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    signed_in(editor).post(f"{url}?id={drug_page.pk}")
    assert ReviewedPage.objects.filter(pk=drug_page.pk).exists()


def test_an_administrator_cannot_publish_either(drug_page: ReviewedPage, editor: Staff) -> None:
    draft_by(drug_page, editor)
    admin = Staff.objects.create_superuser("root", password="x")
    data = form(drug_page, NEW, **{"action-publish": "1"})
    signed_in(admin).post(edit_url(drug_page), data)
    assert not is_public(drug_page)


def test_the_editing_screens_send_button_leads_to_a_signature(
    drug_page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    data = form(drug_page, NEW, **{"action-submit": "1"})
    signed_in(editor).post(edit_url(drug_page), data)
    revision = page_named("nivolumab").get_latest_revision()
    assert AuditEntry.objects.filter(actor=editor, action="content.review_asked").exists()

    url = reverse("review_sign", args=[drug_page.pk])
    data = ANSWERS | {"revision": revision.pk}
    response = signed_in(reviewer).post(url, data, follow=True)

    assert "Signed and published" in response.content.decode()
    assert is_public(drug_page)
    approval = Approval.objects.get(reviewer=reviewer)
    assert page_named("nivolumab").signature() == approval
    assert approval.revision == revision.pk == page_named("nivolumab").live_revision_id


def test_wagtails_own_approval_publishes_nothing(
    drug_page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    draft_by(drug_page, editor)
    state = Workflow.objects.get(name="Medical review").start(page_named("nivolumab"), editor)
    task = state.current_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[drug_page.pk, "approve", task.pk])
    for user in (reviewer, Staff.objects.create_superuser("root", password="x")):
        signed_in(user).post(url, {"comment": ""})
    assert not is_public(drug_page)
    task.refresh_from_db()
    assert task.status == "in_progress"


def test_another_review_that_an_administrator_sets_up_publishes_nothing(
    drug_page: ReviewedPage, editor: Staff
) -> None:
    draft_by(drug_page, editor)
    task = GroupApprovalTask.objects.create(name="Short cut")
    workflow = Workflow.objects.create(name="Short cut")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    state = workflow.start(page_named("nivolumab"), editor)
    admin = Staff.objects.create_superuser("root", password="x")
    names = [drug_page.pk, "approve", state.current_task_state.pk]
    url = reverse("wagtailadmin_pages:workflow_action", args=names)
    signed_in(admin).post(url, {"comment": ""})
    assert not is_public(drug_page)


def test_nobody_changes_a_text_in_review(drug_page: ReviewedPage, editor: Staff) -> None:
    revision = draft_by(drug_page, editor)
    send_for_review(page_named("nivolumab"), acting_user=editor)
    for user in (editor, Staff.objects.create_superuser("root", password="x")):
        signed_in(user).post(edit_url(drug_page), form(drug_page, "Other words."))
    assert page_named("nivolumab").get_latest_revision() == revision


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
    approve_and_publish(page_named("nivolumab"), revision, acting_user=reviewer)
    signed = page_named("nivolumab").live_revision
    later = page_named("nivolumab")
    later.title = "Another title"

    saved = later.save_revision(user=editor, overwrite_revision=signed)

    assert saved.pk != signed.pk
    signed.refresh_from_db()
    assert signed.as_object().title != "Another title"


# --- Taking out of sight ---


@pytest.mark.parametrize("way", ["unpublish", "delete"])
@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize("whole_language", [False, True])
def test_not_even_an_administrator_unpublishes_or_deletes_what_was_signed(
    drug_page: ReviewedPage, way: str, bulk: bool, whole_language: bool
) -> None:
    admin = Staff.objects.create_superuser("root", password="x")
    target = drug_page.get_parent().pk if whole_language else drug_page.pk
    url = reverse(f"wagtailadmin_pages:{way}", args=[target])
    if bulk:
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", way]) + f"?id={target}"
    signed_in(admin).post(url, {"include_descendants": "on"})
    assert page_named("nivolumab").is_signed()
    assert Client().get("/en/nivolumab/").status_code == 200


def test_a_page_that_nobody_ever_signed_is_deleted(loaded: object, editor: Staff) -> None:
    page = page_named("nivolumab")
    data = form(page, NEW) | {"key": "new", "slug": "new"}
    url = reverse("wagtailadmin_pages:add", args=["content", "drugpage", page.get_parent().pk])
    signed_in(editor).post(url, data)
    made = page_named("new")
    signed_in(editor).post(reverse("wagtailadmin_pages:delete", args=[made.pk]))
    assert not ReviewedPage.objects.filter(pk=made.pk).exists()


# --- Making a page ---


def test_a_new_pages_key_is_made_of_its_address(loaded: object, editor: Staff) -> None:
    page = page_named("nivolumab")
    data = form(page, NEW) | {"key": "", "slug": "tired-out", "action-submit": "1"}
    url = reverse("wagtailadmin_pages:add", args=["content", "drugpage", page.get_parent().pk])
    signed_in(editor).post(url, data)
    made = page_named("tired-out")
    assert made.workflow_in_progress and not made.live
    assert AuditEntry.objects.filter(action="content.review_asked").exists()


def test_a_new_page_begins_with_a_heading_a_sentence_and_who_wrote_it(
    loaded: object, editor: Staff
) -> None:
    url = reverse(
        "wagtailadmin_pages:add",
        args=["content", "drugpage", page_named("nivolumab").get_parent().pk],
    )
    begun = signed_in(editor).get(url).context["form"]
    assert [block.block_type for block in begun["body"].value()] == ["heading", "passage"]
    assert begun["written_by"].value() == settings.ORGANISATION_NAME
    signed_in(editor).post(url, form(page_named("nivolumab"), NEW) | {"key": "n", "slug": "n"})
    again = signed_in(editor).get(edit_url(page_named("n"))).context["form"]
    assert [block.block_type for block in again["body"].value()] == ["passage", "regimens"]


def test_a_sentence_is_kept_on_one_line(drug_page: ReviewedPage, editor: Staff) -> None:
    signed_in(editor).post(edit_url(drug_page), form(drug_page, "Two\r\n lines."))
    draft = page_named("nivolumab").get_latest_revision_as_object()
    assert draft.body[0].value["sentences"][0]["text"] == "Two lines."


def test_the_home_leads_to_a_new_page_only_those_who_write(
    loaded: object, editor: Staff, reviewer: Staff
) -> None:
    add = reverse(
        "wagtailadmin_pages:add",
        args=["content", "articlepage", page_named("nivolumab").get_parent().pk],
    )
    assert add in signed_in(editor).get("/editor/").content.decode()
    assert "pages/add/" not in signed_in(reviewer).get("/editor/").content.decode()
