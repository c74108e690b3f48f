"""Every SELECT on agreements. They are seen with the request that rests on them, never apart."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents.models import Consent
from referrals_service.requests import queries as requests
from referrals_service.requests.models import R, Request
from servicekit.access import Actor
from servicekit.errors import NotFound


class ConsentNotFound(NotFound):
    """No such agreement, or not one this actor may see."""

    slug = "consent-not-found"
    title = "Accord introuvable"

    def __init__(self) -> None:
        super().__init__("Cet accord n'existe pas ou ne vous est pas ouvert.")


def visible_to(actor: Actor) -> Select[Consent]:
    """Return the agreements on which rest the requests that `actor` sees."""
    seen = requests.reached_by(actor, select(R.id))
    return select(Consent).where(Consent.caisse == actor.caisse, Consent.request_id.in_(seen))


async def of_request(session: AsyncSession, actor: Actor, request_id: UUID) -> Sequence[Consent]:
    """Return the agreements of one request, newest first."""
    mine = visible_to(actor).where(Consent.request_id == request_id)
    return (await session.scalars(mine.order_by(Consent.recorded_at.desc(), Consent.id.desc()))).all()


async def get(session: AsyncSession, actor: Actor, consent_id: UUID) -> Consent:
    """Return one agreement; raise `ConsentNotFound`."""
    found: Consent | None = (await session.scalars(visible_to(actor).where(Consent.id == consent_id))).one_or_none()
    if found is None:
        raise ConsentNotFound
    return found


async def get_for_update(session: AsyncSession, actor: Actor, consent_id: UUID) -> tuple[Consent, Request]:
    """Return one agreement and the request that rests on it, locked: the request first, as every act does."""
    consent = await get(session, actor, consent_id)
    request = await requests.get_for_update(session, actor, consent.request_id)
    await session.refresh(consent, with_for_update=True)
    return consent, request
