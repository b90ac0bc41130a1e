"""Services and resource files for tests."""

import datetime as dt
from itertools import count
from pathlib import Path
from typing import Any

from careline.core import clock
from careline.referrals.models import NeedTerm, Organization, Service, ServiceLanguage

_numbers = count(1)

FILE = """\
pack: small
format: 1
demonstration: true
languages: [en, es]
needs:
  - key: rides
    uri: urn:careline:need:rides
    label: {en: Rides, es: Transporte}
organizations:
  - key: town
    name: {en: The town, es: El pueblo}
services:
  - key: bus
    organization: town
    name: {en: The bus, es: El autobús}
    description: {en: A bus takes you., es: Un autobús le lleva.}
    languages: [en]
    phones:
      - number: 1-800-555-0100
    coverage: US-IL
    needs: [rides]
    assured_on: 2026-11-02
    assured_by: Dana
"""


def write_file(folder: Path, *changes: tuple[str, str], text: str = FILE) -> Path:
    """Return a resources.yaml in the folder, with each old text replaced by its new one."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / "resources.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def make_service(
    name: str = "A service",
    *,
    days_ago: int = 0,
    needs: tuple[str, ...] = (),
    languages: tuple[str, ...] = ("en",),
    **values: Any,
) -> Service:
    """Return a stored service that was assured so many days ago."""
    organization, _ = Organization.objects.get_or_create(key="town", name={"en": "The town"})
    service = Service.objects.create(
        key=f"service-{next(_numbers)}",
        organization=organization,
        **{
            "pack": "small",
            "name": {"en": name},
            "description": {"en": "It helps."},
            "coverage": "US",
            "assured_by": "Dana",
            "assured_on": clock.today() - dt.timedelta(days=days_ago),
        }
        | values,
    )
    ServiceLanguage.objects.bulk_create(
        ServiceLanguage(service=service, code=code) for code in languages
    )
    for need in needs:
        term, _ = NeedTerm.objects.get_or_create(
            key=need, defaults={"uri": f"urn:x:{need}", "label": {"en": need.capitalize()}}
        )
        service.needs.add(term)
    return service
