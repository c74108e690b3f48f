"""Notifications: who is told of what, once; by which way; what an e-mail says; what becomes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from partners_service.notifications import mailing
from partners_service.notifications.followers import accompaniments, forget, referrals
from partners_service.settings import Settings
from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.testing import ServiceUnderTest, an_actor

from .situations import Town

MINE = "/api/v1/partners/partner/notifications"
AGENT = "/api/v1/partners/agent/notifications"


class Sender:
    """Applies facts as the follower does, and runs the e-mails that were asked for."""

    def __init__(self, under_test: ServiceUnderTest, outbox: Path) -> None:
        self.under_test = under_test
        self.database = under_test.app.state.service.database
        self.settings = Settings.ephemeral(data_dir=outbox)
        self.outbox = outbox / "outbox"
        followers = (referrals(), accompaniments())
        self.models = {kind: model for follower in followers for kind, model in follower.models.items()}
        self.handlers = {kind: handler for follower in followers for kind, handler in follower._handlers.items()}

    async def tell(self, kind: str, request: UUID | None, structure: UUID | None, **known: Any) -> UUID:
        fact = known.pop("fact", uuid4())
        at = known.pop("at", clock.now())
        appointment = {"appointment": known.pop("appointment")} if "appointment" in known else {}
        agent = {"agent": known.pop("agent", None)}
        told = self.models[kind].model_validate(
            {
                "id": fact,
                "at": at,
                "type": kind,
                "caisse": "311",
                "subject": {"request": request, "person": uuid4(), "structure": structure} | appointment | agent,
                "payload": known,
            }
        )
        async with self.database.system_session("facts.follow") as session:
            await self.handlers[kind](session, told)
        applied: UUID = fact
        return applied

    async def send_all(self, settings: Settings | None = None) -> None:
        for mail in await self.under_test.rows("SELECT caisse, id FROM notification_mails WHERE state = 'waiting'"):
            async with self.database.system_session("send", settings=settings or self.settings) as session:
                await mailing.send.work(session, mail["caisse"], mail["id"])

    def letters(self) -> list[Any]:
        return [message_from_bytes(p.read_bytes(), policy=policy.default) for p in sorted(self.outbox.glob("*.eml"))]


@pytest.fixture
def sender(under_test: ServiceUnderTest, tmp_path: Path) -> Sender:
    return Sender(under_test, tmp_path)


async def somebody(town: Town) -> Actor:
    structure = await town.structure()
    return (await structure.member()).actor


@pytest.fixture
async def referrer(town: Town) -> Actor:
    return await somebody(town)


async def unread(under_test: ServiceUnderTest, actor: Actor, path: str = MINE) -> list[dict[str, Any]]:
    answer = await under_test.client_as(actor).get(f"{path}?unread=true")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_structure_is_told_once_of_an_answer(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor
) -> None:
    request = uuid4()
    fact = await sender.tell("referral.accepted", request, referrer.structure)
    await sender.tell("referral.accepted", request, referrer.structure, fact=fact)
    [told] = await unread(under_test, referrer)
    assert (told["kind"], told["request_id"]) == ("request_accepted", str(request))
    await sender.send_all()
    assert len(sender.letters()) == 1


async def test_an_e_mail_says_where_to_sign_in_and_nothing_else(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor
) -> None:
    request = uuid4()
    await sender.tell("request.refused", request, referrer.structure)
    await sender.send_all()
    [letter] = sender.letters()
    text = letter.get_content()
    assert "https://portail.test/notifications" in text
    for secret in (str(request), "311", "refus", "Benali"):
        assert secret not in text + letter["Subject"]
    [mail] = await under_test.rows("SELECT id, state, attempts FROM notification_mails")
    assert (mail["state"], mail["attempts"]) == ("sent", 1)
    assert str(mail["id"]) in letter["Message-ID"]


async def test_people_choose_how_each_kind_reaches_them(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor
) -> None:
    client = under_test.client_as(referrer)
    body = {
        "choices": [
            {"kind": "request_accepted", "channel": "none"},
            {"kind": "request_refused", "channel": "application"},
            {"kind": "request_taken", "channel": "digest"},
        ]
    }
    assert (await client.post(f"{MINE}/choices", body)).json()["count"] == 3
    for kind in ("referral.accepted", "request.refused"):
        await sender.tell(kind, uuid4(), referrer.structure)
    for _ in range(2):
        await sender.tell("request.taken", uuid4(), referrer.structure, account=uuid4())
    await sender.send_all()
    assert [n["kind"] for n in await unread(under_test, referrer)] == [
        "request_taken",
        "request_taken",
        "request_refused",
    ]
    assert sender.letters() == []
    for _ in range(2):
        async with sender.database.system_session("digest") as session:
            await mailing.digest.work(session)
    await sender.send_all()
    [letter] = sender.letters()
    assert letter["Subject"] == "2 notifications vous attendent dans Aller-vers"
    choices = {c["kind"]: c["channel"] for c in (await client.get(f"{MINE}/choices")).json()}
    assert (choices["request_accepted"], choices["request_redirected"]) == ("none", "email")
    refusal = await client.post(f"{MINE}/choices", {"choices": [{"kind": "first_contact_late", "channel": "email"}]})
    assert refusal.status_code == 422


async def test_the_agent_in_charge_is_told_of_the_partner_s_message(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor, town: Town
) -> None:
    request, adviser = uuid4(), await an_agent(under_test, town)
    await sender.tell("request.taken", request, referrer.structure, account=adviser.account_id)
    await sender.tell("request.message_posted", request, referrer.structure, side="partner")
    assert [n["kind"] for n in await unread(under_test, adviser, AGENT)] == ["message_from_partner"]
    await sender.tell("request.released", request, referrer.structure)
    await sender.tell("request.message_posted", request, referrer.structure, side="partner")
    assert len(await unread(under_test, adviser, AGENT)) == 1


async def test_each_side_is_told_of_the_other_s_documents(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor, town: Town
) -> None:
    request, adviser = uuid4(), await an_agent(under_test, town)
    await sender.tell("request.document_added", request, referrer.structure, side="partner")
    await sender.tell("request.taken", request, referrer.structure, account=adviser.account_id)
    await sender.tell("request.document_added", request, referrer.structure, side="partner")
    await sender.tell("request.document_added", request, referrer.structure, side="caisse")
    # Those that came with the request were there when it was taken.
    assert [n["kind"] for n in await unread(under_test, adviser, AGENT)] == ["document_from_partner"]
    assert [n["kind"] for n in await unread(under_test, referrer)] == ["document_from_caisse", "request_taken"]


@pytest.mark.parametrize(
    ("side", "effect", "told_structure", "told_agent"),
    [
        ("partner", "to_stop", False, True),
        ("caisse", "to_stop", True, True),
        ("system", "nothing_open", True, True),
        # Its agent is told by the withdrawal of the request itself.
        ("partner", "request_withdrawn", False, False),
    ],
)
async def test_who_received_something_is_told_that_the_agreement_was_taken_back(
    under_test: ServiceUnderTest,
    sender: Sender,
    referrer: Actor,
    town: Town,
    side: str,
    effect: str,
    told_structure: bool,
    told_agent: bool,
) -> None:
    agent, request = await an_agent(under_test, town), uuid4()
    await sender.tell("request.taken", request, None, account=agent.account_id)
    await sender.tell("consent.withdrawn", request, referrer.structure, side=side, effect=effect)
    for actor, path, told in ((referrer, MINE, told_structure), (agent, AGENT, told_agent)):
        kinds = [one["kind"] for one in await unread(under_test, actor, path)]
        assert kinds == (["consent_withdrawn"] if told else [])


async def test_both_sides_are_told_of_an_agreement_to_ask_for_again_while_the_request_waits(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor, town: Town
) -> None:
    agent, request = await an_agent(under_test, town), uuid4()
    await sender.tell("request.taken", request, None, account=agent.account_id)
    await sender.tell("consent.expired", request, referrer.structure, open=False)
    assert await unread(under_test, referrer) == []
    await sender.tell("consent.expired", request, referrer.structure, open=True)
    for actor, path in ((referrer, MINE), (agent, AGENT)):
        assert [one["kind"] for one in await unread(under_test, actor, path)] == ["consent_expired"]


async def test_a_structure_is_told_of_the_appointments_it_booked_and_of_no_other(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor
) -> None:
    mine, later = uuid4(), uuid4()
    await sender.tell("appointment.reminder_due", None, referrer.structure, appointment=mine)
    await sender.tell("appointment.moved", None, referrer.structure, appointment=later, side="caisse")
    await sender.tell("appointment.cancelled", uuid4(), referrer.structure, appointment=later, side="system")
    await sender.tell("appointment.cancelled", None, referrer.structure, appointment=later, side="partner")
    await sender.tell("appointment.cancelled", uuid4(), None, appointment=uuid4(), side="caisse")
    told = [(n["kind"], n["appointment_id"]) for n in await unread(under_test, referrer)]
    assert told == [
        ("appointment_cancelled", str(later)),
        ("appointment_moved", str(later)),
        ("appointment_near", str(mine)),
    ]


async def test_whose_calendar_it_is_is_told_when_a_partner_changes_an_appointment(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor, town: Town
) -> None:
    adviser, appointment = await an_agent(under_test, town), uuid4()
    known = {"appointment": appointment, "agent": adviser.account_id}
    await sender.tell("appointment.moved", None, referrer.structure, side="partner", **known)
    await sender.tell("appointment.moved", None, referrer.structure, side="caisse", **known)
    [told] = await unread(under_test, adviser, AGENT)
    assert (told["kind"], told["appointment_id"]) == ("appointment_changed_by_partner", str(appointment))


async def test_of_a_calendar_of_nobody_the_agent_in_charge_of_the_request_is_told(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor, town: Town
) -> None:
    request, adviser = uuid4(), await an_agent(under_test, town)
    await sender.tell("request.taken", request, referrer.structure, account=adviser.account_id)
    await sender.tell("appointment.cancelled", request, referrer.structure, appointment=uuid4(), side="partner")
    [told] = await unread(under_test, adviser, AGENT)
    assert (told["kind"], told["request_id"]) == ("appointment_changed_by_partner", str(request))


async def an_agent(under_test: ServiceUnderTest, town: Town) -> Actor:
    """Return an adviser whose account is open."""
    adviser = an_actor(Audience.AGENT, "conseiller_misas", caisse=town.caisse)
    await under_test.rows(
        "INSERT INTO accounts (id, caisse, audience, state, withheld, email, email_key, first_name, last_name, "
        "name_key, job_title, charter_version, charter_accepted_at, version, created_at) "
        "VALUES (%s, %s, 'agent', 'active', false, 'a@caisse.example', 'a@caisse.example', 'Ada', 'Roy', 'roy ada', "
        "'x', '2026-1', now(), 1, now())",
        adviser.account_id,
        town.caisse,
    )
    return adviser


async def test_what_is_read_is_read_and_only_mine(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor, town: Town
) -> None:
    other = await somebody(town)
    for structure in (referrer.structure, referrer.structure, other.structure):
        await sender.tell("referral.accepted", uuid4(), structure)
    client = under_test.client_as(referrer)
    assert (await client.get(f"{MINE}/unread")).json() == {"count": 2, "more": False}
    first, _ = await unread(under_test, referrer)
    assert (await client.post(f"{MINE}/read", {"ids": [first["id"]]})).json()["count"] == 1
    assert (await client.get(f"{MINE}/unread")).json()["count"] == 1
    [theirs] = await unread(under_test, other)
    assert (await client.post(f"{MINE}/read", {"ids": [theirs["id"]]})).json()["count"] == 0
    assert (await client.post(f"{MINE}/read", {"ids": None})).json()["count"] == 1
    assert len(await unread(under_test, other)) == 1


async def test_old_news_writes_to_nobody_and_a_replay_tells_nothing_twice(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor
) -> None:
    now = clock.now()
    await sender.tell("referral.accepted", uuid4(), referrer.structure, at=now - timedelta(days=40))
    fact = await sender.tell("referral.accepted", uuid4(), referrer.structure, at=now - timedelta(days=3))
    async with sender.database.system_session("facts.follow") as session:
        await forget(session)
    await sender.tell("referral.accepted", uuid4(), referrer.structure, at=now - timedelta(days=3), fact=fact)
    assert len(await unread(under_test, referrer)) == 1
    assert await under_test.rows("SELECT id FROM notification_mails") == []


@asynccontextmanager
async def a_relay(answer_to_recipient: bytes) -> AsyncIterator[str]:
    """Run a mail server that answers every recipient so; yield its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            answers = {b"RCPT": answer_to_recipient, b"QUIT": b"221 bye", b"DATA": b"354 go"}
            writer.write(answers.get(verb, b"250 ok") + b"\r\n")
            if verb == b"QUIT":
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_refused_address_comes_to_the_desk_s_list(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor, town: Town, tmp_path: Path
) -> None:
    await sender.tell("referral.accepted", uuid4(), referrer.structure)
    async with a_relay(b"550 no such user") as url:
        await sender.send_all(Settings.ephemeral(data_dir=tmp_path, smtp_url=SecretStr(url)))
    [mail] = (await town.desk.get("/api/v1/partners/agent/undelivered-mails")).json()["items"]
    assert (mail["account_id"], mail["refused_with"], mail["attempts"]) == (referrer.sub, 550, 1)


