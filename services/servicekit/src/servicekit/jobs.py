"""Jobs and schedules of a service, kept in its own database (procrastinate) and run in its own process.

    jobs = Jobs()

    @jobs.task("letters.send")
    async def send_letter(session: AsyncSession, letter_id: UUID) -> None: ...

    @jobs.every("letters.purge", cron="17 3 * * *")  # UTC
    async def purge_letters(session: AsyncSession) -> None: ...

    await defer(session, send_letter, letter_id=letter.id)

A job is deferred in the transaction of the change that asks for it: both are committed, or neither. It runs
in one transaction of the system role, committed when it returns. A process killed between that commit and the
note that the job is done runs it again: **a job must find out from the data whether its work is done** (lock
the row, look at its state), and what leaves the database (an e-mail) carries an id by which a double is known.
Arguments are ids and codes, never personal data: procrastinate keeps them in clear.

A job that fails is tried again after 3, 9, 27 … seconds, ten times in all, and then kept as failed; a
schedule's next turn is its retry. Jobs of a process that died are taken up within a minute and a half, and so
are those whose end could not be noted because the database was away just then.
"""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Concatenate, Final, Generic, ParamSpec

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker
from prometheus_client import Counter
from pydantic import ConfigDict, validate_call
from pydantic_core import to_jsonable_python
from sqlalchemy import bindparam, make_url, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.telemetry import log

if TYPE_CHECKING:
    from servicekit.app import Service

ATTEMPTS: Final = 10
STALLED_AFTER_SECONDS: Final = 30
RESTART_SECONDS: Final = 2

RUN = Counter("jobs_total", "Jobs run, by task and outcome", ["task", "outcome"])

# Its messages quote arguments and exceptions with the values they carry; ours say what is needed.
logging.getLogger("procrastinate").propagate = False
logging.getLogger("procrastinate").addHandler(logging.NullHandler())

_DEFER = text(
    """
    SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[
        ROW('default', CAST(:task AS varchar), 0, NULL, NULL, :arguments, CAST(:at AS timestamptz))
    ]::jobs.procrastinate_job_to_defer_v1[])
    """
).bindparams(bindparam("arguments", type_=JSONB))

_BEGUN: Final = """
    SELECT job.id FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
    WHERE job.status = 'doing' AND job.worker_id = %(worker_id)s AND event.type = 'started'
    GROUP BY job.id HAVING max(event.at) < now() - make_interval(secs => %(seconds)s)
"""

