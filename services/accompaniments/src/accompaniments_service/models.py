"""Every table of the service, gathered for migrations and the drift check."""

from accompaniments_service.appointments import models as appointments
from accompaniments_service.base import Base
from accompaniments_service.calendars import models as calendars
from accompaniments_service.network import models as network

__all__ = ["Base", "appointments", "calendars", "network"]
