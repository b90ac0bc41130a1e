"""POST /api/ask: every refusal says what to do; the reply is the batch file's object."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from careline.answers import ask
from careline.core import ratelimit
from careline.core.ratelimit import Limit

URL = "/api/ask"


@pytest.fixture
def program() -> Client:
    return Client(enforce_csrf_checks=True)


def send(program: Client, body: object) -> Any:
    return program.post(URL, body, content_type="application/json")


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("{", 400, "unreadable"),
        ("[" * 100_000, 400, "unreadable"),
        (b"\xff\xfe", 400, "unreadable"),
        ("[]", 400, "unreadable"),
        ("{}", 400, "question_missing"),
        ('{"question": ""}', 400, "question_missing"),
        ('{"question": ["x"]}', 400, "question_missing"),
        ('{"question": "%s"}' % ("x" * 20_001), 413, "too_long"),
        ("x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), 413, "too_long"),
    ],
)
def test_a_bad_request_is_explained(
    db: None, program: Client, body: object, status: int, error: str
) -> None:
    response = send(program, body)
    assert response.status_code == status
    assert response.json()["error"] == error
    assert response.json()["message"]


def test_only_post_is_taken(db: None, program: Client) -> None:
    response = program.get(URL, {"question": "what is PD-1"})
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert response.json()["message"]


def test_too_many_from_one_place_are_slowed_with_json(
    db: None, program: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratelimit, "allow", lambda limit, *_args, **_kw: limit is not Limit.ASK)
    response = send(program, {"question": "what is PD-1"})
    assert response.status_code == 429
    assert response["Retry-After"]
    assert response.json()["error"] == "too_many_requests"


def test_json_and_form_get_the_same_object_as_the_batch_file(pack: Path, program: Client) -> None:
    expected = ask("what is immunotherapy", language="en").as_dict()
    as_json = send(program, {"question": "what is immunotherapy", "language": "en"}).json()
    as_form = program.post(URL, {"question": "what is immunotherapy", "language": "en"}).json()
    for reply in (expected, as_json, as_form):
        reply.pop("ms")
    assert expected == as_json == as_form


def test_an_odd_language_falls_back(pack: Path, program: Client) -> None:
    reply = send(program, {"question": "nivolumab", "language": {"x": 1}}).json()
    assert reply["language"] == "en"


def test_nothing_is_set_in_the_browser(pack: Path, program: Client) -> None:
    assert not send(program, {"question": "what is immunotherapy"}).cookies
