"""Every way round the review that we could think of, tried."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from careline.accounts.models import Staff
from careline.content.actions import send_for_review, sign_review, withdraw
from careline.content.models import Approval, ClaimConflict, ReviewedPage, Sentence
from careline.content.tests.conftest import ANSWERS, page_named, signed_in
from careline.content.tests.test_approve_and_publish import rewrite
from careline.content.tests.test_editor_screens import edit_url, form
from careline.core.access import Audience

KEY = "how-it-works"
# Words that no page has. One is asked for, and may be shown again; the other may not.
ASKED, MARK = "Xylophonin", "Wombatine"
DRAFT = f"{ASKED} and {MARK} help the body fight cancer."


@pytest.fixture
def drafted(page: ReviewedPage, editor: Staff) -> ReviewedPage:
    """A public page with a draft in review that nobody has signed."""
    draft = page.get_latest_revision_as_object()
    draft.body[1].value["sentences"][0]["text"] = DRAFT
    draft.title = f"All about {MARK}"
    draft.summary = f"What {MARK} does."
    draft.save_revision(user=editor)
    send_for_review(page_named(KEY), acting_user=editor)
    return page_named(KEY)


# --- A draft leaks nowhere ---


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, start: str = "/"
) -> Iterator[tuple[str, Any]]:
    """Every route that has no variable part, with its view."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        path = start + str(each.pattern)
        if "<" in path or "(" in path or "^" in path:
            continue
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, path)
        else:
            yield path, each.callback


def public_routes() -> list[str]:
    return [
        path
        for path, view in routes()
        if getattr(getattr(view, "access_rule", None), "audience", None) is Audience.PUBLIC
    ]


def readable_without_signing_in(page: ReviewedPage) -> Iterator[str]:
    """The public routes, found by looking, and the addresses that a page has."""
    for path in public_routes():
        yield path
        for name in ("q", "query", "text", "question"):
            yield f"{path}?{name}={ASKED}"
    revision = page.get_latest_revision().pk
    yield from (f"/{page.language}/{page.slug}/", f"/{page.language}/{page.slug}/?preview=1")
    yield from (f"/{page.language}/{part}/{page.key}/" for part in ("history", "feedback"))
    yield f"/api/content/pages/{page.language}/{page.key}"
    yield reverse("review", args=[page.pk])
    yield reverse("review_preview", args=[page.pk, revision])
    yield reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    yield reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    yield f"/editor/api/main/pages/{page.pk}/"
    yield f"/editor/api/main/pages/?search={ASKED}"


def test_a_draft_leaks_through_no_route(drafted: ReviewedPage) -> None:
    paths = list(readable_without_signing_in(drafted))
    assert len(public_routes()) > 10, "the routes weren't found"
    leaks = [path for path in paths if _leaks(Client(), path)]
    assert leaks == []


def _leaks(client: Client, path: str) -> bool:
    response = client.get(path)
    parts: Any = getattr(response, "streaming_content", None) or [response.content]
    body = b"".join(parts)
    return MARK.encode() in body


def answered(question: str) -> list[dict[str, Any]]:
    """Return the sentences of the reply, asked by its address: answers stand above content."""
    reply = Client().post("/api/ask", {"question": question, "language": "en"}).json()
    sentences: list[dict[str, Any]] = reply["sentences"]
    return sentences


@pytest.mark.parametrize("where", ["/en/history/", "/en/feedback/", "/api/content/pages/en/"])
def test_the_addresses_of_a_page_were_found(page: ReviewedPage, where: str) -> None:
    found = [path for path in readable_without_signing_in(page) if path.startswith(where)]
    assert found and {Client().get(path).status_code for path in found} == {200}


def test_the_routes_that_are_asked_hold_search_feed_api_and_answers() -> None:
    wanted = {"/en/search/", "/en/changes.atom", "/api/content/sentences", "/en/ask/", "/en/words/"}
    assert wanted <= set(public_routes())


def test_a_draft_leaks_through_no_answer(drafted: ReviewedPage) -> None:
    for question in (DRAFT.replace(MARK, ""), f"what is {ASKED}", "what is it"):
        assert all(MARK not in sentence["text"] for sentence in answered(question))


def test_a_draft_leaks_through_no_exported_pack(drafted: ReviewedPage, tmp_path: Path) -> None:
    target = tmp_path / "out"
    call_command("export_pack", "tiny", str(target))
    files = [file for file in target.rglob("*") if file.is_file()]
    assert files and not any(MARK.encode() in file.read_bytes() for file in files)


def test_a_signed_draft_does_show_where_it_should(drafted: ReviewedPage, reviewer: Staff) -> None:
    """So that the tests above couldn't pass for want of looking."""
    revision = drafted.get_latest_revision()
    sign_review(drafted, revision, answers=ANSWERS, acting_user=reviewer)
    assert _leaks(Client(), f"/en/{KEY}/")
    assert Sentence.objects.approved().filter(text=DRAFT).exists()


# --- Nobody publishes without another's signature ---


