"""How hard the draft is to read, beside its text in the editor's screen.

It shows the text as it was saved; where there is JavaScript, the text as it is typed.
"""

from typing import Any

from django.conf import settings
from wagtail.admin.panels import Panel


class ReadingPanel(Panel):  # type: ignore[misc]
    """The figures of the text; limits and long words beside them."""

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        template_name = "content/reading_panel.html"

        class Media:
            js = ("js/reading-level.js",)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add `reading`; None where there is nothing to measure or no formula for it."""
            # Wagtail reads the panels while the models are still loading.
            from careline.content.reading_levels import of_saved

            context: dict[str, Any] = super().get_context_data(parent_context)
            context["reading"] = of_saved(self.instance) if self.instance.pk else None
            locale = self.instance.locale if self.instance.locale_id else None
            context["language"] = locale.language_code if locale else settings.LANGUAGE_CODE
            return context
