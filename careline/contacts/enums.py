"""What a contact, its events and its record may be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """How a person reached the helpline."""

    CHAT = "chat", _("Chat")
    CALLBACK = "callback", _("Callback")
    MESSAGE = "message", _("Message")
    PHONE = "phone", _("Phone")


class Status(TextChoices):
    """Where a contact stands; derived from its log."""

    WAITING = "waiting", _("Waiting")
    ASSIGNED = "assigned", _("With a specialist")
    ENDED = "ended", _("Ended")


class DeskState(TextChoices):
    """What somebody at the desk does; offers come only to who is available."""

    AVAILABLE = "available", _("Taking contacts")
    BREAK = "break", _("On a break")
    MEAL = "meal", _("At a meal")
    MEETING = "meeting", _("In a meeting or training")
    AFTER_CALL = "after_call", _("Finishing a record")
    AWAY = "away", _("Away")


class OneOffKind(TextChoices):
    """What a stretch of time is that the week's opening hours don't know."""

    CLOSING = "closing", _("Closed")
    OPENING = "opening", _("Open")


class AuthorKind(TextChoices):
    """Who wrote an event."""

    VISITOR = "visitor", _("Visitor")
    SPECIALIST = "specialist", _("Specialist")
    SERVICE = "service", _("Service")


class EventKind(TextChoices):
    """What can happen in a contact's life."""

    OPENED = "opened", _("Opened")
    VISITOR_MESSAGE = "visitor_message", _("Message from the visitor")
    FLAG = "flag", _("Red flag")
    CARD_DISMISSED = "card_dismissed", _("Care card put away")
    OFFERED = "offered", _("Offered")
    DECLINED = "declined", _("Offer declined")
    OFFER_LAPSED = "offer_lapsed", _("Offer not answered")
    ACCEPTED = "accepted", _("Accepted")
    ASSIGNED = "assigned", _("Assigned by a supervisor")
    RELEASED = "released", _("Back in the queue")
    IDLE_WARNED = "idle_warned", _("Asked whether the visitor is still there")
    SPECIALIST_MESSAGE = "specialist_message", _("Message from the specialist")
    APPROVED_SENTENCE = "approved_sentence", _("Reviewed sentence")
    INVITED = "invited", _("Colleague asked to join")
    INVITATION_OVER = "invitation_over", _("The colleague did not join")
    JOINED = "joined", _("Joined")
    LEFT = "left", _("Left the conversation")
    HANDED_OVER = "handed_over", _("Handed over")
    CONSULTED = "consulted", _("Asked a supervisor")
    WHISPER = "whisper", _("Said among staff")
    NOTE = "note", _("Note")
    FOLLOW_UP_SET = "follow_up_set", _("Follow-up agreed")
    FOLLOW_UP_DONE = "follow_up_done", _("Follow-up done")
    READING_SHARED = "reading_shared", _("The visitor shared what they read and asked")
    EARLIER_SHARED = "earlier_shared", _("The visitor shared an earlier contact")
    CALL_ATTEMPT = "call_attempt", _("Call attempt")
    CALL_PLANNED = "call_planned", _("Time of the call chosen")
    CALL_DUE = "call_due", _("The time of the call has come")
    VISITOR_FILE = "visitor_file", _("File from the visitor")
    CLOSED_EARLY = "closed_early", _("Told that chat closed early")
    OPEN_AGAIN = "open_again", _("Told that chat is open again")
    WRAPPED_UP = "wrapped_up", _("Wrapped up")
    ENDED = "ended", _("Ended")


# Written by a specialist to the visitor.
SPECIALIST_WORDS = frozenset({EventKind.SPECIALIST_MESSAGE, EventKind.APPROVED_SENTENCE})
# Possible only while the contact is with somebody.
NEEDS_ASSIGNEE = SPECIALIST_WORDS | {
    EventKind.CALL_ATTEMPT,
    EventKind.RELEASED,
    EventKind.IDLE_WARNED,
    EventKind.INVITED,
    EventKind.JOINED,
    EventKind.LEFT,
    EventKind.HANDED_OVER,
    EventKind.CONSULTED,
    EventKind.WHISPER,
}
# Who is in one of these is expected back within the shift.
RETURNING = frozenset({DeskState.BREAK, DeskState.MEAL, DeskState.MEETING, DeskState.AFTER_CALL})
# Never for a visitor's eyes, in whatever form the log is shown.
STAFF_ONLY = frozenset(
    {
        EventKind.OFFERED,
        EventKind.DECLINED,
        EventKind.OFFER_LAPSED,
        EventKind.INVITED,
        EventKind.INVITATION_OVER,
        EventKind.CONSULTED,
        EventKind.WHISPER,
        EventKind.NOTE,
        EventKind.FOLLOW_UP_SET,
        EventKind.FOLLOW_UP_DONE,
        EventKind.CALL_ATTEMPT,
        EventKind.WRAPPED_UP,
    }
)


class Passed(TextChoices):
    """Why an offer came to nothing."""

    TIME = "time", _("no answer in time")
    GONE = "gone", _("no longer taking contacts")


class ReleaseReason(TextChoices):
    """Why a contact went back to the queue."""

    LOST = "lost", _("the desk was not seen any more")
    HANDED_BACK = "handed_back", _("handed back")
    TRANSFERRED = "transferred", _("transferred")


class TransferReason(TextChoices):
    """Why somebody else is to go on with a contact."""

    TOPIC = "topic", _("another topic")
    LANGUAGE = "language", _("another language")
    EXPERIENCE = "experience", _("somebody with more experience")
    ASKED = "asked", _("the visitor asked for it")
    SHIFT_END = "shift_end", _("end of my shift")
    OTHER = "other", _("another reason")


