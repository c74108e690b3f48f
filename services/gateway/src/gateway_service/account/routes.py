"""One's own access over HTTP: roles, sessions, password, second factors."""

from uuid import UUID

from fastapi import Response, status

from gateway_service.account import own_access
from gateway_service.factors import enrolment
from gateway_service.sign_in import second_factor, view
from gateway_service.sign_in.caller import CurrentCaller
from gateway_service.sign_in.current import OwnSession, give_cookie, sign_in_router
from gateway_service.sign_in.gate import CurrentGate, Gate
from gateway_service.sign_in.refusals import FactorRefused, SignInRefused, WrongStep
from gateway_service.sign_in.schemas import (
    CodeIn,
    Enrolled,
    FactorList,
    FactorOut,
    NewPassword,
    PasskeyIn,
    PasskeyOptions,
    PasskeyProof,
    RecoveryCodes,
    SessionList,
    SessionOut,
    SessionView,
    SwitchIn,
    TotpIn,
    TotpSetupOut,
)
from gateway_service.sign_in.throttles import Throttled
from servicekit.access import Audience, access
from servicekit.errors import Conflict, NotFound, StepUpRequired
from servicekit.problems import problems

OWN = access(Audience.SELF, purpose="account.own", journal=False)
SECURE = access(Audience.SELF, purpose="account.secure", journal=False, step_up=True)
FACTOR_PROBLEMS = problems(FactorRefused, WrongStep, Throttled)
CHANGE_PROBLEMS = problems(FactorRefused, WrongStep, Throttled, StepUpRequired, Conflict)

routes = sign_in_router("me", "mon compte")


@routes.post("/session/switch", operation_id="switch_role", openapi_extra=OWN, responses=problems(NotFound))
async def switch_role(
    body: SwitchIn, gate: CurrentGate, session: OwnSession, caller: CurrentCaller, response: Response
) -> SessionView:
    """Act under another of one's roles."""
    return await _given(gate, await own_access.switch(gate, session, body.assignment_id, caller), response)


@routes.post("/step-up/totp", operation_id="step_up_totp", openapi_extra=OWN, responses=FACTOR_PROBLEMS)
async def step_up_totp(
    body: CodeIn, gate: CurrentGate, session: OwnSession, caller: CurrentCaller, response: Response
) -> SessionView:
    """Confirm one's identity with a code, for ten minutes."""
    return await _given(gate, await second_factor.give_totp(gate, session, body.code, caller), response)


@routes.post(
    "/step-up/passkey/options",
    operation_id="ask_step_up_passkey",
    openapi_extra=OWN,
    responses=problems(WrongStep),
)
async def ask_step_up_passkey(gate: CurrentGate, session: OwnSession) -> PasskeyOptions:
    """Ask for one of the account's passkeys."""
    return PasskeyOptions(public_key=await second_factor.passkey_options(gate, session))


@routes.post("/step-up/passkey", operation_id="step_up_passkey", openapi_extra=OWN, responses=FACTOR_PROBLEMS)
async def step_up_passkey(
    body: PasskeyProof, gate: CurrentGate, session: OwnSession, caller: CurrentCaller, response: Response
) -> SessionView:
    """Confirm one's identity with a passkey, for ten minutes."""
    return await _given(gate, await second_factor.give_passkey(gate, session, body.credential, caller), response)


@routes.get("/sessions", operation_id="list_sessions", openapi_extra=OWN)
async def list_sessions(gate: CurrentGate, session: OwnSession) -> SessionList:
    """List one's open sessions."""
    return SessionList(
        items=[
            SessionOut(
                id=one.id,
                device=one.device,
                address=one.address,
                opened_at=one.auth_time or one.created_at,
                seen_at=one.seen_at,
                expires_at=one.expires_at,
                factor=one.factor,
                current=one.id == session.id,
            )
            for one in await own_access.own_sessions(gate, session)
        ]
    )


@routes.post(
    "/sessions/{session_id}/revoke",
    operation_id="revoke_session",
    openapi_extra=OWN,
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound),
)
async def revoke_session(session_id: UUID, gate: CurrentGate, session: OwnSession, caller: CurrentCaller) -> None:
    """End one of one's sessions, at once."""
    await own_access.revoke(gate, session, session_id, caller)


