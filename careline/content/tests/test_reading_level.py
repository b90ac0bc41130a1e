"""Measuring a text while it is typed."""

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.actions import create_staff
from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.content.models import ReviewedPage
from careline.content.reading_levels import of_saved, of_typed
from careline.content.reading_views import MOST_CHARACTERS, MOST_CONFLICTS
from careline.content.tests.conftest import PASSWORD, signed_in

URL = "/editor/reading-level/"
HARD = "Gastrointestinal inflammation necessitates administration of corticosteroids immediately."


def typed(user: Staff, *texts: str, **more: object) -> str:
    response = signed_in(user).post(URL, {"language": "en", "text": texts, **more})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_only_those_who_edit_content_have_a_text_measured() -> None:
    assert Client().post(URL, {"language": "en", "text": "A word."}).status_code == 403
    sam = create_staff(username="sam", password=PASSWORD, roles=[Role.SPECIALIST], acting_user=None)
    assert signed_in(sam).post(URL, {"language": "en", "text": "A word."}).status_code == 403


def test_what_is_no_text_of_a_page_is_refused(editor: Staff) -> None:
    client = signed_in(editor)
    assert client.get(URL).status_code == 405
    for wrong in (
        {"text": "A word."},
        {"language": "xx", "text": "A word."},
        {"language": "en", "text": "a" * (MOST_CHARACTERS + 1)},
        {"language": "en", "conflict": ["when"] * (MOST_CONFLICTS + 1)},
    ):
        assert client.post(URL, wrong).status_code == 400


def test_it_asks_for_the_forms_token(editor: Staff) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(URL, {"language": "en", "text": "A word."}).status_code == 403


def test_typing_without_end_is_slowed(editor: Staff) -> None:
    client = signed_in(editor)
    codes = {client.post(URL, {"language": "en"}).status_code for _ in range(241)}
    assert codes == {200, 429}


def test_the_figures_come_with_a_verdict(editor: Staff) -> None:
    assert "too hard to read" in typed(editor, HARD)
    assert "easy enough to read" in typed(editor, "Call your team.", "They can help you.")
    assert "Nothing to measure" in typed(editor, "")


def test_a_text_reads_typed_as_it_reads_saved(page: ReviewedPage, editor: Staff) -> None:
    texts = [
        value["text"]
        for block in page.body
        if block.block_type == "passage"
        for value in block.value["sentences"]
    ]
    assert of_typed([*texts, texts[0]], ["when", "unknown"], "en") == of_saved(page)


def test_the_editor_names_the_route_and_the_language(page: ReviewedPage, editor: Staff) -> None:
    shown = signed_in(editor).get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    text = shown.content.decode()
    assert f'data-reading-level="{URL}" data-language="en"' in text
    assert "js/reading-level" in text