class JoinedAs(TextChoices):
    """What somebody is in a conversation that is a colleague's."""

    COLLEAGUE = "colleague", _("colleague")
    SUPERVISOR = "supervisor", _("supervisor")


class NotJoined(TextChoices):
    """Why an invitation came to nothing."""

    DECLINED = "declined", _("declined")
    TIME = "time", _("no answer in time")
    GONE = "gone", _("no longer at the desk")
    TAKEN_BACK = "taken_back", _("taken back")


class LeftBecause(TextChoices):
    """Why somebody left a colleague's conversation."""

    OWN = "own", _("by themselves")
    TAKEN_BACK = "taken_back", _("the colleague goes on alone")
    SILENT = "silent", _("said nothing for long")
    LOST = "lost", _("the desk was not seen any more")


class Label(TextChoices):
    """What is worth seeing of a contact at a glance; derived from its log."""

    CAME_BACK = "came_back", _("Came back to the queue")
    PASSED_ON = "passed_on", _("Passed on")
    SILENT = "silent", _("Silent for a while")
    CALL_DUE = "call_due", _("Call now")
    CALL_MISSED = "call_missed", _("Call was missed")
    ASKS = "asks", _("Asks a supervisor")
    FOLLOW_UP = "follow_up", _("Follow-up open")


class AttemptOutcome(TextChoices):
    """What came of trying to reach somebody who asked for a call or an answer."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    VOICEMAIL = "voicemail", _("Left a voicemail")
    BUSY = "busy", _("Busy")
    WRONG_NUMBER = "wrong_number", _("Wrong number or address")
    ANSWERED_BY_EMAIL = "answered_by_email", _("Answered by email")


class AttachmentKind(TextChoices):
    """What a file of a visitor is, by what it holds."""

    IMAGE = "image", _("Picture")
    PDF = "pdf", _("PDF")


class PlannedBecause(TextChoices):
    """Why a call got its time."""

    CHOSEN = "chosen", _("chosen by the visitor")
    MISSED = "missed", _("nobody called in the time before")
    NO_ANSWER = "no_answer", _("not reached in the time before")
    FIRST = "first", _("set by the service")


class EndReason(TextChoices):
    """Why a contact ended."""

    FINISHED = "finished", _("The conversation was finished")
    LEFT = "left", _("The visitor left")
    DONE = "done", _("The request was dealt with")
    UNREACHABLE = "unreachable", _("The visitor could not be reached")
    IDLE = "idle", _("The visitor was silent for long")
    UNSERVED = "unserved", _("Chat closed before somebody was free")
    SERVICE = "service", _("Ended by the service")
    DELETED = "deleted", _("The visitor deleted it")
    CANCELLED = "cancelled", _("The visitor no longer wants the call")


class CallbackWindow(TextChoices):
    """When a visitor would like to be called, in the service's time zone."""

    ANY = "any", _("Any time that you are open")
    MORNING = "morning", _("Morning")
    MIDDAY = "midday", _("Around midday")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Early evening")


# Every question of the record can be refused; "not_said" is that answer, an empty
# text means that nobody asked.
NOT_SAID = "not_said"


class CallerType(TextChoices):
    """Who reached the helpline (ICISG minimum data set)."""

    PATIENT = "patient", _("Person with cancer")
    FAMILY = "family", _("Family or friend")
    BEREAVED = "bereaved", _("Bereaved person")
    PROFESSIONAL = "professional", _("Health professional")
    PUBLIC = "public", _("Member of the public")
    OTHER = "other", _("Somebody else")
    NOT_SAID = NOT_SAID, _("Preferred not to say")


class CancerType(TextChoices):
    """Which cancer the contact was about."""

    LIVER = "liver", _("Liver cancer")
    BILE_DUCT = "bile_duct", _("Bile duct cancer")
    SECONDARY_LIVER = "secondary_liver", _("Cancer that spread to the liver")
    OTHER = "other", _("Another cancer")
    NONE = "none", _("No cancer, or not known")
    NOT_SAID = NOT_SAID, _("Preferred not to say")


class Subject(TextChoices):
    """What the contact was mainly about."""

    TREATMENT = "treatment", _("How a treatment works")
    SIDE_EFFECTS = "side_effects", _("Side effects")
    CARE_TEAM = "care_team", _("Talking with the care team")
    EMOTIONAL = "emotional", _("Feelings and coping")
    PRACTICAL = "practical", _("Practical help, travel, work")
    COST = "cost", _("Cost and insurance")
    TRIALS = "trials", _("Clinical trials")
    OTHER = "other", _("Something else")
    NOT_SAID = NOT_SAID, _("Preferred not to say")


class FoundUs(TextChoices):
    """How the person found the service."""

    CARE_TEAM = "care_team", _("Doctor, nurse or hospital")
    SEARCH = "search", _("Web search")
    FAMILY = "family", _("Family or friend")
    SOCIAL = "social", _("Social media")
    MEDIA = "media", _("Newspaper, radio or television")
    BEFORE = "before", _("Was in touch before")
    OTHER = "other", _("Another way")
    NOT_SAID = NOT_SAID, _("Preferred not to say")


class Helped(TextChoices):
    """How much: the answers to each question of the survey at the end."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class Disposition(TextChoices):
    """What came of the contact."""

    ANSWERED = "answered", _("Answered")
    REFERRED = "referred", _("Referred elsewhere")
    FOLLOW_UP = "follow_up", _("Follow-up agreed")
    URGENT_ADVICE = "urgent_advice", _("Told to get urgent care")
    NO_CONVERSATION = "no_conversation", _("No conversation took place")
