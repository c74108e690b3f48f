"""Every table of the service, gathered for migrations and the drift check."""

from referrals_service.base import Base
from referrals_service.network import models as network
from referrals_service.persons import models as persons
from referrals_service.requests import models as requests

__all__ = ["Base", "network", "persons", "requests"]