def everything(page: ReviewedPage, revision: int) -> list[tuple[str, dict[str, Any]]]:
    """Every post that publishes somewhere in Wagtail or here."""
    nivolumab = page_named("nivolumab")
    posts: list[tuple[str, dict[str, Any]]] = [
        (reverse("review_sign", args=[page.pk]), {**ANSWERS, "revision": revision}),
        (edit_url(nivolumab), form(nivolumab, DRAFT, **{"action-publish": "1"})),
        (edit_url(nivolumab), form(nivolumab, DRAFT, **{"action-workflow-action": "1"})),
        (reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]), {}),
    ]
    names = ("publish", "copy", "unpublish", "revert_to_page_revision", "create_alias")
    posts += [(f"/editor/api/main/pages/{page.pk}/action/{name}/", {}) for name in names]
    for task in _task_states(page):
        for action in ("approve", "reject"):
            url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, task])
            posts.append((url, {}))
    return posts


def _task_states(page: ReviewedPage) -> list[int]:
    state = page.current_workflow_state
    return [state.current_task_state.pk] if state else []


def test_no_post_of_the_author_publishes(drafted: ReviewedPage, editor: Staff) -> None:
    _try_everything(drafted, editor)


def test_no_post_of_an_administrator_publishes(drafted: ReviewedPage) -> None:
    _try_everything(drafted, Staff.objects.create_superuser("root", password="x"))


def test_no_post_of_a_reviewer_who_wrote_it_publishes(page: ReviewedPage, reviewer: Staff) -> None:
    rewrite(page, reviewer, DRAFT)
    send_for_review(page_named(KEY), acting_user=reviewer)
    _try_everything(page_named(KEY), reviewer)


def test_no_post_of_a_reviewer_whose_competency_expired_publishes(
    drafted: ReviewedPage, reviewer: Staff
) -> None:
    reviewer.competencies.update(certified_until="2001-01-01")
    _try_everything(drafted, reviewer)


def test_no_post_of_somebody_who_has_left_publishes(drafted: ReviewedPage, reviewer: Staff) -> None:
    Staff.objects.filter(pk=reviewer.pk).update(is_active=False)
    _try_everything(drafted, reviewer)


def _try_everything(page: ReviewedPage, user: Staff) -> None:
    before = set(Approval.objects.values_list("pk", flat=True))
    revision = page.get_latest_revision().pk
    for path, data in everything(page, revision):
        client = signed_in(user)
        assert client.post(f"{path}?id={page.pk}", data).status_code < 500, path
        assert client.post(path, data).status_code < 500, path
    assert set(Approval.objects.values_list("pk", flat=True)) == before
    assert not Sentence.objects.filter(text=DRAFT).exists()
    for each in ReviewedPage.objects.filter(live=True):
        signature = each.signature()
        assert signature is not None and signature.revision == each.live_revision_id


def test_two_reviewers_do_not_sign_each_others_half_of_one_text(
    page: ReviewedPage, reviewer: Staff, other_reviewer: Staff
) -> None:
    rewrite(page, reviewer, "One half.")
    rewrite(page, other_reviewer, DRAFT)
    send_for_review(page_named(KEY), acting_user=reviewer)
    for user in (reviewer, other_reviewer):
        _try_everything(page_named(KEY), user)


# --- Conflicts of sources ---


def test_no_way_publishes_an_open_conflict_not_even_a_signature(
    drafted: ReviewedPage, reviewer: Staff
) -> None:
    """By a pack neither: test_load_pack."""
    ClaimConflict.objects.filter(key="when").update(status="open")
    _try_everything(drafted, reviewer)


def test_a_noted_conflict_is_published_with_its_note(
    drafted: ReviewedPage, reviewer: Staff
) -> None:
    revision = drafted.get_latest_revision().pk
    signed_in(reviewer).post(
        reverse("review_sign", args=[drafted.pk]), {**ANSWERS, "revision": revision}
    )
    text = Client().get(f"/en/{KEY}/").content.decode()
    for part in (MARK, "Our sources differ on when", "It is used first.", "It is used later."):
        assert part in text


# --- What was signed stays what was signed ---


def test_an_edit_after_the_signature_is_a_draft_again(
    drafted: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = drafted.get_latest_revision()
    sign_review(drafted, revision, answers=ANSWERS, acting_user=reviewer)
    later = rewrite(page_named(KEY), editor, "Wombats help the body.")
    data: dict[str, Any] = {**ANSWERS, "revision": later.pk}
    signed_in(reviewer).post(reverse("review_sign", args=[drafted.pk]), data)
    page = page_named(KEY)
    assert page.live_revision_id == revision.pk
    assert "Wombats" not in Client().get(f"/en/{KEY}/").content.decode()


def test_an_overwritten_revision_takes_no_signature_with_it(
    drafted: ReviewedPage, editor: Staff
) -> None:
    revision = drafted.get_latest_revision()
    other = drafted.get_latest_revision_as_object()
    other.title = "Slipped in"
    saved = other.save_revision(user=editor, overwrite_revision=revision)
    revision.refresh_from_db()
    assert saved.pk != revision.pk and revision.as_object().title != "Slipped in"


def test_a_withdrawn_page_comes_back_by_no_other_way(
    page: ReviewedPage, editor: Staff, loaded: Path
) -> None:
    withdraw(page, acting_user=editor)
    call_command("load_pack", str(loaded))
    admin = signed_in(Staff.objects.create_superuser("root", password="x"))
    admin.post(edit_url(page), {"action-publish": "1"})
    revision = page_named(KEY).get_latest_revision().pk
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revision])
    admin.post(revert, {"action-publish": "1"})
    assert not page_named(KEY).live
    assert Client().get(f"/en/{KEY}/").status_code == 404
    assert all(sentence["page"] != page.title for sentence in answered("what is it"))
