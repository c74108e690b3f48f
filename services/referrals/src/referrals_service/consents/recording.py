"""Writing down what a person agreed to, with the filing that rests on it, in one statement."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Date, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents.codes import ConsentScope
from referrals_service.requests.caisse_settings import settings_on
from referrals_service.requests.models import By
from servicekit import clock
from servicekit.db import new_id


@dataclass(frozen=True, slots=True)
class Informed:
    """How the person was told and agreed, as whoever heard it attests."""

    on: date
    channel: str
    statement_version: str


@dataclass(frozen=True, slots=True)
class About:
    """The request that rests on the agreement; `recipient` is the body that receives it, the caisse by default."""

    caisse: str
    request_id: UUID
    person_id: UUID
    structure_id: UUID | None
    kind: str
    recipient: str | None = None


# It stands on the path of every filing: the caisse's own duration is read by the statement itself.
_RECORD: Final = text(
    """
    INSERT INTO consents (
        caisse, id, person_id, request_id, structure_id, scope, purpose, recipient, statement_version, informed_on,
        channel, side, recorded_by, recorded_at, expires_on, state, version, origin_caisse, origin_id
    )
    VALUES (
        :caisse, :id, :person, :request, :structure, :scope, :purpose, :recipient, :statement, :informed_on,
        :channel, :side, :by, :at,
        :informed_on + COALESCE((
            SELECT (value #>> '{}')::integer FROM request_settings
            WHERE caisse = :caisse AND key = 'consent_days' AND valid_from <= :informed_on
            ORDER BY valid_from DESC LIMIT 1
        ), :national),
        'given', 1, :origin_caisse, :origin
    )
    """
).bindparams(
    *(
        bindparam(name, type_=Text)
        for name in ("scope", "purpose", "recipient", "statement", "channel", "side", "by", "origin_caisse")
    ),
    *(bindparam(name, type_=Uuid) for name in ("id", "person", "request", "structure", "origin")),
    bindparam("informed_on", type_=Date),
    bindparam("at", type_=DateTime(timezone=True)),
)


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

    Called by every filing in its own transaction, and by a transfer with the agreement that it continues.
    """
    consent_id = new_id()
    await session.execute(
        _RECORD,
        {
            "caisse": about.caisse,
            "id": consent_id,
            "person": about.person_id,
            "request": about.request_id,
            "structure": about.structure_id,
            "scope": scope,
            "purpose": about.kind,
            "recipient": about.recipient or about.caisse,
            "statement": informed.statement_version,
            "informed_on": informed.on,
            "channel": informed.channel,
            "side": by.side,
            "by": by.actor,
            "at": clock.now(),
            "national": settings_on(informed.on, {}).consent_days,
            "origin_caisse": origin[0] if origin else None,
            "origin": origin[1] if origin else None,
        },
    )
    return consent_id
