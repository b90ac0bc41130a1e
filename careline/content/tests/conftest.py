"""What the content tests share: a small loaded pack, an editor and two medical reviewers."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from careline.accounts.actions import Training, create_staff, set_competencies
from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.content.actions import grant_group_permissions
from careline.content.actions.packs import load_pack
from careline.content.checklist import QUESTIONS
from careline.content.models import ApprovedAnswer, ReviewedPage, Sentence
from careline.content.tests.packmaker import write_pack
from careline.core import clock

WrittenOnce = Callable[[Callable[[], object]], None]
PASSWORD = "correct-horse-battery-staple"
ANSWERS = {question.key: "yes" for question in QUESTIONS}


@pytest.fixture
def pack_folder(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "tiny")


@pytest.fixture(scope="module")
def loaded_once(written_once: WrittenOnce, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = write_pack(tmp_path_factory.mktemp("packs") / "tiny")
    written_once(lambda: load_pack(folder))


@pytest.fixture
def loaded(loaded_once: None, db: None, pack_folder: Path) -> Path:
    """A pack that is loaded: a copy of its folder for this test to change."""
    return pack_folder


@pytest.fixture
def page(loaded: Path) -> ReviewedPage:
    return page_named("how-it-works")


@pytest.fixture
def editor(db: None) -> Staff:
    return new_staff("edith", Role.EDITOR)


@pytest.fixture
def reviewer(db: None) -> Staff:
    return new_staff("rita", Role.MEDICAL_REVIEWER)


@pytest.fixture
def other_reviewer(db: None) -> Staff:
    return new_staff("omar", Role.MEDICAL_REVIEWER)


def new_staff(username: str, role: Role) -> Staff:
    """Make somebody who signs in; a reviewer is certified for everything."""
    grant_group_permissions()
    staff = create_staff(
        username=username,
        password=PASSWORD,
        roles=[role],
        alias=username.title(),
        professional_title="MD" if role is Role.MEDICAL_REVIEWER else "",
        acting_user=None,
    )
    if role is Role.MEDICAL_REVIEWER:
        until = clock.today() + dt.timedelta(days=3650)
        trainings = [Training("", language, until) for language in ("en", "es")]
        set_competencies(staff, trainings, acting_user=None)
    return staff


def page_named(key: str, language: str = "en") -> ReviewedPage:
    found: ReviewedPage = ReviewedPage.objects.in_language(language).get(key=key)
    return found.specific  # type: ignore[no-any-return]


def whole_answer(language: str) -> list[Sentence]:
    """Return the sentences of the pack's answer in a language; empty where one is missing."""
    approved = Sentence.objects.approved().in_language(language)
    return ApprovedAnswer.objects.get(key="what").whole(approved.by_name())


def signed_in(user: Staff) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
