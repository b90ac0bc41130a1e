"""What ``make run`` uses: one machine, plain http on localhost, demonstration staff."""

from careline.settings.base import *  # noqa: F403

DEMONSTRATION_STAFF = True
