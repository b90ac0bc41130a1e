"""A contact is one person reaching the helpline; its log is the truth about it."""

import datetime as dt
import uuid
from dataclasses import fields
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.accounts.models import Staff
from careline.contacts.enums import (
    AuthorKind,
    CallbackWindow,
    CallerType,
    CancerType,
    Channel,
    DeskState,
    Disposition,
    EventKind,
    FoundUs,
    Status,
    Subject,
)
from careline.contacts.state import State
from careline.core import clock
from careline.core.sealing.fields import SealedJSONField, SealedTextField

STATE_FIELDS = tuple(field.name for field in fields(State))


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts, asked as questions."""

    def waiting(self) -> Self:
        """Return those that nobody has accepted yet, the one to serve first at the front."""
        return self.filter(status=Status.WAITING).order_by("-flag_rank", "waiting_since", "pk")

    def requests_in_order(self, now: dt.datetime) -> Self:
        """Return waiting callbacks and messages, the one to serve first at the front.

        Danger, then calls whose time has come by the end of that time, then what has no time
        by how long it waits, then calls of later.
        """
        turn = models.Case(
            models.When(call_from__lte=now, then=0),
            models.When(call_from=None, then=1),
            default=2,
            output_field=models.SmallIntegerField(),
        )
        until = models.Case(models.When(call_from__lte=now, then="call_until"), default="call_from")
        waiting = self.waiting().exclude(channel=Channel.CHAT)
        return waiting.order_by("-flag_rank", turn, until, "waiting_since", "pk")

    def chats(self) -> Self:
        """Return the live conversations."""
        return self.filter(channel=Channel.CHAT)

    def of(self, staff: Staff) -> Self:
        """Return those that are with this member of staff now, oldest first."""
        return self.filter(status=Status.ASSIGNED, assignee=staff).order_by("accepted_at", "pk")

    def joined_by(self, staff: Staff) -> Self:
        """Return colleagues' conversations in which this person is, oldest first."""
        there = models.Q(second=staff) | models.Q(supervisor=staff)
        return self.filter(there, status=Status.ASSIGNED).order_by("accepted_at", "pk")

    def inviting(self, staff: Staff) -> Self:
        """Return those that a colleague asks this person to join."""
        return self.filter(status=Status.ASSIGNED, invited=staff).order_by("invited_until", "pk")

    def with_question(self) -> Self:
        """Return those whose specialist waits for a supervisor's word, longest first."""
        asking = self.filter(status=Status.ASSIGNED, consult_since__isnull=False)
        return asking.order_by("-flag_rank", "consult_since", "pk")

    def offered_to_staff(self, staff: Staff) -> Self:
        """Return those that are being offered to this person now."""
        return self.filter(status=Status.WAITING, offered_to=staff).order_by("offered_until", "pk")

    def without_offer(self) -> Self:
        """Return waiting ones about which nobody is being asked."""
        return self.waiting().filter(offer_seq=0)

    def to_wrap_up(self, staff: Staff) -> Self:
        """Return this person's ended contacts that lack a record, latest first."""
        return self.filter(
            status=Status.ENDED, assignee=staff, wrapped_up_at=None, transcript_purged_at=None
        ).order_by("-ended_at")

    def transcript_due(self, now: dt.datetime) -> Self:
        """Return those whose log has reached the end of its retention."""
        return self.filter(delete_after__lte=now, transcript_purged_at=None)


