"""Whether danger can be seen, and by whose rules."""

from careline.core.doctor import Finding, check, note, ok
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
