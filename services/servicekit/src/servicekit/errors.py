"""Outcomes a caller can expect and act on. Pure: how they look over HTTP is `problems.py`."""

from typing import ClassVar

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class DomainError(Exception):
    """A refusal foreseen by the domain. Anything else that is raised is a bug and stays a 500.

    `detail` is shown to the person at the keyboard: French, plain, no personal data.
    `extra` members go into the problem document as they are (`rule="MIS-02"`, `errors=[…]`).
    """

    slug: ClassVar[str] = "conflict"
    title: ClassVar[str] = "Action impossible dans l'état actuel"
    status: ClassVar[int] = 409

    def __init__(self, detail: str, **extra: Json) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class Conflict(DomainError):
    """The thing exists and is visible, but its state does not allow the act."""


class Invalid(DomainError):
    """What was sent cannot be accepted; `errors=[{"field", "message", "rule"?}]` says why, field by field."""

    slug = "invalid"
    title = "Des informations sont à corriger"
    status = 422


class NotFound(DomainError):
    """Nothing there that the caller may see. Also the answer for what exists outside the caller's scope."""

    slug = "not-found"
    title = "Introuvable"
    status = 404


class Forbidden(DomainError):
    """The caller may see it but not do this to it."""

    slug = "forbidden"
    title = "Action non autorisée"
    status = 403


class NotForYourRole(Forbidden):
    """The route was not declared for the caller's audience, role or purpose."""

    slug = "not-for-your-role"
    title = "Votre rôle ne permet pas cette action"


class Unauthenticated(DomainError):
    """No valid token. One body for every cause, so that an attacker learns nothing from it."""

    slug = "unauthenticated"
    title = "Connexion nécessaire"
    status = 401


class StepUpRequired(DomainError):
    """The act asks for a second factor given less than ten minutes ago."""

    slug = "step-up-required"
    title = "Confirmation de votre identité nécessaire"
    status = 403


class TooMany(DomainError):
    """A budget or a throttle is used up."""

    slug = "too-many"
    title = "Limite atteinte"
    status = 429


class Unavailable(DomainError):
    """Something this answer needs is away for the moment; nothing was changed."""

    slug = "unavailable"
    title = "Service momentanément indisponible"
    status = 503


class StaleVersion(DomainError):
    """Somebody changed it since it was read; `version` is the present one."""

    slug = "stale-version"
    title = "Ce dossier a été modifié entre-temps"
    status = 412


class VersionRequired(DomainError):
    """A change came without `If-Match`."""

    slug = "version-required"
    title = "Version attendue"
    status = 428


class KeyRequired(DomainError):
    """A change came without `Idempotency-Key`."""

    slug = "idempotency-key-required"
    title = "Clé d'idempotence attendue"
    status = 400


class KeyReused(DomainError):
    """The same `Idempotency-Key` came with another content."""

    slug = "idempotency-key-reused"
    title = "Clé d'idempotence déjà utilisée"
    status = 422


class KeyInUse(DomainError):
    """The same `Idempotency-Key` is being processed right now."""

    slug = "idempotency-key-in-use"
    title = "Demande déjà en cours de traitement"
    status = 409
