"""Whether danger can be seen, and by whose rules."""

from django.conf import settings

from careline.core.doctor import Finding, check, note, ok, wrong
from careline.safety import Level, assess, rules_source


@check("Danger rules")
def danger_rules() -> Finding:
    """The rules load, see an emergency, and come from the approved set."""
    source = rules_source.current()
    if assess("I can't breathe").level is not Level.EMERGENCY:
        return note(
            "The rules in force don't see 'I can't breathe' as an emergency.",
            "Load the rules again: careline load-pack packs/safety --again",
        )
    if source.origin == rules_source.FILES:
        return note(
            "The rules come from the files in packs/safety, not from the approved set.",
            "Run: careline load-pack packs/safety --again",
        )
    if source.rules.demonstration:
        return note(
            f"{source.origin} is in force; no clinician has signed it.",
            "Have a medical reviewer of yours sign the rules before the public comes.",
        )
    return ok(f"{source.origin} is in force")


@check("Danger in each language")
def danger_in_each_language() -> Finding:
    """The rules know every language that this site speaks."""
    known = rules_source.current().rules.languages
    missing = [str(name) for code, name in settings.LANGUAGES if code not in known]
    if missing:
        return wrong(
            f"Urgent signs aren't seen when they are written in: {', '.join(missing)}.",
            "Add the language to the rules and cards in packs/safety, or take it out of "
            "CARELINE_LANGUAGES.",
        )
    return ok(", ".join(sorted(known)))
