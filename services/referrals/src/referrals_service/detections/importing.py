"""Import of a campaign's list: each row somebody to whom the mission is to be offered (MIS-18).

A person is recognised by name and birth date among those of the caisse, and registered without a number when
nobody answers, or when several do: the machine proposes, it never merges. The same person comes once in a
campaign, whoever sends the list again. Nothing of a record that was there is changed by a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy import select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.detections import facts, queries
from referrals_service.detections.campaigns import require_running
from referrals_service.detections.codes import CampaignMode, DetectionState, TargetPopulation
from referrals_service.detections.models import Detection, DetectionCampaign
from referrals_service.detections.offering import RESOURCE
from referrals_service.jobs import works
from referrals_service.persons import queries as persons
from referrals_service.persons import register
from referrals_service.persons.grants import TRIAGE, Holder, grant
from referrals_service.persons.models import Person
from referrals_service.persons.schemas import PersonIn
from referrals_service.requests import file_labels
from referrals_service.requests.abilities import MISAS_MANAGERS
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import Queue, RequestKind
from referrals_service.requests.filing import unit_of
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.lifecycle import OPEN
from referrals_service.requests.models import R
from referrals_service.texts import fold
from servicekit import clock, journal
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.errors import Conflict
from servicekit.facts import emit
from servicekit.imports import Column, Importing, Known, Layout, Outcome, Problem, RowState, import_router
from servicekit.imports.columns import code, day

UNDER_WAY: Final = "Une saisine de la mission est déjà en cours pour cette personne."
DECLINED: Final = "Cette personne a décliné l'accompagnement il y a peu : elle n'est pas rappelée."
_WITHOUT_NUMBER: Final = {"kind": "none", "none_reason": "not_collected"}
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('detections of ' || :caisse, 0))")

Name = tuple[str, str, date]


class DetectionListRow(BaseModel):
    """Somebody on a list, as the register takes a person; what a list never holds is completed."""

    model_config = ConfigDict(extra="forbid")

    person: PersonIn

    @property
    def name(self) -> Name:
        """Return what a person is recognised by: folded names and birth date."""
        return fold(self.person.last_name), fold(self.person.first_names), self.person.birth_on

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        person = dict(given.get("person", {}))
        contact = {"phone_kind": "own_mobile", "preferred_channel": "phone"} | dict(person.get("contact", {}))
        return {"person": person | {"identifier": _WITHOUT_NUMBER, "contact": contact, "household": {"adults": 1}}}


def _lines(cell: str) -> list[str]:
    return [cell]


LAYOUT: Final = Layout(
    DetectionListRow,
    (
        Column("person.civility", "Civilité", example="Madame", read=code(file_labels.CIVILITY)),
        Column("person.first_names", "Prénoms", ("Prénom",), True, "Sofia"),
        Column("person.last_name", "Nom", ("Nom d'usage", "Nom de famille"), True, "Delmas"),
        Column("person.birth_name", "Nom de naissance", ("Nom de jeune fille",)),
        Column("person.birth_on", "Date de naissance", ("Né(e) le", "Naissance"), True, "12/03/1989", read=day),
        Column("person.contact.phone", "Téléphone", ("Tél", "Portable"), True, "06 12 34 56 78", digits=10),
        Column("person.contact.phone_kind", "À qui est le téléphone", read=code(file_labels.PHONE_KIND)),
        Column("person.contact.address.lines", "Adresse", ("Voie",), read=_lines),
        Column("person.contact.address.postcode", "Code postal", ("CP",), digits=5),
        Column("person.contact.address.city", "Commune", ("Ville",)),
    ),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What rows need: their campaign, who may be whom, who is in the campaign already, who is not to be called."""

    campaign: DetectionCampaign
    known: dict[Name, list[Person]]
    there: dict[UUID, UUID]
    refused: Mapping[UUID, str]


async def prepare(session: AsyncSession, actor: Actor, mode: str, rows: Sequence[DetectionListRow]) -> Prepared:
    """Refuse a campaign that is not open; let one list at a time enter persons of a caisse."""
    campaign = await queries.campaign(session, actor, UUID(mode))
    require_running(campaign)
    if rows:
        await session.execute(_ONE_AT_A_TIME, {"caisse": actor.caisse})
    return await _looked_up(session, actor, campaign, rows)


async def check(
    session: AsyncSession, actor: Actor, rows: Mapping[int, DetectionListRow], mode: str
) -> dict[int, Known]:
    """Tell who would be offered the mission, who is there already, who is not to be called."""
    campaign = await queries.campaign(session, actor, UUID(mode))
    found = await _looked_up(session, actor, campaign, rows.values())
    told = {}
    for line, row in rows.items():
        person = _the_one(found.known.get(row.name, []))
        why = None if person is None else found.refused.get(person.id)
        if person is not None and person.id in found.there:
            told[line] = Known(RowState.UNCHANGED)
        else:
            told[line] = Known(problems=(Problem(None, why),) if why else ())
    return told


