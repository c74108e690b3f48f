"""Every table of the service, gathered for migrations and the drift check."""

from accompaniments_service.base import Base
from accompaniments_service.network import models as network

__all__ = ["Base", "network"]
