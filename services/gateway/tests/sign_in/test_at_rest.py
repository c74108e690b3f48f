"""After everything sign-in can do, no secret and no address stands in clear: in the database, in the logs."""

import re
from collections.abc import MutableMapping
from typing import Any

import pyotp
import pytest

import gateway_service.sign_in.models  # noqa: F401 - its tables
from gateway_service.base import Base
from servicekit import migrations

from .authenticator import Authenticator
from .world import ORIGIN, OTHER_PASSWORD, PASSWORD, World

Logs = list[MutableMapping[str, Any]]
EMAIL = "marie.dupont@secours.example"


async def test_nothing_that_lets_in_is_stored_or_logged_in_clear(world: World, logs: Logs) -> None:
    stored, secrets = await everything_done(world)
    logged = str(logs)
    assert len(stored) > 30
    assert len(await world.rows("SELECT DISTINCT event FROM sign_in_events")) > 8
    assert "/api/v1/gateway/anyone/sign-in" in logged
    everything = "\n".join(stored)
    for one in secrets:
        for where in (everything, logged):
            assert one not in where
            assert one.encode().hex() not in where


async def everything_done(world: World) -> tuple[list[str], list[str]]:
    """Go through all that sign-in can do; return every row there is then, and every secret there was."""
    account, invitation_token = await world.invite(EMAIL)
    await world.grant(account)
    browser = world.browser("198.51.100.77")
    secrets = [EMAIL, "dupont", PASSWORD, OTHER_PASSWORD, invitation_token, "198.51.100.77"]

    async def act(path: str, **body: object) -> dict[str, object]:
        answer = await browser.post(path, **body)
        secrets.append(str(browser.cookie))
        answered: dict[str, object] = answer.json() if answer.content else {}
        return answered

    await act("/anyone/invitation/accept", token=invitation_token, password=PASSWORD)
    secret = str((await act("/anyone/enrolment/totp/start"))["secret"])
    codes = await act("/anyone/enrolment/totp/confirm", code=pyotp.TOTP(secret).now())
    recovery_codes = codes["recovery_codes"]
    assert isinstance(recovery_codes, list)
    secrets += [secret, *recovery_codes, *(code.replace("-", "")[1:] for code in recovery_codes)]
    options = (await act("/me/factors/passkey/options"))["public_key"]
    assert isinstance(options, dict)
    secrets.append(options["challenge"])
    await act("/me/factors/passkey", credential=Authenticator(ORIGIN).create(options))
    await act("/me/factors/totp/start")
    await act("/anyone/sign-out")
    await act("/anyone/sign-in", email=EMAIL, password="x" * 20)
    await act("/anyone/sign-in", email=EMAIL, password=PASSWORD)
    await act("/anyone/sign-in/recovery-code", code=recovery_codes[0])
    await act("/anyone/password/forgotten", email=EMAIL)
    jobs = await world.rows("SELECT to_jsonb(j)::text AS row FROM jobs.procrastinate_jobs j")
    await world.deliver()
    secrets.append(world.token_for(EMAIL))
    await act("/anyone/password/reset", token=secrets[-1], password=OTHER_PASSWORD)

    stored = [row["row"] for row in jobs]
    for table in Base.metadata.tables:
        stored += [row["row"] for row in await world.rows(f"SELECT to_jsonb(t)::text AS row FROM {table} t")]
    return stored, [secret for secret in secrets if secret != "None"]


async def test_the_journal_of_sign_ins_only_grows(world: World) -> None:
    await world.browser().post("/anyone/sign-in", email=EMAIL, password="x" * 20)
    assert len(await world.rows("SELECT FROM sign_in_events")) == 1
    for change in ["UPDATE sign_in_events SET detail = 'x'", "DELETE FROM sign_in_events", "TRUNCATE sign_in_events"]:
        with pytest.raises(Exception, match="permission denied"):
            async with world.gate.database.system_session("test") as session:
                await (await session.connection()).exec_driver_sql(change)


async def test_the_migrations_make_what_the_models_say(world: World, admin_url: str) -> None:
    assert migrations.drift(admin_url, "gateway_service") == []


async def test_only_the_system_role_reaches_these_tables(world: World) -> None:
    tables = [t for t in Base.metadata.tables if not re.match("applications|application_grants", t)]
    reached = await world.rows(
        "SELECT r.rolname, t.name FROM unnest(%s::text[]) AS t (name), pg_roles r "
        "WHERE r.rolname LIKE 'gateway_%%' AND r.rolname NOT IN ('gateway_owner', 'gateway_system') "
        "AND has_table_privilege(r.rolname, t.name, 'SELECT, INSERT, UPDATE, DELETE')",
        tables,
    )
    assert {row["name"] for row in reached} <= {"request_journal", "used_assertions", "signing_keys"} - {"signing_keys"}
    guarded = await world.rows(
        "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity", tables
    )
    assert len(guarded) == len(tables)
