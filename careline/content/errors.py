"""Why an action of this app was refused, in words for the person who tried."""


class PublishingRefused(Exception):
    """The action may not happen; the message says why and what to do instead."""
