"""The numbers that must show even when nothing else works: no context, no database."""

from django import template
from django.conf import settings

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
