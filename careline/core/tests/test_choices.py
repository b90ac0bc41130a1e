"""What a deployment may choose; anything else ends in words, never in a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.core import choices
from careline.core.choices import ChoiceRefused

REPOSITORY = Path(__file__).resolve().parents[3]
NONSENSE = [
    ("CHAT_HOURS", "foo"),
    ("CHAT_HOURS", "0=foo"),
    ("CHAT_HOURS", "9=07:00-18:00"),
    ("CHAT_HOURS", "0=25:00-26:00"),
    ("CHAT_HOLIDAYS_COUNTRY", "Atlantis"),
    ("SERVICE_TIME_ZONE", "Mars"),
    ("SERVICE_TIME_ZONE", "../../etc/passwd"),
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "foo://x"),
    ("DATABASE_URL", "mysql://x/y"),
    ("REDIS_URL", "nonsense"),
    ("CHAT_QUEUE_CAP", "abc"),
    ("TRUSTED_PROXIES", "-1"),
    ("RETENTION_DAYS_TRANSCRIPT", "-5"),
    ("RETENTION_DAYS_TRANSCRIPT", "99999999999999"),
    ("REVIEW_PERIOD_DAYS", "1.5"),
    ("HELPLINE_PHONE", "<b>call</b>"),
    ("EMERGENCY_NUMBER", "none"),
    ("QUICK_EXIT_URL", "javascript:alert(1)"),
    ("PUBLIC_URL", "help.example.org"),
    ("CARELINE_HOME", "/dev/null/here"),
    ("DJANGO_SETTINGS_MODULE", "careline.settings.nonsense"),
]


def careline(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "careline", *arguments],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "careline.settings.dev", **environment},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_ends_in_words_that_name_the_setting(
    tmp_path: Path, name: str, value: str
) -> None:
    result = careline("doctor", **{"CARELINE_HOME": str(tmp_path), name: value})

    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert name in result.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_says_what_it_still_needs(tmp_path: Path, missing: str) -> None:
    given = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "help.example.org"}
    del given[missing]
    module = "careline.settings.production"

    result = careline("doctor", CARELINE_HOME=str(tmp_path), DJANGO_SETTINGS_MODULE=module, **given)

    assert result.returncode == 2
    assert missing in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("secret", ["", "changeme"])
def test_no_secret_and_one_to_guess_are_refused_in_words(tmp_path: Path, secret: str) -> None:
    module = "careline.settings.production"
    given = {"SECRET_KEY": secret, "ALLOWED_HOSTS": "x", "DJANGO_SETTINGS_MODULE": module}

    result = careline("doctor", CARELINE_HOME=str(tmp_path), **given)

    assert result.returncode == 2
    assert "SECRET_KEY" in result.stderr
    assert "changeme" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    result = careline("doctor", CARELINE_HOME=str(tmp_path), DATABASE_URL="foo://u:hunter2@h/x")

    assert "hunter2" not in result.stderr + result.stdout


@pytest.mark.parametrize("port", ["abc", "0", "-1", "65536", "999999999", "²", "80.5"])
def test_a_port_that_is_none_is_refused_before_anything_starts(tmp_path: Path, port: str) -> None:
    result = careline("run", CARELINE_HOME=str(tmp_path), CARELINE_PORT=port)

    assert result.returncode == 2
    assert f"CARELINE_PORT={port}" in result.stderr
    assert "a whole number from 1 to 65535" in result.stderr
    assert not list(tmp_path.glob("*.sqlite3"))


def test_a_host_that_is_elsewhere_is_refused(tmp_path: Path) -> None:
    result = careline("run", CARELINE_HOME=str(tmp_path), CARELINE_HOST="192.0.2.1")

    assert result.returncode == 1
    assert "CARELINE_HOST=192.0.2.1 isn't an address of this machine" in result.stderr


def test_a_database_without_tables_ends_in_words(tmp_path: Path) -> None:
    environment = {"CARELINE_HOME": str(tmp_path), "DATABASE_URL": ""}
    result = careline("sentence", "s-000000000000", **environment)

    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "careline prepare" in result.stderr


def test_an_empty_variable_counts_as_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "")

    assert choices.number("X", 5) == 5
    assert choices.time_zone("X", "America/Chicago") == "America/Chicago"
    assert choices.phone("X", "911") == "911"
    assert choices.opening_hours("X", {"0": "07:00-18:30"}) == {}
    assert choices.country("X", "US") == ""


@pytest.mark.parametrize(
    ("given", "hours"),
    [
        ("0=07:00-18:30", {"0": "07:00-18:30"}),
        (
            "0=07:00-12:00 13:00-24:00, 6=22:00-02:00",
            {"0": "07:00-12:00 13:00-24:00", "6": "22:00-02:00"},
        ),
    ],
)
def test_opening_hours_are_read(
    monkeypatch: pytest.MonkeyPatch, given: str, hours: dict[str, str]
) -> None:
    monkeypatch.setenv("X", given)

    assert choices.opening_hours("X", {}) == hours


ANYTHING = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@settings(deadline=None)  # The list of countries is loaded once.
@given(text=ANYTHING)
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("X", text)
        for read in (
            lambda: choices.number("X", 1),
            lambda: choices.phone("X", "911"),
            lambda: choices.time_zone("X", "UTC"),
            lambda: choices.opening_hours("X", {}),
            lambda: choices.database("X", "sqlite:///x"),
            lambda: choices.redis_address("X"),
            lambda: choices.web_address("X", "http://localhost"),
            lambda: choices.country("X", "US"),
        ):
            try:
                read()
            except ChoiceRefused as refused:
                assert str(refused).startswith("X=")


@pytest.mark.parametrize("given", ["es,en", "en,en", "en,xx", "en,,es", "en;es"])
def test_languages_that_are_none_or_lack_the_first_are_refused(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("X", given)
    with pytest.raises(ChoiceRefused, match="en first, such as en,es"):
        choices.languages("X", "en,es", first="en")


def test_languages_come_with_their_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "en, es, pt-br")
    assert choices.languages("X", "en", first="en") == [
        ("en", "English"),
        ("es", "Español"),
        ("pt-br", "Português Brasileiro"),
    ]


def test_a_secret_may_begin_with_a_dollar(tmp_path: Path) -> None:
    secret = "$" + "x" * 60
    asked = "from django.conf import settings; print(settings.SECRET_KEY)"

    result = careline("shell", "--command", asked, CARELINE_HOME=str(tmp_path), SECRET_KEY=secret)

    assert secret in result.stdout
