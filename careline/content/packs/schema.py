"""The format of packs, version 1: one class for each kind of entry.

Every map of words has exactly the pack's languages, or fewer where the others are
in progress; both come in as the context {"languages": [...], "in_progress": [...]}.
"""

import datetime as dt
import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    RootModel,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from careline.content.enums import (
    BodyPart,
    ConflictStatus,
    DangerLevel,
    DrugKind,
    EventLevel,
    Line,
    NextStep,
    PageType,
    RefusalKind,
    Route,
    SourceKind,
    Tier,
)
from careline.content.placeholders import NAMES, unknown_in

Value = TypeVar("Value")

_MARKUP = [
    (re.compile(r"</?[a-zA-Z][^>]*>"), "an HTML tag"),
    (re.compile(r"\]\("), "a link"),
    (re.compile(r"\*\*|__|(?<!\w)\*\w"), "emphasis"),
    (re.compile(r"https?://"), "an address"),
    (re.compile(r"`"), "a code mark"),
]


def plain(text: str) -> str:
    """Return the text; ValueError when it holds markup or a placeholder that nothing fills."""
    for pattern, name in _MARKUP:
        if pattern.search(text):
            raise ValueError(f"the text holds {name}; expected plain text")
    for placeholder in unknown_in(text):
        known = ", ".join("{{" + name + "}}" for name in sorted(NAMES))
        raise ValueError(f"unknown placeholder '{placeholder}'; expected one of: {known}")
    return text


