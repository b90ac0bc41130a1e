"""The closed lists of the reviewed information."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SourceKind(TextChoices):
    """What sort of source a fact rests on."""

    GUIDELINE = "guideline", _("Guideline")
    LABEL = "label", _("Drug label")
    DATABASE = "database", _("Database")
    TEXTBOOK = "textbook", _("Textbook")
    PATIENT_PAGE = "patient_page", _("Patient page")
    REGULATOR = "regulator", _("Regulator")
    SERVICE = "service", _("Service")


class DrugKind(TextChoices):
    """How a drug works, roughly."""

    CHECKPOINT_INHIBITOR = "checkpoint_inhibitor", _("Checkpoint inhibitor")
    TARGETED = "targeted", _("Targeted drug")


class Route(TextChoices):
    """How a drug gets into the body."""

    IV = "iv", _("Into a vein (IV)")
    UNDER_SKIN = "under_skin", _("Under the skin")
    BY_MOUTH = "by_mouth", _("By mouth")


class Line(TextChoices):
    """When in the course of treatment a regimen is used."""

    FIRST = "first", _("First treatment")
    LATER = "later", _("After other treatments")


class Tier(TextChoices):
    """How adverse events are told apart for readers."""

    COMMON = "common", _("Common")
    INFUSION = "infusion", _("Infusion reaction")
    AUTOIMMUNE = "autoimmune", _("Autoimmune reaction")


class BodyPart(TextChoices):
    """Where in the body an adverse event is felt, from the head downwards."""

    WHOLE = "whole", _("Your whole body")
    HEAD = "head", _("Head and face")
    GLANDS = "glands", _("Glands that make hormones")
    CHEST = "chest", _("Chest and lungs")
    BELLY = "belly", _("Stomach and bowels")
    LIVER = "liver", _("Liver")
    KIDNEYS = "kidneys", _("Kidneys")
    SKIN = "skin", _("Skin")
    JOINTS = "joints", _("Muscles and joints")
    OTHER = "other", _("Other parts of the body")


class EventLevel(TextChoices):
    """How fast somebody has to hear of an adverse event."""

    REPORT = "report", _("Tell your care team")
    URGENT = "urgent", _("Call your care team now")
    EMERGENCY = "emergency", _("Emergency")


class ConflictStatus(TextChoices):
    """A page with an open conflict can't be published; a noted one shows its note."""

    OPEN = "open", _("Open")
    NOTED = "noted", _("Noted")


class PassageStyle(TextChoices):
    """How the sentences of a passage are set."""

    PARAGRAPH = "paragraph", _("Paragraph")
    BULLETS = "bullets", _("Bullets")


class PageType(TextChoices):
    """The page types that a pack can name."""

    ARTICLE = "article", _("Article")
    DRUG = "drug", _("Drug")
    SERVICE = "service", _("Service")


class RefusalKind(TextChoices):
    """Why a question isn't answered."""

    DOSE = "dose", _("Dose")
    PROGNOSIS = "prognosis", _("Prognosis")
    PERSONAL = "personal", _("Personal advice")
    COST = "cost", _("Cost")
    OTHER_CONDITION = "other_condition", _("Another condition")
    OFF_TOPIC = "off_topic", _("Off topic")
    INSTRUCTIONS = "instructions", _("Instructions to the machine")
    NOT_COVERED = "not_covered", _("Not covered")


class DangerLevel(TextChoices):
    """How urgent a text is; careline.safety has the rules by which it is judged."""

    EMERGENCY = "emergency", _("Emergency")
    CRISIS = "crisis", _("Crisis")
    URGENT = "urgent", _("Call your care team now")
    REPORT = "report", _("Tell your care team")
    NONE = "none", _("Nothing urgent")


class NextStep(TextChoices):
    """What a person can do next."""

    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    CALLBACK = "callback", _("Callback")
    MESSAGE = "message", _("Message")


class SentenceState(TextChoices):
    """What has become of a sentence; the first that fits, in this order."""

    RETIRED = "retired", _("Retired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNPUBLISHED = "unpublished", _("Not published")
    BEHIND = "behind", _("Translates words that have changed")
    OVERDUE = "overdue", _("Past its review date")
    APPROVED = "approved", _("Approved")


class WithdrawalReason(TextChoices):
    """Why a page was taken out of sight."""

    WRONG = "wrong", _("Something on it is wrong")
    HARMFUL = "harmful", _("It could do harm")
    OUTDATED = "outdated", _("It is out of date")
    SOURCE = "source", _("A source changed or was withdrawn")
    REPLACED = "replaced", _("Another page takes its place")
    OTHER = "other", _("Another reason")


class ChangeKind(TextChoices):
    """What became of a sentence between the signed text and a draft."""

    KEPT = "kept", _("Unchanged")
    AGAIN = "again", _("Unchanged, needs a signature")
    CHANGED = "changed", _("Changed")
    ADDED = "added", _("Added")
    REMOVED = "removed", _("Removed")


class DraftKind(TextChoices):
    """What an editor drafts from a question that people ask."""

    VARIANT = "variant", _("A way of asking")
    ANSWER = "answer", _("A new answer")
    REFUSAL = "refusal", _("A question to refuse")


class DraftState(TextChoices):
    """Where such a draft stands on its way."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In medical review")
    SENT_BACK = "sent_back", _("Sent back")
    SIGNED = "signed", _("Signed")
    DISCARDED = "discarded", _("Put away")


class PageState(TextChoices):
    """Where a page stands on its way; a published one can have a draft in review besides."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In medical review")
    SENT_BACK = "sent_back", _("Sent back")
    PUBLISHED = "published", _("Published")
    REVIEW_DUE = "review_due", _("Review due")
    WITHDRAWN = "withdrawn", _("Withdrawn")
