"""The parts of a page's body: headings, passages of sourced sentences, tables made from facts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from careline.content.enums import PassageStyle, Tier
from careline.content.placeholders import unknown_in


class HeadingBlock(blocks.StructBlock):  # type: ignore[misc]
    """A heading of the second level with the anchor that links to it."""

    text = blocks.CharBlock(label=_("Heading"), max_length=200)
    anchor = blocks.RegexBlock(
        regex=r"^[a-z0-9][a-z0-9-]*$", label=_("Anchor"), required=False, max_length=80
    )

    class Meta:
        icon = "title"
        label = _("Heading")


class SentenceBlock(blocks.StructBlock):  # type: ignore[misc]
    """One sentence: plain text that makes sense alone, with at least one source."""

    # In lines as it grows: a writer sees the whole sentence. Line ends are taken out again.
    text = blocks.TextBlock(
        label=_("Sentence"),
        max_length=1000,
        rows=2,
        help_text=_("Plain text that makes sense on its own: it can be shown alone as an answer."),
    )
    label = blocks.RegexBlock(
        regex=r"^[a-z0-9][a-z0-9-]*$",
        label=_("Label"),
        required=False,
        max_length=80,
        help_text=_("The same in every language of the page. Answers refer to it."),
    )
    sources = blocks.ListBlock(SnippetChooserBlock("content.Source"), label=_("Sources"), min_num=1)

    class Meta:
        icon = "pilcrow"
        label = _("Sentence")

    def clean(self, value: Any) -> Any:
        """Put the words on one line; refuse a placeholder that nothing fills."""
        cleaned = super().clean(value)
        cleaned["text"] = " ".join(cleaned["text"].split())
        unknown = unknown_in(cleaned["text"])
        if unknown:
            message = _("Unknown placeholder: %(name)s") % {"name": unknown[0]}
            raise blocks.StructBlockValidationError({"text": ValidationError(message)})
        return cleaned


class PassageBlock(blocks.StructBlock):  # type: ignore[misc]
    """Sentences that belong together, as a paragraph or as bullets."""

    style = blocks.ChoiceBlock(
        choices=PassageStyle.choices, default=PassageStyle.PARAGRAPH, label=_("Style")
    )
    sentences = blocks.ListBlock(SentenceBlock(), label=_("Sentences"), min_num=1)

    class Meta:
        icon = "doc-full"
        label = _("Passage")


class AdverseEventsBlock(blocks.StructBlock):  # type: ignore[misc]
    """A table of adverse events, of one tier or of all."""

    tier = blocks.ChoiceBlock(choices=Tier.choices, required=False, label=_("Tier"))

    class Meta:
        icon = "table"
        label = _("Table of side effects")


BODY_BLOCKS: list[tuple[str, Any]] = [
    ("heading", HeadingBlock()),
    ("passage", PassageBlock()),
    ("regimens", blocks.StaticBlock(icon="table", label=_("Table of regimens"))),
    ("drugs", blocks.StaticBlock(icon="table", label=_("Table of drugs"))),
    ("adverse_events", AdverseEventsBlock()),
    (
        "conflict",
        SnippetChooserBlock(
            "content.ClaimConflict", icon="warning", label=_("Conflict of sources")
        ),
    ),
]
