"""The demonstration, loaded once into a running system."""

import asyncio
from collections.abc import Sequence

from embedded.demo.accounts import Company, everybody, found_caisse
from embedded.demo.agenda import plan
from embedded.demo.campaigns import campaign
from embedded.demo.cast import CAISSES, HAUTE_GARONNE, PARIS, PASSWORD, Caisse
from embedded.demo.directory import bring_in
from embedded.demo.files import tell
from embedded.demo.requests import ask_for
from embedded.system import System
from gateway_service.sign_in.demonstration import DemonstrationAccount, write_down

FILES = {HAUTE_GARONNE.code: 260, PARIS.code: 60}
SEED = 2022


def load(system: System) -> None:
    """Bring in the people of two caisses, then tell twelve weeks of their referrals and fill an agenda."""
    company = Company(system.url, system.data_dir / "outbox")
    partners = system.environment_of("partners")["ALLER_DATABASE_URL"]
    for caisse in CAISSES:
        found_caisse(company, partners, caisse)
    bring_in(company, HAUTE_GARONNE)
    for rank, caisse in enumerate(CAISSES):
        asyncio.run(tell(company, system.environment_of("referrals"), caisse, FILES[caisse.code], SEED + rank))
    asyncio.run(ask_for(company, system.environment_of("referrals"), HAUTE_GARONNE, SEED))
    asyncio.run(plan(company, system.environment_of("accompaniments"), HAUTE_GARONNE))
    campaign(company, HAUTE_GARONNE, SEED)
    company.close()
    publish(system, CAISSES)


def publish(system: System, caisses: Sequence[Caisse]) -> None:
    """Let the sign-in page list the accounts to try."""
    accounts = [
        DemonstrationAccount(email=p.email, label=p.label, description=p.description, password=PASSWORD)
        for p in everybody(caisses)
    ]
    write_down(system.data_dir, accounts)
