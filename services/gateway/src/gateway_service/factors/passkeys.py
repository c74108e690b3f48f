"""Passkeys (WebAuthn): user verification required, RP id and origin checked, sign count must grow."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import webauthn
from pydantic import JsonValue
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from gateway_service.sign_in.models import Factor

Options = dict[str, JsonValue]
Credential = dict[str, JsonValue]

# What a hostile credential can raise inside the CBOR and base64 readers beside the library's own errors.
_MALFORMED: Final = (WebAuthnException, ValueError, KeyError, TypeError, IndexError, OverflowError)
_TIMEOUT_MS: Final = 120_000


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is kept of a passkey once its registration is verified."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    backed_up: bool


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who the passkeys are made for: a domain, and the origins in it that may use them."""

    id: str
    origins: list[str]
    name: str = "Aller-vers"

    def registration(self, account_id: UUID, email: str, known: Sequence[Factor]) -> tuple[Options, bytes]:
        """Return what the browser needs to make a passkey, and the challenge it must sign."""
        options = webauthn.generate_registration_options(
            rp_id=self.id,
            rp_name=self.name,
            user_id=account_id.bytes,
            user_name=email,
            user_display_name=email,
            timeout=_TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(known),
        )
        return json.loads(webauthn.options_to_json(options)), options.challenge

    def registered(self, credential: Credential, challenge: bytes) -> NewPasskey | None:
        """Verify a new passkey; None when anything about it is wrong."""
        try:
            verified = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.id,
                expected_origin=self.origins,
                require_user_verification=True,
            )
        except _MALFORMED:
            return None
        return NewPasskey(
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            transports=_transports(credential),
            backed_up=verified.credential_backed_up,
        )

    def authentication(self, known: Sequence[Factor]) -> tuple[Options, bytes]:
        """Return what the browser needs to use one of the account's passkeys, and the challenge."""
        options = webauthn.generate_authentication_options(
            rp_id=self.id,
            timeout=_TIMEOUT_MS,
            allow_credentials=_descriptors(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return json.loads(webauthn.options_to_json(options)), options.challenge

    def authenticated(self, credential: Credential, challenge: bytes, passkey: Factor) -> int | None:
        """Verify the use of a passkey; return its new sign count, None when anything is wrong."""
        try:
            verified = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.id,
                expected_origin=self.origins,
                credential_public_key=passkey.public_key or b"",
                credential_current_sign_count=passkey.sign_count or 0,
                require_user_verification=True,
            )
        except _MALFORMED:
            return None
        return verified.new_sign_count


async def of_account(session: AsyncSession, account_id: UUID) -> Sequence[Factor]:
    """Return the passkeys of an account, oldest first."""
    found = await session.scalars(
        select(Factor)
        .where(Factor.account_id == account_id, Factor.kind == "passkey")
        .order_by(Factor.created_at, Factor.id)
    )
    return found.all()


async def accept(
    session: AsyncSession,
    party: RelyingParty,
    account_id: UUID,
    credential: Credential,
    challenge: bytes,
    now: datetime,
) -> bool:
    """Tell whether a passkey of the account answered the challenge, and note its sign count."""
    for passkey in await of_account(session, account_id):
        if webauthn.helpers.bytes_to_base64url(passkey.credential_id or b"") != credential.get("id"):
            continue
        sign_count = party.authenticated(credential, challenge, passkey)
        if sign_count is None:
            return False
        noted = await session.execute(
            update(Factor)
            .where(Factor.id == passkey.id, Factor.sign_count == passkey.sign_count)
            .values(sign_count=sign_count, last_used_at=now)
            .returning(Factor.id)
        )
        return noted.scalar_one_or_none() is not None
    return False


def _descriptors(known: Sequence[Factor]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[AuthenticatorTransport(transport) for transport in passkey.transports or []],
        )
        for passkey in known
        if passkey.credential_id is not None
    ]


def _transports(credential: Credential) -> list[str]:
    """Return the transports the browser announces, those we know of; they only help it next time."""
    response = credential.get("response")
    announced = response.get("transports") if isinstance(response, dict) else None
    known = {transport.value for transport in AuthenticatorTransport}
    return [one for one in announced if isinstance(one, str) and one in known] if isinstance(announced, list) else []
