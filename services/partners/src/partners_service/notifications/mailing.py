"""E-mails of notifications: they say that something waits and where to sign in, nothing of what or whom.

What a mail server refuses for good, at once or by a report that comes back, or takes from nobody for a day, is kept
as undelivered: a work list of the partner desk. A letter sent twice after a crash carries the same Message-ID.
"""

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts.models import Account
from partners_service.codes import AccountState
from partners_service.jobs import jobs
from partners_service.notifications.kinds import Delivery, Mailing
from partners_service.notifications.models import Notification, NotificationMail
from partners_service.settings import Settings
from servicekit import clock
from servicekit.db import new_id
from servicekit.jobs import defer, defer_until
from servicekit.mail import Letter, Mailer, MailRefused
from servicekit.mail_returns import returned
from servicekit.telemetry import log

PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480, 960))
_LONGEST_SECONDS: Final = 8
"""Less than an idle transaction may last: the job's own is open meanwhile."""
AT_ONCE: Final = 200


def letter(origin: str, count: int) -> Letter:
    """Return the e-mail: the same whatever happened and to whom."""
    several = count > 1
    return Letter(
        f"{count} notifications vous attendent dans Aller-vers" if several else "Du nouveau dans Aller-vers",
        "Bonjour,\n\n"
        + (
            f"{count} notifications vous attendent dans Aller-vers. "
            if several
            else "Une notification vous attend dans Aller-vers. "
        )
        + "Pour les lire, connectez-vous :\n\n"
        f"{origin}/notifications\n\n"
        "Par sécurité, ce message ne dit rien des personnes ni des demandes. Vous choisissez ce que vous recevez "
        "par e-mail dans « Notifications », rubrique « Mes préférences ».\n\n"
        "L'équipe Aller-vers\nCe message est envoyé automatiquement, merci de ne pas y répondre.\n",
    )


async def write(session: AsyncSession, caisse: str, account_id: UUID, *, count: int) -> None:
    """Have an e-mail sent once the transaction is committed."""
    mail = NotificationMail(
        caisse=caisse,
        id=new_id(),
        account_id=account_id,
        count=count,
        state=Delivery.WAITING,
        attempts=0,
        refused_with=None,
        created_at=clock.system_now(),
        done_at=None,
    )
    session.add(mail)
    await session.flush()
    await defer(session, send, caisse, mail.id)


@jobs.task("notifications.send")
async def send(session: AsyncSession, caisse: str, mail_id: UUID) -> None:
    """Send an e-mail that waits; keep what became of it, and try again later what may still arrive."""
    one = (
        select(NotificationMail)
        .where(NotificationMail.caisse == caisse, NotificationMail.id == mail_id)
        .with_for_update(skip_locked=True)
    )
    mail = (await session.scalars(one)).one_or_none()
    if mail is None or mail.state is not Delivery.WAITING:
        return
    account = await session.get(Account, mail.account_id)
    settings = _settings(session)
    mail.attempts += 1
    if account is None or account.state is not AccountState.ACTIVE:
        _done(mail, Delivery.UNDELIVERED)
        return
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            await Mailer.of(settings).send(account.email, letter(settings.origin, mail.count), known_as=mail.id)
    except MailRefused as refusal:
        _done(mail, Delivery.UNDELIVERED, refusal.code)
    except Exception as error:  # noqa: BLE001 - whatever keeps a relay from answering, the letter waits
        log.warning("an e-mail was not taken", error_type=type(error).__qualname__, attempt=mail.attempts)
        if mail.attempts > len(PAUSES):
            _done(mail, Delivery.UNDELIVERED)
        else:
            await defer_until(session, clock.system_now() + PAUSES[mail.attempts - 1], send, caisse, mail_id)
    else:
        _done(mail, Delivery.SENT)


@jobs.every("notifications.returns", cron="*/5 * * * *")
async def read_returns(session: AsyncSession) -> None:
    """Keep what came back as undelivered. A report goes at the next turn, when what it says is written for good."""
    maildir = _settings(session).mail_returns
    if maildir is None:
        return
    for report in await asyncio.to_thread(returned, maildir, AT_ONCE):
        sent = select(NotificationMail).where(NotificationMail.id == report.known_as).with_for_update()
        mail = (await session.scalars(sent)).one_or_none() if report.known_as else None
        if mail is None:
            await asyncio.to_thread(report.put_aside)
        elif mail.state is Delivery.UNDELIVERED:
            await asyncio.to_thread(report.file.unlink)
        else:
            _done(mail, Delivery.UNDELIVERED, report.code)


def _settings(session: AsyncSession) -> Settings:
    settings = session.info["settings"]
    assert isinstance(settings, Settings)  # noqa: S101 - the service is assembled with these
    return settings


def _done(mail: NotificationMail, state: Delivery, refused_with: int | None = None) -> None:
    mail.state, mail.refused_with, mail.done_at = state, refused_with, clock.system_now()


@jobs.every("notifications.digest", cron="0 5 * * *")
async def digest(session: AsyncSession) -> None:
    """Write the daily e-mail of those who want one and have not read everything by themselves."""
    waiting = (
        select(Notification.caisse, Notification.account_id, func.count().label("unread"))
        .where(Notification.mailing == Mailing.FOR_DIGEST, Notification.read_at.is_(None))
        .group_by(Notification.caisse, Notification.account_id)
        .order_by(Notification.caisse, Notification.account_id)
        .limit(AT_ONCE)
    )
    rows = (await session.execute(waiting)).all()
    for row in rows:
        taken = (
            update(Notification)
            .where(
                Notification.caisse == row.caisse,
                Notification.account_id == row.account_id,
                Notification.mailing == Mailing.FOR_DIGEST,
            )
            .values(mailing=Mailing.IN_DIGEST)
        )
        await session.execute(taken)
        await write(session, row.caisse, row.account_id, count=row.unread)
    if len(rows) == AT_ONCE:
        await defer(session, digest)
