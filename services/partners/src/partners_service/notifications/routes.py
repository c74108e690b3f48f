"""My notifications, the same for partners and agents, each with its own declaration; and what did not arrive."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from partners_service.accounts.models import Account
from partners_service.notifications.kinds import DEFAULTS, Delivery, NotificationKind
from partners_service.notifications.models import Notification, NotificationChoice, NotificationMail
from partners_service.notifications.schemas import Choice, ChoicesIn, NotificationOut, ReadIn, UndeliveredMail, Unread
from partners_service.roles import PARTNER_DESK
from servicekit import clock, journal
from servicekit.access import Actor, Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Invalid
from servicekit.pages import Page, PageQuery, paginate
from servicekit.problems import problems
from servicekit.route import router

PURPOSE = "account.own"
MOST_COUNTED = 99
_N, _M = Notification.__table__.c, NotificationMail.__table__.c


def _routes_for(audience: Audience) -> APIRouter:
    mine = router(f"/api/v1/partners/{audience}", tags=["notifications"])
    own = access(audience, purpose=PURPOSE, journal=False)
    known = DEFAULTS[audience]

    @mine.get("/notifications", name=f"{audience}_notifications", summary="Mes notifications", openapi_extra=own)
    async def list_notifications(
        session: DbSession,
        actor: CurrentActor,
        page: PageQuery,
        kind: NotificationKind | None = None,
        unread: bool = False,
    ) -> Page[NotificationOut]:
        """Mes notifications sous mon rôle actif, les plus récentes d'abord."""
        rows = select(_N.id, _N.kind, _N.request_id, _N.appointment_id, _N.at, _N.read_at).where(*_mine(actor))
        if kind is not None:
            rows = rows.where(_N.kind == kind)
        if unread:
            rows = rows.where(_N.read_at.is_(None))
        found, cursor = await paginate(session, rows, [(_N.at, "desc"), (_N.id, "desc")], page)
        return Page(items=[NotificationOut.model_validate(row._mapping) for row in found], next_cursor=cursor)

    @mine.get("/notifications/unread", name=f"{audience}_unread_notifications", summary="Non lues", openapi_extra=own)
    async def count_unread(session: DbSession, actor: CurrentActor) -> Unread:
        """Combien de notifications je n'ai pas lues."""
        some = select(_N.id).where(*_mine(actor), _N.read_at.is_(None)).limit(MOST_COUNTED + 1).subquery()
        count = await session.scalar(select(func.count()).select_from(some)) or 0
        return Unread(count=min(count, MOST_COUNTED), more=count > MOST_COUNTED)

    @mine.post(
        "/notifications/read", name=f"{audience}_read_notifications", summary="Marquer comme lues", openapi_extra=own
    )
    async def mark_read(given: ReadIn, session: DbSession, actor: CurrentActor) -> Unread:
        """Marque des notifications, ou toutes, comme lues. Répond combien viennent de l'être."""
        those = update(Notification).where(*_mine(actor), _N.read_at.is_(None)).values(read_at=clock.now())
        if given.ids is not None:
            those = those.where(_N.id.in_(given.ids))
        read = (await session.execute(those.returning(_N.id))).all()
        return Unread(count=len(read), more=False)

    @mine.get(
        "/notifications/choices", name=f"{audience}_notification_choices", summary="Mes préférences", openapi_extra=own
    )
    async def read_choices(session: DbSession, actor: CurrentActor) -> list[Choice]:
        """Par quel moyen chaque nouvelle me parvient."""
        rows = await session.execute(
            select(NotificationChoice.kind, NotificationChoice.channel).where(
                NotificationChoice.account_id == actor.account_id
            )
        )
        chosen = {row.kind: row.channel for row in rows}
        return [Choice(kind=kind, channel=chosen.get(kind, default)) for kind, default in known.items()]

    @mine.post(
        "/notifications/choices",
        name=f"{audience}_choose_notifications",
        summary="Changer mes préférences",
        responses=problems(Invalid),
        openapi_extra=own,
    )
    async def choose(given: ChoicesIn, session: DbSession, actor: CurrentActor) -> Unread:
        """Choisit par quel moyen chaque nouvelle me parvient. Répond combien de choix ont été enregistrés."""
        foreign = [c.kind for c in given.choices if c.kind not in known]
        if foreign:
            message = "Cette notification n'existe pas pour votre rôle."
            raise Invalid(message, errors=[{"field": "choices", "message": message}])
        for choice in given.choices:
            row = insert(NotificationChoice).values(
                account_id=actor.account_id, kind=choice.kind, channel=choice.channel
            )
            await session.execute(
                row.on_conflict_do_update(index_elements=["account_id", "kind"], set_={"channel": choice.channel})
            )
        return Unread(count=len(given.choices), more=False)

    return mine


def _mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    # `structure_id` of an agent's is null on both sides; a person of two structures reads each under its own role.
    structure = _N.structure_id == actor.structure if actor.structure else _N.structure_id.is_(None)
    return (_N.caisse == actor.caisse, _N.account_id == actor.account_id, structure)


MINE = [_routes_for(audience) for audience in DEFAULTS]

DESK = router("/api/v1/partners/agent", tags=["notifications"])


@DESK.get(
    "/undelivered-mails",
    summary="E-mails non remis",
    openapi_extra=access(Audience.AGENT, purpose="partner.manage", roles=PARTNER_DESK, shows=["technical", "identity"]),
)
async def list_undelivered_mails(session: DbSession, actor: CurrentActor, page: PageQuery) -> Page[UndeliveredMail]:
    """Les e-mails qui ne sont pas arrivés, et pourquoi : l'adresse est à vérifier avec la structure."""
    columns = (_M.id, _M.account_id, _M.attempts, _M.refused_with, _M.created_at)
    late = select(*columns).where(_M.caisse == actor.caisse, _M.state == Delivery.UNDELIVERED)
    rows, cursor = await paginate(session, late, [(_M.id, "desc")], page)
    seen = select(Account).where(Account.id.in_([row.account_id for row in rows]))
    people: dict[UUID, Account] = {account.id: account for account in await session.scalars(seen)}
    journal.read(session, "mail", list(people), resource_ids=[row.id for row in rows])
    items = [
        UndeliveredMail(
            id=row.id,
            account_id=row.account_id,
            display_name=people[row.account_id].display_name,
            email=people[row.account_id].email,
            structure_id=people[row.account_id].structure_id,
            attempts=row.attempts,
            refused_with=row.refused_with,
            created_at=row.created_at,
        )
        for row in rows
        if row.account_id in people
    ]
    return Page(items=items, next_cursor=cursor)
