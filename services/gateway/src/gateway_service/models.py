"""Every table of the gateway, gathered for migrations and the drift check."""

from gateway_service.base import Base
from gateway_service.front import models as front
from gateway_service.sign_in import models as sign_in

__all__ = ["Base", "front", "sign_in"]
