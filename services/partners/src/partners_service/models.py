"""Every table of the service, gathered for migrations and the drift check."""

from partners_service import parameters, transitions
from partners_service.accounts import models as accounts
from partners_service.base import Base
from partners_service.bodies import models as bodies
from partners_service.notifications import models as notifications
from partners_service.structures import models as structures
from partners_service.trainings import models as trainings
from servicekit.works.tables import works_in

works_in(Base.metadata)

__all__ = ["Base", "accounts", "bodies", "notifications", "parameters", "structures", "trainings", "transitions"]