async def test_a_relay_that_does_not_answer_is_tried_again_then_given_up(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor, tmp_path: Path
) -> None:
    await sender.tell("referral.accepted", uuid4(), referrer.structure)
    away = Settings.ephemeral(data_dir=tmp_path, smtp_url=SecretStr("smtp://127.0.0.1:1"))
    await sender.send_all(away)
    [mail] = await under_test.rows("SELECT state, attempts FROM notification_mails")
    assert (mail["state"], mail["attempts"]) == ("waiting", 1)
    jobs = "SELECT count(*) AS n FROM jobs.procrastinate_jobs WHERE task_name = 'notifications.send'"
    later = await under_test.rows(f"{jobs} AND scheduled_at > now() + interval '50 seconds'")
    assert later[0]["n"] >= 1
    for _ in mailing.PAUSES:
        await sender.send_all(away)
    [mail] = await under_test.rows("SELECT state, attempts, refused_with FROM notification_mails")
    assert (mail["state"], mail["attempts"], mail["refused_with"]) == ("undelivered", 7, None)


REPORT = """From: MAILER-DAEMON@relay.example
To: ne-pas-repondre@aller-vers.invalid
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

It could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; gone@structure.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--x
Content-Type: text/rfc822-headers

From: Aller-vers <ne-pas-repondre@aller-vers.invalid>
Message-ID: <{mail}@aller-vers.invalid>
--x--
"""


