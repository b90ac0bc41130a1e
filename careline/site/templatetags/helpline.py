"""The numbers that must show even when nothing else works: no context, no database."""

from django import template
from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def helpline_phone() -> str:
    """Return the helpline's number as people read it."""
    return str(settings.HELPLINE_PHONE)


@register.simple_tag
def emergency_number() -> str:
    """Return the local emergency number."""
    return str(settings.EMERGENCY_NUMBER)


@register.simple_tag
def organisation_name() -> str:
    """Return whose service this is."""
    return str(settings.ORGANISATION_NAME)


@register.filter
def with_whole_number(text: str) -> SafeString:
    """Return the text with the helpline's number kept on one line."""
    phone = escape(helpline_phone())
    whole = format_html('<span class="nowrap">{}</span>', helpline_phone())
    return mark_safe(escape(text).replace(phone, whole))  # noqa: S308 (escaped just now)
