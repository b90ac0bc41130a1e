"""Who may reach a route, stated where the route is.

Every view carries one AccessRule, set by `public`, `visitor` or `staff`. Views
of other packages are declared by the start of their path in `FOREIGN_ROUTES`.
AccessMiddleware enforces the rule and its rate limit; a route without a rule
is refused, so that a forgotten decorator can't open a door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from careline.core.ratelimit import Limit

View = TypeVar("View", bound=Callable[..., Any])
Predicate = Callable[[Any], bool]


class Audience(StrEnum):
    """Who a route is for."""

    PUBLIC = "public"  # anybody
    VISITOR = "visitor"  # whoever holds the signed token of one contact; the view checks it
    PROBE = "probe"  # a program that brings the token of a setting; the view checks it
    STAFF = "staff"  # a signed-in member of staff who satisfies the predicate


@dataclass(frozen=True)
class AccessRule:
    """One route's declared rule."""

    audience: Audience
    limit: Limit
    allows: Predicate | None = None

    def admits(self, user: AbstractBaseUser | AnonymousUser) -> bool:
        """Return whether this person may use the route at all."""
        if self.audience is not Audience.STAFF:
            return True
        return user.is_authenticated and user.is_active and bool(self.allows and self.allows(user))


def _declare(rule: AccessRule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return mark


def public(*, limit: Limit) -> Callable[[View], View]:
    """Declare a view that anybody may use."""
    return _declare(AccessRule(Audience.PUBLIC, limit))


def visitor(*, limit: Limit) -> Callable[[View], View]:
    """Declare a view that needs a contact's token, which the view itself checks."""
    return _declare(AccessRule(Audience.VISITOR, limit))


def probe(*, limit: Limit) -> Callable[[View], View]:
    """Declare a view for a monitoring system: it needs a token, which the view itself checks."""
    return _declare(AccessRule(Audience.PROBE, limit))


def staff(allows: Predicate, *, limit: Limit = Limit.STAFF) -> Callable[[View], View]:
    """Declare a view for signed-in staff for whom `allows(user)` is true."""
    return _declare(AccessRule(Audience.STAFF, limit, allows))


def _is_staff(user: Any) -> bool:
    return bool(user.is_authenticated)


def _may_edit_content(user: Any) -> bool:
    return bool(user.has_perm("wagtailadmin.access_admin"))


# Routes of other packages, by the start of their path; the longest start wins.
FOREIGN_ROUTES: dict[str, AccessRule] = {
    "editor/": AccessRule(Audience.STAFF, Limit.STAFF, _may_edit_content),
    # Wagtail's own sign-in page only leads to ours.
    "editor/login/": AccessRule(Audience.PUBLIC, Limit.SIGN_IN),
    "editor/logout/": AccessRule(Audience.STAFF, Limit.STAFF, _is_staff),
    "staff/sign-in/": AccessRule(Audience.PUBLIC, Limit.SIGN_IN),
    # Also how somebody leaves between the two steps of signing in.
    "staff/sign-out/": AccessRule(Audience.PUBLIC, Limit.SIGN_IN),
    "staff/2fa/authenticate/": AccessRule(Audience.PUBLIC, Limit.SIGN_IN),
    "staff/": AccessRule(Audience.STAFF, Limit.STAFF, _is_staff),
}


def rule_of(view: Callable[..., Any], path: str) -> AccessRule | None:
    """Return the rule declared for this view, or None if nobody declared one.

    `path` is the request's path without its leading slash.
    """
    own: AccessRule | None = getattr(view, "access_rule", None)
    if own is not None:
        return own
    starts = [start for start in FOREIGN_ROUTES if path.startswith(start)]
    return FOREIGN_ROUTES[max(starts, key=len)] if starts else None