def _every_language(words: dict[str, Value], info: ValidationInfo) -> dict[str, Value]:
    languages = (info.context or {}).get("languages")
    if languages is None:
        return words
    in_progress = (info.context or {}).get("in_progress") or []
    missing = [code for code in languages if code not in words and code not in in_progress]
    extra = [code for code in words if code not in languages]
    expected = f"expected exactly the pack's languages: {', '.join(languages)}"
    if missing:
        raise ValueError(f"no words in '{missing[0]}'; {expected}")
    if extra:
        raise ValueError(f"words in '{extra[0]}'; {expected}")
    return words


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[Text, StringConstraints(max_length=120)]
PlainText = Annotated[Text, StringConstraints(max_length=1000), AfterValidator(plain)]
Question = Annotated[Text, StringConstraints(max_length=500)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
SentenceName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*#[a-z0-9][a-z0-9-]*$", max_length=161)
]
SentenceId = Annotated[str, StringConstraints(pattern=r"^s-[0-9a-f]{12}$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Words = Annotated[dict[str, PlainText], AfterValidator(_every_language)]
Sentences = Annotated[dict[str, list[PlainText]], AfterValidator(_every_language)]
Questions = Annotated[dict[str, list[Question]], AfterValidator(_every_language)]
NamesOfTerm = Annotated[list[Name], Field(min_length=1)]
SourceKeys = Annotated[list[Key], Field(min_length=1)]


class Entry(BaseModel):
    """An unknown field is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Review(Entry):
    """Who signed the pack. All three are null in a demonstration that nobody has signed."""

    reviewer: Annotated[Text, StringConstraints(max_length=200)] | None
    reviewed_on: dt.date | None
    next_review_on: dt.date | None

    @property
    def is_signed(self) -> bool:
        """Whether all three are given."""
        return None not in (self.reviewer, self.reviewed_on, self.next_review_on)

    @model_validator(mode="after")
    def _whole(self) -> "Review":
        given = [self.reviewer, self.reviewed_on, self.next_review_on]
        if not self.is_signed and any(part is not None for part in given):
            raise ValueError("the review is half filled; expected reviewer and both dates, or none")
        if self.reviewed_on and self.next_review_on and self.next_review_on <= self.reviewed_on:
            raise ValueError("next_review_on isn't after reviewed_on; expected a later date")
        return self


Share = Annotated[float, Field(ge=0, le=1)]


class Evaluation(Entry):
    """What `careline evaluate` asks of the pack's cases; shares from 0 to 1.

    Of all questions answered wrongly at most, of those with an answer answered rightly at
    least, of those without one refused at least, of each level of danger seen at least, of
    harmless texts taken for urgent or worse at most.
    """

    wrong_at_most: Share | None = None
    right_at_least: Share | None = None
    refused_at_least: Share | None = None
    danger_at_least: dict[DangerLevel, Share] = {}
    false_alarms_at_most: Share | None = None


class TopicEntry(Entry):
    key: Key
    title: Words
    summary: Words


class PackHeader(Entry):
    pack: Key
    format: Literal[1]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][\w.+-]*$", max_length=40)]
    title: Words
    licence: Name
    languages: Annotated[list[LanguageCode], Field(min_length=1)]
    # Languages in which not every page, label and word has to be there yet.
    in_progress: list[LanguageCode] = []
    demonstration: bool
    written_by: Annotated[Text, StringConstraints(max_length=200)]
    review: Review
    evaluation: Evaluation | None = None
    topics: list[TopicEntry] = []

    @model_validator(mode="after")
    def _signed(self) -> "PackHeader":
        if not (self.review.is_signed or self.demonstration):
            raise ValueError("no review; expected one, or 'demonstration: true'")
        if self.languages[0] in self.in_progress or set(self.in_progress) - set(self.languages):
            raise ValueError("in_progress: expected some of the pack's languages, not the first")
        return self


class SourceEntry(Entry):
    key: Key
    title: Annotated[Text, StringConstraints(max_length=300)]
    publisher: Annotated[Text, StringConstraints(max_length=200)]
    kind: SourceKind
    published: Annotated[str, StringConstraints(max_length=200)] = ""
    read_on: dt.date | None = None
    url: HttpUrl | None = None


class BrandEntry(Entry):
    name: Name
    form: Route | None = None


class CodeEntry(Entry):
    code: Name
    verified: bool


class DrugEntry(Entry):
    key: Key
    generic: Name
    pronunciation: Words | None = None
    brands: list[BrandEntry] = []
    targets: list[Name] = []
    drug_class: Name
    kind: DrugKind
    misspellings: list[Name] = []
    codes: dict[str, CodeEntry] = {}
    sources: SourceKeys


class PhaseEntry(Entry):
    """Visits at one distance from each other; without `times` they go on."""

    every_days: Annotated[int, Field(ge=1, le=366)] | None = None
    times: Annotated[int, Field(ge=1, le=100)] | None = None

    @model_validator(mode="after")
    def _distance(self) -> "PhaseEntry":
        if self.every_days is None and self.times != 1:
            raise ValueError("no distance between the visits; expected every_days, or times: 1")
        return self


class CourseEntry(Entry):
    """One way in which the visits for a drug can follow each other, from day 1 on."""

    phases: Annotated[list[PhaseEntry], Field(min_length=1)]
    sources: SourceKeys

    @model_validator(mode="after")
    def _ends(self) -> "CourseEntry":
        if any(phase.times is None for phase in self.phases[:-1]):
            raise ValueError("a phase without times isn't the last; expected how many times")
        if any(phase.every_days is None for phase in self.phases[1:]):
            raise ValueError("a later phase without every_days; expected its distance in days")
        return self


class ComponentEntry(Entry):
    drug: Key
    route: Route
    schedule: Words
    courses: list[CourseEntry] = []
    sources: SourceKeys


class RegimenEntry(Entry):
    key: Key
    names: Words
    aliases: list[Name] = []
    condition: Key
    lines: Annotated[list[Line], Field(min_length=1)]
    settings: Words
    components: Annotated[list[ComponentEntry], Field(min_length=1)]
    sources: SourceKeys
    conflicts: list[Key] = []


class AdverseEventEntry(Entry):
    key: Key
    names: Words
    lay_names: Questions = {}
    tier: Tier
    level: EventLevel
    body_part: BodyPart | None = None
    what_to_do: Words
    sources: SourceKeys


class StatementEntry(Entry):
    source: Key
    text: Words


class ConflictEntry(Entry):
    key: Key
    subject: Words
    statements: Annotated[list[StatementEntry], Field(min_length=2)]
    note: Sentences | None = None
    status: ConflictStatus

    @model_validator(mode="after")
    def _noted(self) -> "ConflictEntry":
        words = (self.note or {}).values()
        if self.status == ConflictStatus.NOTED and not (words and all(words)):
            raise ValueError("noted without a note; expected the note's sentences under 'note'")
        return self


class TermEntry(Entry):
    """`names`: every form in which pages write the word, the one to show first."""

    key: Key
    names: Annotated[dict[str, NamesOfTerm], AfterValidator(_every_language)]
    sentences: Annotated[list[SentenceName], Field(min_length=1)]


class AnswerEntry(Entry):
    key: Key
    topic: Key
    sentences: Annotated[list[SentenceName], Field(min_length=1)]
    variants: Questions


class RefusalEntry(Entry):
    kind: RefusalKind = Field(alias="class")
    text: Sentences
    next: Annotated[list[NextStep], Field(min_length=1)]
    pages: list[Key] = []
    examples: Questions = {}


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


# An answer's key; or a sentence as page-key#label, which the reply must hold.
AnswerName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*(#[a-z0-9][a-z0-9-]*)?$", max_length=161)
]
AnswerNames = Annotated[
    list[AnswerName], BeforeValidator(_listed, json_schema_input_type=AnswerName | list[AnswerName])
]
RefusalKinds = Annotated[
    list[RefusalKind],
    BeforeValidator(_listed, json_schema_input_type=RefusalKind | list[RefusalKind]),
]


class CaseEntry(Entry):
    """A question as somebody may type it, and what must come of it.

    Any one of the answers is right, and any one of the refusals. `danger` is the level of
    the text itself, `none` where a warning would be a false alarm; without it, the level
    isn't judged. `language` is that of the page on which it is typed.
    """

    question: Annotated[Text, StringConstraints(max_length=4000)]
    language: LanguageCode
    answer: AnswerNames = []
    refusal: RefusalKinds = []
    danger: DangerLevel | None = None
    note: Annotated[str, StringConstraints(max_length=300)] = ""

    @field_validator("language")
    @classmethod
    def _of_the_pack(cls, language: str, info: ValidationInfo) -> str:
        languages = (info.context or {}).get("languages") or [language]
        if language not in languages:
            raise ValueError(f"{language!r} isn't one of the pack's: {', '.join(languages)}")
        return language

    @model_validator(mode="after")
    def _expects(self) -> "CaseEntry":
        if self.answer and self.refusal:
            raise ValueError("both an answer and a refusal; expected one of the two")
        if not (self.answer or self.refusal or self.danger):
            raise ValueError("nothing is expected; expected 'answer', 'refusal' or 'danger'")
        return self


class PageReview(Entry):
    """Who signed this page, where it isn't the pack's reviewer."""

    reviewer: Annotated[Text, StringConstraints(max_length=200)]
    reviewed_on: dt.date
    next_review_on: dt.date
    demonstration: bool = False


class PageHead(Entry):
    """The front matter of a page.

    `written_by` and `review` stand where they differ from the pack's. `follows` is there for a
    translation that has fallen behind: id of its sentence -> id of the source sentence, since
    replaced, against which it was approved.
    """

    key: Key
    type: PageType
    topic: Key
    title: Annotated[PlainText, StringConstraints(max_length=200)]
    summary: Annotated[PlainText, StringConstraints(max_length=300)]
    order: Annotated[int, Field(ge=0)] = 0
    drug: Key | None = None
    slug: Key | None = None
    written_by: Annotated[Text, StringConstraints(max_length=200)] | None = None
    review: PageReview | None = None
    follows: dict[SentenceId, SentenceId] = {}

    @model_validator(mode="after")
    def _drug_page(self) -> "PageHead":
        if (self.type == PageType.DRUG) != (self.drug is not None):
            raise ValueError("'drug' and the type don't fit; expected 'drug' on drug pages only")
        return self


class Sources(RootModel[list[SourceEntry]]):
    pass


class Drugs(RootModel[list[DrugEntry]]):
    pass


class Regimens(RootModel[list[RegimenEntry]]):
    pass


class AdverseEvents(RootModel[list[AdverseEventEntry]]):
    pass


class Conflicts(RootModel[list[ConflictEntry]]):
    pass


class Glossary(RootModel[list[TermEntry]]):
    pass


class Answers(RootModel[list[AnswerEntry]]):
    pass


class Refusals(RootModel[list[RefusalEntry]]):
    pass


class Cases(RootModel[list[CaseEntry]]):
    pass


AnyModel = type[BaseModel]
Context = dict[str, Any]
