"""No words of a person stand plain in the database: not now, not after an upgrade."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from careline.contacts import actions
from careline.contacts import log as contact_log
from careline.contacts.actions import Details
from careline.contacts.models import Contact, ContactDetails, ContactEvent
from careline.contacts.tests.factories import accepted_chat, make_specialist, open_chat
from careline.core import clock
from careline.core.models import AuditEntry, SealingKey
from careline.core.sealing import keys, rotation
from careline.core.sealing.envelope import CannotOpen

WORDS = "quittengelee am fenster"
PHONE = "+13125550177"
NAME = "Quendolina"
EMAIL = "quendolina@example.org"


def _somebody_writes() -> Contact:
    contact, specialist = accepted_chat(f"{WORDS} eins")
    actions.send_specialist_message(
        acting_user=specialist, contact_id=contact.pk, text=f"{WORDS} zwei", client_id="a"
    )
    details = Details(name=NAME, phone=PHONE, email=EMAIL)
    actions.request_callback(
        language="en", topic="", text=f"{WORDS} drei", start_id=str(uuid.uuid4()), details=details
    )
    return contact


@pytest.mark.django_db
class TestRefusals:
    def test_a_message_that_was_moved_to_another_contact_does_not_open(self) -> None:
        mine, other = open_chat("mine"), open_chat("other")
        ids = {
            event.contact_id: event.pk
            for event in ContactEvent.objects.filter(kind="visitor_message")
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE contacts_contactevent SET body = (SELECT body FROM contacts_contactevent "
                "WHERE id = %s) WHERE id = %s",
                [ids[other.pk], ids[mine.pk]],
            )
        event = contact_log.after(mine.pk, 1)[0]
        with pytest.raises(CannotOpen):
            assert event.body

    def test_a_sealed_column_can_not_be_asked_or_overwritten(self) -> None:
        open_chat()
        with pytest.raises(FieldError):
            ContactDetails.objects.filter(name="Ann").exists()
        with pytest.raises(TypeError):
            ContactDetails.objects.update(name="Ann")


@pytest.mark.django_db(transaction=True)
def test_the_database_holds_no_words_names_or_numbers() -> None:
    _somebody_writes()
    for planted in (WORDS, NAME, PHONE, EMAIL):
        assert not _stands_in_the_database(planted)
    # The search itself finds what does stand there.
    assert _stands_in_the_database("contact.accept")


def _stands_in_the_database(words: str) -> bool:
    if connection.vendor == "sqlite":
        connections.close_all()
        file = Path(str(connection.settings_dict["NAME"]))
        return any(words.encode() in part.read_bytes() for part in file.parent.glob("test.sqlite*"))
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return any(_stands_in_the_table(cursor, table, words) for table in tables)


def _stands_in_the_table(cursor: Any, table: str, words: str) -> bool:
    # A column of bytes is shown in hexadecimal digits.
    wanted = [f"%{words}%", f"%{words.encode().hex()}%"]
    find = f'SELECT 1 FROM "{table}" t WHERE t::text LIKE ANY(%s) LIMIT 1'  # noqa: S608
    cursor.execute(find, [wanted])
    return bool(cursor.fetchone())


@pytest.fixture
def own_keys(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A state folder of its own, so that a test may change the keys."""
    settings.STATE_DIR = tmp_path
    keys.forget()
    yield
    keys.forget()


def _a_minute_passes() -> None:
    SealingKey.objects.update(first_used_at=clock.now() - dt.timedelta(seconds=61))


@pytest.mark.django_db
@pytest.mark.usefixtures("own_keys")
class TestANewKey:
    def test_old_keys_stay_while_something_needs_them(self) -> None:
        _somebody_writes()
        rotation.check_keys()
        keys.keep([keys.new_key(), *keys.in_use()])
        rotation.check_keys()
        _a_minute_passes()
        with pytest.raises(CommandError, match="Older keys still seal"):
            call_command("rotate_keys", "--drop-old")

    def test_everything_is_sealed_anew_and_still_read(self) -> None:
        contact = _somebody_writes()
        said = [event.body for event in contact_log.after(contact.pk)]
        first = keys.in_use()

        call_command("rotate_keys")
        assert rotation.outdated() == 0
        # Another process may still seal with the key that it has in memory.
        with pytest.raises(CommandError, match=r"in \d+ seconds"):
            call_command("rotate_keys", "--drop-old")
        assert len(keys.in_use()) == 2
        _a_minute_passes()
        call_command("rotate_keys", "--drop-old")

        assert len(keys.in_use()) == 1
        assert keys.in_use() != first
        assert [event.body for event in contact_log.after(contact.pk)] == said
        details = ContactDetails.objects.exclude(contact=contact).get()
        assert (details.name, details.phone, details.email) == (NAME, PHONE, EMAIL)


