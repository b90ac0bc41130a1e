"""Every write of this app."""

from careline.content.actions.packs import check_pack, load_pack
from careline.content.actions.publishing import (
    Signature,
    approve_and_publish,
    publish_signed,
    retire_unpublished,
    withdraw,
)
from careline.content.actions.site import ensure_site
from careline.content.actions.staff import grant_group_permissions

__all__ = [
    "Signature",
    "approve_and_publish",
    "check_pack",
    "ensure_site",
    "grant_group_permissions",
    "load_pack",
    "publish_signed",
    "retire_unpublished",
    "withdraw",
]
