"""RFC 9457 problem documents: every refusal, everywhere, in one shape and in French."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from servicekit.errors import DomainError, Invalid, Json, Unavailable
from servicekit.telemetry import log

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """What is wrong with one field; `rule` is the id of the rule that refuses it."""

    field: str
    message: str
    rule: str | None = None


class Problem(BaseModel):
    """The body of every refusal."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    txn: str
    errors: Sequence[FieldError] | None = None


_HTTP_TITLES = {
    400: "Demande mal formée",
    401: "Connexion nécessaire",
    403: "Action non autorisée",
    404: "Introuvable",
    405: "Méthode non permise",
    413: "Contenu trop volumineux",
    415: "Format non pris en charge",
}

# pydantic's own messages are English and quote what was typed; these say what to do and quote nothing.
_MESSAGES = {
    "missing": "Ce champ est obligatoire.",
    "string_too_short": "Ce texte est trop court.",
    "string_too_long": "Ce texte est trop long.",
    "string_pattern_mismatch": "Ce format n'est pas reconnu.",
    "enum": "Choisissez une des valeurs proposées.",
    "literal_error": "Choisissez une des valeurs proposées.",
    "extra_forbidden": "Ce champ n'est pas attendu ici.",
    "json_invalid": "Le contenu n'est pas un JSON valide.",
    "date_from_datetime_parsing": "Indiquez une date valide.",
    "date_parsing": "Indiquez une date valide.",
    "date_type": "Indiquez une date valide.",
    "datetime_parsing": "Indiquez une date et une heure valides.",
    "bool_parsing": "Répondez par oui ou par non.",
    "bool_type": "Répondez par oui ou par non.",
    "int_parsing": "Indiquez un nombre entier.",
    "int_type": "Indiquez un nombre entier.",
    "greater_than_equal": "Cette valeur est trop petite.",
    "less_than_equal": "Cette valeur est trop grande.",
    "too_short": "Ajoutez au moins un élément.",
    "too_long": "Il y a trop d'éléments.",
    "uuid_parsing": "Cet identifiant n'est pas valide.",
    "value_error": "Cette valeur n'est pas acceptée.",
}


def document(
    slug: str, title: str, status: int, detail: str, txn: str, extra: dict[str, Json] | None = None
) -> Response:
    """Render one problem."""
    body = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": detail, "txn": txn}
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    content = orjson.dumps({**(extra or {}), **body})
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def render(error: DomainError, txn: str) -> Response:
    """Render a refusal of the domain."""
    return document(error.slug, error.title, error.status, error.detail, txn, error.extra)


def problems(*classes: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """Document on a route the refusals it may answer, under their real media type."""
    by_status: dict[int | str, list[str]] = {}
    for cls in classes:
        by_status.setdefault(cls.status, []).append(f"{cls.title} (`/problems/{cls.slug}`)")
    return {status: _documented(" ; ".join(titles)) for status, titles in by_status.items()}


def _documented(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


STANDARD = {401: _documented("Connexion nécessaire"), 422: _documented("Des informations sont à corriger")}


def _txn(request: Request) -> str:
    return getattr(request.state, "txn", "")


async def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101 - what the handler was registered for
    return render(error, _txn(request))


async def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what the handler was registered for
    errors: list[Json] = [
        {
            "field": ".".join([*_field(e["loc"], error.body), *_tag_of(e)]),
            "message": message_of(e),
        }
        for e in error.errors()
    ]
    return render(Invalid("Vérifiez les champs signalés.", errors=errors), _txn(request))


def _field(where: Sequence[str | int], body: object) -> Iterator[str]:
    """Yield the path of a field as it was sent: without the place it came in, nor the tag of a form among several."""
    place, *parts = where
    if place not in {"body", "query", "path", "header"}:
        parts = [*where]
    for n, part in enumerate(parts, 1):
        held = isinstance(body, Mapping) and part in body
        if place == "body" and isinstance(body, Mapping) and not held and n < len(parts):
            continue
        yield str(part)
        body = body[part] if held and isinstance(body, Mapping) else _item(body, part)


def _tag_of(error: Mapping[str, Any]) -> list[str]:
    """Return the field that says which of several forms it is, when that is what is wrong."""
    if error["type"] not in {"union_tag_not_found", "union_tag_invalid"}:
        return []
    return [str(error["ctx"]["discriminator"]).strip("'")]


def _item(body: object, part: str | int) -> object:
    return body[part] if isinstance(body, list) and isinstance(part, int) and part < len(body) else None


def message_of(error: Mapping[str, Any]) -> str:
    """Return what an error of pydantic means, in French, without what was typed."""
    # A validator of ours raises ValueError with a French message that quotes nothing.
    if error["type"] == "value_error" and "error" in error.get("ctx", {}):
        return str(error["ctx"]["error"])
    return _MESSAGES.get(error["type"], "Cette valeur n'est pas acceptée.")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what the handler was registered for
    title = _HTTP_TITLES.get(error.status_code, "Demande refusée")
    slug = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    return document(slug, title, error.status_code, f"{title}.", _txn(request))


async def _database_away(request: Request, error: Exception) -> Response:
    away = isinstance(error, PoolTimeout | OperationalError | InterfaceError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
    if not away:
        return unexpected(error, _txn(request))
    log.warning("database unavailable", error_type=type(error).__qualname__)
    return render(Unavailable("Rien n'a été enregistré. Réessayez dans quelques instants."), _txn(request))


def unexpected(error: Exception, txn: str) -> Response:
    """Render an error nobody foresaw: logged without values, told without causes."""
    log.error("unexpected error", exc_info=error)
    detail = "Une erreur inattendue s'est produite ; rien n'a été enregistré. Réessayez, puis prévenez l'assistance."
    return document("unexpected", "Erreur inattendue", 500, detail, txn)


def install(app: FastAPI) -> None:
    """Give `app` the one way to answer a refusal."""
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(DBAPIError, _database_away)
    app.add_exception_handler(PoolTimeout, _database_away)
