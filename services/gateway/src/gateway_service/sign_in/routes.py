"""Sign-in and sign-out over HTTP."""

from fastapi import Response, status

from gateway_service.account import own_access, resets
from gateway_service.sign_in import known_browsers, password_step, second_factor, view
from gateway_service.sign_in.caller import CurrentCaller
from gateway_service.sign_in.current import AnySession, AwaitingFactor, give_cookie, sign_in_router, take_cookie
from gateway_service.sign_in.gate import CurrentGate, Gate
from gateway_service.sign_in.refusals import EnrolmentExpired, FactorRefused, LinkRefused, SignInRefused, WrongStep
from gateway_service.sign_in.schemas import (
    CodeIn,
    EmailIn,
    LinkPassword,
    PasskeyOptions,
    PasskeyProof,
    SessionView,
    SignIn,
)
from gateway_service.sign_in.sessions import OpenSession
from gateway_service.sign_in.throttles import Throttled
from servicekit.access import Audience, access
from servicekit.problems import problems

SIGN_IN = access(Audience.ANYONE, purpose="sign_in", journal=False)
RECOVER = access(Audience.ANYONE, purpose="account.recover", journal=False)
FACTOR_PROBLEMS = problems(FactorRefused, WrongStep, Throttled)

routes = sign_in_router("anyone", "connexion")


@routes.get("/session", operation_id="read_session", openapi_extra=SIGN_IN)
async def read_session(gate: CurrentGate, session: AnySession) -> SessionView:
    """Tell where the browser stands. Does not count as activity."""
    return await view.of_session(gate, session)


@routes.post(
    "/sign-in",
    operation_id="sign_in",
    openapi_extra=SIGN_IN,
    responses=problems(SignInRefused, EnrolmentExpired, Throttled),
)
async def sign_in(
    body: SignIn, gate: CurrentGate, session: AnySession, caller: CurrentCaller, response: Response
) -> SessionView:
    """Give address and password; the session the browser was in ends."""
    cookie = await password_step.give_password(gate, body.email, body.password, caller, instead_of=session)
    give_cookie(response, cookie)
    return await view.of_cookie(gate, cookie)


@routes.post("/sign-in/totp", operation_id="sign_in_totp", openapi_extra=SIGN_IN, responses=FACTOR_PROBLEMS)
async def sign_in_totp(
    body: CodeIn, gate: CurrentGate, session: AwaitingFactor, caller: CurrentCaller, response: Response
) -> SessionView:
    """Give a code as second factor."""
    cookie = await second_factor.give_totp(gate, session, body.code, caller)
    return await _opened(gate, session, cookie, response)


@routes.post(
    "/sign-in/recovery-code",
    operation_id="sign_in_recovery_code",
    openapi_extra=SIGN_IN,
    responses=FACTOR_PROBLEMS,
)
async def sign_in_recovery_code(
    body: CodeIn, gate: CurrentGate, session: AwaitingFactor, caller: CurrentCaller, response: Response
) -> SessionView:
    """Give a recovery code as second factor; it burns, and its owner is told by e-mail."""
    cookie = await second_factor.give_recovery_code(gate, session, body.code, caller)
    return await _opened(gate, session, cookie, response)


@routes.post(
    "/sign-in/passkey/options",
    operation_id="ask_sign_in_passkey",
    openapi_extra=SIGN_IN,
    responses=problems(WrongStep),
)
async def ask_sign_in_passkey(gate: CurrentGate, session: AwaitingFactor) -> PasskeyOptions:
    """Ask for one of the account's passkeys."""
    return PasskeyOptions(public_key=await second_factor.passkey_options(gate, session))


@routes.post("/sign-in/passkey", operation_id="sign_in_passkey", openapi_extra=SIGN_IN, responses=FACTOR_PROBLEMS)
async def sign_in_passkey(
    body: PasskeyProof, gate: CurrentGate, session: AwaitingFactor, caller: CurrentCaller, response: Response
) -> SessionView:
    """Give a passkey as second factor."""
    cookie = await second_factor.give_passkey(gate, session, body.credential, caller)
    return await _opened(gate, session, cookie, response)


@routes.post("/sign-out", operation_id="sign_out", openapi_extra=SIGN_IN, status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(gate: CurrentGate, session: AnySession, caller: CurrentCaller, response: Response) -> None:
    """End the session, and have the browser forget what it kept. Without a session, only the latter."""
    if session is not None:
        await own_access.sign_out(gate, session, caller)
    take_cookie(response)


@routes.post(
    "/password/forgotten",
    operation_id="forget_password",
    openapi_extra=RECOVER,
    status_code=status.HTTP_202_ACCEPTED,
)
async def forget_password(body: EmailIn, gate: CurrentGate, caller: CurrentCaller) -> None:
    """Ask for a link to choose another password. The answer is the same whatever the address."""
    await resets.ask(gate, body.email, caller)


@routes.post(
    "/password/reset",
    operation_id="reset_password",
    openapi_extra=RECOVER,
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(LinkRefused, Throttled),
)
async def reset_password(body: LinkPassword, gate: CurrentGate, caller: CurrentCaller) -> None:
    """Choose another password by link; signing in then asks for both factors as ever."""
    await resets.reset(gate, body.token, body.password, caller)


async def _opened(gate: Gate, session: OpenSession, cookie: str, response: Response) -> SessionView:
    give_cookie(response, cookie)
    await known_browsers.remember(gate, response, session.account_id)
    return await view.of_cookie(gate, cookie)
