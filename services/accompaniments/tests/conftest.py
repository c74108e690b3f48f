"""The service on its own database, emptied after each test."""

from servicekit.testing import fixtures_for

_service, under_test, client_as = fixtures_for("accompaniments_service")
