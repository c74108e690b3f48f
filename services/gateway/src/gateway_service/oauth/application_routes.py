"""How a caisse registers internal applications and says what each may do."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from gateway_service.front.models import Application, ApplicationGrant
from gateway_service.front.routing import Table
from servicekit import clock, journal, tokens
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession, new_id
from servicekit.errors import Conflict, Invalid, NotFound
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, require_version, set_etag

PARIS = ZoneInfo("Europe/Paris")
PURPOSE = "application.manage"
ROLES = ("admin", "referent_si")
LONGEST_GRANT = timedelta(days=366)
"""Longer needs are granted again after a look at them."""
READ = access(Audience.OFFICER, purpose=PURPOSE, roles=ROLES)
WRITE = access(Audience.OFFICER, purpose=PURPOSE, roles=ROLES, step_up=True)

routes = router("/api/v1/gateway/officer", tags=["applications"])


class ApplicationIn(BaseModel):
    """An application to register, with the public half of the key it generated."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=r"^app-[a-z0-9]+(-[a-z0-9]+)*$", max_length=48)]
    label: Annotated[str, Field(min_length=3, max_length=120)]
    public_jwk: dict[str, str]


class GrantIn(BaseModel):
    """One thing an application may do in the caisse of whoever grants it."""

    model_config = ConfigDict(extra="forbid")

    service: Annotated[str, Field(max_length=40)]
    purpose: Annotated[str, Field(max_length=64)]
    until_on: date


class GrantOut(BaseModel):
    """A standing grant."""

    id: UUID
    service: str
    purpose: str
    caisse: str
    until_at: datetime


class ApplicationOut(BaseModel):
    """An application as its officers see it."""

    id: str
    label: str
    state: Literal["active", "suspended"]
    version: int
    key_id: str
    grants: Sequence[GrantOut]


class ApplicationReceipt(BaseModel):
    """What a change of an application answers."""

    id: str
    version: int
    state: str


class GrantReceipt(BaseModel):
    """What a change of a grant answers."""

    id: UUID


@routes.get("/applications", operation_id="list_applications", openapi_extra=READ)
async def list_applications(session: DbSession) -> list[ApplicationOut]:
    """List the caisse's applications and what they may do; there are never many."""
    applications = (await session.scalars(select(Application).order_by(Application.id))).all()
    grants = (
        await session.scalars(
            select(ApplicationGrant)
            .where(ApplicationGrant.ended_at.is_(None), ApplicationGrant.until_at > clock.system_now())
            .order_by(ApplicationGrant.service, ApplicationGrant.purpose)
        )
    ).all()
    journal.read(session, "application", [])
    return [
        ApplicationOut(
            id=application.id,
            label=application.label,
            state="active" if application.state == "active" else "suspended",
            version=application.version,
            key_id=application.public_jwk["kid"],
            grants=[
                GrantOut(
                    id=grant.id,
                    service=grant.service,
                    purpose=grant.purpose,
                    caisse=grant.caisse,
                    until_at=grant.until_at,
                )
                for grant in grants
                if grant.application_id == application.id
            ],
        )
        for application in applications
    ]


@routes.post(
    "/applications",
    status_code=201,
    operation_id="register_application",
    openapi_extra=WRITE,
    responses=problems(Conflict, Invalid),
)
async def register_application(body: ApplicationIn, session: DbSession, actor: CurrentActor) -> ApplicationReceipt:
    """Register an application by its public key; it can do nothing yet."""
    try:
        tokens.load_keys({"keys": [body.public_jwk]})
    except ValueError as error:
        message = "Collez une clé publique ES256 (JWK : kty, crv, alg, use, kid, x, y)."
        raise Invalid("La clé n'est pas acceptée.", errors=[{"field": "public_jwk", "message": message}]) from error
    application = Application(
        id=body.id,
        caisse=actor.caisse,
        label=body.label,
        public_jwk=body.public_jwk,
        state="active",
        version=1,
        created_at=clock.system_now(),
        created_by=actor.account_id,
    )
    session.add(application)
    try:
        await session.flush()  # the name may be taken by another caisse, whose applications are not seen from here
    except IntegrityError as error:
        raise Conflict("Cet identifiant d'application est déjà pris.") from error
    return ApplicationReceipt(id=application.id, version=application.version, state=application.state)


