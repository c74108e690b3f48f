"""Writing down what a person agreed to, with the filing that rests on it, in one statement."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents.codes import ConsentScope
from referrals_service.requests.caisse_settings import settings_on
from referrals_service.requests.forms.parts import Informed
from referrals_service.requests.models import By
from servicekit import clock
from servicekit.db import new_id


@dataclass(frozen=True, slots=True)
class About:
    """The request that rests on the agreement; `recipient` is the body that receives it, the caisse by default."""

    caisse: str
    request_id: UUID
    person_id: UUID
    structure_id: UUID | None
    kind: str
    recipient: str | None = None


def _recorded(caisse: str, person: str, request: str, structure: str, recipient: str, by: str, source: str) -> str:
    """Return the insert; the caisse's own duration is read by the statement itself."""
    return f"""
    INSERT INTO consents (
        caisse, id, person_id, request_id, structure_id, scope, purpose, recipient, statement_version, informed_on,
        channel, side, recorded_by, recorded_at, expires_on, state, version, origin_caisse, origin_id
    )
    SELECT {caisse}, :consent_id, {person}, {request}, {structure}, :consent_scope, :consent_purpose, {recipient},
        :consent_statement, :consent_informed_on, :consent_channel, :consent_side, {by}, :consent_at,
        :consent_informed_on + COALESCE((
            SELECT (value #>> '{{}}')::integer FROM request_settings s
            WHERE s.caisse = {caisse} AND s.key = 'consent_days' AND s.valid_from <= :consent_informed_on
            ORDER BY s.valid_from DESC LIMIT 1
        ), :consent_days),
        'given', 1, :consent_origin_caisse, :consent_origin
    {source}
    """  # noqa: S608 - names of columns and parameters


IN_FILING: Final = _recorded(
    "filed.caisse", "filed.person_id", "filed.id", "filed.structure_id", "filed.caisse", "filed.author", "FROM filed"
)
"""The same as a part of the one statement of a filing, whose row is `filed`; its values are `in_filing`'s."""

OF_FILING: Final = (
    *(
        bindparam(f"consent_{name}", type_=Text)
        for name in ("scope", "purpose", "statement", "channel", "side", "origin_caisse")
    ),
    bindparam("consent_id", type_=Uuid),
    bindparam("consent_origin", type_=Uuid),
    bindparam("consent_informed_on", type_=Date),
    bindparam("consent_days", type_=Integer),
    bindparam("consent_at", type_=DateTime(timezone=True)),
)
_RECORD: Final = text(_recorded(":caisse", ":person", ":request", ":structure", ":recipient", ":by", "")).bindparams(
    *OF_FILING,
    *(bindparam(name, type_=Text) for name in ("caisse", "recipient", "by")),
    *(bindparam(name, type_=Uuid) for name in ("person", "request", "structure")),
)


def in_filing(
    by: By,
    kind: str,
    informed: Informed,
    *,
    scope: ConsentScope = ConsentScope.TO_BE_REPORTED,
    origin: tuple[str, UUID] | None = None,
) -> dict[str, Any]:
    """Return what `IN_FILING` takes besides the row of the request."""
    return {
        "consent_id": new_id(),
        "consent_scope": scope,
        "consent_purpose": kind,
        "consent_statement": informed.statement_version,
        "consent_informed_on": informed.on,
        "consent_channel": informed.channel,
        "consent_side": by.side,
        "consent_at": clock.now(),
        "consent_days": settings_on(informed.on, {}).consent_days,
        "consent_origin_caisse": origin[0] if origin else None,
        "consent_origin": origin[1] if origin else None,
    }


async def record(
    session: AsyncSession,
    by: By,
    about: About,
    informed: Informed,
    *,
    scope: ConsentScope = ConsentScope.TO_BE_REPORTED,
    origin: tuple[str, UUID] | None = None,
) -> UUID:
    """Keep an agreement for as long as the caisse's setting says; return its id.

    Called by what files a request in several statements, and by a transfer with the agreement that it continues.
    """
    values = in_filing(by, about.kind, informed, scope=scope, origin=origin)
    await session.execute(
        _RECORD,
        values
        | {
            "caisse": about.caisse,
            "person": about.person_id,
            "request": about.request_id,
            "structure": about.structure_id,
            "recipient": about.recipient or about.caisse,
            "by": by.actor,
        },
    )
    consent_id: UUID = values["consent_id"]
    return consent_id
