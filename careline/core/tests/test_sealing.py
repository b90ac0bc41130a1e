"""Sealing: what doesn't open first, then what does, and where the keys come from."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from careline.core.choices import ChoiceRefused
from careline.core.choices import keys as keys_of_environment
from careline.core.doctor import Verdict
from careline.core.doctor_checks import encryption_keys
from careline.core.models import SealingKey
from careline.core.sealing import keys, rotation
from careline.core.sealing.envelope import CannotOpen, belonging, seal, unseal

# The first key is made only where the database holds nothing that another sealed.
pytestmark = pytest.mark.django_db

HERE = belonging("test.words", uuid.UUID(int=7), 3)


@pytest.fixture
def own_keys(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A state folder of its own, so that a test may change the keys."""
    settings.STATE_DIR = tmp_path
    settings.ENCRYPTION_KEYS = ()
    keys.forget()
    yield tmp_path
    keys.forget()


class TestWhatDoesNotOpen:
    @pytest.mark.parametrize(
        "elsewhere",
        [
            belonging("test.words", uuid.UUID(int=7), 4),
            belonging("test.words", uuid.UUID(int=8), 3),
            belonging("test.name", uuid.UUID(int=7), 3),
        ],
        ids=["another number", "another contact", "another column"],
    )
    def test_a_value_that_was_moved(self, elsewhere: bytes) -> None:
        with pytest.raises(CannotOpen):
            unseal(seal(b"my words", HERE), elsewhere)

    def test_a_value_of_which_one_bit_was_changed(self) -> None:
        sealed = seal(b"my words", HERE)
        for place in range(len(sealed)):
            changed = bytearray(sealed)
            changed[place] ^= 1
            with pytest.raises(CannotOpen):
                unseal(bytes(changed), HERE)

    @pytest.mark.parametrize("text", [b"my words", b"", b"\x01", b"\x01abcd"])
    def test_what_was_never_sealed(self, text: bytes) -> None:
        with pytest.raises(CannotOpen):
            unseal(text, HERE)

    def test_a_value_of_another_installation(self, own_keys: Path) -> None:
        sealed = seal(b"my words", HERE)
        keys.keep([keys.new_key()])
        with pytest.raises(CannotOpen) as refused:
            unseal(sealed, HERE)
        assert "my words" not in str(refused.value)

    def test_nothing_is_sealed_before_its_row_is_known(self) -> None:
        with pytest.raises(ValueError, match="belongs"):
            belonging("test.words", None)


class TestKeysThatAreRefused:
    @pytest.mark.parametrize("given", ["short", "x" * 44, "A" * 43 + "=,no key"])
    def test_a_key_of_the_environment_is_refused_and_not_shown(
        self, monkeypatch: pytest.MonkeyPatch, given: str
    ) -> None:
        monkeypatch.setenv("ENCRYPTION_KEYS", given)
        with pytest.raises(ChoiceRefused) as refused:
            keys_of_environment("ENCRYPTION_KEYS")
        assert given not in str(refused.value)

    def test_a_spoiled_file_of_keys(self, own_keys: Path) -> None:
        keys.file().write_text("this is no key\n")
        with pytest.raises(ImproperlyConfigured, match="32 random bytes"):
            seal(b"my words", HERE)


@given(plain=st.binary(max_size=2_000))
def test_what_was_sealed_opens_in_its_place_and_shows_nothing(plain: bytes) -> None:
    sealed = seal(plain, HERE)

    assert unseal(sealed, HERE) == plain
    assert sealed != seal(plain, HERE)
    assert len(plain) < 5 or sealed.find(plain) < 0


class TestTheFileOfKeys:
    def test_it_is_made_once_for_its_owner_alone(self, own_keys: Path) -> None:
        sealed = seal(b"my words", HERE)
        keys.forget()

        assert unseal(sealed, HERE) == b"my words"
        assert keys.file().stat().st_mode & 0o077 == 0

    def test_a_key_that_another_process_made_is_found_at_once(self, own_keys: Path) -> None:
        seal(b"the ring is read", HERE)
        old, new = keys.in_use()[0], keys.new_key()
        sealed = _sealed_elsewhere(new)
        keys.file().write_text(f"{new}\n{old}\n")

        assert unseal(sealed, HERE) == b"from elsewhere"

    def test_a_file_that_vanishes_leaves_the_keys_in_memory(
        self, own_keys: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(keys, "_LOOK_AGAIN_SECONDS", 0)
        kept, sealed = keys.in_use(), seal(b"my words", HERE)
        keys.file().unlink()

        assert unseal(seal(b"more words", HERE), HERE) == b"more words"
        assert unseal(sealed, HERE) == b"my words"
        assert not keys.file().exists()
        assert caplog.messages.count("keys.file_missing keys=1") == 1

        keys.keep(kept)
        assert unseal(sealed, HERE) == b"my words"

    def test_the_environment_comes_before_the_file(self, own_keys: Path, settings: Any) -> None:
        settings.ENCRYPTION_KEYS = (keys.new_key(),)
        keys.forget()
        assert unseal(seal(b"my words", HERE), HERE) == b"my words"
        assert not keys.file().exists()


def _sealed_elsewhere(key: str) -> bytes:
    made = keys.Key.of(key)
    nonce = b"n" * 12
    return b"\x01" + made.name + nonce + made.cipher.encrypt(nonce, b"from elsewhere", HERE)


class TestKeysOfADatabase:
    def test_lost_keys_stop_the_preparation_and_are_named_by_doctor(self, own_keys: Path) -> None:
        SealingKey.objects.create(name="0badc0de")

        with pytest.raises(rotation.KeysMissing, match="0badc0de"):
            rotation.rotate()
        with pytest.raises(CommandError, match="0badc0de"):
            call_command("rotate_keys")
        with pytest.raises(keys.KeysGone):
            seal(b"my words", HERE)
        assert not keys.file().exists()
        finding = encryption_keys()
        assert finding.verdict is Verdict.WRONG
        assert "0badc0de" in finding.words
        ready = Client().get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["parts"] == {**ready.json()["parts"], "database": True, "keys": False}

    def test_doctor_names_a_file_that_others_can_read(self, own_keys: Path) -> None:
        assert encryption_keys().verdict is not Verdict.WRONG
        keys.file().chmod(0o644)
        assert "can read" in encryption_keys().words

    def test_a_printed_key_changes_nothing(
        self, own_keys: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("rotate_keys", "--print-key")
        assert keys.Key.of(capsys.readouterr().out.strip())
        assert not keys.file().exists()
