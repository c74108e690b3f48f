"""Passwords: what is refused, and Argon2id in worker threads, few at a time.

Parameters of OWASP Password Storage: 19 MiB, 2 passes, 1 lane.
"""

import asyncio
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import argon2

from gateway_service.factors.guessing import guessable
from servicekit.errors import Invalid, Json, Unavailable

SHORTEST: Final = 15
"""15 lower-case letters are 70 bits, above the 50 that délibération CNIL 2022-100 asks with a throttle."""
LONGEST: Final = 256
PRODUCT_WORDS: Final = (
    "aller-vers",
    "allervers",
    "aller",
    "vers",
    "misas",
    "mission",
    "accompagnement",
    "sante",
    "cpam",
    "carsat",
    "caisse",
    "assurance",
    "maladie",
    "ameli",
    "bienvenue",
)
_WAITING_PER_THREAD: Final = 32

R = TypeVar("R")


class PasswordRefused(Invalid):
    """A new password that is too short, too long or too easy to guess."""


def require_acceptable(password: str, *, email: str, known_words: Iterable[str] = ()) -> None:
    """Refuse a new password, saying what to change. Any composition is accepted."""
    messages = []
    length = len(normalised(password))
    if length < SHORTEST:
        messages.append(f"Choisissez au moins {SHORTEST} caractères : une phrase de quelques mots convient.")
    elif length > LONGEST:
        messages.append(f"Ne dépassez pas {LONGEST} caractères.")
    elif guessable(normalised(password), [*PRODUCT_WORDS, *_parts(email), *known_words]):
        messages.append(
            "Ce mot de passe est trop facile à deviner : il est fait de mots très courants, de suites ou "
            "d'éléments de votre compte. Ajoutez des mots sans rapport entre eux."
        )
    if messages:
        errors: list[Json] = [{"field": "password", "message": message} for message in messages]
        raise PasswordRefused("Choisissez un autre mot de passe.", errors=errors)


def normalised(password: str) -> str:
    """Return one spelling of what was typed: keyboards write the same accent in two ways."""
    return unicodedata.normalize("NFKC", password)


def _parts(email: str) -> list[str]:
    local, _, domain = email.casefold().partition("@")
    words = local.replace(".", " ").replace("-", " ").replace("_", " ").replace("+", " ").split()
    return [local, *words, domain.rpartition(".")[0], *domain.replace("-", ".").split(".")]


class Hasher:
    """Hashes and verifies in its own threads; beyond what can wait, it refuses rather than pile up.

    A hash takes 19 MiB and about 25 ms of a core: the number of threads bounds both.
    """

    def __init__(self, threads: int) -> None:
        self._argon2 = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._free = asyncio.Semaphore(threads)
        self._most_waiting = threads * _WAITING_PER_THREAD
        self._waiting = 0
        self._nobodys = self._argon2.hash("le mot de passe de personne")
        self.verifications = 0
        """How many times Argon2 ran to verify: known and unknown accounts must cost the same."""

    async def hash(self, secret: str) -> str:
        """Return the Argon2id hash of a password or a recovery code, its parameters inside."""
        return await self._run(self._argon2.hash, normalised(secret))

    async def verify(self, stored: str | None, secret: str) -> bool:
        """Tell whether `secret` is what was hashed. Without a stored hash the work is done all the same."""
        self.verifications += 1
        right = await self._run(self._matches, stored or self._nobodys, normalised(secret)[: LONGEST + 1])
        return right and stored is not None

    def outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, secret: str) -> bool:
        try:
            return self._argon2.verify(stored, secret)
        except argon2.exceptions.VerifyMismatchError:
            return False

    async def _run(self, work: Callable[..., R], *args: str) -> R:
        if self._waiting >= self._most_waiting:
            raise Unavailable("Trop de connexions en même temps. Réessayez dans quelques instants.")
        self._waiting += 1
        try:
            async with self._free:
                return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._waiting -= 1
