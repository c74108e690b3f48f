"""The journal of sign-ins: what happened to whom, from roughly where; never an address in clear."""

from enum import StrEnum
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.models import SignInEvent
from servicekit import clock
from servicekit.db import new_id

COUNTED = Counter("sign_in_events_total", "Events of the journal of sign-ins", ["event"])


class Event(StrEnum):
    """The closed list of what the journal of sign-ins knows."""

    PASSWORD_ACCEPTED = "password.accepted"  # noqa: S105 - the name of an event
    PASSWORD_REFUSED = "password.refused"  # noqa: S105 - the name of an event
    THROTTLED = "throttled"
    FACTOR_ACCEPTED = "factor.accepted"
    FACTOR_REFUSED = "factor.refused"
    SESSION_OPENED = "session.opened"
    SESSION_SWITCHED = "session.switched"
    SESSION_SIGNED_OUT = "session.signed_out"
    SESSION_REVOKED = "session.revoked"
    SESSION_EVICTED = "session.evicted"
    SESSIONS_CUT = "sessions.cut"
    STEPPED_UP = "stepped_up"
    INVITATION_SENT = "invitation.sent"
    INVITATION_OPENED = "invitation.opened"
    INVITATION_ACCEPTED = "invitation.accepted"
    LINK_REFUSED = "link.refused"
    FACTOR_ADDED = "factor.added"
    FACTOR_REMOVED = "factor.removed"
    RECOVERY_CODES_RENEWED = "recovery_codes.renewed"
    RESET_ASKED = "reset.asked"
    RESET_SENT = "reset.sent"
    RESET_DONE = "reset.done"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - the name of an event
    UNDER_ATTACK = "under_attack"


async def note(
    session: AsyncSession,
    event: Event,
    caller: Caller | None,
    *,
    account_id: UUID | None = None,
    session_id: UUID | None = None,
    email_hash: bytes | None = None,
    detail: str | None = None,
) -> None:
    """Add one line, in the transaction of what it tells. `detail` is a code, never free text."""
    COUNTED.labels(event).inc()
    await session.execute(
        insert(SignInEvent).values(
            id=new_id(),
            at=clock.system_now(),
            event=event,
            account_id=account_id,
            session_id=session_id,
            email_hash=email_hash,
            detail=detail,
            address=caller.network if caller else "",
            txn=caller.txn if caller else "",
        )
    )
