"""Sign-in as the gateway includes it: its routers, in the order of a first visit, and its jobs."""

from fastapi import APIRouter

from gateway_service.account import routes as account_routes
from gateway_service.factors import enrolment_routes
from gateway_service.jobs import jobs
from gateway_service.settings import Settings
from gateway_service.sign_in import routes as signin_routes
from gateway_service.sign_in.demonstration import demonstration_router
from gateway_service.sign_in.upkeep import purge, watch
from servicekit.jobs import Jobs, Task

SCHEDULES: tuple[Task[[]], ...] = (purge, watch)
"""What runs by the clock; the routes themselves bring in the jobs they defer."""


def sign_in_jobs() -> Jobs:
    """Return the jobs that must run beside the routes."""
    return jobs


def sign_in_routers(settings: Settings) -> list[APIRouter]:
    """Return what serves `/api/v1/gateway/anyone` and `/me`; demonstration routes in that environment only."""
    routers = [signin_routes.routes, enrolment_routes.routes, account_routes.routes]
    if settings.environment == "demonstration":
        routers.append(demonstration_router())
    return routers
