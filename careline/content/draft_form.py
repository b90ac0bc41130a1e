"""What an editor may change in a draft from a question."""

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from careline.content.enums import DraftKind, RefusalKind
from careline.content.models import ApprovedAnswer, QuestionDraft, Topic
from careline.core.fields import TypedField

_ONLY: dict[str, tuple[str, ...]] = {
    DraftKind.VARIANT: ("text", "answer_key"),
    DraftKind.REFUSAL: ("text", "refusal"),
    DraftKind.ANSWER: ("text", "new_key", "topic", "sentences"),
}


class DraftForm(forms.Form):
    """The fields of one kind of draft; the others are taken out."""

    text = TypedField(label=_("Question"), rows=2, most=500)
    answer_key = forms.ChoiceField(label=_("Answer"))
    refusal = forms.ChoiceField(label=_("Refused as"), choices=RefusalKind.choices)
    new_key = forms.CharField(
        label=_("Key of the new answer"), max_length=80, validators=[validate_slug]
    )
    topic = forms.ModelChoiceField(Topic.objects.all(), label=_("Topic"))
    sentences = TypedField(
        label=_("Sentences, in reading order"),
        help_text=_(
            "One a line, as page#label. The approved ones that are nearest to the question "
            "stand here first."
        ),
        rows=4,
        most=1000,
    )

    def __init__(self, draft: QuestionDraft, data: Any = None) -> None:
        """Show the draft as it is, or what was typed over it."""
        shown = {
            "text": draft.text,
            "answer_key": draft.answer_key,
            "refusal": draft.refusal,
            "new_key": draft.answer_key,
            "topic": draft.topic_id,
            "sentences": "\n".join(draft.sentences),
        }
        super().__init__(data, initial=shown)
        for name in set(self.fields) - set(_ONLY[draft.kind]):
            del self.fields[name]
        if "answer_key" in self.fields:
            keys = ApprovedAnswer.objects.order_by("key").values_list("key", flat=True)
            self.fields["answer_key"].choices = [("", ""), *((key, key) for key in keys)]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the valid form's content as fields of the draft."""
        found = dict(self.cleaned_data)
        if "new_key" in found:
            found["answer_key"] = found.pop("new_key")
            found["sentences"] = found["sentences"].split()
        return found
