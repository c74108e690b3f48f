"""Internal applications: their keys and what each may do, caisse by caisse, service by service, purpose by purpose."""

import time
from typing import Final

from sqlalchemy import exists, select

from gateway_service.front.models import Application, ApplicationGrant
from servicekit import clock, tokens
from servicekit.db import Database
from servicekit.tokens import PublicKeys

PURPOSE: Final = "application.check"
KEPT_SECONDS: Final = 0.5
_MOST_KEPT: Final = 10_000


class Applications:
    """Reads applications and grants; an answer is kept half a second, so a revocation counts within one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[tuple[str, str, str, str], tuple[float, bool]] = {}

    async def keys_of(self, application_id: str) -> PublicKeys | None:
        """Return the registered key of an active application, None for anybody else."""
        async with self._database.system_session(PURPOSE) as session:
            jwk = await session.scalar(
                select(Application.public_jwk).where(Application.id == application_id, Application.state == "active")
            )
        return None if jwk is None else tokens.load_keys({"keys": [jwk]})

    async def works_for(self, application_id: str, caisse: str) -> bool:
        """Tell whether the application has any standing grant in the caisse."""
        async with self._database.system_session(PURPOSE) as session:
            found = await session.scalar(
                select(
                    exists().where(
                        ApplicationGrant.application_id == application_id,
                        ApplicationGrant.caisse == caisse,
                        ApplicationGrant.ended_at.is_(None),
                        ApplicationGrant.until_at > clock.system_now(),
                    )
                )
            )
        return bool(found)

    async def allows(self, application_id: str, caisse: str, service: str, purpose: str) -> bool:
        """Tell whether the grant stands now and the application is active."""
        asked = (application_id, caisse, service, purpose)
        until, answer = self._kept.get(asked, (0.0, False))
        if time.monotonic() < until:
            return answer
        async with self._database.system_session(PURPOSE) as session:
            found = await session.scalar(
                select(
                    exists().where(
                        ApplicationGrant.application_id == application_id,
                        ApplicationGrant.caisse == caisse,
                        ApplicationGrant.service == service,
                        ApplicationGrant.purpose == purpose,
                        ApplicationGrant.ended_at.is_(None),
                        ApplicationGrant.until_at > clock.system_now(),
                        Application.id == ApplicationGrant.application_id,
                        Application.state == "active",
                    )
                )
            )
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[asked] = (time.monotonic() + KEPT_SECONDS, bool(found))
        return bool(found)
