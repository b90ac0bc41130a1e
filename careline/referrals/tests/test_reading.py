"""A bad resources file is refused with its line and what is expected."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from careline.referrals.enums import PhoneKind
from careline.referrals.file_format import PhoneEntry
from careline.referrals.reading import ResourceFileError, read_resources
from careline.referrals.tests.factories import FILE, write_file


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("assured_by: Dana", "", 13, "this field, which is required"),
        ("    assured_on: 2026-11-02\n", "", 13, "this field, which is required"),
        ("assured_on: 2026-11-02", "assured_on: soon", 22, "a date, YYYY-MM-DD"),
        ("assured_on: 2026-11-02", "assured_on: 2999-01-01", 22, "isn't after today"),
        ("coverage: US-IL", "coverage: Illinois", 20, "match pattern"),
        ("coverage: US-IL", "colour: red\n    coverage: US", 20, "is it misspelled?"),
        ("number: 1-800-555-0100", "number: 988", 19, "put it in quotes"),
        ("number: 1-800-555-0100", "number: 555-0100", 19, "its country code"),
        ("number: 1-800-555-0100", 'number: "988"\n        kind: pager', 20, "'voice', 'text'"),
        ("needs: [rides]", "needs: [ride]", 21, "the key of a need in this file"),
        ("needs: [rides]", "needs: []", 21, "at least one"),
        ("organization: town", "organization: city", 14, "the key of an organization"),
        ("{en: The bus, es: El autobús}", "{en: The bus}", 15, "exactly these languages: en, es"),
        ("{en: The bus, es: El autobús}", "bus", 15, "a map"),
        ("  - key: town", "  - key: town\n    url: javascript:alert(1)", 11, "match pattern"),
        ("format: 1", "format: 2", 2, "1"),
        ("pack: small", "pack: small\npack: other", 2, "valid YAML"),
        ("needs: [rides]", "needs: [rides", 22, "valid YAML"),
        ("services:", "services: none\nmore:", 12, "a list"),
        ("A bus takes you.", '"A bus\\u0007"', 16, "control characters"),
    ],
)
def test_a_wrong_field_is_named_by_line(
    tmp_path: Path, old: str, new: str, line: int, expected: str
) -> None:
    file = write_file(tmp_path, (old, new))

    with pytest.raises(ResourceFileError) as refusal:
        read_resources(file)

    said = str(refusal.value)
    assert f"{file}:{line}: " in said
    assert expected in said


def test_a_key_twice_is_named_at_its_second_place(tmp_path: Path) -> None:
    service = FILE[FILE.index("  - key: bus") :]
    file = write_file(tmp_path, text=FILE + service)

    with pytest.raises(ResourceFileError, match=r":24: services\.1\.key.*'bus'"):
        read_resources(file)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"- a\n", b"\x00", b"just words", b"[" * 5_000]
)
def test_what_is_no_resources_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "resources.yaml"
    file.write_bytes(content)

    with pytest.raises(ResourceFileError, match=r"resources.yaml:1: expected"):
        read_resources(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceFileError, match="a file that can be read"):
        read_resources(tmp_path / "nowhere.yaml")


def test_a_file_of_any_size_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "resources.yaml"
    file.write_bytes(b"#" * 5_000_001)

    with pytest.raises(ResourceFileError, match="at most"):
        read_resources(file)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(0, len(FILE)), junk=st.text(max_size=20))
def test_a_damaged_file_is_read_or_refused_never_a_crash(
    tmp_path: Path, cut: int, junk: str
) -> None:
    file = tmp_path / "resources.yaml"
    file.write_text(FILE[:cut] + junk + FILE[cut:], encoding="utf-8", errors="ignore")
    try:
        read_resources(file)
    except ResourceFileError as refusal:
        assert refusal.problems


def test_a_good_file_is_read_by_its_folder_or_its_name(tmp_path: Path) -> None:
    file = write_file(tmp_path)

    assert read_resources(tmp_path) == read_resources(file)
    assert read_resources(file).services[0].assured_on == dt.date(2026, 11, 2)


def test_the_file_and_the_model_know_the_same_phones() -> None:
    accepted = PhoneEntry.model_json_schema()["properties"]["kind"]["enum"]

    assert set(accepted) == set(PhoneKind.values)


@time_machine.travel(dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC))
def test_every_pack_that_ships_has_a_good_file() -> None:
    files = sorted(settings.PACKS_DIR.glob("*/resources.yaml"))

    assert files
    for file in files:
        assert read_resources(file).demonstration
