"""Waits and shares in words."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def as_wait(seconds: float | None) -> str:
    """Return a wait as minutes and seconds, or a dash for none."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min %(seconds)02d s") % {"minutes": minutes, "seconds": rest}


@register.filter
def as_short_wait(seconds: float | None) -> str:
    """Return a wait so short that it can be read from afar: seconds, then whole minutes."""
    if seconds is None:
        return "–"
    if seconds < 100:
        return _("%(seconds)d s") % {"seconds": seconds}
    hours, minutes = divmod(int(seconds // 60), 60)
    if hours:
        return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min") % {"minutes": minutes}


@register.filter
def as_share(share: float | None) -> str:
    """Return a share from 0 to 1 in whole percent, or a dash for none."""
    return "–" if share is None else f"{round(share * 100)}\u202f%"
