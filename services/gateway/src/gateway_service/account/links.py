"""Links of e-mails: guesses at them are counted by IP address, and refused in one way."""

from typing import Final, NoReturn

from gateway_service.sign_in.attempts import let_through
from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.refusals import LinkRefused
from gateway_service.sign_in.throttles import LINK, Charge

PURPOSE: Final = "sign_in"


async def charge_link(gate: Gate, caller: Caller) -> Charge:
    """Count the opening of a link, to be taken back if it is good; raises `Throttled`."""
    return await let_through(gate, caller, [(LINK, gate.vault.address_key(caller.address))])


async def refuse_link(gate: Gate, caller: Caller, kind: str) -> NoReturn:
    """Journal that a link was no good, and say so."""
    async with gate.database.system_session(PURPOSE) as session:
        await note(session, Event.LINK_REFUSED, caller, detail=kind)
    raise LinkRefused
