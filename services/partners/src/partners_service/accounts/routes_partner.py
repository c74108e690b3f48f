"""The people of my structure, for its members; its administrator decides."""

from uuid import UUID

from fastapi import Response

from partners_service.accounts import changing, queries
from partners_service.accounts.changing import AnsweredElsewhere, LastAdministrator
from partners_service.accounts.granting import AlreadyThere, Post
from partners_service.accounts.inviting import AccountsFull, invite
from partners_service.accounts.models import Account, Assignment, Invitation
from partners_service.accounts.schemas import (
    AccountSuspensionIn,
    Colleague,
    ColleagueAbilities,
    PartnerInvitationIn,
    PartnerRoleIn,
    RoleInStructure,
)
from partners_service.bodies.queries import today
from partners_service.codes import AccountState, InvitationState
from partners_service.lifecycle import ACCOUNT, OPEN_TO_INVITATIONS, AccountAct, TransitionRefused, possible
from partners_service.parameters import parameters_of
from partners_service.roles import Role
from partners_service.structures import queries as structures
from partners_service.structures.models import Structure
from servicekit import clock, journal
from servicekit.access import Actor, Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Conflict, NotFound, StaleVersion
from servicekit.pages import Key, Page, PageQuery, paginate
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of

PARTNER = router("/api/v1/partners/partner", tags=["accounts"])

READS = access(Audience.PARTNER, purpose="structure.own", shows=["technical", "identity"])
MANAGES = access(Audience.PARTNER, purpose="structure.manage", roles=[Role.PARTNER_ADMIN])
REFUSALS = problems(NotFound, TransitionRefused, StaleVersion, AnsweredElsewhere, LastAdministrator)


def _abilities(actor: Actor, account: Account) -> ColleagueAbilities:
    admin = actor.role == Role.PARTNER_ADMIN
    home = (account.caisse, account.structure_id) == (actor.caisse, actor.structure)
    acts = possible(ACCOUNT, account.state) if admin and home else frozenset()
    return ColleagueAbilities(
        suspend=AccountAct.SUSPEND in acts,
        reactivate=AccountAct.REACTIVATE in acts,
        change_role=admin,
        remove=admin,
    )


@PARTNER.get("/colleagues", summary="Mes collègues", openapi_extra=READS)
async def list_colleagues(session: DbSession, actor: CurrentActor, page: PageQuery) -> Page[Colleague]:
    """Les personnes qui tiennent un rôle dans ma structure, par ordre alphabétique."""
    at_work = queries.roles_visible_to(actor).where(Assignment.ended_at.is_(None))
    statement = (
        queries.accounts_visible_to(actor)
        .where(Account.id.in_(at_work.with_only_columns(Assignment.account_id)), Account.state != AccountState.CLOSED)
        .outerjoin(Invitation, queries.PENDING)
        .add_columns(Invitation.expires_at, Account.name_key, Account.id)
    )
    keys: list[Key] = [(Account.__table__.c.name_key, "asc"), (Account.__table__.c.id, "asc")]
    rows, next_cursor = await paginate(session, statement, keys, page)
    held = await queries.roles_of(session, actor, [account.id for account, *_ in rows])
    journal.read(session, "account", [account.id for account, *_ in rows])
    items = [
        Colleague(
            id=account.id,
            first_name=account.first_name,
            last_name=account.last_name,
            email=account.email,
            job_title=account.job_title,
            roles=[
                RoleInStructure(id=role.id, role=role.role, version=role.version) for role in held.get(account.id, [])
            ],
            state=account.state,
            invitation_expires_at=expires_at,
            version=account.version,
            abilities=_abilities(actor, account),
        )
        for account, expires_at, *_ in rows
    ]
    return Page(items=items, next_cursor=next_cursor)


@PARTNER.post(
    "/invitations",
    status_code=201,
    summary="Inviter un collègue",
    responses=problems(Conflict, AlreadyThere, AccountsFull),
    openapi_extra=MANAGES,
)
async def invite_colleague(body: PartnerInvitationIn, session: DbSession, actor: CurrentActor) -> Receipt:
    """Invite une personne dans ma structure, ou donne à un collègue les rôles qu'il n'a pas encore. La réponse
    est la même que l'adresse soit connue ou non."""
    structure = await structures.get(session, actor, actor.structure_id)
    _require_open(structure)
    on = await today(session, actor.caisse)
    parameters = await parameters_of(session, actor.caisse, on)
    posts = [Post(actor.caisse, role, on, structure=structure) for role in body.roles]
    invitation = await invite(session, actor, body, posts, parameters, clock.now())
    return Receipt(id=invitation, version=1, state=InvitationState.PENDING)


@PARTNER.post(
    "/colleagues/{account_id}/suspend",
    summary="Suspendre le compte d'un collègue",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def suspend_colleague(
    account_id: UUID,
    body: AccountSuspensionIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Suspend un compte ouvert par ma structure ; le dernier administrateur est protégé."""
    account = await changing.suspend(session, actor, account_id, body.reason, version, clock.now())
    journal.change(session, "suspend_colleague", "account", account.id, subjects=[account.id])
    return receipt_of(response, account, account.state)


@PARTNER.post(
    "/colleagues/{account_id}/reactivate",
    summary="Lever la suspension d'un collègue",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def reactivate_colleague(
    account_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Lève la suspension d'un compte ouvert par ma structure."""
    account = await changing.reactivate(session, actor, account_id, version, clock.now())
    journal.change(session, "reactivate_colleague", "account", account.id, subjects=[account.id])
    return receipt_of(response, account, account.state)


@PARTNER.post(
    "/assignments/{assignment_id}/change-role",
    summary="Changer le rôle d'un collègue",
    responses=REFUSALS | problems(Conflict),
    openapi_extra=MANAGES,
)
async def change_colleague_role(
    assignment_id: UUID,
    body: PartnerRoleIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Donne à une personne de ma structure un autre rôle à la place de celui-ci."""
    structure = await structures.get(session, actor, actor.structure_id)
    held = await changing.change_role(session, actor, structure, assignment_id, body.role, version, clock.now())
    journal.change(session, "change_colleague_role", "assignment", held.id, subjects=[held.account_id])
    return receipt_of(response, held, held.role)


@PARTNER.post(
    "/assignments/{assignment_id}/end",
    summary="Retirer un rôle à un collègue",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def remove_colleague(
    assignment_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Retire un rôle à un collègue, avec effet immédiat : sans autre rôle, il quitte la structure. Son compte
    n'est pas suspendu."""
    held = await changing.end_role(session, actor, assignment_id, version, clock.now())
    journal.change(session, "remove_colleague", "assignment", held.id, subjects=[held.account_id])
    return receipt_of(response, held, "ended")


def _require_open(structure: Structure) -> None:
    if structure.state not in OPEN_TO_INVITATIONS:
        raise Conflict("Votre structure ne peut inviter personne pour le moment.", state=str(structure.state))
