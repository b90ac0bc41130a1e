"""From a page as it was signed to its file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careline.content.enums import PassageStyle
from careline.content.models import Approval, ReviewedPage, Sentence
from careline.content.models.review import normalised, sentence_id
from careline.content.packs import schema
from careline.content.packs.export.yaml import as_yaml


@dataclass(frozen=True)
class PageFile:
    """One page in one language, with what its file says."""

    key: str
    language: str
    labels: frozenset[str]
    sources: frozenset[str]
    sentences: tuple[str, ...]
    text: str

    @property
    def name(self) -> str:
        """Its place in the pack's folder."""
        return f"pages/{self.language}/{self.key}.md"


def page_file(page: ReviewedPage, header: schema.PackHeader) -> PageFile | None:
    """Return the file of a signed page; None when no sentence of it may be shown."""
    signed = Sentence.objects.signed().filter(page_id=page.pk).select_related("approval")
    sentences = {row.pk: row for row in signed.order_by("position")}
    lines = list(_lines(page, sentences))
    if not sentences or not lines:
        return None
    head = as_yaml(_head(page, header, list(sentences.values())))
    text = f"---\n{head}---\n" + "\n".join(lines) + "\n"
    shown = [value for value in _values(page) if _id(page, value) in sentences]
    return PageFile(
        page.key,
        page.language,
        frozenset(value["label"] for value in shown if value["label"]),
        frozenset(source.pk for value in shown for source in value["sources"] if source),
        tuple(normalised(value["text"]) for value in shown),
        text,
    )


def _head(
    page: ReviewedPage, header: schema.PackHeader, sentences: list[Sentence]
) -> schema.PageHead:
    return schema.PageHead(
        key=page.key,
        type=page.page_type,
        topic=page.topic_id,
        title=page.title,
        summary=page.summary,
        order=page.order,
        drug=getattr(page, "drug_id", None),
        slug=page.slug if page.slug != page.key else None,
        written_by=page.written_by if page.written_by != header.written_by else None,
        review=_review(page, header, sentences),
        follows={row.pk: row.follows for row in _by_id(sentences) if row.behind_since is not None},
    )


def _by_id(sentences: Iterable[Sentence]) -> list[Sentence]:
    return sorted(sentences, key=lambda row: row.pk)


def _review(
    page: ReviewedPage, header: schema.PackHeader, sentences: list[Sentence]
) -> schema.PageReview | None:
    """The page's signature where it isn't the pack's; due when the first of its sentences is."""
    signature = page.signature()
    assert signature is not None  # noqa: S101 - only signed pages come here
    approvals = [signature, *(row.approval for row in sentences if row.approval is not None)]
    due = min(each.review_due for each in approvals)
    demonstration = any(each.demonstration for each in approvals)
    if _is_the_packs(signature, header) and due == signature.review_due:
        return None
    return schema.PageReview(
        reviewer=signature.reviewer_name,
        reviewed_on=signature.reviewed_on,
        next_review_on=due,
        demonstration=demonstration,
    )


def _is_the_packs(signature: Approval, header: schema.PackHeader) -> bool:
    if signature.demonstration != header.demonstration or signature.reviewer_id is not None:
        return False
    review = header.review
    if not review.is_signed:
        return True
    return (signature.reviewer_name, signature.reviewed_on, signature.review_due) == (
        review.reviewer,
        review.reviewed_on,
        review.next_review_on,
    )


def _values(page: ReviewedPage) -> Iterator[Any]:
    for block in page.body:
        if block.block_type == "passage":
            yield from block.value["sentences"]


def _id(page: ReviewedPage, value: Any) -> str:
    return sentence_id(page.key, page.language, value["text"])


def _lines(page: ReviewedPage, signed: Mapping[str, Sentence]) -> Iterator[str]:
    """Return the body's lines; a blank one between blocks, none under a heading."""
    after: str | None = None
    for block in page.body:
        lines = _block(page, block, signed)
        if not lines:
            continue
        if after not in (None, "heading"):
            yield ""
        yield from lines
        after = block.block_type


def _block(page: ReviewedPage, block: Any, signed: Mapping[str, Sentence]) -> list[str]:
    value = block.value
    match block.block_type:
        case "heading":
            return [f"## {normalised(value['text'])}{_mark(value['anchor'])}"]
        case "passage":
            start = "- " if value["style"] == PassageStyle.BULLETS else ""
            shown = [each for each in value["sentences"] if _id(page, each) in signed]
            return [start + _sentence(each) for each in shown]
        case "adverse_events":
            return [f"::adverse-events{{{value['tier']}}}" if value["tier"] else "::adverse-events"]
        case "conflict":
            return [f"::conflict{{{value.key}}}"] if value is not None else []
    return [f"::{block.block_type}"]


def _sentence(value: Any) -> str:
    sources = "".join(f" [^{source.pk}]" for source in value["sources"] if source)
    return f"{normalised(value['text'])}{sources}{_mark(value['label'])}"


def _mark(word: str | None) -> str:
    return f" {{#{word}}}" if word else ""
