"""My own account: the same two routes for every audience of people, each with its own declaration."""

from fastapi import APIRouter, Response

from partners_service.accounts import queries
from partners_service.accounts.ending import withdraw_invitation
from partners_service.accounts.models import Account
from partners_service.accounts.schemas import Charter, CharterIn, Me
from partners_service.bodies.queries import name_of, today
from partners_service.codes import InvitationState
from partners_service.lifecycle import TransitionRefused
from partners_service.parameters import parameters_of
from partners_service.roles import Role
from servicekit import clock
from servicekit.access import Actor, Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Invalid, NotFound
from servicekit.facts import emit
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import Receipt, receipt_of, set_etag

PURPOSE = "account.own"


def _me(account: Account, actor: Actor, caisse_name: str, charter_version: str) -> Me:
    return Me(
        id=account.id,
        first_name=account.first_name,
        last_name=account.last_name,
        email=account.email,
        job_title=account.job_title,
        state=account.state,
        role=Role(actor.role),
        caisse=actor.caisse,
        caisse_name=caisse_name,
        unit=actor.unit,
        charter=Charter(
            version=charter_version,
            accepted_version=account.charter_version,
            accepted_at=account.charter_accepted_at,
            accepted=account.charter_version == charter_version,
        ),
        version=account.version,
    )


async def _charter_version(session: DbSession, caisse: str) -> str:
    return (await parameters_of(session, caisse, await today(session, caisse))).charter_version


def _routes_for(audience: Audience) -> APIRouter:
    """Return the routes of one audience; a route is never shared between two."""
    mine = router(f"/api/v1/partners/{audience}", tags=["accounts"])

    @mine.get(
        "/me",
        name=f"read_me_as_{audience}",
        summary="Mon compte",
        responses=problems(NotFound),
        openapi_extra=access(audience, purpose=PURPOSE, shows=["technical", "identity"], journal=False),
    )
    async def read_me(session: DbSession, actor: CurrentActor, response: Response) -> Me:
        """Mon compte, le rôle actif, et la charte d'utilisation à accepter ou déjà acceptée."""
        account = await queries.me(session, actor)
        set_etag(response, account.version)
        version = await _charter_version(session, actor.caisse)
        return _me(account, actor, await name_of(session, actor.caisse), version)

    @mine.post(
        "/me/charter",
        name=f"accept_charter_as_{audience}",
        summary="Accepter la charte d'utilisation",
        responses=problems(NotFound, Invalid, TransitionRefused),
        openapi_extra=access(audience, purpose=PURPOSE),
    )
    async def accept_charter(body: CharterIn, session: DbSession, actor: CurrentActor, response: Response) -> Receipt:
        """Accepte la version en vigueur de la charte. La première acceptation ouvre le compte."""
        if body.version != await _charter_version(session, actor.caisse):
            message = "Cette version de la charte n'est plus en vigueur : relisez-la avant de l'accepter."
            raise Invalid(message, errors=[{"field": "version", "message": message}])
        account = await queries.me(session, actor)
        account = await queries.lock(session, account, account.version)
        emit(session, account.accept_charter(body.version, actor, clock.now()))
        await session.flush()  # the account is active before its invitation is used up
        await withdraw_invitation(session, account.id, into=InvitationState.ACCEPTED)
        return receipt_of(response, account, account.state)

    return mine


ME = [_routes_for(audience) for audience in (Audience.PARTNER, Audience.AGENT, Audience.OFFICER, Audience.PILOT)]
