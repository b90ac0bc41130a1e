"""The form of the editing screen."""

from typing import Any

from django.conf import settings
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamValue


class ReviewedPageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """Like Wagtail's; a new page's key may be left out and is then made of its address.

    A new page begins with a heading and a sentence to fill in, written by the organisation.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].required = False
        if "body" in self.fields and self.instance.pk is None and not self.instance.body:
            block = self.fields["body"].block
            names = ("heading", "passage")
            started = [(name, block.child_blocks[name].get_default()) for name in names]
            self.initial["body"] = StreamValue(block, started)
            self.initial["written_by"] = settings.ORGANISATION_NAME

    def clean(self) -> dict[str, Any]:
        """Fill in the key."""
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("key") and "key" not in self.errors:
            cleaned["key"] = slugify(cleaned.get("slug") or cleaned.get("title") or "")[:80]
        return cleaned
