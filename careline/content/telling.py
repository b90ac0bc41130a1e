"""One step of a review, and what its screen says of it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from careline.content.errors import PublishingRefused


@contextmanager
def telling(request: HttpRequest, done: str = "") -> Iterator[None]:
    """Say `done` on the next screen, or why the step inside was refused."""
    try:
        yield
    except PublishingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
