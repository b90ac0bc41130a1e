"""Why an action of this app was refused, in words for the person who tried."""


class CertificationRefused(Exception):
    """A competency may not be given or taken by this person; the message says why."""
