"""Files from visitors: what is taken, what is made of it, where it is kept. Off unless a setting
names what may come.

A picture is decoded and written anew as JPEG: where and with what it was taken, a smaller picture
hidden in it and whatever was appended to it are gone. A PDF can't be made anew here; it
is kept as it came, and docs/attachments.md says what that means. Nothing is believed of what a
browser says about a file: neither its name nor its type.
"""

import io
import threading
from enum import StrEnum

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from PIL import Image, ImageOps

from careline.contacts.attachment_models import Attachment, AttachmentPart
from careline.contacts.enums import AttachmentKind
from careline.contacts.models import Contact

MOST_PER_CONTACT = 10
_MEGABYTE = 1024 * 1024
# A picture that says it has more would take all memory before anybody has seen it. One at a
# time, for the same reason.
_MOST_PIXELS = 50_000_000
_decoding = threading.Lock()
_LONGEST_SIDE = 2_400
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_PART_BYTES = 256 * 1024
_PDF_START, _PDF_END, _PDF_END_WITHIN = b"%PDF-", b"%%EOF", 2_048
# Plainly visible ones only: a PDF can hide them. See docs/attachments.md.
_ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


class Why(StrEnum):
    """Why a file isn't taken."""

    OFF = "off"
    TOO_BIG = "too_big"
    TOO_MANY = "too_many"
    KIND = "kind"
    BROKEN = "broken"
    ACTIVE = "active"


class FileRefused(Exception):
    """A file that isn't taken; `why` can be said to who sent it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def are_taken() -> bool:
    """Return whether this service takes files at all."""
    return bool(settings.ATTACHMENTS)


def takes_pdf() -> bool:
    """Return whether it takes documents too."""
    return "pdf" in settings.ATTACHMENTS


def most_bytes() -> int:
    """Return how large a file may be."""
    return int(settings.ATTACHMENT_MEGABYTES) * _MEGABYTE


class InMemory(MemoryFileUploadHandler):
    """Keeps a file in memory, never in a plain file on disk; its size was looked at before."""

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        """Take every file, whatever its size."""
        self.activated = True


def checked(data: bytes) -> tuple[AttachmentKind, bytes]:
    """Return what the file is by its content, and what to keep of it. Raises FileRefused."""
    if not are_taken():
        raise FileRefused(Why.OFF)
    if len(data) > most_bytes():
        raise FileRefused(Why.TOO_BIG)
    if data.startswith(_PDF_START) and takes_pdf():
        return AttachmentKind.PDF, _checked_pdf(data)
    if "images" in settings.ATTACHMENTS:
        return AttachmentKind.IMAGE, _drawn_anew(data)
    raise FileRefused(Why.KIND)


def _checked_pdf(data: bytes) -> bytes:
    if _PDF_END not in data[-_PDF_END_WITHIN:]:
        raise FileRefused(Why.BROKEN)
    if any(word in data for word in _ACTIVE):
        raise FileRefused(Why.ACTIVE)
    return data


def _drawn_anew(data: bytes) -> bytes:
    try:
        opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Exception:  # Decoders fail in many ways on what isn't a picture.
        raise FileRefused(Why.KIND) from None
    with opened:
        if opened.width * opened.height > _MOST_PIXELS:
            raise FileRefused(Why.TOO_BIG)
        try:
            with _decoding:
                return _as_jpeg(opened)
        except Exception:  # Or is a broken one.
            raise FileRefused(Why.BROKEN) from None


def _as_jpeg(opened: Image.Image) -> bytes:
    opened.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))  # Of a JPEG it decodes no more than needed.
    upright = ImageOps.exif_transpose(opened)
    # A fresh sheet: only what can be seen goes over.
    sheet = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        seen = upright.convert("RGBA")
        sheet.paste(seen, mask=seen.getchannel("A"))
    else:
        sheet.paste(upright.convert("RGB"))
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def keep(contact: Contact, kind: AttachmentKind, data: bytes) -> Attachment:
    """Store a file that was checked, inside a transaction that holds the contact's row.

    Raises FileRefused when the contact has enough of them.
    """
    number = Attachment.objects.filter(contact=contact).count() + 1
    if number > MOST_PER_CONTACT:
        raise FileRefused(Why.TOO_MANY)
    kept = Attachment.objects.create(contact=contact, kind=kind, number=number, size=len(data))
    starts = range(0, len(data), _PART_BYTES)
    AttachmentPart.objects.bulk_create(
        AttachmentPart(attachment=kept, number=place, content=data[start : start + _PART_BYTES])
        for place, start in enumerate(starts)
    )
    return kept


def content_of(attachment: Attachment) -> bytes:
    """Return the file. Raises CannotOpen where its key is gone."""
    return b"".join(part.content for part in attachment.parts.order_by("number"))
