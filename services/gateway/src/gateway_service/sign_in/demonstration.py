"""Demonstration settings only: who can be tried, and the code that their authenticator would show.

People sign in through the real path; nothing is let through here. In any other environment these routes do
not exist. The accounts are those that the seeding program made by real invitations and wrote down in
`demonstration-accounts.json` of the data folder.
"""

import asyncio
import math
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import select

from gateway_service.factors import totp
from gateway_service.sign_in.current import sign_in_router
from gateway_service.sign_in.gate import CurrentGate
from gateway_service.sign_in.models import Credential, Factor
from gateway_service.sign_in.schemas import EmailIn
from servicekit import clock
from servicekit.access import Audience, access
from servicekit.errors import NotFound
from servicekit.problems import problems

FILE: Final = "demonstration-accounts.json"
TRY = access(Audience.ANYONE, purpose="demonstration", journal=False)


class DemonstrationAccount(BaseModel):
    """An account anybody may try: nobody's."""

    email: str
    label: str
    description: str
    password: str


class DemonstrationCode(BaseModel):
    """The next unused code of an account's authenticator.

    It works from `usable_in` seconds on, for `seconds_left` seconds: a code works once, so a second sign-in
    within half a minute takes the next one.
    """

    code: str
    seconds_left: int
    usable_in: int


class DemonstrationMail(BaseModel):
    """An e-mail of the outbox, as its addressee would read it."""

    at: datetime
    to: str
    subject: str
    text: str


NEWEST: Final = 50
_ACCOUNTS: Final = TypeAdapter(list[DemonstrationAccount])


def write_down(data_dir: Path, accounts: Sequence[DemonstrationAccount]) -> None:
    """Replace the list of accounts that can be tried."""
    unfinished = data_dir / f".{FILE}.part"
    unfinished.write_bytes(_ACCOUNTS.dump_json(list(accounts), indent=1))
    unfinished.rename(data_dir / FILE)


def demonstration_router() -> APIRouter:
    """Return the routes; to be included in the demonstration environment and no other."""
    routes = sign_in_router("anyone", "démonstration")

    @routes.get("/demonstration/accounts", operation_id="list_demonstration_accounts", openapi_extra=TRY)
    async def list_demonstration_accounts(request: Request) -> list[DemonstrationAccount]:
        """List the accounts that can be tried, and their passwords."""
        return await _written_down(request)

    @routes.get("/demonstration/outbox", operation_id="list_demonstration_mails", openapi_extra=TRY)
    async def list_demonstration_mails(request: Request) -> list[DemonstrationMail]:
        """Show the e-mails that would have left, newest first: nobody receives them."""
        outbox: Path = request.app.state.service.settings.data_dir / "outbox"
        return await asyncio.to_thread(_mails, outbox)

    @routes.post(
        "/demonstration/code",
        operation_id="read_demonstration_code",
        openapi_extra=TRY,
        responses=problems(NotFound),
    )
    async def read_demonstration_code(body: EmailIn, request: Request, gate: CurrentGate) -> DemonstrationCode:
        """Read the code that the account's authenticator shows."""
        if body.email not in {account.email for account in await _written_down(request)}:
            raise NotFound("Ce compte n'est pas un compte de démonstration.")
        async with gate.database.system_session("demonstration") as session:
            factor = await session.scalar(
                select(Factor)
                .join(Credential, Credential.account_id == Factor.account_id)
                .where(Credential.email_key == gate.vault.email_key(body.email), Factor.kind == "totp")
                .order_by(Factor.created_at)
                .limit(1)
            )
        if factor is None or factor.secret_sealed is None:
            raise NotFound("Ce compte n'a pas d'application de codes.")
        secret = gate.vault.open("totp", factor.account_id, factor.secret_sealed).decode()
        now = clock.system_now()
        step = max(totp.step_of(now), (factor.last_step or 0) + 1)
        return DemonstrationCode(
            code=totp.code_of(secret, step),
            seconds_left=math.ceil((step + 1) * totp.STEP_SECONDS - now.timestamp()),
            usable_in=max(0, math.ceil((step - 1) * totp.STEP_SECONDS - now.timestamp())),
        )

    return routes


def _mails(outbox: Path) -> list[DemonstrationMail]:
    # Their names are ids ordered in time.
    newest = sorted(outbox.glob("*.eml"), key=lambda path: path.name, reverse=True)[:NEWEST]
    found = []
    for path in newest:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        found.append(
            DemonstrationMail(
                at=parsedate_to_datetime(mail["Date"]),
                to=str(mail["To"]),
                subject=str(mail["Subject"]),
                text=mail.get_content(),
            )
        )
    return found


async def _written_down(request: Request) -> list[DemonstrationAccount]:
    path: Path = request.app.state.service.settings.data_dir / FILE
    try:
        return _ACCOUNTS.validate_json(await asyncio.to_thread(path.read_bytes))
    except FileNotFoundError:
        return []
