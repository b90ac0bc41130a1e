"""The frame in which pages stand: a locale and a root for each language, one site."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from careline.content.models import SiteRootPage

_NAMESPACE = uuid.UUID("6b1ad1a6-3f0f-4d43-9d5e-6f2a2c1b7c55")


def translation_key(kind: str, key: str) -> uuid.UUID:
    """Return the key that all translations of one page share."""
    return uuid.uuid5(_NAMESPACE, f"{kind}:{key}")


@transaction.atomic
def ensure_site(languages: Iterable[str]) -> dict[str, SiteRootPage]:
    """Make sure that each language has its locale and root, and the site its root; return roots.

    The page that Wagtail's own migrations leave behind is taken away. The
    site's first language (LANGUAGE_CODE) is always among them.
    """
    top = Page.get_first_root_node()
    codes = dict.fromkeys([settings.LANGUAGE_CODE, *languages])
    roots = {code: _ensure_root(top, code) for code in codes}
    main = roots[settings.LANGUAGE_CODE]
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(
            hostname="localhost",
            root_page_id=main.pk,
            is_default_site=True,
            site_name=settings.ORGANISATION_NAME,
        )
    elif site.root_page_id != main.pk:
        site.root_page_id = main.pk
        site.site_name = settings.ORGANISATION_NAME
        site.save()
        _delete_welcome_page(top)
    return roots


def _ensure_root(top: Page, language: str) -> SiteRootPage:
    locale, _created = Locale.objects.get_or_create(language_code=language)
    root: SiteRootPage | None = SiteRootPage.objects.filter(locale=locale).first()
    if root is None:
        root = SiteRootPage(
            title=f"{settings.ORGANISATION_NAME} ({language})",
            slug=language,
            locale=locale,
            translation_key=translation_key("root", "site"),
        )
        top.refresh_from_db()
        top.add_child(instance=root)
    return root


def _delete_welcome_page(top: Page) -> None:
    for page in top.get_children().filter(slug="home"):
        if page.specific_class is Page:
            page.delete()
