"""Whether questions can be answered, and how well."""

from django.conf import settings

from careline.answers import corpus_keeping, index
from careline.answers.engine.corpus import Corpus
from careline.content.models import ApprovedAnswer, RefusalClass, Sentence
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
    named = settings.ENCODER_FOLDER
    if index.encoder() is None:
        problem = index.why_missing(named)
        return note(
            f"The encoder can't be loaded: questions are matched by their words alone, and more "
            f"of them are refused. {problem}",
            _mend(named, "CARELINE_ENCODER"),
        )
    if named:
        return note(
            f"questions are compared by {named}; when to answer was set for the built-in encoder",
            "Run careline evaluate after each change of CARELINE_ENCODER.",
        )
    return ok("the built-in multilingual encoder, its files as they were reviewed")


@check("Search in large content")
def passages() -> Finding:
    """The index holds what is approved, and nothing else: compared in both directions."""
    many = Sentence.objects.approved().count()
    if not corpus_keeping.is_large():
        if many < settings.LARGE_CORPUS_FROM:
            return ok(f"not needed: {many} sentences are searched in memory")
        return note(
            f"{many} sentences are searched in memory, which takes much of it.",
            "Install requirements-large.lock (docs/operations.md).",
        )
    if index.corpus_encoder() is None:
        problem = index.why_missing(settings.CORPUS_ENCODER_FOLDER or settings.ENCODER_FOLDER)
        return note(
            f"The encoder for search can't be loaded: only words are compared. {problem}",
            _mend(settings.CORPUS_ENCODER_FOLDER, "CARELINE_CORPUS_ENCODER"),
        )
    return _compared()


def _compared() -> Finding:
    """Return how the index on disk differs from the database."""
    found = Corpus(corpus_keeping.folder(), index.corpus_encoder()).ids()
    approved = set(Sentence.objects.approved().values_list("pk", flat=True))
    missing, extra = len(approved - found), len(found - approved)
    if missing or extra:
        return note(
            f"{missing} approved sentences aren't in the index yet, and {extra} in it aren't "
            "approved any more (those are never shown).",
            "The running service brings them in. If this stays, "
            f"stop it and remove {corpus_keeping.folder()}.",
        )
    return ok(f"{len(found)} sentences, as many as are approved")


def _mend(named: str, setting: str) -> str:
    if not named:
        return "Install the dependencies again: make setup"
    return f"Mend or unset {setting}; it needs requirements-large.lock (docs/operations.md)."