async def apply(session: AsyncSession, actor: Actor, row: DetectionListRow, mode: str, found: Prepared) -> Outcome:  # noqa: ARG001 - what the frame calls
    """Put somebody on the list to be called: known to the register, or entered now."""
    same = found.known.setdefault(row.name, [])
    person = _the_one(same)
    entered = person is None
    if person is None:
        person = await register.register(session, actor, row.person)
        # From here the row's name is this person's, even if others bear it.
        found.known[row.name] = [person]
    if person.id in found.there:
        return Outcome(RowState.UNCHANGED, found.there[person.id])
    if person.id in found.refused:
        raise Conflict(found.refused[person.id])
    detection = await _record(session, actor, found.campaign, person, row, entered=entered)
    found.there[person.id] = detection.id
    return Outcome(RowState.CREATED, detection.id)


async def _record(
    session: AsyncSession,
    actor: Actor,
    campaign: DetectionCampaign,
    person: Person,
    row: DetectionListRow,
    *,
    entered: bool,
) -> Detection:
    detection = Detection(
        caisse=actor.caisse,
        id=new_id(),
        version=1,
        campaign_id=campaign.id,
        person_id=person.id,
        entered=entered,
        phone=row.person.contact.phone,
        state=DetectionState.TO_OFFER,
        unreached=0,
        created_by=actor.sub,
        created_at=clock.now(),
    )
    session.add(detection)
    await session.flush()
    unit = Holder.unit(unit_of(Queue.MISAS, calendar_of(actor.caisse).department))
    if not await grant(session, actor.caisse, person.id, unit, TRIAGE, by=actor.sub, origin=detection.id):
        raise register.PersonNotFound
    emit(
        session,
        facts.DetectionRecorded(
            caisse=actor.caisse,
            subject=facts.DetectionSubject(detection=detection.id, campaign=campaign.id, person=person.id),
            payload=facts.Recorded(
                mode=CampaignMode(campaign.mode),
                population=None if campaign.population is None else TargetPopulation(campaign.population),
            ),
        ),
    )
    journal.change(session, "detection.record", RESOURCE, detection.id, subjects=[person.id])
    return detection


def _the_one(same: Sequence[Person]) -> Person | None:
    """Return the record that a row means: the only one, or the only one the caisse made itself."""
    if len(same) == 1:
        return same[0]
    own = [person for person in same if person.structure_id is None]
    return own[0] if len(own) == 1 else None


async def _looked_up(
    session: AsyncSession, actor: Actor, campaign: DetectionCampaign, rows: Iterable[DetectionListRow]
) -> Prepared:
    names = {row.name for row in rows}
    if not names:
        return Prepared(campaign, {}, {}, {})
    same = tuple_(Person.last_name_key, Person.first_names_key, Person.birth_on).in_(names)
    known: dict[Name, list[Person]] = {}
    for person in (await session.scalars(persons.findable_by(actor).where(same))).all():
        known.setdefault((person.last_name_key, person.first_names_key, person.birth_on), []).append(person)
    ids = [person.id for some in known.values() for person in some]
    return Prepared(
        campaign,
        known,
        await _in_campaign(session, actor, campaign, ids),
        await _declined(session, actor, ids) | await _under_way(session, actor, ids),
    )


async def _in_campaign(
    session: AsyncSession, actor: Actor, campaign: DetectionCampaign, ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    there = select(Detection.person_id, Detection.id).where(
        Detection.caisse == actor.caisse, Detection.campaign_id == campaign.id, Detection.person_id.in_(ids)
    )
    return {row.person_id: row.id for row in await session.execute(there)}


async def _under_way(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, str]:
    open_ones = select(R.person_id).where(
        R.caisse == actor.caisse,
        R.person_id.in_(ids),
        R.kind == RequestKind.MISAS_REFERRAL,
        R.coarse.in_(sorted(OPEN)),
    )
    return dict.fromkeys((await session.scalars(open_ones)).all(), UNDER_WAY)


async def _declined(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, str]:
    days = (await settings_of(session, actor.caisse, calendar_of(actor.caisse).today())).detection_rest_days
    lately = select(Detection.person_id).where(
        Detection.caisse == actor.caisse,
        Detection.person_id.in_(ids),
        Detection.state == DetectionState.DECLINED,
        Detection.ended_at > clock.now() - timedelta(days=days),
    )
    return dict.fromkeys((await session.scalars(lately)).all(), DECLINED)


IMPORTING: Final = Importing(
    kind="detections.import",
    filename="personnes-a-contacter",
    layout=LAYOUT,
    check=check,
    apply=apply,
    prepare=prepare,
    most_rows=500,
    modes=(),
    about=r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
)

IMPORTS: Final = import_router(
    "/api/v1/referrals/agent/imports/detections",
    IMPORTING,
    works,
    audience=Audience.AGENT,
    roles=sorted(MISAS_MANAGERS),
    purpose=TRIAGE,
    shows=["technical", "identity"],
    operation="import_detections",
)
