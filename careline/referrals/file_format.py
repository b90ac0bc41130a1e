"""What a pack's resources.yaml may say, format 1. Unknown fields are refused."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from careline.core.text import clean


def _is_one_clean_text(text: str) -> str:
    if clean(text) != text or not text:
        raise ValueError("a text without control characters or spaces at its ends")
    return text


def _is_dialable(number: str) -> str:
    digits = sum(char.isdigit() for char in number)
    if not (3 <= digits <= 6 or 11 <= digits <= 15):
        raise ValueError("a short code (988) or a number with its country code (1-800-555-0100)")
    return number


def _is_a_day(value: Any) -> Any:
    # YAML reads 2026-11-20 as a date and 2026-11-20 10:00 as a moment; text isn't accepted.
    if type(value) is not dt.date:
        raise ValueError("a date, YYYY-MM-DD")
    return value


Text = Annotated[str, Field(max_length=2000), AfterValidator(_is_one_clean_text)]
ShortText = Annotated[str, Field(max_length=120), AfterValidator(_is_one_clean_text)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
WebAddress = Annotated[str, Field(pattern=r"^https://[^\s<>\"]+$", max_length=500)]
Uri = Annotated[str, Field(pattern=r"^[a-z][a-z0-9+.-]*:[^\s<>\"]+$", max_length=500)]
Region = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
Day = Annotated[dt.date, BeforeValidator(_is_a_day)]
Number = Annotated[str, Field(pattern=r"^\d[\d-]*\d$", max_length=30), AfterValidator(_is_dialable)]
Words = dict[Language, Text]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TermEntry(_Part):
    """A need that people can filter by."""

    key: Key
    uri: Uri
    label: Words


class OrganizationEntry(_Part):
    """Who offers services."""

    key: Key
    name: Words
    url: WebAddress = ""


class PhoneEntry(_Part):
    """A number, always a text in YAML (quote it)."""

    number: Number
    shown_as: Annotated[str, Field(max_length=40)] = ""
    kind: Literal["voice", "text", "textphone"] = "voice"
    note: Words = {}


class ServiceEntry(_Part):
    """A service. `assured_on` and `assured_by` have no default."""

    key: Key
    organization: Key
    name: Words
    description: Words
    eligibility: Words = {}
    fees: Words = {}
    interpretation: Words = {}
    languages: Annotated[tuple[Language, ...], Field(min_length=1, strict=False)]
    phones: Annotated[tuple[PhoneEntry, ...], Field(strict=False)] = ()
    url: WebAddress = ""
    coverage: Region
    needs: Annotated[tuple[Key, ...], Field(min_length=1, strict=False)]
    assured_on: Day
    assured_by: ShortText


class ResourceFile(_Part):
    """The whole file."""

    pack: Key
    format: Literal[1]
    demonstration: bool
    languages: Annotated[tuple[Language, ...], Field(min_length=1, strict=False)]
    needs: Annotated[tuple[TermEntry, ...], Field(strict=False)]
    organizations: Annotated[tuple[OrganizationEntry, ...], Field(strict=False)]
    services: Annotated[tuple[ServiceEntry, ...], Field(strict=False)]
