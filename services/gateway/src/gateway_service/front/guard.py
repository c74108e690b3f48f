"""The first guard: who calls, and whether the route is for them. The service decides again, and so do its rows."""

from collections.abc import Mapping
from typing import Final, Protocol

from gateway_service.front.routing import Route
from gateway_service.front.security_headers import refuse_cross_site
from gateway_service.oauth import issuing
from gateway_service.oauth.issuing import Subject
from gateway_service.sign_in.sessions import COOKIE, OpenSession
from servicekit import clock
from servicekit.access import STEP_UP_SECONDS, Audience
from servicekit.errors import NotForYourRole, StepUpRequired, Unauthenticated
from servicekit.tokens import Claims, Denied, Verifier

_COOKIE_PREFIX: Final = f"{COOKIE}=".encode()


class SessionReader(Protocol):
    """What is needed of `sessions.Sessions`."""

    async def resolve(self, cookie_value: str | None, *, fresh: bool = False) -> OpenSession | None:
        """Return the live session of a cookie, or None."""

    async def touch(self, session: OpenSession) -> None:
        """Put the idle limit off."""


class GrantReader(Protocol):
    """What is needed of `applications.Grants`."""

    async def allows(self, application: str, caisse: str, service: str, purpose: str) -> bool:
        """Tell whether the grant stands now."""


class Guard:
    """Says who calls a route, then whether the route is for them: two steps, so that a refusal has a name."""

    def __init__(
        self, sessions: SessionReader, applications: Verifier, grants: GrantReader, origins: frozenset[str]
    ) -> None:
        self._sessions = sessions
        self._applications = applications
        self._grants = grants
        self._origins = origins

    async def identify(self, route: Route, headers: Mapping[bytes, bytes]) -> Subject | None:
        """Return who calls, nobody for a route that is for anyone; refuse who cannot be told."""
        authorization = headers.get(b"authorization")
        if authorization is not None and route.access.audience is not Audience.ANYONE:
            return await self._application(authorization)
        refuse_cross_site(route.method, headers, self._origins)
        if route.access.audience is Audience.ANYONE:
            return None
        session = await self._session(headers, fresh=route.fresh)
        if route.access.audience is Audience.SELF or session.active is None:
            return issuing.person_on_own_account(session)
        return issuing.person(session, session.active)

    async def authorise(self, route: Route, who: Subject) -> None:
        """Refuse somebody for whom the route was not declared."""
        if who.audience == Audience.APP:
            await self._authorise_application(route, who)
            return
        if route.access.audience is Audience.SELF:
            return  # its step-up is the route's own affair
        if who.audience != route.access.audience or (route.access.roles and who.role not in route.access.roles):
            raise NotForYourRole("Changez de rôle actif, ou adressez-vous à la personne qui gère les accès.")
        if route.access.step_up and not _stepped_up(who):
            raise StepUpRequired("Confirmez votre identité avec votre second facteur pour continuer.")

    async def signed_in(self, headers: Mapping[bytes, bytes]) -> Subject:
        """Return who is signed in, under whatever role, or raise `Unauthenticated`."""
        return issuing.person_on_own_account(await self._session(headers, fresh=False))

    async def _session(self, headers: Mapping[bytes, bytes], *, fresh: bool) -> OpenSession:
        session = await self._sessions.resolve(cookie_of(headers), fresh=fresh)
        if session is None or session.state != "open":
            raise Unauthenticated("Connectez-vous pour continuer.")
        await self._sessions.touch(session)
        return session

    async def _application(self, authorization: bytes) -> Subject:
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        try:
            if scheme != "Bearer":
                raise Denied("scheme")
            claims: Claims = await self._applications.verify(token)
            if claims.audience != "app":
                raise Denied("audience")
        except Denied as error:
            raise Unauthenticated("Le jeton présenté n'est pas accepté.") from error
        return issuing.application(claims.client, claims.caisse)

    async def _authorise_application(self, route: Route, who: Subject) -> None:
        granted = (
            route.access.audience is Audience.APP
            and (not route.access.clients or who.client in route.access.clients)
            and await self._grants.allows(who.client, who.caisse, route.service, route.access.purpose)
        )
        if not granted:
            raise NotForYourRole("Cette application n'a pas reçu ce droit.")


def cookie_of(headers: Mapping[bytes, bytes]) -> str | None:
    """Return the session cookie, if there is exactly one."""
    found = [
        part.strip().removeprefix(_COOKIE_PREFIX)
        for part in headers.get(b"cookie", b"").split(b";")
        if part.strip().startswith(_COOKIE_PREFIX)
    ]
    return found[0].decode("latin-1") if len(found) == 1 else None


def _stepped_up(who: Subject) -> bool:
    return who.stepup_at is not None and clock.system_now().timestamp() - who.stepup_at <= STEP_UP_SECONDS
