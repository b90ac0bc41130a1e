"""From a page to the screens that show the same as a picture, a calendar or a table."""

from django import template
from django.utils.translation import get_language

from careline.site.directory import Entry
from careline.site.explore.screens import screens_beside

register = template.Library()


@register.simple_tag
def screens_to_look_at(page_key: str) -> tuple[Entry, ...]:
    """Return the screens made from this page; none for most pages."""
    return screens_beside(page_key, get_language() or "")