P = ParamSpec("P")
Work = Callable[Concatenate[AsyncSession, P], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Task(Generic[P]):
    """A kind of job; `cron` when it runs on a schedule. Its name is stored with each job: never reuse one."""

    name: str
    work: Work[P]
    cron: str | None = None


async def defer(session: AsyncSession, task: Task[P], *args: P.args, **kwargs: P.kwargs) -> None:
    """Have `task` run as soon as the transaction of `session` is committed."""
    await _defer(session, None, task, *args, **kwargs)


async def defer_until(session: AsyncSession, at: datetime, task: Task[P], *args: P.args, **kwargs: P.kwargs) -> None:
    """Have `task` run at an instant of the machine's clock, once the transaction is committed."""
    await _defer(session, at, task, *args, **kwargs)


async def _defer(session: AsyncSession, at: datetime | None, task: Task[P], *args: P.args, **kwargs: P.kwargs) -> None:
    bound = inspect.signature(task.work).bind(session, *args, **kwargs).arguments
    bound.pop(next(iter(bound)))
    await session.execute(_DEFER, {"task": task.name, "arguments": to_jsonable_python(bound), "at": at})


@dataclass
class Jobs:
    """The tasks of a service, and the worker that runs them as long as the service does."""

    concurrency: int = 4
    _tasks: dict[str, Task[Any]] = field(default_factory=dict)
    _running: set[int] = field(default_factory=set)
    """Ids of the jobs that run in this process."""
    _trouble: str | None = None

    def task(self, name: str) -> Callable[[Work[P]], Task[P]]:
        """Declare a task; arguments are given back to it in the types of its annotations."""
        return lambda work: self._add(Task(name, work))

    def every(self, name: str, *, cron: str) -> Callable[[Work[[]]], Task[[]]]:
        """Declare a task that runs on a schedule (UTC), one turn at a time, late rather than never in a day."""
        return lambda work: self._add(Task(name, work, cron))

    def include(self, *tasks: Task[Any]) -> None:
        """Run tasks declared elsewhere too: a capability of servicekit brings its own."""
        for task in tasks:
            self._add(task)

    def _add(self, task: Task[P]) -> Task[P]:
        if task.name in self._tasks:
            raise ValueError(f"two tasks are called {task.name}")
        self._tasks[task.name] = task
        return task

    def named(self, name: str) -> Task[Any]:
        """Return the task of that name; KeyError when there is none."""
        return self._tasks[name]

    def trouble(self) -> str | None:
        """Say what keeps jobs from running."""
        return self._trouble

    async def run(self, service: "Service") -> None:
        """Work until cancelled, then let what runs finish; start over when the database was away."""
        while True:
            try:
                app = self._app(service)
                async with app.open_async():
                    self._trouble = None
                    await self._work(app)
            except Exception as error:  # noqa: BLE001 - process boundary: jobs outlive an outage
                log.warning("the job worker starts over", delay_s=RESTART_SECONDS, exc_info=error)
            self._trouble = "jobs: the worker is starting over"
            await asyncio.sleep(RESTART_SECONDS)

    async def _work(self, app: App) -> None:
        """Run a worker; cancelled, ask it to stop.

        It is never cancelled itself: `asyncio.wait_for`, before Python 3.12, swallows a cancellation that
        comes as its wait ends, and the pool of a worker that begins waits with it.
        """
        worker = Worker(
            app,
            concurrency=self.concurrency,
            install_signal_handlers=False,
            delete_jobs="successful",
            shutdown_graceful_timeout=10,
            stalled_worker_timeout=STALLED_AFTER_SECONDS,
        )
        running = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]  # the library has no types there
        here = asyncio.current_task()
        try:
            if here is not None and here.cancelling():  # swallowed while the pool opened
                raise asyncio.CancelledError
            await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # what begins forgets that it was asked to stop
            worker.stop()  # type: ignore[no-untyped-call]
            await running
            raise

    def _app(self, service: "Service") -> App:
        url = make_url(service.settings.database_url.get_secret_value()).set(drivername="postgresql")
        connector = PsycopgConnector(
            conninfo=url.render_as_string(hide_password=False),
            kwargs={
                "options": f"-c role={service.name}_system -c search_path=jobs",
                "connect_timeout": 2,
                "keepalives_idle": 10,  # the connection that listens would not notice a lost peer for hours
                "keepalives_interval": 5,
                "keepalives_count": 3,
            },
            min_size=1,
            max_size=self.concurrency + 1,
            timeout=5,
        )
        app = App(connector=connector, periodic_defaults={"max_delay": 86400})
        for task in self._tasks.values():
            work = self._runner(service, task)
            if task.cron is None:
                retry = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3)
                app.task(name=task.name, retry=retry, pass_context=True)(work)
            else:
                turn = app.task(name=task.name, pass_context=True, lock=task.name, queueing_lock=task.name)
                app.periodic(cron=task.cron)(turn(work))
        stalled = app.task(name="jobs.take_up_stalled", pass_context=True, queueing_lock="jobs.take_up_stalled")
        app.periodic(cron="* * * * *")(stalled(self._take_up_stalled))
        return app

    def _runner(self, service: "Service", task: Task[Any]) -> Callable[..., Awaitable[None]]:
        typed = validate_call(config=ConfigDict(arbitrary_types_allowed=True))(task.work)

        async def run(context: JobContext, **arguments: Any) -> None:
            if task.cron is not None:
                arguments.pop("timestamp", None)  # none when a turn was deferred by hand
            job = _id_of(context.job)
            self._running.add(job)
            try:
                async with service.database.system_session(task.name, settings=service.settings) as session:
                    await typed(session, **arguments)
            except Exception as error:
                RUN.labels(task.name, "failed").inc()
                log.warning("job failed", job=task.name, attempt=context.job.attempts + 1, exc_info=error)
                raise
            finally:
                self._running.discard(job)
            RUN.labels(task.name, "done").inc()

        return run

    async def _take_up_stalled(self, context: JobContext, **_: int) -> None:
        """Give the jobs that nobody runs to the living; one that keeps killing its process is given up."""
        manager = context.app.job_manager
        lost = list(await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS))
        begun = await context.app.connector.execute_query_all_async(
            _BEGUN, worker_id=context.job.worker_id, seconds=STALLED_AFTER_SECONDS
        )
        unnoted = {row["id"] for row in begun} - self._running
        lost += [job for job in await manager.list_jobs_async(status="doing") if job.id in unnoted]
        for job in lost:
            try:
                if job.attempts < ATTEMPTS:
                    await manager.retry_job(job)
                else:
                    await manager.finish_job(job, Status.FAILED, delete_job=False)
            except UniqueViolation:
                # A turn of a schedule whose next turn waits already, and waits for its lock: it would for ever.
                await manager.finish_job(job, Status.FAILED, delete_job=True)


def _id_of(job: Job) -> int:
    assert job.id is not None  # noqa: S101 - the worker fetched it
    return job.id
