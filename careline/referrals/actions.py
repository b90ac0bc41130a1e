"""Every write of the resource directory."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from careline.core import audit
from careline.core.events import Event, log
from careline.referrals.enums import ServiceStatus
from careline.referrals.file_format import ResourceFile, ServiceEntry
from careline.referrals.models import (
    NeedTerm,
    Organization,
    Phone,
    Service,
    ServiceLanguage,
)

Row = TypeVar("Row", bound=models.Model)


class ForeignServiceError(Exception):
    """A service's key belongs to another pack; nothing was loaded."""

    def __init__(self, key: str, pack: str) -> None:
        self.key, self.pack = key, pack
        super().__init__(f"The service {key!r} belongs to the pack {pack!r}.")


@dataclass
class LoadCount:
    """What a load did to services. Withdrawn: in the pack before, no longer in the file."""

    written: int = 0
    unchanged: int = 0
    withdrawn: int = 0


def load_resources(resources: ResourceFile, *, acting_user: AbstractBaseUser | None) -> LoadCount:
    """Make the directory hold exactly this pack's services, all or nothing; idempotent.

    Raises ForeignServiceError where another pack already owns a service's key.
    """
    with transaction.atomic():
        _refuse_foreign_keys(resources)
        _save_organizations(resources, acting_user)
        _save_needs(resources, acting_user)
        count = _save_services(resources, acting_user)
        count.withdrawn = _withdraw_the_rest(resources, acting_user)
        transaction.on_commit(
            lambda: log(Event.PACK_LOADED, pack=resources.pack, services=len(resources.services))
        )
    return count


def _refuse_foreign_keys(resources: ResourceFile) -> None:
    keys = [entry.key for entry in resources.services]
    foreign = Service.objects.filter(key__in=keys).exclude(pack=resources.pack).first()
    if foreign:
        raise ForeignServiceError(foreign.key, foreign.pack)


def _save_organizations(resources: ResourceFile, acting_user: AbstractBaseUser | None) -> None:
    for entry in resources.organizations:
        _upsert(Organization, entry.key, {"name": entry.name, "url": entry.url}, acting_user)


def _save_needs(resources: ResourceFile, acting_user: AbstractBaseUser | None) -> None:
    for position, entry in enumerate(resources.needs):
        values = {"uri": entry.uri, "label": entry.label, "position": position}
        _upsert(NeedTerm, entry.key, values, acting_user)


def _upsert(
    model: type[Row], key: str, values: dict[str, Any], acting_user: AbstractBaseUser | None
) -> Row:
    """Write and audit the row with this key only if something differs."""
    manager = model._default_manager
    row = manager.filter(key=key).first()
    if row and all(getattr(row, field) == value for field, value in values.items()):
        return row
    row, _ = manager.update_or_create(key=key, defaults=values)
    audit.record("referrals.loaded", row, acting_user=acting_user)
    return row


def _save_services(resources: ResourceFile, acting_user: AbstractBaseUser | None) -> LoadCount:
    count = LoadCount()
    for position, entry in enumerate(resources.services):
        fingerprint = _fingerprint(resources, entry, position)
        standing = Service.objects.filter(key=entry.key, status=ServiceStatus.ACTIVE)
        if standing.filter(fingerprint=fingerprint).exists():
            count.unchanged += 1
            continue
        values = _service_values(resources, entry) | {
            "position": position,
            "fingerprint": fingerprint,
        }
        service, _ = Service.objects.update_or_create(key=entry.key, defaults=values)
        _replace_details(service, entry)
        audit.record("referrals.loaded", service, acting_user=acting_user)
        count.written += 1
    return count


def _fingerprint(resources: ResourceFile, entry: ServiceEntry, position: int) -> str:
    told = [entry.model_dump(mode="json"), resources.demonstration, position]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _service_values(resources: ResourceFile, entry: ServiceEntry) -> dict[str, Any]:
    details = {"key", "organization", "languages", "phones", "needs"}
    return entry.model_dump(exclude=details) | {
        "pack": resources.pack,
        "demonstration": resources.demonstration,
        "status": ServiceStatus.ACTIVE,
        "organization": Organization.objects.get(key=entry.organization),
    }


def _replace_details(service: Service, entry: ServiceEntry) -> None:
    service.languages.all().delete()
    service.phones.all().delete()
    ServiceLanguage.objects.bulk_create(
        ServiceLanguage(service=service, code=code) for code in entry.languages
    )
    Phone.objects.bulk_create(
        Phone(service=service, **phone.model_dump()) for phone in entry.phones
    )
    service.needs.set(NeedTerm.objects.filter(key__in=entry.needs))


def _withdraw_the_rest(resources: ResourceFile, acting_user: AbstractBaseUser | None) -> int:
    """Take services that left the file out of sight; kept, for referrals that name them."""
    keys = [entry.key for entry in resources.services]
    gone = Service.objects.filter(pack=resources.pack, status=ServiceStatus.ACTIVE).exclude(
        key__in=keys
    )
    for service in gone:
        Service.objects.filter(pk=service.pk).update(status=ServiceStatus.INACTIVE)
        audit.record("referrals.withdrawn", service, acting_user=acting_user)
    return len(gone)
