"""Under which licence a page's text may be used again."""

from dataclasses import dataclass

from careline.content.models import Pack, ReviewedPage

# SPDX identifier -> the name that people know, and the deed.
_KNOWN = {
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC-BY-NC-4.0": ("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
    "CC-BY-ND-4.0": ("CC BY-ND 4.0", "https://creativecommons.org/licenses/by-nd/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}


@dataclass(frozen=True)
class Licence:
    """A licence: `key` as SPDX writes it, `url` empty where the deed isn't known."""

    key: str
    name: str
    url: str


def named(key: str) -> Licence:
    """Return the licence with this SPDX identifier."""
    name, url = _KNOWN.get(key, (key, ""))
    return Licence(key, name, url)


def of_packs() -> dict[str, Licence]:
    """Return each loaded pack's licence by the pack's key."""
    return {key: named(licence) for key, licence in Pack.objects.values_list("key", "licence")}


def of_page(page: ReviewedPage) -> Licence | None:
    """Return the licence of the page's pack; None for a page that an editor made."""
    key = Pack.objects.filter(key=page.pack).values_list("licence", flat=True).first()
    return named(key) if key else None