async def read_returns(sender: Sender, maildir: Path) -> None:
    settings = Settings.ephemeral(data_dir=sender.outbox, mail_returns=maildir)
    async with sender.database.system_session("returns", settings=settings) as session:
        await mailing.read_returns.work(session)


async def test_what_comes_back_later_joins_the_desk_s_list(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor, town: Town, tmp_path: Path
) -> None:
    maildir = tmp_path / "returns"
    (maildir / "new").mkdir(parents=True)
    await sender.tell("referral.accepted", uuid4(), referrer.structure)
    await sender.send_all()
    [sent] = await under_test.rows("SELECT id, state FROM notification_mails")
    assert sent["state"] == "sent"
    (maildir / "new/1").write_text(REPORT.format(action="delayed", mail=sent["id"]))
    (maildir / "new/2").write_text(REPORT.format(action="failed", mail=uuid4()))
    (maildir / "new/3").write_bytes(b"Content-Type: multipart/report; report-type=delivery-status\n\n\xff\x00")
    (maildir / "new/4").write_text(REPORT.format(action="failed", mail=sent["id"]))
    undelivered = "/api/v1/partners/agent/undelivered-mails"
    await read_returns(sender, maildir)
    [mail] = (await town.desk.get(undelivered)).json()["items"]
    assert (mail["account_id"], mail["refused_with"]) == (referrer.sub, 550)
    # A delay, a stranger's and what is no report are left to a person; ours goes once it is written.
    assert sorted(file.name for file in maildir.glob("*/*")) == ["1:2,S", "2:2,S", "3:2,S", "4"]
    await read_returns(sender, maildir)
    assert list((maildir / "new").iterdir()) == []
    assert len((await town.desk.get(undelivered)).json()["items"]) == 1


