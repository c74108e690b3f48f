"""Browsers that somebody has signed in from before have guesses of their own to make.

Without this, whoever knows an address could keep its owner out by guessing wrong all day: the throttle cannot
tell them apart. A browser that gave both factors gets a long-lived cookie, good for that address only, under
which its attempts are counted apart. It opens nothing; stolen, it gives its thief one more small allowance.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from fastapi import Response
from sqlalchemy import select

from gateway_service.sealing import Vault
from gateway_service.sign_in.caller import BROWSER_COOKIE
from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.models import Credential

KEPT: Final = timedelta(days=180)
_PURPOSE: Final = "sign_in"


def account_key(vault: Vault, email_key: bytes, browser_cookie: str | None) -> bytes:
    """Return what guesses at an address's password are counted under: the browser's own key if it has one."""
    number, _, proof = (browser_cookie or "").partition(".")
    right = hmac.compare_digest(vault.browser_proof(email_key, number).encode(), proof.encode("utf-8", "replace"))
    return hashlib.sha256(email_key + number.encode()).digest() if right and number else email_key


async def remember(gate: Gate, response: Response, account_id: UUID) -> None:
    """Give the browser from which somebody has just signed in fully its cookie for the next time."""
    async with gate.database.system_session(_PURPOSE) as session:
        email_key = await session.scalar(select(Credential.email_key).where(Credential.account_id == account_id))
    if email_key is None:
        return
    number = secrets.token_urlsafe(16)
    response.set_cookie(
        BROWSER_COOKIE,
        f"{number}.{gate.vault.browser_proof(email_key, number)}",
        max_age=int(KEPT.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )
