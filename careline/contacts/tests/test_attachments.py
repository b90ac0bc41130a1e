"""Files from visitors: off as it comes, judged by content, seen by few, gone with the words."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image
from pytest_django import Settings

from careline.contacts import attachments, tokens, visitor_actions
from careline.contacts import log as contact_log
from careline.contacts.attachment_models import Attachment, AttachmentPart
from careline.contacts.attachments import FileRefused, Why
from careline.contacts.enums import AttachmentKind, AuthorKind
from careline.contacts.models import Contact
from careline.contacts.tests.factories import accepted_chat, make_specialist, open_chat
from careline.contacts.visitor_actions import attach
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
SECRET = b"taken at home, 41.88, -87.62"


@pytest.fixture(autouse=True)
def _switched_on(settings: Settings) -> None:
    settings.ATTACHMENTS = ("images", "pdf")
    settings.ATTACHMENT_MEGABYTES = 1


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """Return a picture that says more about itself than can be seen."""
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()  # what it shows
    exif[0x0112] = 6  # on its side
    Image.new("RGB", size, "red").save(written, kind, exif=exif, comment=SECRET)
    return written.getvalue() + SECRET


def holding(contact: Contact) -> Client:
    browser = Client()
    browser.cookies[tokens.COOKIE] = tokens.token_of(contact.pk)
    return browser


def sent(contact: Contact, data: bytes, name: str = "x.jpg") -> tuple[int, str]:
    form = {"file": SimpleUploadedFile(name, data), "client_id": uuid.uuid4().hex}
    page = holding(contact).post("/en/chat/file/", form)
    return page.status_code, page.content.decode()


class TestRefusals:
    def test_as_it_comes_nothing_is_taken(self, settings: Settings) -> None:
        settings.ATTACHMENTS = ()
        contact = open_chat()
        assert "We don&#x27;t take files." in sent(contact, picture())[1]
        assert "Send a picture" not in holding(contact).get("/en/chat/now/").content.decode()
        assert not Attachment.objects.exists()

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"<script>alert(1)</script>", Why.KIND),
            (b"GIF89a<script>alert(1)</script>", Why.KIND),
            (b"\xff\xd8\xff", Why.KIND),
            (picture(size=(600, 400))[:3_000], Why.BROKEN),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Why.KIND),
            (b"%PDF-1.7 cut off", Why.BROKEN),
            (PDF.replace(b"<<>>", b"<</OpenAction <</S /JavaScript>>>>"), Why.ACTIVE),
            (b"\0" * (1024 * 1024 + 1), Why.TOO_BIG),
        ],
    )
    def test_what_isnt_a_whole_harmless_picture_or_document(self, data: bytes, why: Why) -> None:
        with pytest.raises(FileRefused) as refused:
            attachments.checked(data)
        assert refused.value.why is why

    def test_a_picture_of_more_points_than_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(attachments, "_MOST_PIXELS", 100)
        with pytest.raises(FileRefused) as refused:
            attachments.checked(picture())
        assert refused.value.why is Why.TOO_BIG

    def test_a_pdf_where_only_pictures_are_wanted(self, settings: Settings) -> None:
        settings.ATTACHMENTS = ("images",)
        status, page = sent(open_chat(), PDF, "scan.jpg")
        assert status == 422
        assert "We take pictures only" in page

    def test_one_that_is_far_too_large_isnt_even_read(self) -> None:
        status, page = sent(open_chat(), b"\0" * (2 * 1024 * 1024))
        assert status == 413
        assert "It may have up to 1 MB." in page

    def test_no_file_at_all(self) -> None:
        page = holding(open_chat()).post("/en/chat/file/", {"client_id": "a"})
        assert "Choose a file first." in page.content.decode()

    def test_more_than_a_contact_can_hold(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(attachments, "MOST_PER_CONTACT", 1)
        contact = open_chat()
        assert sent(contact, picture())[0] == 302
        assert "as many files as we can keep" in sent(contact, picture())[1]
        assert len(contact_log.after(contact.pk)) == 3

    def test_too_many_from_one_place(self) -> None:
        contact = open_chat()
        statuses = [sent(contact, b"no file of ours")[0] for _time in range(21)]
        assert statuses == [422] * 20 + [429]

    def test_a_forged_form(self) -> None:
        contact = open_chat()
        browser = Client(enforce_csrf_checks=True)
        browser.cookies[tokens.COOKIE] = tokens.token_of(contact.pk)
        form = {"file": SimpleUploadedFile("x.jpg", picture()), "client_id": "a"}
        assert browser.post("/en/chat/file/", form).status_code == 403
        assert not Attachment.objects.exists()


class TestWhoSeesIt:
    def test_nobody_without_the_contacts_own_token(self, client: Client) -> None:
        key = kept(open_chat()).key
        assert client.get(f"/en/yours/files/{key}/").status_code == 404
        assert holding(open_chat()).get(f"/en/yours/files/{key}/").status_code == 404

    def test_no_specialist_whose_contact_it_isnt(self, client: Client) -> None:
        contact, _specialist = accepted_chat()
        attachment = kept(contact)
        client.force_login(make_specialist("Luis"))
        assert client.get(f"/files/{contact.pk}/{attachment.key}/").status_code == 404

    def test_who_serves_the_contact_and_that_leaves_a_row(self, client: Client) -> None:
        contact, specialist = accepted_chat()
        attachment = kept(contact)
        client.force_login(specialist)
        page = client.get(f"/files/{contact.pk}/{attachment.key}/")
        assert page["Content-Type"] == "image/jpeg"
        row = AuditEntry.objects.get(action="contact.view_file")
        assert (row.actor, row.subject_id) == (specialist, str(contact.pk))

    @pytest.mark.parametrize(
        ("data", "kind"), [(picture(), "image/jpeg"), (PDF, "application/pdf")]
    )
    def test_it_is_a_download_that_no_browser_runs(self, data: bytes, kind: str) -> None:
        contact = open_chat()
        page = holding(contact).get(f"/en/yours/files/{kept(contact, data).key}/")
        assert page["Content-Type"] == kind
        assert page["Content-Disposition"].startswith("attachment")
        assert page["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in page["Content-Security-Policy"]
        assert "no-store" in page["Cache-Control"]


class TestWhatIsKept:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_a_picture_is_drawn_anew_upright_without_what_it_said(self, kind: str) -> None:
        found, data = attachments.checked(picture(kind))
        assert found is AttachmentKind.IMAGE
        assert SECRET not in data
        with Image.open(io.BytesIO(data)) as drawn:
            assert drawn.format == "JPEG"
            assert not drawn.getexif()
            assert drawn.size == ((60, 40) if kind == "GIF" else (40, 60))

    @pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("LA", "PNG"), ("P", "GIF")])
    def test_whatever_colours_it_was_made_in(self, mode: str, kind: str) -> None:
        written = io.BytesIO()
        Image.new(mode, (9_000, 20)).save(written, kind)
        _found, data = attachments.checked(written.getvalue())
        with Image.open(io.BytesIO(data)) as drawn:
            assert (drawn.mode, drawn.size) == ("RGB", (2_400, 5))

    def test_it_is_sealed_in_the_database_in_pieces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(attachments, "_PART_BYTES", 16)
        attachment = kept(open_chat(), PDF)
        assert AttachmentPart.objects.count() == 3
        assert attachments.content_of(attachment) == PDF
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM contacts_attachmentpart")
            assert not any(b"PDF" in bytes(row[0]) for row in cursor.fetchall())

    def test_the_same_form_twice_is_one_file(self) -> None:
        contact = open_chat()
        for _twice in range(2):
            attach(contact_id=contact.pk, data=PDF, client_id="a")
        assert Attachment.objects.count() == 1

    def test_it_waits_for_an_answer_as_words_do_and_both_pages_show_it(
        self, client: Client
    ) -> None:
        contact, specialist = accepted_chat()
        assert sent(contact, picture())[0] == 302
        contact.refresh_from_db()
        assert contact.unread_count == 1
        address = f"/en/yours/files/{Attachment.objects.get().key}/"
        assert address in holding(contact).get("/en/chat/now/").content.decode()
        client.force_login(specialist)
        page = client.get(f"/desk/contacts/{contact.pk}/").content.decode()
        assert f"/files/{contact.pk}/{Attachment.objects.get().key}/" in page

    def test_deleting_the_conversation_deletes_it(self) -> None:
        contact = open_chat()
        kept(contact)
        visitor_actions.delete(contact_id=contact.pk)
        assert not AttachmentPart.objects.exists()


def kept(contact: Contact, data: bytes = b"") -> Attachment:
    attach(contact_id=contact.pk, data=data or picture(), client_id=uuid.uuid4().hex)
    return Attachment.objects.get(contact=contact)


def test_a_file_for_an_ended_conversation_is_not_kept() -> None:
    from careline.contacts import actions

    contact = open_chat()
    actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
    assert sent(contact, picture())[0] == 302
    assert not Attachment.objects.exists()