async def test_every_step_of_a_request_reaches_whom_it_concerns(
    under_test: ServiceUnderTest, sender: Sender, referrer: Actor
) -> None:
    request = uuid4()
    for kind, payload in (
        ("request.completion_asked", {}),
        ("request.answered", {}),
        ("request.closed", {"reason": "answer_read"}),
        ("request.closed", {"reason": "incomplete"}),
        ("request.reopened", {"side": "partner"}),
        ("request.rejected", {}),
        ("request.made_ordinary", {}),
        ("request.taken_on", {}),
        ("request.ended", {}),
        ("request.silent", {"level": "service", "queue": "gdb"}),
    ):
        await sender.tell(kind, request, referrer.structure, **payload)
    assert [n["kind"] for n in await unread(under_test, referrer)][::-1] == [
        "completion_asked",
        "request_answered",
        "request_closed",
        "request_refused",
        "request_redirected",
        "request_accepted",
        "request_closed",
        "request_late",
    ]


async def test_a_caisse_that_stays_silent_is_told_to_who_shares_the_work_out(
    under_test: ServiceUnderTest, sender: Sender, town: Town
) -> None:
    manager = await an_agent(under_test, town)
    assigned = (
        "INSERT INTO assignments (caisse, id, account_id, audience, role, from_on, granted_by, granted_at, version) "
        "VALUES (%s, %s, %s, 'agent', 'responsable_unite', '2024-01-01', 'x', now(), 1)"
    )
    await under_test.rows(assigned, town.caisse, uuid4(), manager.account_id)
    await sender.tell("request.silent", uuid4(), None, level="service", queue="misas")
    assert await unread(under_test, manager, AGENT) == []
    await sender.tell("request.silent", uuid4(), None, level="manager", queue="ss")
    assert await unread(under_test, manager, AGENT) == []
    await sender.tell("request.silent", uuid4(), None, level="manager", queue="misas")
    assert [n["kind"] for n in await unread(under_test, manager, AGENT)] == ["request_late"]
