"""Assembly of the listener."""

from fastapi import FastAPI

from listener_service.followers import follower
from listener_service.jobs import jobs
from listener_service.settings import Settings
from servicekit.app import create_app


def assemble(settings: Settings) -> FastAPI:
    """Assemble the listener."""
    return create_app(
        settings,
        name="listener",
        title="Listener",
        description="",
        routers=[],
        background=[follower(), jobs],
        exempt_tables=frozenset({"effects"}),
    )
