"""People and structures of the demonstration, made as they would be: by invitations, one after the other."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from embedded.demo.cast import PASSWORD, Caisse, Player, Structure
from embedded.demo.portal import Portal, invitation_to
from partners_service.accounts.schemas import StaffInvitationIn
from partners_service.bootstrap import invite_first_administrator
from partners_service.roles import Role
from servicekit.db import Database

IN_POST_SINCE = date(2026, 1, 5)
PORTAL_OPENED_ON = date(2026, 2, 2)


@dataclass
class Company:
    """Who is there once everybody came: sessions by player, structures and accounts by key."""

    url: str
    outbox: Path
    sessions: dict[str, Portal] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    structures: dict[str, UUID] = field(default_factory=dict)

    def close(self) -> None:
        """Let every connection go."""
        for session in self.sessions.values():
            session.close()

    def join(self, player: Player, audience: str) -> Portal:
        """Let an invited person come for the first time, and accept the charter."""
        portal = Portal(self.url)
        portal.first_connection(invitation_to(self.outbox, player.email), PASSWORD)
        me = portal.get(f"/partners/{audience}/me")
        portal.post(f"/partners/{audience}/me/charter", {"version": me["charter"]["version"]})
        self.sessions[player.key], self.accounts[player.key] = portal, UUID(me["id"])
        return portal


def found_caisse(company: Company, partners_url: str, caisse: Caisse) -> None:
    """Bring the caisse's people in, then its structures and theirs."""
    administrator, *staff = caisse.people
    asyncio.run(_invite_first(partners_url, caisse.code, administrator))
    officer = company.join(administrator, "officer")
    for player in staff:
        officer.post(
            "/partners/officer/accounts",
            _person(player) | {"role": player.role, "unit": player.unit, "from_on": IN_POST_SINCE.isoformat()},
        )
    for player in staff:
        company.join(player, "officer" if player.role == "dpo" else "agent")
    desk = company.sessions[caisse.with_role("coordinateur")[0].key]
    protection = [company.sessions[player.key] for player in caisse.with_role("dpo")]
    for structure in caisse.structures:
        _open_structure(company, desk, protection, structure, caisse)


async def _invite_first(partners_url: str, caisse: str, player: Player) -> None:
    database = Database("partners", partners_url, pool_size=1)
    try:
        await invite_first_administrator(database, caisse, StaffInvitationIn(**_person(player), role=Role.ADMIN))
    finally:
        await database.close()


def _person(player: Player) -> dict[str, Any]:
    return {
        "email": player.email,
        "first_name": player.first_name,
        "last_name": player.last_name,
        "job_title": player.job_title,
    }


def _open_structure(
    company: Company, desk: Portal, protection: Sequence[Portal], structure: Structure, caisse: Caisse
) -> None:
    administrator, *others = structure.people
    registered = desk.post(
        "/partners/agent/structures",
        {
            "kind": structure.kind,
            "name": structure.name,
            "siret": structure.siret,
            "department": caisse.department,
            "address": structure.address,
            "referent": _person(administrator),
        },
    )
    path = f"/partners/agent/structures/{registered['id']}"
    approved = desk.post(f"{path}/approve", if_match=registered["version"])
    opened = desk.post(f"{path}/open-portal", {"opened_on": PORTAL_OPENED_ON.isoformat()}, if_match=approved["version"])
    if structure.nir_allowed:
        protection[0].post(
            f"/partners/officer/structures/{registered['id']}/nir", {"allowed": True}, if_match=opened["version"]
        )
    if structure.detector_trained_on is not None:
        training = {"kind": "misas_detector", "on": structure.detector_trained_on.isoformat(), "attended": True}
        desk.post(f"{path}/trainings", training)
    if structure.lup_trained_on is not None:
        desk.post(f"{path}/trainings", {"kind": "lup", "on": structure.lup_trained_on.isoformat(), "attended": True})
    company.structures[structure.key] = UUID(registered["id"])
    desk.post(f"{path}/invitations", _person(administrator) | {"roles": administrator.roles})
    at_home = company.join(administrator, "partner")
    for player in others:
        at_home.post("/partners/partner/invitations", _person(player) | {"roles": player.roles})
    for player in others:
        company.join(player, "partner")


def everybody(caisses: Sequence[Caisse]) -> list[Player]:
    """Return every account to try, partners first."""
    partners = [p for caisse in caisses for structure in caisse.structures for p in structure.people]
    return partners + [p for caisse in caisses for p in caisse.people]
