"""Assembly of the listener."""

from fastapi import FastAPI

from listener_service.settings import Settings
from servicekit.app import Background, create_app


def assemble(settings: Settings, *background: Background) -> FastAPI:
    """Assemble the listener."""
    return create_app(
        settings,
        name="listener",
        title="Listener",
        description="",
        routers=[],
        background=background,
        exempt_tables=frozenset({"effects"}),
    )