@routes.post(
    "/password",
    operation_id="change_password",
    openapi_extra=OWN,
    responses=problems(SignInRefused, Throttled),
)
async def change_password(
    body: NewPassword, gate: CurrentGate, session: OwnSession, caller: CurrentCaller, response: Response
) -> SessionView:
    """Change the password; the other sessions end."""
    cookie = await own_access.change_password(gate, session, body.current, body.new, caller)
    return await _given(gate, cookie, response)


@routes.get("/factors", operation_id="list_factors", openapi_extra=OWN)
async def list_factors(gate: CurrentGate, session: OwnSession) -> FactorList:
    """List one's second factors."""
    factors, left = await enrolment.owned(gate, session)
    return FactorList(
        items=[
            FactorOut(
                id=one.id,
                kind=one.kind,
                label=one.label,
                created_at=one.created_at,
                last_used_at=one.last_used_at,
            )
            for one in factors
        ],
        recovery_codes_left=left,
    )


@routes.post(
    "/factors/totp/start",
    operation_id="start_totp",
    openapi_extra=SECURE,
    responses=problems(StepUpRequired),
)
async def start_totp(gate: CurrentGate, session: OwnSession) -> TotpSetupOut:
    """Draw the secret of another authenticator application."""
    setup = await enrolment.start_totp(gate, session)
    return TotpSetupOut(secret=setup.secret, otpauth_uri=setup.otpauth_uri, qr_svg=setup.qr_svg)


@routes.post("/factors/totp/confirm", operation_id="confirm_totp", openapi_extra=SECURE, responses=CHANGE_PROBLEMS)
async def confirm_totp(
    body: TotpIn, gate: CurrentGate, session: OwnSession, caller: CurrentCaller, response: Response
) -> Enrolled:
    """Give its first code."""
    done = await enrolment.confirm_totp(gate, session, body.code, body.label, caller)
    view_of_session = await _given(gate, done.cookie, response)
    return Enrolled(recovery_codes=done.recovery_codes, session=view_of_session)


@routes.post(
    "/factors/passkey/options",
    operation_id="ask_passkey",
    openapi_extra=SECURE,
    responses=problems(StepUpRequired),
)
async def ask_passkey(gate: CurrentGate, session: OwnSession) -> PasskeyOptions:
    """Ask the browser to make another passkey."""
    return PasskeyOptions(public_key=await enrolment.start_passkey(gate, session))


@routes.post("/factors/passkey", operation_id="keep_passkey", openapi_extra=SECURE, responses=CHANGE_PROBLEMS)
async def keep_passkey(
    body: PasskeyIn, gate: CurrentGate, session: OwnSession, caller: CurrentCaller, response: Response
) -> Enrolled:
    """Keep the passkey."""
    done = await enrolment.keep_passkey(gate, session, body.credential, body.label, caller)
    view_of_session = await _given(gate, done.cookie, response)
    return Enrolled(recovery_codes=done.recovery_codes, session=view_of_session)


@routes.post(
    "/factors/{factor_id}/remove",
    operation_id="remove_factor",
    openapi_extra=SECURE,
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, Conflict, StepUpRequired),
)
async def remove_factor(factor_id: UUID, gate: CurrentGate, session: OwnSession, caller: CurrentCaller) -> None:
    """Remove a second factor; the last one stays."""
    await enrolment.remove(gate, session, factor_id, caller)


@routes.post(
    "/recovery-codes",
    operation_id="renew_recovery_codes",
    openapi_extra=SECURE,
    responses=problems(StepUpRequired),
)
async def renew_recovery_codes(gate: CurrentGate, session: OwnSession, caller: CurrentCaller) -> RecoveryCodes:
    """Replace the recovery codes by ten new ones, shown this once."""
    return RecoveryCodes(recovery_codes=await enrolment.renew_recovery_codes(gate, session, caller))


async def _given(gate: Gate, cookie: str, response: Response) -> SessionView:
    give_cookie(response, cookie)
    return await view.of_cookie(gate, cookie)
