"""Files from visitors: sent from the conversation, opened by its visitor and by who may read it.

A file is always handed over as a download that no browser runs: never as a page.
"""

import uuid

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from careline.accounts.permissions import may_serve_contacts
from careline.contacts import attachments, tokens, trail, visitor_actions
from careline.contacts.attachment_models import Attachment
from careline.contacts.attachments import FileRefused, Why
from careline.contacts.enums import AttachmentKind
from careline.contacts.errors import ContactRefused
from careline.contacts.models import Contact
from careline.contacts.permissions import may_read
from careline.contacts.views.chat import attach_refused, no_conversation, to_chat
from careline.contacts.visitor_forms import AttachForm
from careline.contacts.visitors import contact_of
from careline.core import audit
from careline.core.access import staff, visitor
from careline.core.ratelimit import Limit, allow_request

# What a form has around a file.
_AROUND_BYTES = 20_000
_TYPES = {
    AttachmentKind.IMAGE: ("image/jpeg", "jpg"),
    AttachmentKind.PDF: ("application/pdf", "pdf"),
}


# Django's check reads the form, and a form that was read can't be told any more how to take its
# file: so the check comes below, after that was said.
@csrf_exempt
@never_cache
@require_POST
@visitor(limit=Limit.SEND)
def send(request: HttpRequest) -> HttpResponse:
    """Store a file of the conversation."""
    contact = contact_of(request)
    if contact is None or not contact.is_chat:
        return no_conversation(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > attachments.most_bytes() + _AROUND_BYTES:
        return attach_refused(request, contact, words_for(Why.TOO_BIG), status=413)
    if not allow_request(Limit.OPEN_CONTACT, request):
        words = _("That was a lot at once. Please wait a minute.")
        return attach_refused(request, contact, words, status=429)
    request.upload_handlers = [attachments.InMemory(request)]
    # In a frame the browser's word on where the form comes from has been asked already.
    take = _take if tokens.is_framed(request) else csrf_protect(_take)
    return take(request, contact)


def _take(request: HttpRequest, contact: Contact) -> HttpResponse:
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        return attach_refused(request, contact, form.first_problem())
    given = form.cleaned_data
    try:
        visitor_actions.attach(
            contact_id=contact.pk, data=given["file"].read(), client_id=given["client_id"]
        )
    except FileRefused as refused:
        return attach_refused(request, contact, words_for(refused.why))
    except ContactRefused:
        pass  # It ended meanwhile: the page says so.
    return to_chat(request)


def words_for(why: Why) -> str:
    """Return what to say about a file that wasn't taken, and what can be done instead."""
    megabytes = {"megabytes": settings.ATTACHMENT_MEGABYTES}
    if why is Why.TOO_BIG:
        return _("This file is too large. It may have up to %(megabytes)s MB.") % megabytes
    if why is Why.TOO_MANY:
        return _("You have sent as many files as we can keep. Tell us about the others in words.")
    if why is Why.BROKEN:
        return _("We could not open this file. A photo of it, or a screenshot, may work.")
    if why is Why.ACTIVE:
        return _("This PDF holds more than pages, so we don't take it. A photo of it may work.")
    if why is Why.OFF:
        return _("We don't take files. Please tell us in words.")
    if attachments.takes_pdf():
        return _("We take pictures (JPEG, PNG, WebP, GIF) and PDF only.")
    return _("We take pictures only (JPEG, PNG, WebP, GIF).")


@never_cache
@require_safe
@visitor(limit=Limit.PAGE)
def show(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Give a visitor their own file."""
    contact = contact_of(request)
    if contact is None:
        raise Http404
    return _handed_over(get_object_or_404(Attachment, contact=contact, key=key))


@staff(may_serve_contacts)
@never_cache
@require_safe
def for_staff(request: HttpRequest, contact_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Give a file to who may read the conversation, and note who looked."""
    attachment = get_object_or_404(
        Attachment.objects.select_related("contact"), contact=contact_id, key=key
    )
    reader = request.user
    if not may_read(reader, attachment.contact):
        raise Http404
    with transaction.atomic():
        trail.note_reading_on(attachment.contact, acting_user=reader)  # type: ignore[arg-type]
        number = attachment.number
        audit.record("contact.view_file", attachment.contact, acting_user=reader, number=number)  # type: ignore[arg-type]
    return _handed_over(attachment)


def _handed_over(attachment: Attachment) -> HttpResponse:
    kind, ending = _TYPES[AttachmentKind(attachment.kind)]
    response = HttpResponse(attachments.content_of(attachment), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{attachment.number}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response
