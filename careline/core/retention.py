"""Every retention clock in one place: each domain registers its own purge.

A domain's module `retention` registers a function that deletes what is due.
`careline purge` and the worker run them all.
"""

import datetime as dt
import logging
from collections.abc import Callable, Mapping

from django.utils.module_loading import autodiscover_modules

from careline.core import clock, ticks
from careline.core.events import Event, log
from careline.core.periodic import every

# (now, dry_run) -> how many rows of each kind were deleted, or would be
Purge = Callable[[dt.datetime, bool], Mapping[str, int]]
_purges: dict[str, Purge] = {}


def purges(domain: str) -> Callable[[Purge], Purge]:
    """Register the function that deletes what is due in a domain."""

    def register(function: Purge) -> Purge:
        _purges[domain] = function
        return function

    return register


def purge_all(now: dt.datetime, *, dry_run: bool) -> dict[str, Mapping[str, int]]:
    """Delete everything whose retention ended by `now` (aware); count only, if `dry_run`."""
    autodiscover_modules("retention")
    return {domain: function(now, dry_run) for domain, function in sorted(_purges.items())}


@every(seconds=3600)
def purge_what_is_due() -> None:
    """Run every clock, each hour, unless this machine's own clock may have been set forward."""
    now = clock.now()
    if ticks.deletion_rests(now):
        log(Event.PURGE_RESTS, level=logging.WARNING)
        return
    purge_all(now, dry_run=False)
