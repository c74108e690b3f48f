"""Which passwords are refused, and what hashing costs."""

import asyncio
import random
import string

import pytest

from gateway_service.factors import passwords
from gateway_service.factors.guessing import common_passwords, guessable
from gateway_service.factors.passwords import Hasher, PasswordRefused, require_acceptable
from servicekit.errors import Unavailable

EMAIL = "marie-claire.dupont@secours-garonne.example"


def refused(password: str) -> list[str]:
    """Return the messages with which a password is refused, none when it is accepted."""
    try:
        require_acceptable(password, email=EMAIL, known_words=["311", "toulouse"])
    except PasswordRefused as refusal:
        errors = refusal.extra["errors"]
    else:
        return []
    return [str(error["message"]) for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


@pytest.mark.parametrize(
    "password",
    [
        "la pluie tombe sur le canal",
        "cheval correct batterie agrafe",
        "LECHATESTDANSLEJARDIN",
        "élève — forêt — çà et là",
        "xkqvzjwmhbfpdgt",
        "49 27 83 05 61 94 38 02",
        "パスワードではない長い文字列です",
        "a" * 7 + " vraiment long mot de passe " + "z" * 221,
    ],
)
def test_any_composition_is_accepted(password: str) -> None:
    assert refused(password) == []


def test_fifteen_characters_are_the_least() -> None:
    assert refused("xkqvzjwmhbfpdg") == ["Choisissez au moins 15 caractères : une phrase de quelques mots convient."]
    assert refused("xkqvzjwmhbfpdgt") == []


def test_length_counts_characters_not_bytes() -> None:
    assert refused("é" * 14) != []
    assert refused("ñandú œuvré çàü") == []


def test_long_passwords_are_accepted_up_to_a_bound() -> None:
    drawn = "".join(random.Random(3).choices(string.ascii_letters + " ", k=257))
    assert refused(drawn[:64]) == []
    assert refused(drawn[:256]) == []
    assert refused(drawn) == ["Ne dépassez pas 256 caractères."]


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse12345",
        "azertyuiopqsdfgh",
        "Azertyuiop123456!",
        "passwordpassword",
        "P@ssw0rdP@ssw0rd",
        "aaaaaaaaaaaaaaaaaaaaaa",
        "123456789012345678",
        "1q2w3e4r5t6y7u8i",
        "abcabcabcabcabc",
        "0612345678 0612345678",
        "Bienvenue2026!!!",
        "aller-vers aller-vers",
        "marie-claire.dupont",
        "Dupont.Marie.2026",
        "secours-garonne 311",
        "CPAM311Toulouse2026",
    ],
)
def test_what_is_easy_to_guess_is_refused(password: str) -> None:
    assert len(refused(password)) == 1
    assert "trop facile à deviner" in refused(password)[0]


def test_words_of_the_account_count_for_nothing() -> None:
    assert not guessable("dupontxgarovqzw")
    assert guessable("dupontxgarovqzw", ["dupont", "garo"])


def test_chance_is_hardly_ever_refused() -> None:
    draw = random.Random(20261122)
    letters = ["".join(draw.choices(string.ascii_lowercase, k=15)) for _ in range(500)]
    assert [password for password in letters if guessable(password)] == []


def test_the_shipped_list_names_its_source_and_holds_french_words() -> None:
    assert {"azerty", "motdepasse", "marseille", "doudou"} <= common_passwords()
    assert not any(line.startswith("# ") for line in common_passwords())


@pytest.fixture
def hasher() -> Hasher:
    return Hasher(2)


async def test_argon2id_with_the_parameters_of_the_policy(hasher: Hasher) -> None:
    stored = await hasher.hash("la pluie tombe sur le canal")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await hasher.verify(stored, "la pluie tombe sur le canal")
    assert not await hasher.verify(stored, "la pluie tombe sur le canaL")
    assert not hasher.outdated(stored)
    assert hasher.outdated(stored.replace("m=19456", "m=9216"))


async def test_an_accent_typed_in_two_ways_is_one_password(hasher: Hasher) -> None:
    stored = await hasher.hash("la for\u00eat est profonde")
    assert await hasher.verify(stored, "la fore\u0302t est profonde")


async def test_nobodys_hash_costs_the_same_run_and_never_fits(hasher: Hasher) -> None:
    assert not await hasher.verify(None, "le mot de passe de personne")
    assert hasher.verifications == 1


async def test_beyond_what_can_wait_hashing_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_WAITING_PER_THREAD", 2)
    hasher = Hasher(1)
    answers = await asyncio.gather(*(hasher.hash("x") for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, str) for answer in answers) == 2
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 3
    assert isinstance(await hasher.hash("x"), str)
