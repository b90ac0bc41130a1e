"""What visitors and specialists say in bench/live.py: two sentences each time, drawn anew.

Lengths are those of chat (30 to 150 characters). About one visitor's message in forty
tells of danger, so that the flags that follow such a message are part of the work.
"""

import random

_VISITOR = (
    "Hello, I have a question about my treatment.",
    "My mom starts immunotherapy next week and we are nervous.",
    "Is it normal to feel tired after the second infusion?",
    "How long does one infusion usually take?",
    "They said I get two medicines together, one every four weeks.",
    "I don't really understand what the second medicine is for.",
    "Can I still work while I am being treated?",
    "My skin itches a little since yesterday, no rash though.",
    "I am eating less than before, food tastes of nothing.",
    "Who can I call when the clinic is closed?",
    "Do I have to stop my blood pressure pills?",
    "My husband would like to come along, is that allowed?",
    "We live two hours away from the hospital.",
    "Thank you, that helps a lot.",
    "OK I see.",
    "Could you write down the name of that, please?",
    "I read on the internet that one should avoid sugar.",
    "My next appointment is on the 14th at nine.",
    "The doctor talked about a scan after three months.",
    "¿Puedo hablar con alguien en español?",
    "Mi papá tiene cáncer de hígado y empieza el lunes.",
    "Gracias, eso me ayuda mucho.",
    "¿Qué puedo comer durante el tratamiento?",
    "How do I tell my children about this?",
    "I had a flu shot last month, is that a problem?",
    "Where do I find the leaflet that you mentioned?",
    "No fever, just cold hands.",
    "My insurance asked for a letter from the clinic.",
    "It was better yesterday than today.",
    "One more thing I wanted to ask.",
)
_DANGER = (
    "I can't catch my breath since this morning.",
    "I have a fever of 102 and the chills.",
)
_SPECIALIST = (
    "Hello, my name is Dana, thank you for writing to us.",
    "That is a question that many people ask.",
    "Let me look for the page that explains it.",
    "An infusion usually takes between half an hour and an hour.",
    "Your care team can tell you what fits your own treatment.",
    "Feeling tired is common, please tell your nurse about it too.",
    "Please call the clinic's number at any hour when a new symptom appears.",
    "I am sending you a reviewed article about side effects.",
    "Would you like us to call you back tomorrow?",
    "Take your time, I am here.",
    "There is a group for families that meets every second Tuesday.",
    "Por supuesto, podemos seguir en español.",
    "You can bring somebody along to every appointment.",
    "Is there anything else that worries you?",
    "I understand, that sounds exhausting.",
    "The second medicine helps the immune system to see the tumor.",
    "We can't tell you what to do with other medicines, your doctor can.",
    "I wrote the name down for you: it is called a checkpoint inhibitor.",
    "It is good that you asked.",
    "You find our opening hours at the bottom of each page.",
)
_DANGER_ONE_IN = 40


class Words:
    """Messages in an order that is the same in each run."""

    def __init__(self) -> None:
        self._random = random.Random(5)  # noqa: S311

    def of(self, side: str) -> str:
        """Return what this side says next."""
        pick = self._random.choice
        if side == "specialist":
            return f"{pick(_SPECIALIST)} {pick(_SPECIALIST)}"
        if self._random.randrange(_DANGER_ONE_IN) == 0:
            return f"{pick(_VISITOR)} {pick(_DANGER)}"
        return f"{pick(_VISITOR)} {pick(_VISITOR)}"
