"""Some months of referrals, in every state, filed and handled at their own dates through the service's routes.

The routes are called inside this process, with real tokens of a key of its own, because the domain's clock
must travel: what was accepted in September is dated in September, deadlines and delays included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from embedded.demo.accounts import Company
from embedded.demo.backstage import Backstage, agent, partner, settings_of
from embedded.demo.cast import Caisse, Structure
from embedded.demo.letters import acknowledge, prepare
from embedded.demo.papers import attach
from embedded.demo.people import Somebody, somebody
from referrals_service.app import assemble
from referrals_service.settings import Settings
from servicekit import clock
from servicekit.access import Actor
from servicekit.workdays import DayKind, is_open

DAYS_BACK = 84
LATE = timedelta(days=9)
"""Nothing waits longer than this: a few files are late, none is forgotten."""
REQUESTS = "/api/v1/referrals/partner/requests"
DESK = "/api/v1/referrals/agent/requests"

STORIES: tuple[dict[str, Any], ...] = (
    {
        "scopes": ["renoncement_soins"],
        "motives": ["plan_aide_financiere", "orienter_ps"],
        "renounced_care": [{"care_type": "dental_prosthesis", "reasons": ["out_of_pocket", "no_complementary"]}],
        "situation_note": "Allocataire du RSA, devis refusé faute de moyens. Souhaite de l'aide pour le financement.",
    },
    {
        "scopes": ["acces_droits"],
        "motives": ["attribuer_expliciter_droits"],
        "renounced_care": [],
        "situation_note": "Ne sait pas si sa complémentaire est ouverte : courriers perdus au déménagement.",
    },
    {
        "scopes": ["acces_soins"],
        "motives": ["orienter_ps", "guider_parcours"],
        "renounced_care": [],
        "situation_note": "Sans médecin traitant depuis deux ans : plusieurs cabinets ne prennent plus personne.",
    },
    {
        "scopes": ["renoncement_soins", "acces_droits"],
        "motives": ["attribuer_expliciter_droits", "choix_complementaire"],
        "renounced_care": [
            {"care_type": "optical", "reasons": ["out_of_pocket"]},
            {"care_type": "specialist", "reasons": ["appointment_delay", "distance"]},
        ],
        "situation_note": None,
    },
    {
        "scopes": ["renoncement_soins", "acces_soins"],
        "motives": ["guider_parcours", "mobiliser_sante"],
        "renounced_care": [{"care_type": "gp", "reasons": ["complex_procedures", "rights_unknown"]}],
        "situation_note": "Démarches en ligne difficiles, préfère être appelée.",
    },
    {
        "scopes": ["renoncement_soins"],
        "motives": ["plan_aide_financiere"],
        "renounced_care": [{"care_type": "hearing", "reasons": ["out_of_pocket", "advance_fees"]}],
        "situation_note": "Vit seul, peu mobile. Le reste à charge a arrêté la démarche.",
    },
)
QUESTIONS = (
    (
        "Pouvez-vous nous dire à quel moment la personne est joignable ?",
        "Le matin avant 11 h, elle travaille l'après-midi.",
    ),
    (
        "Le numéro indiqué ne répond pas. En avez-vous un autre ?",
        "Elle a changé de téléphone : nous mettons la fiche à jour demain avec elle.",
    ),
    ("La personne a-t-elle déjà un devis ?", "Oui, daté du mois dernier. Elle l'a avec elle."),
)


@dataclass(frozen=True)
class _Cast:
    """Those who file and those who answer, as the service knows them."""

    structure: Structure
    partner: Actor
    advisers: tuple[Actor, ...]


async def tell(company: Company, environment: Mapping[str, str], caisse: Caisse, count: int, seed: int) -> None:
    """File and handle `count` referrals of a caisse over the last twelve weeks; the same ones for a seed."""
    app = assemble(Settings.ephemeral(**settings_of(Settings, environment)))
    service = Backstage(app, "referrals")
    draw = Random(seed)  # noqa: S311 - a story, not a secret
    advisers = tuple(agent(company, caisse, player) for player in caisse.with_role("conseiller_misas"))
    casts = [_Cast(s, partner(company, caisse, s), advisers) for s in caisse.structures]
    now = clock.now()
    starts = sorted(_working_instant(draw, now, caisse.department) for _ in range(count))
    await prepare(service, agent(company, caisse, caisse.with_role("coordinateur")[0]), caisse, starts[0])
    for start in starts:
        cast = draw.choices(casts, weights=[len(casts) - i for i in range(len(casts))])[0]
        await _one(service, draw, cast, caisse, start, now)
    await app.state.service.database.close()


def _working_instant(draw: Random, now: datetime, department: str) -> datetime:
    while True:
        day = (now - timedelta(days=draw.uniform(0.1, DAYS_BACK))).date()
        if is_open(day, DayKind.OUVRE, department):
            return datetime.combine(day, time(draw.randint(8, 16), draw.randint(0, 59)), UTC)


async def _one(service: Backstage, draw: Random, cast: _Cast, caisse: Caisse, start: datetime, now: datetime) -> None:
    """Tell one referral as far as its dates allow."""
    with_nir = cast.structure.nir_allowed and draw.random() < 0.7
    person = somebody(draw, caisse.department, start.date(), with_nir=with_nir)
    registered = await service.post(start, cast.partner, "/api/v1/referrals/partner/persons", person.person)
    at = start + timedelta(minutes=draw.randint(3, 12))
    ending = draw.random()
    if ending < 0.07 and now - start < timedelta(days=25):
        await _leave_a_draft(service, draw, cast, registered["id"], person, at)
        return
    filing = {"person_id": registered["id"], "form": _form(draw, person, start)}
    filed = await service.post(at, cast.partner, f"{REQUESTS}/file", filing)
    path, version = f"{REQUESTS}/{filed['id']}", filed["version"]
    if now - start < timedelta(days=6):
        # What people will open first; each costs the time of looking into a file.
        await attach(service, at, cast.partner, path, count=start.minute % 3)
    at += timedelta(hours=draw.uniform(2, 30))
    if ending < 0.12 and at < now:
        await service.post(at, cast.partner, f"{path}/withdraw", {"reason": "resolved"}, version)
        return
    at = start + timedelta(days=draw.uniform(0.3, 7))
    if at > now:
        return
    await _answer(service, draw, cast, UUID(filed["id"]), version, at, now)


async def _leave_a_draft(
    service: Backstage, draw: Random, cast: _Cast, person_id: str, person: Somebody, at: datetime
) -> None:
    draft = await service.post(at, cast.partner, REQUESTS, {"kind": "misas_referral", "person_id": person_id})
    half = {key: value for key, value in _form(draw, person, at).items() if key in {"kind", "scopes", "motives"}}
    await service.put(at, cast.partner, f"{REQUESTS}/{draft['id']}/form", half, draft["version"])


def _form(draw: Random, person: Somebody, on: datetime) -> dict[str, Any]:
    informed = {
        "informed_on": on.date().isoformat(),
        "agrees_to_be_called": True,
        "channel": draw.choice(["in_person", "in_person", "phone"]),
        "statement_version": "2022-11",
    }
    best_time = draw.choice([None, "le matin", "après 17 h", "entre 12 h et 14 h"])
    told = {"kind": "misas_referral", "informed": informed, "phone": person.phone, "best_time": best_time}
    return draw.choice(STORIES) | told


async def _answer(
    service: Backstage, draw: Random, cast: _Cast, request_id: UUID, version: int, at: datetime, now: datetime
) -> None:
    """Take the referral, perhaps ask something, and decide if there was time to."""
    adviser = draw.choice(cast.advisers)
    path = f"{DESK}/{request_id}"
    taken = await service.post(at, adviser, f"{path}/take", if_match=version)
    version = taken["version"]
    if at.minute % 6 == 0:
        await acknowledge(service, adviser, cast.structure, path, at)
    if draw.random() < 0.3:
        question, reply = draw.choice(QUESTIONS)
        at += timedelta(hours=draw.uniform(1, 20))
        if at > now:
            return
        await service.post(at, adviser, f"{path}/messages", {"text": question})
        at += timedelta(hours=draw.uniform(2, 60))
        if at > now or (draw.random() < 0.5 and now - at < LATE):
            return
        await service.post(at, cast.partner, f"{REQUESTS}/{request_id}/messages", {"text": reply})
    at += timedelta(days=draw.uniform(0.2, 6))
    if at > now:
        return
    decision = draw.random()
    if decision > 0.93 and now - at < LATE:
        return
    if decision < 0.72:
        await service.post(at, adviser, f"{path}/accept", {}, version)
    elif decision < 0.84:
        refusal = draw.choice(
            [
                {"reason": "not_relevant", "orientation": "caf"},
                {"reason": "already_accompanied"},
                {
                    "reason": "other_scheme",
                    "orientation": "other",
                    "message": "Cette personne relève d'un autre régime.",
                },
            ]
        )
        await service.post(at, adviser, f"{path}/refuse", refusal, version)
    else:
        target = draw.choice([{"target": "social_service"}, {"target": "queue", "body": "ass"}])
        await service.post(at, adviser, f"{path}/redirect", target, version)
