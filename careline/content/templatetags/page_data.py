"""A page's data for search engines, from what its template shows."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from careline.content.structured import data_block, page_graph
from careline.core.addresses import public_base

register = template.Library()


@register.simple_tag(takes_context=True)
def page_data(context: dict[str, Any]) -> SafeString | str:
    """Return the JSON-LD block of the page in the context; empty for a preview."""
    graph = page_graph(
        context["page"],
        context["provenance"],
        context["references"],
        context["licence"],
        public_base(context["request"]),
    )
    return data_block(graph) if graph else ""
