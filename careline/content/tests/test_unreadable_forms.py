"""Forms that no screen of the editor sends are refused, and never end in an error of ours."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.content.middleware import UnreadableFormMiddleware
from careline.content.models import ReviewedPage
from careline.content.tests.conftest import page_named, signed_in
from careline.content.tests.test_editor_screens import NEW, edit_url, form

SPOILT = [None, "", "x", "-1", "²", "9" * 30, "\x00"]


@pytest.mark.parametrize("value", SPOILT)
def test_a_spoilt_field_is_refused(loaded: object, editor: Staff, value: str | None) -> None:
    page = page_named("nivolumab")
    client = signed_in(editor)
    client.raise_request_exception = False
    whole = form(page, NEW)
    failed = [
        name
        for name in whole
        if client.post(edit_url(page), _spoil(whole, name, value)).status_code >= 500
    ]
    assert failed == []


def _spoil(whole: dict[str, Any], name: str, value: str | None) -> dict[str, Any]:
    rest = {each: words for each, words in whole.items() if each != name}
    return rest if value is None else rest | {name: value}


@pytest.mark.parametrize("name", ["edit", "preview_on_edit", "workflow_preview"])
@pytest.mark.parametrize("data", [{}, {"body-count": "1"}, {"title": "T", "action-submit": "1"}])
def test_an_empty_form_is_refused(
    loaded: object, editor: Staff, name: str, data: dict[str, str]
) -> None:
    page: ReviewedPage = page_named("nivolumab")
    client = signed_in(editor)
    client.raise_request_exception = False
    names = [page.pk, 1] if name == "workflow_preview" else [page.pk]
    response = client.post(reverse(f"wagtailadmin_pages:{name}", args=names), data)
    assert response.status_code < 500


def test_an_error_elsewhere_stays_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = UnreadableFormMiddleware(Client().get)  # type: ignore[arg-type]
    request = type("Request", (), {"method": "POST", "path": "/editor/"})()
    try:
        raise KeyError("ours")
    except KeyError as error:
        assert guard.process_exception(request, error) is None