@routes.post(
    "/applications/{application_id}/suspend",
    operation_id="suspend_application",
    openapi_extra=WRITE,
    responses=problems(NotFound),
)
async def suspend_application(
    application_id: str, version: IfMatch, session: DbSession, response: Response
) -> ApplicationReceipt:
    """Stop everything an application does, within a second."""
    return await _put_in_state(session, application_id, version, "suspended", response)


@routes.post(
    "/applications/{application_id}/reactivate",
    operation_id="reactivate_application",
    openapi_extra=WRITE,
    responses=problems(NotFound),
)
async def reactivate_application(
    application_id: str, version: IfMatch, session: DbSession, response: Response
) -> ApplicationReceipt:
    """Let a suspended application work again."""
    return await _put_in_state(session, application_id, version, "active", response)


async def _put_in_state(
    session: DbSession, application_id: str, version: int, state: str, response: Response
) -> ApplicationReceipt:
    application = await session.scalar(select(Application).where(Application.id == application_id).with_for_update())
    if application is None:
        raise NotFound("Cette application n'existe pas.")
    require_version(application.version, version)
    if application.state != state:
        application.state = state
        await session.flush()  # the new version number is in the receipt
    set_etag(response, application.version)
    return ApplicationReceipt(id=application.id, version=application.version, state=application.state)


@routes.post(
    "/applications/{application_id}/grants",
    status_code=201,
    operation_id="grant_to_application",
    openapi_extra=WRITE,
    responses=problems(NotFound, Conflict, Invalid),
)
async def grant_to_application(
    application_id: str, body: GrantIn, request: Request, session: DbSession, actor: CurrentActor
) -> GrantReceipt:
    """Let an application call one service for one purpose, in the officer's own caisse."""
    table: Table = request.app.state.table
    if not any(
        route.service == body.service and route.access.audience is Audience.APP and route.access.purpose == body.purpose
        for route in table.routes
    ):
        raise Invalid("Aucune interface d'application n'existe pour ce service et cette finalité.")
    today = clock.today(PARIS)
    if not today <= body.until_on <= today + LONGEST_GRANT:
        raise Invalid("Choisissez une date de fin dans l'année qui vient.")
    if await session.scalar(select(Application.id).where(Application.id == application_id)) is None:
        raise NotFound("Cette application n'existe pas.")
    grant = ApplicationGrant(
        id=new_id(),
        application_id=application_id,
        caisse=actor.caisse,
        service=body.service,
        purpose=body.purpose,
        until_at=datetime.combine(body.until_on + timedelta(days=1), datetime.min.time(), PARIS),
        created_at=clock.system_now(),
        created_by=actor.account_id,
    )
    session.add(grant)
    try:
        await session.flush()  # a standing grant of the same thing is refused by its unique index
    except IntegrityError as error:
        raise Conflict("Ce droit est déjà accordé ; retirez-le d'abord pour en changer la date.") from error
    return GrantReceipt(id=grant.id)


@routes.post("/grants/{grant_id}/end", operation_id="end_grant", openapi_extra=WRITE, responses=problems(NotFound))
async def end_grant(grant_id: UUID, session: DbSession) -> GrantReceipt:
    """Take a grant back, within a second."""
    grant = await session.scalar(select(ApplicationGrant).where(ApplicationGrant.id == grant_id).with_for_update())
    if grant is None:
        raise NotFound("Ce droit n'existe pas.")
    if grant.ended_at is None:
        grant.ended_at = clock.system_now()
    return GrantReceipt(id=grant.id)