class Contact(models.Model):
    """One person reaching the helpline once. Every state column is derived from the log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The form's idempotency key: a double click opens one contact.
    start_id = models.CharField(max_length=64, unique=True, null=True, editable=False)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    language = models.CharField(max_length=12)
    # A topic's key; the topic itself belongs to content. Topic and language are those for
    # which the contact is served: a transfer to another queue changes them.
    topic = models.SlugField(max_length=80, blank=True)
    opened_at = models.DateTimeField(default=clock.now)

    last_seq = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="contacts"
    )
    waiting_since = models.DateTimeField(null=True)
    queued_since = models.DateTimeField(null=True)
    offer_seq = models.PositiveIntegerField(default=0)
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="offers"
    )
    offered_until = models.DateTimeField(null=True)
    passed_by = models.JSONField(default=tuple)  # ids of staff
    passed_at = models.DateTimeField(null=True)
    release_count = models.PositiveIntegerField(default=0)
    invite_seq = models.PositiveIntegerField(default=0)
    invited = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    invited_until = models.DateTimeField(null=True)
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    consult_since = models.DateTimeField(null=True)
    follow_ups_open = models.PositiveSmallIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    awaiting_reply_since = models.DateTimeField(null=True)
    unread_count = models.PositiveIntegerField(default=0)
    idle_warned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)
    wrapped_up_at = models.DateTimeField(null=True)
    flag_count = models.PositiveIntegerField(default=0)
    flag_level = models.CharField(max_length=12, blank=True)
    flag_rank = models.PositiveSmallIntegerField(default=0)
    card_level = models.CharField(max_length=12, blank=True)
    card_rank = models.PositiveSmallIntegerField(default=0)
    # The window of a promised call, whether it has begun, how many passed without a call.
    call_from = models.DateTimeField(null=True)
    call_until = models.DateTimeField(null=True)
    call_due = models.BooleanField(default=False)
    calls_missed = models.PositiveSmallIntegerField(default=0)
    last_event_at = models.DateTimeField(null=True)

    # That somebody answered or skipped the survey; what they said leads to no contact.
    survey_done = models.BooleanField(default=False)

    # The log's clock: counted from the last event. The row itself holds nothing personal
    # and stays until the clock of anonymous statistics.
    delete_after = models.DateTimeField(db_index=True)
    transcript_purged_at = models.DateTimeField(null=True)
    deleted_by_visitor = models.BooleanField(default=False)
    statistics_delete_after = models.DateTimeField(db_index=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["status", "-flag_rank", "waiting_since"], name="contact_queue"),
            models.Index(fields=["assignee", "status"], name="contact_of_staff"),
            models.Index(
                fields=["call_from"],
                name="contact_calls",
                condition=models.Q(call_from__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"

    @property
    def state(self) -> State:
        """The state as the writer kept it."""
        kept = {name: getattr(self, name) for name in STATE_FIELDS}
        return State(**{**kept, "passed_by": tuple(self.passed_by)})

    def keep(self, state: State) -> None:
        """Take over a derived state; only the writer and `rebuild` call this."""
        for name in STATE_FIELDS:
            setattr(self, name, getattr(state, name))

    @property
    def is_chat(self) -> bool:
        """Whether this is a live conversation."""
        return self.channel == Channel.CHAT

    @property
    def has_ended(self) -> bool:
        """Whether nothing more can be said."""
        return self.status == Status.ENDED


class ContactEventQuerySet(models.QuerySet["ContactEvent"]):
    """The log can be read and added to (by contacts.log only); it can't be changed."""

    def update(self, **_kwargs: Any) -> int:
        raise TypeError("A contact's log can't be edited.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A contact's log can't be edited.")

    def purge(self) -> int:
        """Delete for good at the end of the retention; contacts.retention alone calls this."""
        return self._raw_delete(self.db)


