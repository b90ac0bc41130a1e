"""What search engines read about a page: schema.org in JSON-LD.

MedicalWebPage with who reviewed it and when, Drug for a drug's page. Only what a
reader of the page sees is said here; a draft says nothing.
"""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from careline.content.licences import Licence
from careline.content.models import Drug, DrugPage, ReviewedPage, ServicePage
from careline.content.presentation import Provenance, Reference

_CONTEXT = "https://schema.org"
# Nothing inside the block may end it, or begin markup.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
# The names under which schema.org knows the code systems of our facts.
_CODE_SYSTEMS = {"rxnorm": "RxNorm", "ncit": "NCI Thesaurus"}


def data_block(graph: list[dict[str, Any]]) -> SafeString:
    """Return the objects as a data block: browsers don't run it, so the CSP lets it stand."""
    text = json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, default=_day)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text.translate(_ESCAPES)),  # noqa: S308 (escaped just now)
    )


def _day(moment: dt.date) -> str:
    """Return a day or a moment as ISO 8601 writes it."""
    return moment.isoformat()


def page_graph(
    page: ReviewedPage,
    provenance: Provenance,
    references: Iterable[Reference],
    licence: Licence | None,
    base: str,
) -> list[dict[str, Any]]:
    """Return a signed page's objects; none for a page without a signature (a preview).

    `base` is scheme and host of the service.
    """
    if not provenance.reviewer:
        return []
    address = f"{base}{page.url}"
    web_page = _web_page(page, provenance, address, base)
    web_page["citation"] = [_citation(reference) for reference in references]
    if licence and licence.url:
        web_page["license"] = licence.url
    if not isinstance(page, DrugPage):
        return [web_page]
    web_page["about"] = {"@id": f"{address}#drug"}
    return [web_page, _drug(page.drug, address)]


def _web_page(
    page: ReviewedPage, provenance: Provenance, address: str, base: str
) -> dict[str, Any]:
    return {
        "@type": "WebPage" if isinstance(page, ServicePage) else "MedicalWebPage",
        "@id": address,
        "url": address,
        "name": page.title,
        "description": page.summary,
        "inLanguage": page.language,
        "datePublished": page.first_published_at,
        "dateModified": page.last_published_at,
        "lastReviewed": provenance.reviewed_on,
        "reviewedBy": {
            # A demonstration was signed by nobody, so it names no person.
            "@type": "Organization" if provenance.demonstration else "Person",
            "name": provenance.reviewer,
        },
        "author": {"@type": "Organization", "name": provenance.written_by},
        "publisher": organisation(base),
        "audience": {"@type": "PeopleAudience", "audienceType": "Patient"},
    }


def organisation(base: str) -> dict[str, Any]:
    """Return whose service this is."""
    return {"@type": "Organization", "name": settings.ORGANISATION_NAME, "url": base}


def _citation(reference: Reference) -> dict[str, Any]:
    source = reference.source
    said = {
        "@type": "CreativeWork",
        "name": source.title,
        "publisher": {"@type": "Organization", "name": source.publisher},
    }
    return {**said, "url": source.url} if source.url else said


def _drug(drug: Drug, address: str) -> dict[str, Any]:
    codes = [
        {"@type": "MedicalCode", "codeValue": code["code"], "codingSystem": _CODE_SYSTEMS[system]}
        for system, code in drug.codes.items()
        if system in _CODE_SYSTEMS and code.get("verified")
    ]
    said = {
        "@type": "Drug",
        "@id": f"{address}#drug",
        "name": drug.generic,
        "nonProprietaryName": drug.generic,
        "alternateName": [brand.name for brand in drug.brands.all()],
        "drugClass": {"@type": "DrugClass", "name": drug.drug_class},
        "mainEntityOfPage": {"@id": address},
    }
    return {**said, "code": codes} if codes else said


def faq_graph(questions: Iterable[tuple[str, str]], address: str) -> list[dict[str, Any]]:
    """Return questions and their answers, as they stand on the page at the address."""
    entities = [
        {
            "@type": "Question",
            "name": question,
            "acceptedAnswer": {"@type": "Answer", "text": answer},
        }
        for question, answer in questions
    ]
    return [{"@type": "FAQPage", "@id": address, "url": address, "mainEntity": entities}]
