"""The first administrator of a body: invited by whoever runs the service, since nobody else can yet."""

from uuid import UUID

from partners_service.accounts.granting import staff_post
from partners_service.accounts.inviting import invite
from partners_service.accounts.queries import other_administrators
from partners_service.accounts.schemas import StaffInvitationIn
from partners_service.bodies.queries import today
from partners_service.parameters import parameters_of
from partners_service.roles import ACCOUNT_OFFICERS
from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.db import Database, new_id
from servicekit.errors import Conflict

_NOBODY = UUID(int=0)


async def invite_first_administrator(database: Database, caisse: str, person: StaffInvitationIn) -> UUID:
    """Invite the first administrator of `caisse`; Conflict when it has one who has come.

    Returns the id of the invitation, from which the gateway sends the e-mail. May be repeated until the
    person has come: each time the invitation before it is replaced.
    """
    async with database.system_session("account.bootstrap") as session:
        on = await today(session, caisse)
        if await other_administrators(session, caisse, None, ACCOUNT_OFFICERS, _NOBODY):
            raise Conflict("Cet organisme a déjà un administrateur, qui invite les autres.")
        post = await staff_post(session, caisse, person, on)
        return await invite(
            session, _operator(caisse), person, [post], await parameters_of(session, caisse, on), clock.now()
        )


def _operator(caisse: str) -> Actor:
    return Actor(
        sub="svc-partners",
        client="svc-partners",
        audience=Audience.INTERNAL,
        role="operator",
        caisse=caisse,
        structure=None,
        unit=None,
        purpose="account.bootstrap",
        txn=str(new_id()),
        session_hash="",
        auth_time=0,
        stepup_at=None,
    )
