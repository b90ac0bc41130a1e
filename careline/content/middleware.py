"""What Wagtail's editor leaves undone with a form that its own screens would never send."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from careline.core import errors

# Where Wagtail and its blocks take a posted form apart. They trust its counts, orders and ids.
_READING = frozenset({"value_from_datadict", "value_omitted_from_data", "_construct_form"})
_UNREADABLE = (KeyError, ValueError, TypeError, IndexError, OverflowError)


class UnreadableFormMiddleware:
    """Answer 400, not 500, when a form posted to the editor can't be taken apart."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL keeps no null byte, and not every field of Wagtail's refuses one.
        if _is_posted_to_editor(request) and _holds_null(request):
            return errors.bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the refusal; None for an exception of any other kind or place."""
        unreadable = isinstance(exception, _UNREADABLE) and _while_reading(exception)
        if unreadable and _is_posted_to_editor(request):
            return errors.bad_request(request)
        return None


def _is_posted_to_editor(request: HttpRequest) -> bool:
    return request.method == "POST" and request.path.startswith("/editor/")


def _holds_null(request: HttpRequest) -> bool:
    return any("\x00" in value for _name, values in request.POST.lists() for value in values)


def _while_reading(exception: Exception) -> bool:
    step = exception.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_name in _READING:
            return True
        step = step.tb_next
    return False
