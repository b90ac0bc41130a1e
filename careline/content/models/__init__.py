"""The models of the reviewed information, in the order in which they build on each other."""

from careline.content.models.answers import (
    AnswerSentence,
    ApprovedAnswer,
    QuestionVariant,
    RefusalClass,
    RefusalExample,
    SafetyRuleSet,
)
from careline.content.models.drafts import QuestionDraft
from careline.content.models.facts import (
    AdverseEvent,
    ClaimConflict,
    ConflictStatement,
    Drug,
    DrugBrand,
    GlossaryTerm,
    Regimen,
    RegimenComponent,
    Source,
    Topic,
)
from careline.content.models.pages import (
    PAGE_MODELS,
    ArticlePage,
    DrugPage,
    ReviewedPage,
    ServicePage,
    SiteRootPage,
)
from careline.content.models.review import Approval, ContentVersion, Pack, Sentence
from careline.content.models.reviewing import MedicalReview, ReviewComment, ReviewReminder

__all__ = [
    "PAGE_MODELS",
    "AdverseEvent",
    "AnswerSentence",
    "Approval",
    "ApprovedAnswer",
    "ArticlePage",
    "ClaimConflict",
    "ConflictStatement",
    "ContentVersion",
    "Drug",
    "DrugBrand",
    "DrugPage",
    "GlossaryTerm",
    "MedicalReview",
    "Pack",
    "QuestionDraft",
    "QuestionVariant",
    "RefusalClass",
    "RefusalExample",
    "Regimen",
    "RegimenComponent",
    "ReviewComment",
    "ReviewReminder",
    "ReviewedPage",
    "SafetyRuleSet",
    "Sentence",
    "ServicePage",
    "SiteRootPage",
    "Source",
    "Topic",
]
