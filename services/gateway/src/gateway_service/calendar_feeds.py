"""Calendars followed from elsewhere: an address with a secret in it, for programs that cannot sign in.

The secret is hashed here and goes no further: the service behind is asked for the hash, with the gateway's own
token. Wrong secrets are counted by network address, right ones by secret, so neither guessing nor a calendar program
gone mad reaches the service.
"""

from typing import Final

import httpx
from fastapi import Request, Response

from gateway_service.sealing import token_hash
from gateway_service.sign_in.attempts import let_through
from gateway_service.sign_in.caller import CurrentCaller
from gateway_service.sign_in.current import sign_in_router
from gateway_service.sign_in.gate import CurrentGate
from gateway_service.sign_in.throttles import FEED, FEED_ADDRESS, Throttled, take_back
from servicekit.access import Audience, access
from servicekit.errors import NotFound, Unavailable
from servicekit.identity import tls
from servicekit.problems import problems

SERVICE: Final = "accompaniments"
PURPOSE: Final = "calendar.feed"
_SECONDS: Final = 5

routes = sign_in_router("anyone", "agenda")


class FeedUnknown(NotFound):
    """No calendar under this address, or no longer."""

    slug = "calendar-feed-not-found"
    title = "Adresse d'agenda inconnue"

    def __init__(self) -> None:
        super().__init__("Cette adresse n'existe pas ou n'est plus valable.")


@routes.get(
    "/calendar/{token}.ics",
    operation_id="follow_calendar",
    openapi_extra=access(Audience.ANYONE, purpose=PURPOSE, journal=False),
    responses=problems(FeedUnknown, Throttled, Unavailable),
    response_class=Response,
)
async def follow_calendar(token: str, request: Request, gate: CurrentGate, caller: CurrentCaller) -> Response:
    """Give the busy times of a calendar to whoever has its secret address: when and what kind, never who."""
    hashed = token_hash(token)
    guess = await let_through(gate, caller, [(FEED_ADDRESS, gate.vault.address_key(caller.address))])
    await let_through(gate, caller, [(FEED, hashed)])
    peer = request.app.state.service.settings.peers.get(SERVICE)
    if peer is None:
        raise FeedUnknown
    bearer = await request.app.state.engine.mint.own_token(f"svc-{SERVICE}", PURPOSE)
    try:
        async with httpx.AsyncClient(base_url=peer, timeout=_SECONDS, verify=tls()) as http:
            answer = await http.get(
                f"/internal/calendar-feeds/{hashed.hex()}", headers={"Authorization": f"Bearer {bearer}"}
            )
    except httpx.TransportError as error:
        raise Unavailable("L'agenda ne répond pas. Réessayez dans quelques instants.") from error
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise FeedUnknown
    if not answer.is_success:
        raise Unavailable("L'agenda ne répond pas. Réessayez dans quelques instants.")
    async with gate.database.system_session(PURPOSE) as session:
        await take_back(session, guess)
    return Response(answer.content, media_type="text/calendar; charset=utf-8")
