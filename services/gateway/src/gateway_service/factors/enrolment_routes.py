"""The first connection over HTTP: the invitation, then the second factor."""

from fastapi import Response

from gateway_service.account import invitations
from gateway_service.factors import enrolment
from gateway_service.sign_in import known_browsers, view
from gateway_service.sign_in.caller import CurrentCaller
from gateway_service.sign_in.current import Enrolling, give_cookie, sign_in_router
from gateway_service.sign_in.gate import CurrentGate, Gate
from gateway_service.sign_in.refusals import FactorRefused, LinkRefused, WrongStep
from gateway_service.sign_in.schemas import (
    Enrolled,
    InvitationView,
    LinkIn,
    LinkPassword,
    PasskeyIn,
    PasskeyOptions,
    SessionView,
    TotpIn,
    TotpSetupOut,
)
from gateway_service.sign_in.sessions import OpenSession
from gateway_service.sign_in.throttles import Throttled
from servicekit.access import Audience, access
from servicekit.errors import Conflict
from servicekit.problems import problems

ENROL = access(Audience.ANYONE, purpose="account.enrol", journal=False)

routes = sign_in_router("anyone", "première connexion")


@routes.post(
    "/invitation/open",
    operation_id="open_invitation",
    openapi_extra=ENROL,
    responses=problems(LinkRefused, Throttled),
)
async def open_invitation(body: LinkIn, gate: CurrentGate, caller: CurrentCaller) -> InvitationView:
    """Look at an invitation without using it."""
    offered = await invitations.look_at(gate, body.token, caller)
    return InvitationView(email_masked=offered.email_masked, expires_at=offered.expires_at)


@routes.post(
    "/invitation/accept",
    operation_id="accept_invitation",
    openapi_extra=ENROL,
    responses=problems(LinkRefused, Conflict, Throttled),
)
async def accept_invitation(
    body: LinkPassword, gate: CurrentGate, caller: CurrentCaller, response: Response
) -> SessionView:
    """Use an invitation: choose a password, then set up a second factor in the session this opens."""
    cookie = await invitations.accept(gate, body.token, body.password, caller)
    give_cookie(response, cookie)
    return await view.of_cookie(gate, cookie)


@routes.post(
    "/enrolment/totp/start", operation_id="start_enrolment_totp", openapi_extra=ENROL, responses=problems(WrongStep)
)
async def start_enrolment_totp(gate: CurrentGate, session: Enrolling) -> TotpSetupOut:
    """Draw the secret of an authenticator application."""
    setup = await enrolment.start_totp(gate, session)
    return TotpSetupOut(secret=setup.secret, otpauth_uri=setup.otpauth_uri, qr_svg=setup.qr_svg)


@routes.post(
    "/enrolment/totp/confirm",
    operation_id="confirm_enrolment_totp",
    openapi_extra=ENROL,
    responses=problems(FactorRefused, WrongStep, Throttled),
)
async def confirm_enrolment_totp(
    body: TotpIn, gate: CurrentGate, session: Enrolling, caller: CurrentCaller, response: Response
) -> Enrolled:
    """Give the first code; the session opens, and the recovery codes are shown this once."""
    done = await enrolment.confirm_totp(gate, session, body.code, body.label, caller)
    return await _enrolled(gate, session, done, response)


@routes.post(
    "/enrolment/passkey/options",
    operation_id="ask_enrolment_passkey",
    openapi_extra=ENROL,
    responses=problems(WrongStep),
)
async def ask_enrolment_passkey(gate: CurrentGate, session: Enrolling) -> PasskeyOptions:
    """Ask the browser to make a passkey."""
    return PasskeyOptions(public_key=await enrolment.start_passkey(gate, session))


@routes.post(
    "/enrolment/passkey",
    operation_id="keep_enrolment_passkey",
    openapi_extra=ENROL,
    responses=problems(FactorRefused, WrongStep, Conflict),
)
async def keep_enrolment_passkey(
    body: PasskeyIn, gate: CurrentGate, session: Enrolling, caller: CurrentCaller, response: Response
) -> Enrolled:
    """Keep the passkey; the session opens, and the recovery codes are shown this once."""
    done = await enrolment.keep_passkey(gate, session, body.credential, body.label, caller)
    return await _enrolled(gate, session, done, response)


async def _enrolled(gate: Gate, session: OpenSession, done: enrolment.Enrolled, response: Response) -> Enrolled:
    give_cookie(response, done.cookie)
    await known_browsers.remember(gate, response, session.account_id)
    return Enrolled(recovery_codes=done.recovery_codes, session=await view.of_cookie(gate, done.cookie))
