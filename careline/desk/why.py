"""Why a red flag stands: the names of the danger rules that fired, for the desk."""

from functools import lru_cache

from django.utils.translation import get_language

from careline.content.models import SafetyRuleSet
from careline.content.words import text_in


def rule_name(key: str, version: str) -> str:
    """Return a rule's name in the reader's language; a rule without one is named by its key."""
    label = _labels(version).get(key)
    return (text_in(label, get_language() or "") if label else "") or key.replace("_", " ")


@lru_cache(maxsize=4)
def _labels(version: str) -> dict[str, dict[str, str]]:
    """Return the names of the rules of one version; none where it isn't kept any more."""
    kept = SafetyRuleSet.objects.filter(version=version).order_by("-pk").first()
    rules = kept.rules.get("rules", ()) if kept else ()
    return {rule["key"]: rule["label"] for rule in rules if rule.get("label")}