@pytest.mark.django_db
@pytest.mark.usefixtures("own_keys")
class TestLostKeys:
    def test_nothing_goes_while_every_key_is_there(self) -> None:
        contact = _somebody_writes()
        TOTP.activate(make_specialist("Luis"), generate_totp_secret())
        call_command("rotate_keys", "--forget-lost", "--yes")
        assert contact_log.after(contact.pk)
        assert ContactDetails.objects.count() == 2
        assert Authenticator.objects.count() == 1

    @pytest.mark.parametrize("a_new_key_is_there", [True, False])
    def test_without_yes_it_only_says_what_would_go(
        self, a_new_key_is_there: bool, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rotation.check_keys()
        lost = keys.ring().names[0]
        contact = _somebody_writes()
        TOTP.activate(make_specialist("Luis"), generate_totp_secret())
        if a_new_key_is_there:
            keys.keep([keys.new_key()])
        else:
            keys.file().unlink()
            keys.forget()

        call_command("rotate_keys", "--forget-lost")

        said = capsys.readouterr().out
        assert f"Missing keys: {lost}" in said
        assert "contact details: 1" in said
        assert "transcripts: 2" in said
        assert "second factors: 1" in said
        contact.refresh_from_db()
        assert contact.transcript_purged_at is None
        assert ContactDetails.objects.count() == 2
        assert Authenticator.objects.count() == 1
        assert keys.file().exists() is a_new_key_is_there

    def test_what_they_sealed_is_deleted_and_the_service_goes_on(self) -> None:
        rotation.check_keys()
        gone = keys.ring().names[0]
        lost = _somebody_writes()
        TOTP.activate(make_specialist("Luis"), generate_totp_secret())
        keys.keep([keys.new_key()])
        with pytest.raises(rotation.KeysMissing):
            rotation.check_keys()
        kept = open_chat("written with the new key")

        call_command("rotate_keys", "--forget-lost", "--yes")

        rotation.check_keys()
        row = AuditEntry.objects.get(action="keys.forget_lost")
        assert row.detail["second factors"] == 1
        assert row.detail["missing"] == [gone]
        lost.refresh_from_db()
        assert lost.transcript_purged_at
        assert ContactEvent.objects.exclude(contact=kept).count() == 0
        assert contact_log.after(kept.pk)[1].body["text"] == "written with the new key"
        assert [details.contact_id for details in ContactDetails.objects.all()] == [kept.pk]
        assert not Authenticator.objects.exists()


# --- What an earlier version stored. ---

_OLD = ("contacts", "0002_call_attempts")
_STEPS = ("0003_sealed_columns", "0004_only_sealed", "0005_no_plain_text_left")
_MODELS = ("Contact", "ContactEvent", "ContactDetails")


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_seals_what_is_there_and_wipes_the_rest(tmp_path: Path) -> None:
    with _empty_database(tmp_path) as database:
        loader = MigrationLoader(None)
        state = loader.project_state(_OLD)
        with database.schema_editor() as editor:
            for name in _MODELS:
                editor.create_model(state.apps.get_model("contacts", name))
        contact_id = _write_as_before(state.apps, database.alias)
        for step in _STEPS:
            migration = loader.get_migration("contacts", step)
            with database.schema_editor(atomic=migration.atomic) as editor:
                state = migration.apply(state, editor)

        events = state.apps.get_model("contacts", "ContactEvent").objects.using(database.alias)
        assert [event.body for event in events.all()] == [{"text": WORDS}] * 300
        details = state.apps.get_model("contacts", "ContactDetails").objects.using(database.alias)
        assert (details.get().name, details.get().phone) == (NAME, PHONE)
        if database.vendor == "sqlite":
            database.close()
            held = b"".join(part.read_bytes() for part in tmp_path.glob("old.sqlite3*"))
            assert contact_id.hex.encode() in held  # The search finds what is there.
            assert WORDS.encode() not in held
            assert PHONE.encode() not in held


@contextmanager
def _empty_database(folder: Path) -> Iterator[Any]:
    """A database file of its own, or on PostgreSQL a schema of its own."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA before; SET search_path TO before, public")
        yield connection
        connection.close()
        return
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(folder / "old.sqlite3")
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE accounts_staff (id integer PRIMARY KEY)")
            cursor.execute("PRAGMA secure_delete=OFF")
        yield connection
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _write_as_before(apps: Any, alias: str) -> uuid.UUID:
    later = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    clocks = {"delete_after": later, "statistics_delete_after": later}
    contact = apps.get_model("contacts", "Contact").objects.using(alias).create(**clocks)
    events = apps.get_model("contacts", "ContactEvent").objects.using(alias)
    kind = {"kind": "visitor_message", "author_kind": "visitor", "created_at": later}
    # Enough that what is dropped fills pages of its own.
    rows = [{"contact": contact, "seq": seq, "body": {"text": WORDS}} for seq in range(1, 301)]
    events.bulk_create([events.model(**row, **kind) for row in rows])
    details = apps.get_model("contacts", "ContactDetails").objects.using(alias)
    details.create(contact=contact, name=NAME, phone=PHONE, delete_after=later)
    assert isinstance(contact.pk, uuid.UUID)
    return contact.pk
