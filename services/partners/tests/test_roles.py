"""The list of roles: whole, and each in one audience."""

from partners_service.codes import UnitKind
from partners_service.roles import STANDINGS, Identity, Role, roles_of
from servicekit.access import Audience


def test_every_role_has_a_standing_and_every_identity_a_role() -> None:
    assert set(STANDINGS) == set(Role)
    assert {standing.identity for standing in STANDINGS.values()} == set(Identity)


def test_audiences_share_no_role() -> None:
    seen: set[Role] = set()
    for audience in Audience:
        assert not seen & roles_of(audience)
        seen |= roles_of(audience)
    assert seen == set(Role)


def test_only_agents_have_units() -> None:
    for role, standing in STANDINGS.items():
        assert bool(standing.units) == (standing.audience is Audience.AGENT), role


def test_social_workers_are_held_in_the_social_service_and_misas_advisers_in_misas() -> None:
    assert STANDINGS[Role.ASSISTANT_SOCIAL].units == {UnitKind.SS}
    assert STANDINGS[Role.CONSEILLER_MISAS].needs_unit
    assert not STANDINGS[Role.MEDECIN_CONSEIL].needs_unit
