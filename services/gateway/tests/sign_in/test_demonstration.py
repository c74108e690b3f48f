"""What only the demonstration shows, and no other environment has."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway_service.settings import Settings
from gateway_service.sign_in.api import sign_in_routers
from gateway_service.sign_in.demonstration import DemonstrationAccount, write_down

from .conftest import a_gateway
from .world import A_MINUTE, PASSWORD, World

EMAIL = "demo.association@aller-vers.example"
SHOWN = DemonstrationAccount(email=EMAIL, label="Association", description="Oriente des personnes", password=PASSWORD)


async def test_no_other_environment_has_these_routes(world: World) -> None:
    person = await world.enrol(EMAIL)
    write_down(world.settings.data_dir, [SHOWN])
    browser = world.browser()
    assert (await browser.get("/anyone/demonstration/accounts")).status_code == 404
    assert (await browser.post("/anyone/demonstration/code", email=person.email)).status_code == 404
    assert (await browser.state())["demonstration"] is False


@pytest.mark.parametrize("environment", ["test", "production"])
def test_nor_do_their_contracts(environment: str) -> None:
    known = {"environment": environment, "jwks": "https://portail.test/.well-known/jwks.json"}
    database = f"postgresql+psycopg://gateway_login:{secrets.token_hex(8)}@localhost/none"
    routers = sign_in_routers(Settings.ephemeral(database_url=database, **known))
    paths = {route.path for router in routers for route in router.routes if hasattr(route, "path")}
    assert len(paths) == 29
    assert not any("demonstration" in path for path in paths)


@pytest.fixture
async def demo(world: World, admin_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """Run the gateway as a demonstration, on the same database."""
    async with a_gateway(admin_url, tmp_path, "demonstration") as other:
        other.move_clock = world.move_clock
        yield other


async def test_the_demonstration_signs_in_through_the_real_path(demo: World) -> None:
    person = await demo.enrol_truly(EMAIL)
    await demo.enrol_truly("quelquun@ailleurs.example")
    browser = demo.browser()
    assert (await browser.get("/anyone/demonstration/accounts")).json() == []
    write_down(demo.settings.data_dir, [SHOWN])
    assert (await browser.get("/anyone/demonstration/accounts")).json() == [SHOWN.model_dump()]
    assert (await browser.state())["demonstration"] is True

    first = await browser.post("/anyone/sign-in", email=EMAIL, password=PASSWORD)
    assert first.json()["state"] == "second_factor"
    demo.settle()
    shown = (await browser.post("/anyone/demonstration/code", email=EMAIL)).json()
    assert shown["code"] == person.code()
    assert 0 < shown["seconds_left"] <= 30
    assert shown["usable_in"] == 0
    assert (await browser.post("/anyone/sign-in/totp", code=shown["code"])).json()["state"] == "open"

    # A second one at once gets the next code, which works already; a third has to wait for its time.
    again = demo.browser()
    await again.post("/anyone/sign-in", email=EMAIL, password=PASSWORD)
    following = (await again.post("/anyone/demonstration/code", email=EMAIL)).json()
    assert (following["code"] != shown["code"], following["usable_in"]) == (True, 0)
    assert (await again.post("/anyone/sign-in/totp", code=following["code"])).status_code == 200
    third = (await again.post("/anyone/demonstration/code", email=EMAIL)).json()
    assert 0 < third["usable_in"] <= 30
    assert (await again.post("/me/step-up/totp", code=third["code"])).status_code == 422
    demo.move_clock(third["usable_in"] * A_MINUTE / 60)
    assert (await again.post("/me/step-up/totp", code=third["code"])).status_code == 200

    for stranger in ["quelquun@ailleurs.example", "personne@nulle-part.example"]:
        assert (await browser.post("/anyone/demonstration/code", email=stranger)).status_code == 404
