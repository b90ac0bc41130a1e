"""What is urgent: every text that a person types or says comes here before anything else.

``assess`` never raises and works when the database is down.
"""

from careline.safety.cases import Miss, check_cases
from careline.safety.levels import Action, Assessment, CareCard, Level, Sign
from careline.safety.service import assess, care_card

__all__ = [
    "Action",
    "Assessment",
    "CareCard",
    "Level",
    "Miss",
    "Sign",
    "assess",
    "care_card",
    "check_cases",
]
