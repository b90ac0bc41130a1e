"""The form of the editing screen."""

from typing import Any

from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm


class ReviewedPageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """Like Wagtail's; a new page's key may be left out and is then made of its address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].required = False

    def clean(self) -> dict[str, Any]:
        """Fill in the key."""
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("key") and "key" not in self.errors:
            cleaned["key"] = slugify(cleaned.get("slug") or cleaned.get("title") or "")[:80]
        return cleaned
