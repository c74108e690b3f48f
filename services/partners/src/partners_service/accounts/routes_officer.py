"""The own people of a body, for its administrators."""

from uuid import UUID

from fastapi import Response

from partners_service.accounts import changing, queries
from partners_service.accounts.changing import AnsweredElsewhere, LastAdministrator
from partners_service.accounts.granting import AlreadyThere, OwnRole, grant, staff_post
from partners_service.accounts.inviting import invite
from partners_service.accounts.models import Account, Assignment, Invitation
from partners_service.accounts.schemas import (
    AccountSuspensionIn,
    AssignmentIn,
    AssignmentOut,
    StaffAccount,
    StaffInvitationIn,
)
from partners_service.bodies.queries import today
from partners_service.codes import InvitationState
from partners_service.lifecycle import TransitionRefused
from partners_service.parameters import parameters_of
from partners_service.roles import ACCOUNT_OFFICERS
from servicekit import clock, journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Conflict, Invalid, NotFound, StaleVersion
from servicekit.pages import Key, Page, PageQuery, paginate
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of

OFFICER = router("/api/v1/partners/officer", tags=["accounts"])

READS = access(Audience.OFFICER, purpose="account.manage", shows=["technical", "identity"])
MANAGES = access(Audience.OFFICER, purpose="account.manage", roles=ACCOUNT_OFFICERS)
GIVES = access(Audience.OFFICER, purpose="account.manage", roles=ACCOUNT_OFFICERS, step_up=True)
REFUSALS = problems(NotFound, TransitionRefused, StaleVersion, AnsweredElsewhere, LastAdministrator)


@OFFICER.get("/accounts", summary="Comptes de l'organisme", openapi_extra=READS)
async def list_staff(session: DbSession, actor: CurrentActor, page: PageQuery) -> Page[StaffAccount]:
    """Les personnes de l'organisme et leurs rôles, par ordre alphabétique ; les partenaires n'en font pas partie."""
    statement = (
        queries.accounts_visible_to(actor)
        .where(Account.audience != Audience.PARTNER)
        .outerjoin(Invitation, queries.PENDING)
        .add_columns(Invitation.expires_at, Account.name_key, Account.id)
    )
    keys: list[Key] = [(Account.__table__.c.name_key, "asc"), (Account.__table__.c.id, "asc")]
    rows, next_cursor = await paginate(session, statement, keys, page)
    held = await queries.roles_of(session, actor, [account.id for account, *_ in rows])
    journal.read(session, "account", [account.id for account, *_ in rows])
    items = [
        StaffAccount(
            id=account.id,
            first_name=account.first_name,
            last_name=account.last_name,
            email=account.email,
            job_title=account.job_title,
            state=account.state,
            own=account.caisse == actor.caisse,
            invitation_expires_at=expires_at,
            assignments=[_role(assignment) for assignment in held.get(account.id, [])],
            version=account.version,
        )
        for account, expires_at, *_ in rows
    ]
    return Page(items=items, next_cursor=next_cursor)


@OFFICER.post(
    "/accounts",
    status_code=201,
    summary="Inviter un agent",
    responses=problems(Conflict, Invalid, AlreadyThere),
    openapi_extra=GIVES,
)
async def invite_staff(body: StaffInvitationIn, session: DbSession, actor: CurrentActor) -> Receipt:
    """Invite une personne de l'organisme à un rôle. Un compte déjà ouvert dans un autre organisme, pour le même
    public, reçoit le rôle sans nouvelle invitation ; la réponse est la même."""
    on = await today(session, actor.caisse)
    post = await staff_post(session, actor.caisse, body, on)
    parameters = await parameters_of(session, actor.caisse, on)
    invitation = await invite(session, actor, body, [post], parameters, clock.now())
    return Receipt(id=invitation, version=1, state=InvitationState.PENDING)


@OFFICER.post(
    "/accounts/{account_id}/assignments",
    status_code=201,
    summary="Donner un rôle",
    responses=problems(NotFound, Invalid, AlreadyThere, OwnRole),
    openapi_extra=GIVES,
)
async def grant_staff_role(
    account_id: UUID, body: AssignmentIn, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Donne un rôle de plus à une personne de l'organisme, dans le même public."""
    account = await queries.get(session, actor, account_id)
    if account.id == actor.account_id:
        raise OwnRole
    post = await staff_post(session, actor.caisse, body, await today(session, actor.caisse))
    if account.audience is not post.audience:
        message = "Un compte ne mêle pas deux publics : invitez la personne sous une autre adresse."
        raise Invalid(message, errors=[{"field": "role", "message": message}])
    await queries.one_at_a_time(session, f"people of {actor.caisse}")
    open_roles = (await queries.roles_of(session, actor, [account.id])).get(account.id, [])
    if any((held.role, held.unit) == (post.role, post.unit) for held in open_roles):
        raise AlreadyThere
    held = grant(session, actor, account.id, post, clock.now(), announced=not account.withheld)
    journal.change(session, "grant_staff_role", "assignment", held.id, subjects=[account.id])
    return receipt_of(response, held, held.role)


@OFFICER.post(
    "/assignments/{assignment_id}/end",
    summary="Retirer un rôle",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def end_staff_role(
    assignment_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Retire un rôle à une personne de l'organisme, avec effet immédiat ; le dernier administrateur est protégé."""
    held = await changing.end_role(session, actor, assignment_id, version, clock.now())
    journal.change(session, "end_staff_role", "assignment", held.id, subjects=[held.account_id])
    return receipt_of(response, held, "ended")


@OFFICER.post(
    "/accounts/{account_id}/suspend",
    summary="Suspendre un compte",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def suspend_staff(
    account_id: UUID,
    body: AccountSuspensionIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Suspend un compte ouvert par l'organisme ; le dernier administrateur est protégé."""
    account = await changing.suspend(session, actor, account_id, body.reason, version, clock.now())
    journal.change(session, "suspend_staff", "account", account.id, subjects=[account.id])
    return receipt_of(response, account, account.state)


@OFFICER.post(
    "/accounts/{account_id}/reactivate",
    summary="Lever la suspension d'un compte",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def reactivate_staff(
    account_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Lève la suspension d'un compte ouvert par l'organisme."""
    account = await changing.reactivate(session, actor, account_id, version, clock.now())
    journal.change(session, "reactivate_staff", "account", account.id, subjects=[account.id])
    return receipt_of(response, account, account.state)


@OFFICER.post(
    "/accounts/{account_id}/close",
    summary="Fermer un compte",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def close_staff(
    account_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Ferme pour de bon un compte ouvert par l'organisme ; le dernier administrateur est protégé."""
    account = await changing.close(session, actor, account_id, version, clock.now())
    journal.change(session, "close_staff", "account", account.id, subjects=[account.id])
    return receipt_of(response, account, account.state)


def _role(held: Assignment) -> AssignmentOut:
    return AssignmentOut(
        id=held.id,
        role=held.role,
        unit=held.unit,
        from_on=held.from_on,
        until_on=held.until_on,
        version=held.version,
    )
