"""Every write to staff: who is there, what each may do and is trained for."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.enums import Role
from careline.accounts.errors import CertificationRefused
from careline.accounts.models import Competency, Staff
from careline.accounts.permissions import may_certify
from careline.core import audit
from careline.core.events import Event, log

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aeiou"


@dataclass(frozen=True)
class Training:
    """One thing a person is trained for; an empty topic means every topic."""

    topic: str
    language: str
    certified_until: dt.date


def ensure_roles() -> dict[Role, Group]:
    """Return the group of each role, making those that are missing."""
    return {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}


@transaction.atomic
def create_staff(
    *,
    username: str,
    password: str,
    roles: Iterable[Role],
    alias: str = "",
    professional_title: str = "",
    acting_user: Staff | None,
) -> Staff:
    """Make a member of staff who holds these roles.

    Raises ValidationError for a weak password or a name that is taken or malformed.
    """
    staff = Staff(username=username, alias=alias, professional_title=professional_title)
    validate_password(password, staff)
    staff.set_password(password)
    staff.full_clean()
    staff.save()
    held = list(roles)
    groups = ensure_roles()
    staff.groups.set([groups[role] for role in held])
    audit.record(
        "staff.created", staff, acting_user=acting_user, roles=[role.value for role in held]
    )
    return staff


@transaction.atomic
def set_staff_password(staff: Staff, password: str, *, acting_user: Staff | None) -> None:
    """Give a member of staff a new password; every session of theirs ends by it.

    Raises ValidationError for a weak password.
    """
    validate_password(password, staff)
    staff.set_password(password)
    staff.save(update_fields=["password"])
    audit.record("staff.password_set", staff, acting_user=acting_user)


@transaction.atomic
def remove_second_step(staff: Staff, *, acting_user: Staff | None) -> None:
    """Forget the authenticator app and the recovery codes of somebody who lost both."""
    count, _by_type = Authenticator.objects.filter(user=staff).delete()
    audit.record("staff.second_step_removed", staff, acting_user=acting_user, count=count)


@transaction.atomic
def set_competencies(
    staff: Staff, trainings: Iterable[Training], *, acting_user: Staff | None
) -> None:
    """Make exactly these the competencies of a member of staff."""
    staff.competencies.all().delete()
    made = Competency.objects.bulk_create(
        Competency(
            staff=staff,
            topic=training.topic,
            language=training.language,
            certified_until=training.certified_until,
        )
        for training in trainings
    )
    audit.record("staff.competencies_set", staff, acting_user=acting_user, count=len(made))


@transaction.atomic
def grant_competency(staff: Staff, training: Training, *, acting_user: Staff) -> Competency:
    """Certify somebody for a topic in a language until a date, or move the date.

    Raises CertificationRefused when the acting person may not certify, or means
    himself or herself.
    """
    _check_may_certify(staff, acting_user)
    competency, _created = Competency.objects.update_or_create(
        staff=staff,
        topic=training.topic,
        language=training.language,
        defaults={"certified_until": training.certified_until},
    )
    audit.record(
        "staff.competency_granted",
        staff,
        acting_user=acting_user,
        topic=training.topic,
        language=training.language,
        certified_until=training.certified_until.isoformat(),
    )
    return competency


@transaction.atomic
def revoke_competency(competency: Competency, *, acting_user: Staff) -> None:
    """Take a competency away, from now on. Signatures given before stand.

    Raises CertificationRefused as `grant_competency` does.
    """
    _check_may_certify(competency.staff, acting_user)
    topic, language = competency.topic, competency.language
    competency.delete()
    audit.record(
        "staff.competency_revoked",
        competency.staff,
        acting_user=acting_user,
        topic=topic,
        language=language,
    )


def _check_may_certify(staff: Staff, acting_user: Staff) -> None:
    if not may_certify(acting_user):
        raise CertificationRefused(_("Only supervisors and administrators can certify."))
    if staff == acting_user:
        raise CertificationRefused(_("Nobody certifies themselves: ask another supervisor."))


@transaction.atomic
def set_keyboard_shortcuts(*, enabled: bool, acting_user: Staff) -> None:
    """Turn the desk's single keys on or off for oneself (WCAG 2.1.4)."""
    acting_user.keyboard_shortcuts = enabled
    acting_user.save(update_fields=["keyboard_shortcuts"])
    audit.record("staff.shortcuts_set", acting_user, acting_user=acting_user, enabled=enabled)


@transaction.atomic
def set_notices(*, sound: bool, desktop: bool, acting_user: Staff) -> None:
    """Say for oneself whether a sound and the computer's notices tell of what is new."""
    acting_user.notice_sound, acting_user.notice_desktop = sound, desktop
    acting_user.save(update_fields=["notice_sound", "notice_desktop"])
    given = {"sound": sound, "desktop": desktop}
    audit.record("staff.notices_set", acting_user, acting_user=acting_user, **given)


@transaction.atomic
def record_sign_in(*, acting_user: Staff) -> None:
    """Note that somebody has signed in, after every step of it."""
    audit.record("staff.signed_in", acting_user, acting_user=acting_user)
    transaction.on_commit(lambda: log(Event.STAFF_SIGNED_IN, staff=acting_user.pk))


def generate_password() -> str:
    """Return a password of about 63 random bits that can be read aloud and typed."""
    words = "-".join(_word() for _ in range(3))
    return f"{words}-{secrets.randbelow(9000) + 1000}"


def _word() -> str:
    pattern = (_CONSONANTS, _VOWELS, _CONSONANTS, _VOWELS, _CONSONANTS)
    return "".join(secrets.choice(letters) for letters in pattern)
