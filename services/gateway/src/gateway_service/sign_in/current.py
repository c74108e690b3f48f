"""The routes of sign-in, and who is behind the cookie on them.

They read the session straight from the database, never from a cache, and open their own transactions: a
refused guess must stay counted, which the one transaction of a `ServiceRoute` would roll back.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

import psycopg
from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.refusals import WrongStep
from gateway_service.sign_in.sessions import COOKIE, STEP_UP, OpenSession
from gateway_service.sign_in.throttles import Throttled
from servicekit import clock, problems
from servicekit.access import Audience
from servicekit.errors import StepUpRequired, Unauthenticated, Unavailable
from servicekit.route import ServiceRoute

PREFIX: Final = "/api/v1/gateway"


class SignInRoute(ServiceRoute):
    """A declared route whose caller is known by the cookie rather than by a token."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # as ServiceRoute
        """Admit, serve, and forbid keeping the answer."""
        handle = APIRoute.get_route_handler(self)
        declared = self.declared

        async def serve(request: Request) -> Response:
            gate: Gate = request.app.state.gate
            try:
                session = await gate.sessions.resolve(request.cookies.get(COOKIE), fresh=True)
                request.state.browser_session = session
                if declared.audience is Audience.SELF:
                    _admit(session, step_up=declared.step_up)
                response = await handle(request)
            except psycopg.OperationalError as error:
                raise Unavailable("Rien n'a été enregistré. Réessayez dans quelques instants.") from error
            except Throttled as throttled:
                response = problems.render(throttled, getattr(request.state, "txn", ""))
                response.headers["Retry-After"] = str(throttled.retry_after)
            response.headers["Cache-Control"] = "no-store"
            return response

        return serve


def _admit(session: OpenSession | None, *, step_up: bool) -> None:
    if session is None or session.state != "open":
        raise Unauthenticated("Connectez-vous pour continuer.")
    if step_up and not recently_proved(session):
        raise StepUpRequired("Confirmez votre identité avec votre second facteur pour continuer.")


def recently_proved(session: OpenSession) -> bool:
    """Tell whether a second factor was given in the last ten minutes, at sign-in or since.

    For changes of one's own access only, where a sign-in with a recovery code counts too: whoever lost their
    factors must be able to set up new ones. What concerns other people asks for a step-up (`guard.py`).
    """
    proved = [at for at in (session.auth_time, session.stepup_at) if at is not None]
    return any(clock.system_now() - at <= STEP_UP for at in proved)


def sign_in_router(audience: str, tag: str) -> APIRouter:
    """Return a router of the sign-in API for one audience (`anyone` or `me`)."""
    return APIRouter(prefix=f"{PREFIX}/{audience}", tags=[tag], route_class=SignInRoute)


async def _any(request: Request) -> OpenSession | None:
    session: OpenSession | None = request.state.browser_session
    return session


def _at(state: str) -> Callable[[Request], Awaitable[OpenSession]]:
    async def session_at(request: Request) -> OpenSession:
        session = await _any(request)
        if session is None:
            raise Unauthenticated("Connectez-vous pour continuer.")
        if session.state != state:
            raise WrongStep
        return session

    return session_at


AnySession = Annotated[OpenSession | None, Depends(_any)]
OwnSession = Annotated[OpenSession, Depends(_at("open"))]
AwaitingFactor = Annotated[OpenSession, Depends(_at("second_factor"))]
Enrolling = Annotated[OpenSession, Depends(_at("enrolment"))]


def give_cookie(response: Response, cookie: str) -> None:
    """Set the session's cookie: this host only, no script, no other site."""
    response.set_cookie(COOKIE, cookie, path="/", secure=True, httponly=True, samesite="strict")


def take_cookie(response: Response) -> None:
    """Take the cookie back, and have the browser forget what it kept."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
