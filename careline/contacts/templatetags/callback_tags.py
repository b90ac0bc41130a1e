"""The window of a promised call on a page."""

import datetime as dt

from django import template
from django.utils.translation import gettext as _

from careline.contacts import call_words, callbacks
from careline.contacts.callbacks import CallState
from careline.contacts.models import Contact

register = template.Library()


@register.filter
def call_time(contact: Contact) -> str:
    """Return the window of the contact's call for staff, on both clocks; empty for none."""
    if contact.call_from is None or contact.call_until is None:
        return ""
    words = call_words.span(contact.call_from, contact.call_until)
    zone = callbacks.zone_of(contact)
    theirs = call_words.own_hours(contact.call_from, contact.call_until, zone)
    return f"{words} ({_('%(time)s for the visitor') % {'time': theirs}})" if theirs else words


@register.filter
def call_planned(contact: Contact) -> str:
    """Return the window of the contact's call on the service's clock alone; empty for none."""
    if contact.call_from is None or contact.call_until is None:
        return ""
    return call_words.span(contact.call_from, contact.call_until)


@register.filter
def call_span(call: CallState) -> str:
    """Return day and hours of a call on the service's clock, with the clock's name."""
    return call_words.span(call.starts, call.ends) if call.starts and call.ends else ""


@register.filter
def call_own_hours(call: CallState) -> str:
    """Return the hours on the visitor's own clock; empty where it shows the same, or unknown."""
    if call.starts is None or call.ends is None:
        return ""
    return call_words.own_hours(call.starts, call.ends, call.zone)


@register.filter
def moment_of_service(moment: dt.datetime) -> str:
    """Return day and time of a moment on the service's clock."""
    at = moment.astimezone(callbacks.service_zone())
    return call_words.moment(at)
