"""Letting a guess through: counted first, in a short transaction of its own, whatever becomes of it."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from uuid import UUID

from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.throttles import Charge, Throttle, Throttled, charge
from servicekit import clock

PURPOSE = "sign_in.count"


async def let_through(
    gate: Gate,
    caller: Caller,
    keys: Sequence[tuple[Throttle, bytes]],
    *,
    account_id: UUID | None = None,
    session_id: UUID | None = None,
    email_hash: bytes | None = None,
) -> Charge:
    """Count one attempt under every key. Raises `Throttled`, journalled, when it must wait."""
    async with AsyncExitStack() as turns:
        for throttle, key in sorted(keys, key=lambda pair: (pair[0].name, pair[1])):
            await turns.enter_async_context(gate.turns.of(throttle, key))
        async with gate.database.system_session(PURPOSE) as session:
            charged = await charge(session, keys, clock.system_now())
            if isinstance(charged, Throttled):
                await note(
                    session,
                    Event.THROTTLED,
                    caller,
                    account_id=account_id,
                    session_id=session_id,
                    email_hash=email_hash,
                    detail=charged.throttle,
                )
    if isinstance(charged, Throttled):
        raise charged
    return charged
