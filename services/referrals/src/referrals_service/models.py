"""Every table of the service, gathered for migrations and the drift check."""

from referrals_service.base import Base
from referrals_service.consents import models as consents
from referrals_service.detections import models as detections
from referrals_service.ledger import models as ledger
from referrals_service.network import models as network
from referrals_service.orientation import models as orientation
from referrals_service.persons import models as persons
from referrals_service.requests import models as requests
from servicekit.documents import tables as documents
from servicekit.letters import tables as letters
from servicekit.works.tables import works_in

letters.attach(Base.metadata)
works_in(Base.metadata)
documents.declare(Base.metadata, case="requests")

__all__ = [
    "Base",
    "consents",
    "detections",
    "documents",
    "ledger",
    "letters",
    "network",
    "orientation",
    "persons",
    "requests",
]
