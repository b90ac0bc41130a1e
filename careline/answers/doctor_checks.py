"""Whether questions can be answered, and how well."""

from django.conf import settings

from careline.answers import index
from careline.content.models import ApprovedAnswer, RefusalClass
from careline.core.doctor import Finding, check, note, ok, wrong


@check("Answers")
def answers() -> Finding:
    """There are approved answers, and words for refusing."""
    answers = ApprovedAnswer.objects.approved().count()
    refusals = RefusalClass.objects.approved().count()
    if not answers or not refusals:
        return wrong(
            f"{answers} approved answers, {refusals} approved refusals: questions can't be served.",
            "Load a pack (careline load-pack FOLDER), or have what is overdue reviewed again.",
        )
    return ok(f"{answers} approved answers, {refusals} kinds of refusal")


@check("Encoder")
def encoder() -> Finding:
    """Questions are compared by meaning, not by words alone."""
    if settings.ENCODER_FOLDER:
        return note(
            "CARELINE_ENCODER names a folder, but this version only reads its built-in encoder.",
            "Unset CARELINE_ENCODER.",
        )
    if index.encoder() is None:
        return note(
            "The encoder can't be loaded: questions are matched by their words alone, "
            "and more of them are refused.",
            "Install the dependencies again: make setup",
        )
    return ok("the built-in multilingual encoder")