class ContactEvent(models.Model):
    """One thing that happened. What `body` holds for each kind: contacts/log.py."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, choices=EventKind.choices)
    author_kind = models.CharField(max_length=10, choices=AuthorKind.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Chosen by the sender; a retry with the same one returns the stored event.
    client_id = models.CharField(max_length=64, null=True)
    # Sealed together with its place in the log, so that no row passes for another.
    body = SealedJSONField(purpose="contacts.event", bound_to=("contact_id", "seq"))
    created_at = models.DateTimeField()

    objects = ContactEventQuerySet.as_manager()

    class Meta:
        ordering = ["contact", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "seq"], name="one_event_per_seq"),
            models.UniqueConstraint(
                fields=["contact", "client_id"], name="one_event_per_client_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}#{self.seq} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: events are added by contacts.log, and never changed."""
        raise TypeError("A contact's log is written by contacts.log only.")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: the log stays until its retention ends."""
        raise TypeError("A contact's log can't be edited.")


def _sealed_detail(verbose_name: Any, kind: str) -> SealedTextField:
    return SealedTextField(
        verbose_name, blank=True, purpose=f"contacts.{kind}", bound_to=("contact_id",)
    )


class ContactDetails(models.Model):
    """How to reach a person, and what to call them: apart from the log, on a clock of its own."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="details")
    name = _sealed_detail(_("name"), "name")
    phone = _sealed_detail(_("phone number"), "phone")  # E.164
    email = _sealed_detail(_("email address"), "email")
    window = models.CharField(
        _("when to call"), max_length=12, choices=CallbackWindow.choices, blank=True
    )
    voicemail_ok = models.BooleanField(_("safe to leave a voicemail"), default=False)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("contact details")
        verbose_name_plural = _("contact details")

    def __str__(self) -> str:
        return f"details of {self.contact_id}"


class ContactRecord(models.Model):
    """The wrap-up: the ICISG minimum. Each answer may be refused; empty means not asked."""

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="record")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    caller_type = models.CharField(
        _("caller type"), max_length=20, choices=CallerType.choices, blank=True
    )
    cancer_type = models.CharField(
        _("cancer type"), max_length=20, choices=CancerType.choices, blank=True
    )
    subject = models.CharField(
        _("subject of inquiry"), max_length=20, choices=Subject.choices, blank=True
    )
    found_us = models.CharField(
        _("how they found us"), max_length=20, choices=FoundUs.choices, blank=True
    )
    disposition = models.CharField(
        _("disposition"), max_length=20, choices=Disposition.choices, blank=True
    )
    recorded_at = models.DateTimeField(default=clock.now)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("contact record")
        verbose_name_plural = _("contact records")

    def __str__(self) -> str:
        return f"record of {self.contact_id}"


class StaffPresenceQuerySet(models.QuerySet["StaffPresence"]):
    """Presence, asked as questions."""

    def accepting(self, now: dt.datetime, *, since: dt.datetime) -> Self:
        """Return those who take contacts at `now` and whose desk was seen at or after `since`.

        Who finishes a record counts: that lasts minutes, by the clock.
        """
        taking = (DeskState.AVAILABLE, DeskState.AFTER_CALL)
        here = self.filter(state__in=taking, seen_at__gte=since, staff__is_active=True)
        return here.exclude(leaves_at__lte=now)


class StaffPresence(models.Model):
    """What a member of staff does at the desk, and when their desk was last seen.

    The state in effect follows from this and the time: presence.in_effect.
    """

    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presence"
    )
    state = models.CharField(
        max_length=12, choices=DeskState.choices, default=DeskState.BREAK, db_index=True
    )
    state_since = models.DateTimeField(default=clock.now)
    # How many conversations at once; empty for the service's usual number.
    capacity = models.PositiveSmallIntegerField(null=True)
    # The end of the shift: from then on no new contacts come.
    leaves_at = models.DateTimeField(null=True)
    missed_offers = models.PositiveSmallIntegerField(default=0)  # in a row
    seen_at = models.DateTimeField(default=clock.now)

    objects = StaffPresenceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.staff_id} {self.state}"


# Django looks for an app's models here.
from careline.contacts.attachment_models import Attachment  # noqa: E402, F401
from careline.contacts.earlier_models import EarlierContact  # noqa: E402, F401
from careline.contacts.followups_models import FollowUp  # noqa: E402, F401
from careline.contacts.opening_models import EarlyClosing, OneOff, OpeningHours  # noqa: E402, F401
from careline.contacts.visitor_models import ResumeCode, SurveyAnswer  # noqa: E402, F401
