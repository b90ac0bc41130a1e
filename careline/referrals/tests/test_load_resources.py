"""Loading the directory: all or nothing, again and again the same, nothing lost."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from careline.core.models import AuditEntry
from careline.referrals.enums import ServiceStatus
from careline.referrals.models import NeedTerm, Organization, Phone, Service
from careline.referrals.tests.factories import write_file

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)


def load(path: Path) -> str:
    """Load as the command does and return what it says."""
    said = StringIO()
    call_command("load_resources", str(path), stdout=said)
    return said.getvalue()


def test_a_bad_file_loads_nothing_and_says_where(tmp_path: Path) -> None:
    file = write_file(tmp_path, ("assured_by: Dana", "assured_bye: Dana"))

    with pytest.raises(CommandError, match="Nothing was loaded") as refusal:
        load(file)

    assert f"{file}:23: services.0.assured_bye" in str(refusal.value)
    assert not Organization.objects.exists()


def test_a_service_of_another_pack_is_not_taken_over(tmp_path: Path) -> None:
    load(write_file(tmp_path))

    with pytest.raises(CommandError, match="'bus' belongs to the pack 'small'"):
        load(write_file(tmp_path, ("pack: small", "pack: other"), ("Rides", "Trips")))

    assert Service.objects.get().pack == "small"
    assert NeedTerm.objects.get().label["en"] == "Rides"


def test_loading_twice_writes_once(tmp_path: Path) -> None:
    assert "1 services written, 0 unchanged" in load(write_file(tmp_path))
    audited = AuditEntry.objects.count()

    assert "0 services written, 1 unchanged" in load(tmp_path)
    assert AuditEntry.objects.count() == audited == 3
    assert Phone.objects.count() == 1


def test_a_changed_service_is_written_anew(tmp_path: Path) -> None:
    load(write_file(tmp_path))
    before = Service.objects.get()

    said = load(
        write_file(
            tmp_path,
            ("- number: 1-800-555-0100", '- number: "211"\n        kind: text'),
            ("languages: [en]\n", "languages: [es, en]\n"),
            ("assured_by: Dana", "assured_by: Lee"),
        )
    )

    service = Service.objects.get()
    assert "1 services written" in said
    assert (service.pk, service.assured_by) == (before.pk, "Lee")
    assert [language.code for language in service.languages.all()] == ["es", "en"]
    assert [phone.href for phone in service.phones.all()] == ["sms:211"]


def test_a_service_that_left_the_file_is_hidden_but_kept(tmp_path: Path) -> None:
    load(write_file(tmp_path))

    said = load(write_file(tmp_path, ("- key: bus", "- key: train")))

    assert "1 withdrawn" in said
    assert Service.objects.get(key="bus").status == ServiceStatus.INACTIVE
    assert [service.key for service in Service.objects.shown(DAY)] == ["train"]

    load(write_file(tmp_path))
    assert [service.key for service in Service.objects.shown(DAY)] == ["bus"]


def test_the_first_pack_loads_and_is_marked_a_demonstration() -> None:
    load(settings.PACKS_DIR / "liver-immunotherapy")

    services = Service.objects.shown(DAY).with_details()
    lifeline = services.get(key="lifeline-988")
    assert services.count() >= 12
    assert all(service.demonstration for service in services)
    assert {service.assured_by for service in services} == {"Demonstration"}
    assert [phone.href for phone in lifeline.phones.all()] == ["tel:988", "sms:988"]
    quitline = services.get(key="quitline").phones.first()
    assert quitline and quitline.href == "tel:+18007848669"
