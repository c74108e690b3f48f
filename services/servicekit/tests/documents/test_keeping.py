"""Keys, folder and names: what is kept is sealed, whole, and nowhere else."""

import os
import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from servicekit import clock
from servicekit.db import new_id
from servicekit.documents.keyring import EnvelopeBroken, Keyring, Place, Secrecy, WrappedKey
from servicekit.documents.kinds import clean_name
from servicekit.documents.refusals import WORDS, Reason, exit_status, reason_of
from servicekit.documents.storage import LocalFolder


def a_keyring(*, rotated: Keyring | None = None) -> Keyring:
    """Return fresh keys; the new ones of a keyring beside its old ones."""
    fresh = {secrecy: {"2026": secrets.token_bytes(32)} for secrecy in Secrecy}
    if rotated is not None:
        fresh = {secrecy: {**rotated._keys[secrecy], "2027": secrets.token_bytes(32)} for secrecy in Secrecy}
    return Keyring(fresh, dict.fromkeys(Secrecy, "2027" if rotated else "2026"))


PLACE = Place("311", uuid4(), uuid4(), Secrecy.SOCIAL)


def test_an_envelope_opens_where_it_was_put_and_nowhere_else() -> None:
    keyring = a_keyring()
    sealed, key = keyring.seal(b"content", PLACE)
    assert b"content" not in sealed
    assert keyring.open(sealed, key, PLACE) == b"content"
    for elsewhere in (
        replace(PLACE, caisse="751"),
        replace(PLACE, case_id=uuid4()),
        replace(PLACE, document_id=uuid4()),
        replace(PLACE, secrecy=Secrecy.ORDINARY),
    ):
        with pytest.raises(EnvelopeBroken):
            keyring.open(sealed, key, elsewhere)
    for spoilt in (sealed[:-1], sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:], b"", b"x" * 11):
        with pytest.raises(EnvelopeBroken):
            keyring.open(spoilt, key, PLACE)
    other, _ = keyring.seal(b"content", PLACE)
    with pytest.raises(EnvelopeBroken):
        keyring.open(other, key, PLACE)
    with pytest.raises(EnvelopeBroken):
        a_keyring().open(sealed, key, PLACE)


def test_a_master_key_is_replaced_without_touching_the_content() -> None:
    old = a_keyring()
    sealed, key = old.seal(b"content", PLACE)
    both = a_keyring(rotated=old)
    assert both.open(sealed, key, PLACE) == b"content"
    anew = both.rewrap(key, PLACE)
    assert anew.key_id == "2027"
    only_new = Keyring({s: {"2027": both._keys[s]["2027"]} for s in Secrecy}, dict.fromkeys(Secrecy, "2027"))
    assert only_new.open(sealed, anew, PLACE) == b"content"
    with pytest.raises(EnvelopeBroken):
        only_new.open(sealed, key, PLACE)
    with pytest.raises(EnvelopeBroken):
        both.open(sealed, WrappedKey("2027", key.wrapped), PLACE)


def test_classes_of_secrecy_never_share_a_key() -> None:
    keys = {secrecy: {"a": secrets.token_bytes(32)} for secrecy in Secrecy}
    current = dict.fromkeys(Secrecy, "a")
    with pytest.raises(ValueError, match="share"):
        Keyring({**keys, Secrecy.SOCIAL: keys[Secrecy.MEDICAL]}, current)
    with pytest.raises(ValueError, match="current"):
        Keyring(keys, {**current, Secrecy.MEDICAL: "b"})
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring({**keys, Secrecy.SOCIAL: {"a": b"short"}}, current)
    with pytest.raises(ValueError, match="each class"):
        Keyring({Secrecy.SOCIAL: keys[Secrecy.SOCIAL]}, current)


def test_a_folder_keeps_whole_contents_for_its_owner_alone(tmp_path: Path) -> None:
    folder, blob = LocalFolder(tmp_path / "kept"), new_id()
    folder.put(blob, b"sealed")
    assert folder.get(blob) == b"sealed"
    [path] = [p for p in (tmp_path / "kept").rglob("*") if p.is_file()]
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    path.with_suffix(".part").touch()
    with pytest.raises(FileExistsError):
        folder.put(blob, b"twice")
    now = clock.system_now()
    assert list(folder.older_than(now + timedelta(seconds=1))) == [blob]
    assert list(folder.older_than(now - timedelta(hours=1))) == []
    assert not path.with_suffix(".part").exists()
    folder.remove(blob)
    folder.remove(blob)
    with pytest.raises(FileNotFoundError):
        folder.get(blob)


def test_what_is_being_received_has_no_name(tmp_path: Path) -> None:
    """A process killed in the middle of an upload leaves nothing to find: no plain text outlives it."""
    folder = LocalFolder(tmp_path)
    with folder.scratch() as scratch:
        scratch.write(b"plain")
        scratch.flush()
        assert list(tmp_path.rglob("*")) == []
        assert os.fstat(scratch.fileno()).st_nlink == 0


def test_names_are_shown_as_they_were_written() -> None:
    assert clean_name("Attestation d'hébergement (2).pdf") == "Attestation d'hébergement (2).pdf"
    assert clean_name("e\u0301tat.pdf") == "état.pdf"


def test_every_reason_has_its_words_and_its_exit_status() -> None:
    assert set(WORDS) == set(Reason)
    assert [reason_of(exit_status(reason)) for reason in Reason] == list(Reason)
    assert reason_of(0) is None
    assert reason_of(1) is None
    assert reason_of(-9) is None
