"""In which language sources are written down."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def source_language() -> str:
    """Return the language of the sources' titles: the site's first."""
    return str(settings.LANGUAGE_CODE)
