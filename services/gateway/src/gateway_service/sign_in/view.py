"""Where a browser stands, as the session view tells it."""

from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.schemas import ActiveRole, AssignmentOut, SessionView
from gateway_service.sign_in.second_factor import PURPOSE, kinds_of
from gateway_service.sign_in.sessions import OpenSession


async def of_cookie(gate: Gate, cookie: str) -> SessionView:
    """Describe the session that a cookie just given opens."""
    return await of_session(gate, await gate.sessions.resolve(cookie, fresh=True))


async def of_session(gate: Gate, session: OpenSession | None) -> SessionView:
    """Describe a session, or its absence. A session not yet open says nothing of the account but its factors."""
    if session is None:
        return SessionView(
            state="anonymous",
            account_id=None,
            active=None,
            assignments=[],
            factors=[],
            idle_expires_at=None,
            absolute_expires_at=None,
            stepup_until=None,
            demonstration=gate.demonstration,
        )
    opened = session.state == "open"
    roles = await gate.sessions.roles(session.account_id) if opened else []
    async with gate.database.system_session(PURPOSE) as transaction:
        factors = await kinds_of(transaction, session)
    active = session.active
    return SessionView(
        state=session.state,
        account_id=session.account_id if opened else None,
        active=ActiveRole(
            assignment_id=active.assignment_id,
            audience=active.audience,
            role=active.role,
            caisse=active.caisse,
            structure_id=active.structure_id,
            unit=active.unit,
        )
        if active is not None
        else None,
        assignments=[
            AssignmentOut(
                id=role.assignment_id,
                audience=role.audience,
                role=role.role,
                caisse=role.caisse,
                structure_id=role.structure_id,
                unit=role.unit,
            )
            for role in roles
        ],
        factors=factors,
        idle_expires_at=session.idle_expires_at,
        absolute_expires_at=session.expires_at,
        stepup_until=session.stepup_until,
        demonstration=gate.demonstration,
    )
