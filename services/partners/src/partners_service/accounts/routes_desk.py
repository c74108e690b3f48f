"""The people of the caisse's structures, for its partner desk."""

from uuid import UUID

from fastapi import Response

from partners_service.accounts import changing
from partners_service.accounts.changing import AnsweredElsewhere
from partners_service.accounts.granting import AlreadyThere, Post
from partners_service.accounts.inviting import AccountsFull, invite
from partners_service.accounts.schemas import AccountSuspensionIn, PartnerInvitationIn
from partners_service.bodies.queries import today
from partners_service.codes import InvitationState
from partners_service.lifecycle import OPEN_TO_INVITATIONS, TransitionRefused
from partners_service.parameters import parameters_of
from partners_service.roles import PARTNER_DESK
from partners_service.structures import queries as structures
from servicekit import clock, journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Conflict, NotFound, StaleVersion
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of

DESK = router("/api/v1/partners/agent", tags=["accounts"])

MANAGES = access(Audience.AGENT, purpose="partner.manage", roles=PARTNER_DESK)
REFUSALS = problems(NotFound, TransitionRefused, StaleVersion, AnsweredElsewhere)


@DESK.post(
    "/structures/{structure_id}/invitations",
    status_code=201,
    summary="Inviter dans une structure",
    responses=problems(NotFound, Conflict, AlreadyThere, AccountsFull),
    openapi_extra=MANAGES,
)
async def invite_partner(
    structure_id: UUID, body: PartnerInvitationIn, session: DbSession, actor: CurrentActor
) -> Receipt:
    """Invite une personne dans une structure approuvée ou active. Un compte partenaire déjà ouvert ailleurs y
    reçoit les rôles qu'il n'a pas encore, sans nouvelle invitation."""
    structure = await structures.get(session, actor, structure_id)
    if structure.state not in OPEN_TO_INVITATIONS:
        raise Conflict("Approuvez d'abord cette structure.", state=str(structure.state))
    on = await today(session, actor.caisse)
    parameters = await parameters_of(session, actor.caisse, on)
    posts = [Post(actor.caisse, role, on, structure=structure) for role in body.roles]
    invitation = await invite(session, actor, body, posts, parameters, clock.now())
    journal.change(session, "invite_partner", "invitation", invitation)
    return Receipt(id=invitation, version=1, state=InvitationState.PENDING)


@DESK.post(
    "/accounts/{account_id}/suspend",
    summary="Suspendre un compte partenaire",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def suspend_partner(
    account_id: UUID,
    body: AccountSuspensionIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Suspend le compte d'un partenaire de la caisse, même dernier administrateur de sa structure."""
    account = await changing.suspend(session, actor, account_id, body.reason, version, clock.now())
    journal.change(session, "suspend_partner", "account", account.id, subjects=[account.id])
    return receipt_of(response, account, account.state)


@DESK.post(
    "/accounts/{account_id}/reactivate",
    summary="Lever la suspension d'un compte partenaire",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def reactivate_partner(
    account_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Lève la suspension du compte d'un partenaire de la caisse."""
    account = await changing.reactivate(session, actor, account_id, version, clock.now())
    journal.change(session, "reactivate_partner", "account", account.id, subjects=[account.id])
    return receipt_of(response, account, account.state)


@DESK.post(
    "/assignments/{assignment_id}/end",
    summary="Retirer un rôle de partenaire",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def end_partner_role(
    assignment_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Retire à une personne son rôle dans une structure de la caisse, avec effet immédiat."""
    held = await changing.end_role(session, actor, assignment_id, version, clock.now())
    journal.change(session, "end_partner_role", "assignment", held.id, subjects=[held.account_id])
    return receipt_of(response, held, "ended")


@DESK.post(
    "/accounts/{account_id}/close",
    summary="Fermer un compte partenaire",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def close_partner(
    account_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Ferme pour de bon le compte d'un partenaire de la caisse ; ses rôles y prennent fin."""
    account = await changing.close(session, actor, account_id, version, clock.now())
    journal.change(session, "close_partner", "account", account.id, subjects=[account.id])
    return receipt_of(response, account, account.state)
