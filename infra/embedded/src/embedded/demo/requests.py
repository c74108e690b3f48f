"""Requests of the portal other than referrals: each kind once or more, in the states that people meet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from embedded.demo.accounts import Company
from embedded.demo.backstage import Backstage, agent, partner, settings_of
from embedded.demo.cast import Caisse
from embedded.demo.people import somebody
from referrals_service.app import assemble
from referrals_service.settings import Settings
from servicekit import clock

REQUESTS: Final = "/api/v1/referrals/partner/requests"
DESK: Final = "/api/v1/referrals/agent/requests"
Step = tuple[str, str, dict[str, Any]]
"""Who acts (partner or the agent of the role), the verb, and what is said."""

_ASK: Final[Step] = ("agent", "ask", {"items": ["resources"], "message": "Il manque les ressources des douze mois."})
_COMPLETE: Final[Step] = ("partner", "complete", {"message": "Les voici."})


def _answer(outcome: str, message: str) -> Step:
    return ("agent", "answer", {"outcome": outcome, "message": message})


@dataclass(frozen=True)
class _Story:
    """A request: how many days ago, what is asked, who works on it, and what happened since."""

    days_ago: int
    role: str
    form: dict[str, Any]
    steps: Sequence[Step] = ()
    taken: bool = True


def _stories(now: datetime) -> Sequence[_Story]:
    def on(days: int) -> str:
        return (now + timedelta(days=days)).date().isoformat()

    alone = {"non_autonomy": "no_account"}
    return (
        _Story(2, "agent_gdb", {"kind": "send_file", "file_type": "c2s", "adults": 1, "children": 2}, taken=False),
        _Story(9, "agent_gdb", {"kind": "send_file", "file_type": "affiliation", "adults": 1}, (_ASK,)),
        _Story(13, "agent_gdb", {"kind": "send_file", "file_type": "ame", "adults": 1}, (_ASK, _COMPLETE)),
        _Story(
            16,
            "agent_gdb",
            {"kind": "send_file", "file_type": "c2s", "adults": 2},
            (_answer("complete", "Le dossier est complet : la réponse arrivera à la personne par courrier."),),
        ),
        _Story(5, "agent_gdb", {"kind": "follow_up", "sent_on": on(-50), "channel": "post", "file_type": "c2s"}),
        _Story(
            6,
            "accueil",
            {"kind": "appointment", "place": "accueil", "about": "ame", "half_day": "morning", "interpreter": "dari"}
            | {"non_autonomy": "language"},
            (_answer("booked", "Rendez-vous mardi à 9 h 30, accueil de Toulouse, avec un interprète."),),
        ),
        _Story(
            8,
            "agent_gdb",
            {"kind": "document", "document_type": "attestation_droits", "delivery": "structure"} | alone,
            (_answer("delivered", "L'attestation vous est adressée."),),
        ),
        _Story(1, "accueil", {"kind": "contact", "about": "Carte Vitale perdue", "reply": "call"}, taken=False),
        _Story(
            20,
            "agent_gdb",
            {"kind": "document", "document_type": "reedition_prise_en_charge", "delivery": "person"} | alone,
            taken=False,
        ),
        _Story(
            1,
            "agent_lup",
            {
                "kind": "urgent",
                "urgent_type": "c2s",
                "situation": "imminent_break",
                "break_on": on(9),
                "care_need": "hospital",
                "care_on": on(12),
                "base_rights": "open",
                "top_up": "ending",
            },
        ),
        _Story(
            7,
            "agent_lup",
            {
                "kind": "urgent",
                "urgent_type": "ij",
                "leave_started_on": on(-60),
                "allowance_paid": False,
                "base_rights": "open",
                "top_up": "open",
            },
            (("agent", "qualify", {}), _answer("paid", "Les indemnités sont parties ce matin.")),
        ),
        _Story(
            4,
            "csam",
            {"kind": "ss_referral", "motives": ["difficultes_financieres"], "scheme": "regime_general"},
            taken=False,
        ),
    )


async def ask_for(company: Company, environment: Mapping[str, str], caisse: Caisse, seed: int) -> None:
    """Send and handle a request of every kind for the first structure of a caisse."""
    app = assemble(Settings.ephemeral(**settings_of(Settings, environment)))
    service = Backstage(app, "referrals")
    draw = Random(seed)  # noqa: S311 - a story, not a secret
    sender, now = partner(company, caisse, caisse.structures[0]), clock.now()
    for story in _stories(now):
        at = now - timedelta(days=story.days_ago, hours=2)
        person = somebody(draw, caisse.department, at.date(), with_nir=False)
        registered = await service.post(at, sender, "/api/v1/referrals/partner/persons", person.person)
        at += timedelta(minutes=20)  # the form is filled in after the person is registered, not in the same instant
        version = "social-2022-11" if story.role == "csam" else "portail-2022-11"
        told = {"agrees_to_be_called": True, "channel": "in_person", "statement_version": version}
        form = {"informed": told | {"informed_on": at.date().isoformat()}, "phone": person.phone} | story.form
        sent = await service.post(at, sender, f"{REQUESTS}/file", {"person_id": registered["id"], "form": form})
        if not story.taken:
            continue
        worker = agent(company, caisse, caisse.with_role(story.role)[0])
        at += timedelta(hours=5)
        done = await service.post(at, worker, f"{DESK}/{sent['id']}/take", None, sent["version"])
        for who, verb, said in story.steps:
            at += timedelta(hours=7)
            actor, path = (sender, REQUESTS) if who == "partner" else (worker, DESK)
            done = await service.post(at, actor, f"{path}/{sent['id']}/{verb}", said or None, done["version"])
    await app.state.service.database.close()
