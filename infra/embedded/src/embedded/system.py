"""The whole product on one machine: PostgreSQL, databases, gateway and services, as supervised processes.

with System(RunSettings.on_free_ports(folder)) as system:
    httpx.get(system.url)
    system.process("referrals").kill()      # comes back by itself
    system.process("postgres").stop()       # stays down until .spawn()
"""

import http.client
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import IO, Self

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

from embedded.console import Console
from embedded.errors import CannotRun
from embedded.postgres import Cluster, free_port, lock_folder, refuse_taken
from embedded.process import Process
from embedded.secrets import Secrets
from embedded.supervisor import Supervisor, stop_in_order
from servicekit import migrations, schema

ROOT = Path(__file__).parents[4]
PACKAGES: Mapping[str, str] = MappingProxyType(
    {name: f"{name}_service" for name in ("partners", "referrals", "accompaniments", "gateway")}
)


class RunSettings(BaseSettings):
    """Where the embedded way listens and keeps its data; each is an `ALLER_…` variable."""

    model_config = SettingsConfigDict(env_prefix="ALLER_", extra="ignore", populate_by_name=True)

    port: int = Field(default=8080, description="where the portal answers")
    data_dir: Path = Field(default=ROOT / ".data", description="PostgreSQL, secrets, logs, outgoing mail")
    postgres_port: int = 54321
    partners_port: int = 8101
    referrals_port: int = 8102
    accompaniments_port: int = 8103
    environment: str = "demonstration"
    admin_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("admin_url", "ALLER_ADMIN_URL", "DATABASE_URL"),
        description="superuser's URL of a PostgreSQL to use in place of the embedded one",
    )
    durable: bool = True

    @classmethod
    def on_free_ports(cls, data_dir: Path, environment: str = "test") -> Self:
        """Return settings for a throwaway system beside whatever runs on the machine."""
        ports = {name: free_port() for name in cls.model_fields if name.endswith("port")}
        return cls.model_validate({"data_dir": data_dir, "environment": environment, "durable": False, **ports})

    def port_of(self, service: str) -> int:
        """Return where a service listens."""
        port: int = self.port if service == "gateway" else getattr(self, f"{service}_port")
        return port


class System(AbstractContextManager["System"]):
    """The running product."""

    def __init__(self, settings: RunSettings, console: Console | None = None) -> None:
        self.settings = settings
        self.data_dir = settings.data_dir.absolute()
        self.url = f"http://localhost:{settings.port}"
        self._console = console or Console(quiet=True)
        self._lock: IO[str] | None = None
        self._cluster: Cluster | None = None
        self._processes: dict[str, Process] = {}
        self._supervisor = Supervisor(self._console.say)
        self._secrets: Secrets | None = None
        self._admin_url = ""

    @property
    def admin_url(self) -> str:
        """Return the superuser's URL of the databases."""
        return self._admin_url

    def process(self, name: str) -> Process:
        """Return a process by name: `postgres`, or a service of `PACKAGES`."""
        return self._processes[name]

    def start(self) -> None:
        """Start everything and return when all of it is ready; raises what says why it cannot."""
        self._lock = _take(self.data_dir)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        for service in PACKAGES:
            setting = "ALLER_PORT" if service == "gateway" else f"ALLER_{service.upper()}_PORT"
            refuse_taken(self.settings.port_of(service), setting)
        self._secrets = Secrets.of(self.data_dir / "secrets.json")
        with self._console.step("PostgreSQL") as step:
            step.note = self._start_database()
        with self._console.step("Databases and migrations"):
            for service, package in PACKAGES.items():
                schema.provision(self._admin_url, service, self._secrets.password(service))
                migrations.upgrade(self._admin_url, package)
        with self._console.step("Gateway and services"):
            for service in PACKAGES:
                self._processes[service] = self._make(service)
                self._processes[service].spawn()
            for service in PACKAGES:
                self._processes[service].wait_ready()
        for process in self._processes.values():
            self._supervisor.watch(process)

    def stop(self) -> None:
        """Stop the services, then PostgreSQL."""
        self._supervisor.stop()
        stop_in_order(list(self._processes.values()))
        if self._cluster is not None:
            self._cluster.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _start_database(self) -> str:
        given = self.settings.admin_url
        if given is not None:
            self._admin_url = given.get_secret_value()
            return f"the one given, at {make_url(self._admin_url).host}"
        self._cluster = Cluster(
            self.data_dir / "postgres",
            port=self.settings.postgres_port,
            durable=self.settings.durable,
            log=self._log_of("postgres"),
        )
        self._cluster.start()
        self._admin_url = self._cluster.admin_url
        self._processes["postgres"] = self._cluster.process
        return f"port {self._cluster.port}"

    def _make(self, service: str) -> Process:
        port = self.settings.port_of(service)
        return Process(
            service,
            [sys.executable, "-m", "servicekit", "serve", PACKAGES[service]],
            log=self._log_of(service),
            ready=lambda _: _answers(port),
            env=os.environ | self.environment_of(service),
        )

    def environment_of(self, service: str) -> dict[str, str]:
        """Return the settings of a service, as its process gets them."""
        assert self._secrets is not None  # noqa: S101 - start() made them
        login = make_url(migrations.database_url(self._admin_url, PACKAGES[service])).set(
            username=f"{service}_login", password=self._secrets.password(service)
        )
        peers = {name: f"http://127.0.0.1:{self.settings.port_of(name)}" for name in PACKAGES if name != service}
        gateway = {
            "ALLER_ORIGIN": self.url,
            "ALLER_OTHER_ORIGINS": json.dumps([f"http://127.0.0.1:{self.settings.port}"]),
            "ALLER_SERVICE_KEYS": json.dumps(self._secrets.public_keys()),
            "ALLER_CONTRACTS_DIR": str(ROOT / "openapi"),
            "ALLER_SPA_DIR": str(ROOT / "frontend" / "dist"),
        }
        return {
            "ALLER_ENVIRONMENT": self.settings.environment,
            "ALLER_PORT": str(self.settings.port_of(service)),
            "ALLER_DATABASE_URL": login.render_as_string(hide_password=False),
            "ALLER_JWKS": f"http://127.0.0.1:{self.settings.port}/.well-known/jwks.json",
            "ALLER_GATEWAY_URL": f"http://127.0.0.1:{self.settings.port}",
            "ALLER_PEERS": json.dumps(peers),
            "ALLER_DATA_DIR": str(self.data_dir),
            **self._secrets.environment(service),
            **(gateway if service == "gateway" else {}),
            **({"ALLER_ORIGIN": self.url} if service == "partners" else {}),
        }

    def _log_of(self, name: str) -> Path:
        return self.data_dir / "logs" / f"{name}.log"


def _take(data_dir: Path) -> IO[str]:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return lock_folder(data_dir)
    except PermissionError as error:
        raise CannotRun(f"{data_dir} cannot be written. Choose another place with ALLER_DATA_DIR=….") from error


def erase(data_dir: Path, say: Callable[[str], None]) -> None:
    """Remove the data of an installation that does not run. Refuses a folder that is not one."""
    if not data_dir.exists():
        say(f"Nothing to erase in {data_dir}.")
        return
    if not (data_dir / "lock").exists():
        raise CannotRun(f"{data_dir} does not look like a data folder of Aller-vers: erase it by hand.")
    with _take(data_dir):
        shutil.rmtree(data_dir)
    say(f"Erased {data_dir}; `make run` starts afresh.")


def _answers(port: int) -> bool:
    """Tell whether the service says it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
